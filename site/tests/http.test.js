// Requests and their failures, in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, waitOf } from '../captains-log/http.js';
import { Problem, asSentence, inWords, seconds } from '../captains-log/problem.js';

const answering = (body, init) => {
  globalThis.fetch = async () => new Response(body, init);
};
const failure = (body, init) => {
  answering(body, init);
  return send('/x').then(assert.fail, (problem) => problem);
};

test('an answer is read, with the server’s clock', async () => {
  answering('{"a":1}', { headers: { date: 'Fri, 20 Nov 2026 12:00:00 GMT' } });
  assert.deepEqual(await send('/x'), { status: 200, data: { a: 1 }, date: Date.UTC(2026, 10, 20, 12) });
  answering(null, { status: 204 });
  assert.deepEqual(await send('/x'), { status: 204, data: undefined, date: undefined });
});

test('the body goes out as JSON, the token as a bearer', async () => {
  let sent;
  globalThis.fetch = async (url, init) => {
    sent = { url, ...init };
    return new Response('{}');
  };
  await send('/x', { method: 'POST', json: { a: 1 }, token: 't' });
  assert.deepEqual(sent.headers, { accept: 'application/json', 'content-type': 'application/json', authorization: 'Bearer t' });
  assert.equal(sent.body, '{"a":1}');
  await send('/x');
  assert.deepEqual(sent.headers, { accept: 'application/json' });
});

test('the three shapes of a refusal', async () => {
  const ours = await failure('{"error":{"code":"missing_fields","message":"`a` is missing","fields":{"a":"is missing"}}}', { status: 400 });
  assert.deepEqual([ours.status, ours.code, ours.fields], [400, 'missing_fields', { a: 'is missing' }]);
  assert.equal(inWords(ours), 'A is missing.');
  const gateway = await failure('{"message":"Unauthorized"}', { status: 401 });
  assert.equal(inWords(gateway), 'Unauthorized.');
  const signIn = await failure('{"error":"invalid_grant"}', { status: 400 });
  assert.equal(signIn.code, 'invalid_grant');
});

test('HTML, nothing and nonsense are refusals too', async () => {
  assert.match(inWords(await failure('<html>', { status: 200 })), /cannot read/);
  assert.match(inWords(await failure('<html>', { status: 502 })), /on the server/);
  assert.match(inWords(await failure('', { status: 418 })), /status 418/);
  for (const body of ['null', '[]', '7', '{"error":null}', '{"error":[1]}', '{"message":{}}']) {
    assert.match(inWords(await failure(body, { status: 500 })), /on the server/, body);
  }
});

test('no answer is told apart from a late one and from a cancelled one', async () => {
  const failing = (error) => {
    globalThis.fetch = async () => {
      throw error;
    };
    return send('/x').then(assert.fail, (problem) => problem);
  };
  assert.match(inWords(await failing(new TypeError('Failed to fetch'))), /could not be reached/);
  assert.match(inWords(await failing(new DOMException('', 'TimeoutError'))), /in time/);
  assert.equal((await failing(new DOMException('', 'AbortError'))).name, 'AbortError');
});

test('a wait is a number of seconds or a date', () => {
  const now = Date.UTC(2026, 10, 20, 12);
  assert.equal(waitOf('120', now), 120);
  assert.equal(waitOf('Fri, 20 Nov 2026 12:00:30 GMT', now), 30);
  assert.equal(waitOf('Fri, 20 Nov 2026 11:00:00 GMT', now), 0);
  assert.equal(waitOf(null, now), undefined);
  assert.equal(waitOf('soon', now), undefined);
});

test('words', () => {
  assert.match(inWords(new Problem({ status: 500, requestId: 'r-1' })), /report the id r-1/);
  assert.match(inWords(new Problem({ status: 429, wait: 90 })), /90 seconds/);
  assert.match(inWords(new RangeError('x')), /Reload/);
  assert.equal(asSentence('the `item` is missing'), 'The item is missing.');
  assert.equal(asSentence(' '), '');
  assert.deepEqual([1, 2, 119, 120, 121].map(seconds), ['1 second', '2 seconds', '119 seconds', '2 minutes', '3 minutes']);
});
