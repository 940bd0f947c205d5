// The clock of a session, and what the log-in form says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paragraphs } from '../captains-log/entries.js';
import { Problem } from '../captains-log/problem.js';
import { asClock, instantOf, secondsLeft, skew, warningDue } from '../captains-log/session.js';
import { arrivalNote, loginAdvice } from '../captains-log/words.js';

test('an end comes in seconds or in words', () => {
  assert.equal(instantOf(1_795_176_000), 1_795_176_000_000);
  assert.equal(instantOf('2026-11-20T12:00:00Z'), 1_795_176_000_000);
  for (const nonsense of [undefined, null, 'soon', NaN, {}]) assert.equal(instantOf(nonsense), undefined);
});

test('the server’s clock counts, unless the difference is none', () => {
  assert.equal(skew(100_000, 40_000), 60_000);
  assert.equal(skew(40_000, 100_000), -60_000);
  assert.equal(skew(100_000, 101_500), 0);
  assert.equal(skew(undefined, 5), 0);
});

test('seconds left never go below zero', () => {
  assert.equal(secondsLeft(10_000, 9_001), 1);
  assert.equal(secondsLeft(10_000, 10_000), 0);
  assert.equal(secondsLeft(10_000, 99_000), 0);
});

test('clocks', () => {
  assert.deepEqual([0, 7, 60, 725, 3725].map(asClock), ['0:00', '0:07', '1:00', '12:05', '1:02:05']);
});

test('each warning is given once, and only the last after a pause', () => {
  assert.equal(warningDue(61, 60), 60);
  assert.equal(warningDue(60, 59), undefined);
  assert.equal(warningDue(90, 8), 10);
  assert.equal(warningDue(9, 0), undefined);
});

test('a wrong password is told without saying which half was wrong', () => {
  assert.deepEqual(loginAdvice(new Problem({ status: 401, message: 'x' })), {
    text: 'That user name and password do not go together.',
    field: 'password',
  });
});

test('a lock tells how long; a crowd does not', () => {
  assert.deepEqual(loginAdvice(new Problem({ status: 429, wait: 42 })), {
    text: 'Too many attempts for this name. You can try again in 42 seconds.',
    wait: 42,
  });
  assert.equal(loginAdvice(new Problem({ status: 429 })).wait, undefined);
});

test('a fault in a field leads to the field', () => {
  const advice = loginAdvice(new Problem({ status: 400, fields: { userName: 'is missing', other: 'x' } }));
  assert.deepEqual(advice, { text: 'The user name is missing.', field: 'userName' });
});

test('only the notes that we know are shown', () => {
  assert.match(arrivalNote('#ended'), /has ended/);
  assert.match(arrivalNote('#left'), /logged out/);
  assert.equal(arrivalNote('#<b>call 555</b>'), '');
});

test('paragraphs', () => {
  assert.deepEqual(paragraphs('a\nb\n\n \n c '), ['a\nb', 'c']);
  assert.deepEqual(paragraphs(undefined), []);
});
