// Signing in through the pages of a Cognito user pool: authorization code, PKCE, state. The same text in both sites.
//
// Where the tokens are: in `sessionStorage`, so that they outlive a reload but not the tab, and no other tab sees them.
// A script that got into this page could read them there. In memory it could not take them away, yet could make every
// call it liked; and each reload would have to go through the sign-in server again. What keeps such a script out is the
// policy of the site: scripts from its own origin only, none inline, and text that only ever goes in as text. Signing
// out revokes the refresh token, so a stolen one ends there.

import { ask, send } from './http.js';
import { challengeOf, secretText } from './pkce.js';
import { Problem } from './problem.js';
import { claimsOf, nameOf } from './token.js';

const ATTEMPT = 'sign-in attempt';
const TOKENS = 'tokens';
/** Tokens are renewed this long before they end, so that none ends on its way. */
const EARLY = 60_000;

/** The user has to sign in again. */
export class SignedOut extends Error {
  constructor() {
    super('the session has ended');
    this.name = 'SignedOut';
  }
}

/**
 * @typedef {object} Tokens
 * @property {string} id
 * @property {string} [refresh]
 * @property {number} ends milliseconds since 1970, by this computer's clock
 */

/**
 * @param {{signInDomain: string, clientId: string}} config
 */
export function createAuth({ signInDomain, clientId }) {
  const here = `${location.origin}/`;
  let renewal = /** @type {Promise<Tokens> | undefined} */ (undefined);

  /** @returns {Tokens | undefined} */
  const stored = () => parse(sessionStorage.getItem(TOKENS));
  const forget = () => sessionStorage.removeItem(TOKENS);

  /**
   * @param {Record<string, string>} fields
   * @param {string} [oldRefresh] stays good when the answer names no new one
   * @returns {Promise<Tokens>}
   */
  async function redeem(fields, oldRefresh) {
    const body = new URLSearchParams({ client_id: clientId, ...fields });
    const asked = Date.now();
    const { data } = await ask(`${signInDomain}/oauth2/token`, { method: 'POST', body, signal: AbortSignal.timeout(30_000) });
    if (!claimsOf(data?.id_token ?? '')) throw new Problem({ status: 200, message: 'The sign-in server sent no token' });
    // Whoever signed out while the answer was on its way stays signed out.
    if (oldRefresh && stored()?.refresh !== oldRefresh) throw new SignedOut();
    const ends = asked + (Number(data.expires_in) || 3600) * 1000;
    const tokens = { id: data.id_token, refresh: data.refresh_token ?? oldRefresh, ends };
    sessionStorage.setItem(TOKENS, JSON.stringify(tokens));
    return tokens;
  }

  /** Requests that find the token too old at the same time share one renewal. */
  function renew() {
    renewal ??= renewed().finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  async function renewed() {
    const refresh = stored()?.refresh;
    if (!refresh) throw ended();
    try {
      return await redeem({ grant_type: 'refresh_token', refresh_token: refresh }, refresh);
    } catch (problem) {
      // The server said no; a server that said nothing leaves the session as it was.
      if (problem instanceof Problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429) throw ended();
      throw problem;
    }
  }

  function ended() {
    forget();
    return new SignedOut();
  }

  /** Leaves for the sign-in pages. `location.hash` is kept for the way back. */
  async function signIn() {
    const [state, verifier] = [secretText(), secretText()];
    const challenge = await challengeOf(verifier);
    sessionStorage.setItem(ATTEMPT, JSON.stringify({ state, verifier, hash: location.hash }));
    location.assign(authorizeUrl(signInDomain, { clientId, redirect: here, state, challenge }));
  }

  /**
   * Looks whether this is the way back from the sign-in pages. The code leaves the address bar at once.
   *
   * @returns {Promise<string>} why signing in did not work; empty when it did, or when nothing was asked
   */
  async function arrive() {
    const answer = answerIn(location.search);
    if (!answer) return '';
    const attempt = parse(sessionStorage.getItem(ATTEMPT));
    sessionStorage.removeItem(ATTEMPT);
    history.replaceState(null, '', `${location.pathname}${attempt?.hash ?? ''}`);
    if (!attempt?.verifier || answer.state !== attempt.state) {
      return 'This sign-in was not begun in this tab, so it was not used. Sign in here.';
    }
    if (!answer.code) return refusalWords(answer);
    try {
      await redeem({ grant_type: 'authorization_code', code: answer.code, redirect_uri: here, code_verifier: attempt.verifier });
      return '';
    } catch (problem) {
      const refused = problem instanceof Problem && problem.status >= 400 && problem.status < 500;
      return refused ? 'The sign-in took too long or was already used. Sign in again.' : 'The sign-in server could not be reached. Try again.';
    }
  }

  /** Ends the session here and at the sign-in server. */
  async function signOut() {
    const refresh = stored()?.refresh;
    forget();
    if (refresh) {
      const body = new URLSearchParams({ client_id: clientId, token: refresh });
      // Without an answer the user still leaves: the session at the server ends with the next address.
      await ask(`${signInDomain}/oauth2/revoke`, { method: 'POST', body, signal: AbortSignal.timeout(3000) }).catch(() => {});
    }
    location.assign(logoutUrl(signInDomain, { clientId, redirect: here }));
  }

  /**
   * A request to the API in the user's name; renews the token before it ends, or when the API finds that it has.
   *
   * @param {string} url
   * @param {Parameters<typeof send>[1]} [options]
   * @throws {SignedOut | Problem | DOMException}
   */
  async function sendSigned(url, options) {
    const tokens = stored();
    if (!tokens) throw new SignedOut();
    const fresh = tokens.ends - EARLY > Date.now();
    try {
      return await send(url, { ...options, token: (fresh ? tokens : await renew()).id });
    } catch (problem) {
      if (!isUnauthorized(problem)) throw problem;
    }
    const { id } = await renew();
    return send(url, { ...options, token: id }).catch((problem) => {
      throw isUnauthorized(problem) ? ended() : problem;
    });
  }

  return {
    arrive,
    signIn,
    signOut,
    send: sendSigned,
    /** Who is signed in, or undefined. */
    user: () => {
      const tokens = stored();
      return tokens && nameOf(claimsOf(tokens.id));
    },
  };
}

/**
 * @param {string} domain
 * @param {{clientId: string, redirect: string, state: string, challenge: string}} request
 */
export function authorizeUrl(domain, { clientId, redirect, state, challenge }) {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirect,
    scope: 'openid email profile',
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return `${domain}/oauth2/authorize?${query}`;
}

/**
 * @param {string} domain
 * @param {{clientId: string, redirect: string}} request
 */
export function logoutUrl(domain, { clientId, redirect }) {
  return `${domain}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: redirect })}`;
}

/**
 * What the sign-in pages sent back in the address, if anything.
 *
 * @param {string} search
 * @returns {{code: string, state: string, error: string, description: string} | undefined}
 */
export function answerIn(search) {
  const query = new URLSearchParams(search);
  const [code, error] = [query.get('code') ?? '', query.get('error') ?? ''];
  if (!code && !error) return undefined;
  return { code, error, state: query.get('state') ?? '', description: query.get('error_description') ?? '' };
}

/** @param {{error: string, description: string}} answer */
function refusalWords({ error, description }) {
  if (error === 'access_denied') return 'You did not sign in. Nothing was changed.';
  return `The sign-in server refused: ${(description || error).slice(0, 200)}`;
}

/** @param {unknown} problem */
function isUnauthorized(problem) {
  return problem instanceof Problem && problem.status === 401;
}

/** @param {string | null} text */
function parse(text) {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
