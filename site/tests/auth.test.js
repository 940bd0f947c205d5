// Signing in, with a browser that is made of a few objects and a server that is a list of answers.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { SignedOut, answerIn, authorizeUrl, createAuth, logoutUrl } from '../uploads/auth.js';
import { Problem } from '../uploads/problem.js';
import { claimsOf, nameOf } from '../uploads/token.js';

const DOMAIN = 'https://sign-in.example.com';
const PAGE = 'https://app.example.com';

/** @type {{url: string, init: RequestInit}[]} */
let asked;
/** @type {Response[]} */
let answers;
/** @type {Map<string, string>} */
let kept;
let left = '';

beforeEach(() => {
  [asked, answers, kept, left] = [[], [], new Map(), ''];
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
  const location = { origin: PAGE, pathname: '/', search: '', hash: '#open', assign: (url) => (left = String(url)) };
  const history = {
    replaceState: (_state, _title, address) => {
      location.search = '';
      location.address = address;
    },
  };
  const fetch = async (url, init) => {
    asked.push({ url: String(url), init });
    const answer = answers.shift();
    if (!answer) throw new TypeError('Failed to fetch');
    return answer;
  };
  Object.assign(globalThis, { sessionStorage: storage, location, history, fetch });
});

const json = (status, data) => new Response(JSON.stringify(data), { status });
const idToken = (claims) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
const tokens = (change = {}) => ({ id_token: idToken({ email: 'ann@example.com' }), refresh_token: 'r1', expires_in: 3600, ...change });
const auth = () => createAuth({ signInDomain: DOMAIN, clientId: 'client' });
const form = (index) => Object.fromEntries(/** @type {URLSearchParams} */ (asked[index].init.body));
const bearer = (index) => /** @type {Record<string, string>} */ (asked[index].init.headers).authorization;
const keep = (change = {}) =>
  kept.set('tokens', JSON.stringify({ id: idToken({ email: 'old' }), refresh: 'r1', ends: Date.now() + 3_600_000, ...change }));

/** Goes to the sign-in pages and comes back with `answer` (`STATE` stands for the state that was sent). */
async function comeBack(answer) {
  await auth().signIn();
  const state = new URL(left).searchParams.get('state');
  location.search = answer.replace('STATE', state);
  return auth().arrive();
}

test('a sign-in asks for a code, with a challenge and a state', async () => {
  await auth().signIn();
  const { origin, pathname, searchParams } = new URL(left);
  assert.equal(`${origin}${pathname}`, `${DOMAIN}/oauth2/authorize`);
  const { state, code_challenge: challenge, ...rest } = Object.fromEntries(searchParams);
  assert.match(state, /^[\w-]{43}$/);
  assert.match(challenge, /^[\w-]{43}$/);
  assert.deepEqual(rest, {
    response_type: 'code',
    client_id: 'client',
    redirect_uri: `${PAGE}/`,
    scope: 'openid email profile',
    code_challenge_method: 'S256',
  });
  assert.ok(!left.includes(JSON.parse(kept.get('sign-in attempt')).verifier), 'the verifier stays here');
});

test('the code is redeemed with the verifier, and leaves the address', async () => {
  answers.push(json(200, tokens()));
  assert.equal(await comeBack('?code=c1&state=STATE'), '');
  const { code_verifier: verifier, ...rest } = form(0);
  assert.match(verifier, /^[\w-]{43}$/);
  assert.deepEqual(rest, { client_id: 'client', grant_type: 'authorization_code', code: 'c1', redirect_uri: `${PAGE}/` });
  assert.equal(location.address, '/#open');
  assert.equal(auth().user(), 'ann@example.com');
  assert.equal(kept.has('sign-in attempt'), false, 'an attempt is used once');
});

test('a code that was not asked for here is never redeemed', async () => {
  assert.match(await comeBack('?code=c1&state=other'), /not begun in this tab/);
  location.search = '?code=c1';
  assert.match(await auth().arrive(), /not begun in this tab/);
  location.search = '?code=c1&state=undefined';
  assert.match(await auth().arrive(), /not begun in this tab/);
  assert.deepEqual(asked, []);
  assert.equal(auth().user(), undefined);
});

test('refusals are told in words', async () => {
  assert.match(await comeBack('?error=access_denied&state=STATE'), /did not sign in/);
  assert.match(await comeBack('?error=invalid_scope&error_description=No+such+scope&state=STATE'), /refused: No such scope/);
  answers.push(json(400, { error: 'invalid_grant' }));
  assert.match(await comeBack('?code=c1&state=STATE'), /took too long/);
  assert.match(await comeBack('?code=c1&state=STATE'), /could not be reached/);
  answers.push(json(200, { id_token: 'nonsense' }));
  assert.notEqual(await comeBack('?code=c1&state=STATE'), '');
  assert.equal(auth().user(), undefined);
});

test('an address without an answer is no arrival', async () => {
  assert.equal(await auth().arrive(), '');
  assert.equal(answerIn('?utm=x'), undefined);
});

