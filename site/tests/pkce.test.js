// PKCE, against the example of RFC 7636.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base64url, challengeOf, secretText } from '../uploads/pkce.js';

test('the challenge of RFC 7636, appendix B', async () => {
  const challenge = await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk');
  assert.equal(challenge, 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
});

test('base 64 for addresses has no padding and no characters that an address changes', () => {
  assert.equal(base64url(new Uint8Array([])), '');
  assert.equal(base64url(new Uint8Array([0xfb, 0xff])), '-_8');
  assert.equal(base64url(new Uint8Array([0])), 'AA');
});

test('secrets are as long as a verifier has to be, and never the same', () => {
  const secrets = Array.from({ length: 200 }, secretText);
  for (const secret of secrets) assert.match(secret, /^[\w-]{43}$/);
  assert.equal(new Set(secrets).size, secrets.length);
});
