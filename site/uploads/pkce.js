// Proof Key for Code Exchange (RFC 7636): whoever redeems a code has to know what its request was made from.

/** As many random bits as SHA-256 gives out. */
const BITS = 256;

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** 43 characters that nobody can guess: a code verifier, or a state. */
export function secretText() {
  return base64url(crypto.getRandomValues(new Uint8Array(BITS / 8)));
}

/**
 * What the request for a code tells of its verifier (method `S256`).
 *
 * @param {string} verifier
 */
export async function challengeOf(verifier) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(digest));
}