test('a request carries the token', async () => {
  keep();
  answers.push(json(200, { ok: true }));
  assert.deepEqual((await auth().send('/api/x')).data, { ok: true });
  assert.equal(bearer(0), `Bearer ${idToken({ email: 'old' })}`);
});

test('a token that is about to end is renewed first, once for all requests', async () => {
  keep({ ends: Date.now() + 1000 });
  answers.push(json(200, tokens({ refresh_token: undefined })), json(200, 1), json(200, 2));
  const here = auth();
  await Promise.all([here.send('/api/a'), here.send('/api/b')]);
  assert.deepEqual(asked.map(({ url }) => url), [`${DOMAIN}/oauth2/token`, '/api/a', '/api/b']);
  assert.deepEqual(form(0), { client_id: 'client', grant_type: 'refresh_token', refresh_token: 'r1' });
  assert.equal(JSON.parse(kept.get('tokens')).refresh, 'r1', 'the old refresh token stays good');
});

test('a new refresh token replaces the old one', async () => {
  keep({ ends: 0 });
  answers.push(json(200, tokens({ refresh_token: 'r2' })), json(200, 1));
  await auth().send('/api/a');
  assert.equal(JSON.parse(kept.get('tokens')).refresh, 'r2');
});

test('a 401 is tried once more with a new token, and then ends the session', async () => {
  keep();
  answers.push(json(401, { message: 'Unauthorized' }), json(200, tokens()), json(200, 'good'));
  assert.equal((await auth().send('/api/a')).data, 'good');
  answers.push(json(401, {}), json(200, tokens()), json(401, {}));
  await assert.rejects(auth().send('/api/a'), SignedOut);
  assert.equal(auth().user(), undefined);
});

test('a refused renewal ends the session; a server that is away does not', async () => {
  keep({ ends: 0 });
  await assert.rejects(auth().send('/api/a'), Problem);
  for (const status of [429, 503]) {
    answers.push(json(status, {}));
    await assert.rejects(auth().send('/api/a'), Problem);
  }
  assert.equal(auth().user(), 'old');
  answers.push(json(400, { error: 'invalid_grant' }));
  await assert.rejects(auth().send('/api/a'), SignedOut);
  assert.equal(auth().user(), undefined);
  await assert.rejects(auth().send('/api/a'), SignedOut);
});

test('other refusals are the caller’s matter', async () => {
  keep();
  answers.push(json(404, { error: { code: 'not_found', message: 'no such item' } }));
  await assert.rejects(auth().send('/api/a'), { status: 404, code: 'not_found' });
  assert.equal(auth().user(), 'old');
});

test('signing out revokes the refresh token and forgets, even when the server is away', async () => {
  keep();
  await auth().signOut();
  assert.equal(asked[0].url, `${DOMAIN}/oauth2/revoke`);
  assert.deepEqual(form(0), { client_id: 'client', token: 'r1' });
  assert.equal(left, `${DOMAIN}/logout?client_id=client&logout_uri=${encodeURIComponent(`${PAGE}/`)}`);
  assert.equal(kept.size, 0);
});

test('a renewal that comes back after signing out brings nobody back in', async () => {
  keep({ ends: 0 });
  let answer = /** @type {(response: Response) => void} */ (() => {});
  const slow = new Promise((resolve) => {
    answer = resolve;
  });
  const { fetch } = globalThis;
  Object.assign(globalThis, { fetch: (url, init) => (String(url).endsWith('/oauth2/token') ? slow : fetch(url, init)) });
  const here = auth();
  const request = here.send('/api/a');
  await here.signOut();
  answer(json(200, tokens({ refresh_token: undefined })));
  await assert.rejects(request, SignedOut);
  assert.equal(kept.size, 0);
  assert.deepEqual(asked.map(({ url }) => url), [`${DOMAIN}/oauth2/revoke`]);
});

test('addresses are made of encoded parts', () => {
  const odd = { clientId: 'a&b', redirect: 'https://x/?y=1#z' };
  assert.equal(new URL(logoutUrl(DOMAIN, odd)).searchParams.get('logout_uri'), odd.redirect);
  assert.equal(new URL(authorizeUrl(DOMAIN, { ...odd, state: '+', challenge: '=' })).searchParams.get('state'), '+');
});

test('claims are read as UTF-8, and nonsense is none', () => {
  assert.deepEqual(claimsOf(idToken({ email: 'zoë@例.jp' })), { email: 'zoë@例.jp' });
  for (const text of ['', 'a', 'a.b.c', 'a.!!.c', `a.${Buffer.from('1').toString('base64url')}.c`]) {
    assert.equal(claimsOf(text), undefined, text);
  }
});

test('a user is called by what the token knows', () => {
  assert.equal(nameOf({ email: 'a@b', name: 'Ann' }), 'a@b');
  assert.equal(nameOf({ email: '', 'cognito:username': 'u1' }), 'u1');
  assert.equal(nameOf({ email: 7 }), 'you');
  assert.equal(nameOf(undefined), 'you');
});
