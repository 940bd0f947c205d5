// What an id token says about its user. The page only shows it; the API is who checks the signature.

/**
 * The claims of a token, or undefined when it is none.
 *
 * @param {string} token
 * @returns {Record<string, unknown> | undefined}
 */
export function claimsOf(token) {
  try {
    const part = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(part), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims ? claims : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What to call the user.
 *
 * @param {Record<string, unknown> | undefined} claims
 * @returns {string}
 */
export function nameOf(claims) {
  const candidates = [claims?.email, claims?.name, claims?.['cognito:username']];
  const name = candidates.find((candidate) => typeof candidate === 'string' && candidate);
  return typeof name === 'string' ? name : 'you';
}
