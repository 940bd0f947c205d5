// The queue of uploads, and how files are told about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignedOut } from '../uploads/auth.js';
import { newestFirst, summary } from '../uploads/files.js';
import { asSize, asTag, asWhen, percent } from '../uploads/format.js';
import { Problem } from '../uploads/problem.js';
import { createQueue } from '../uploads/queue.js';
import { LARGEST, uploadWords } from '../uploads/words.js';

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const file = (name, size = 10) => /** @type {File} */ ({ name, size });

/** A queue whose sending waits until `gates` are opened, and a record of what it did. */
function rig(overrides = {}) {
  const did = [];
  const gates = [];
  const steps = {
    async prepare({ name }) {
      did.push(`prepare ${name}`);
      return { uploadUrl: 'u', key: 'k', fileId: name };
    },
    send(ticket, { name }, signal, onProgress) {
      did.push(`send ${name}`);
      onProgress(5);
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
        gates.push(resolve);
      });
    },
    async save({ fileId }) {
      did.push(`save ${fileId}`);
    },
    ...overrides,
  };
  const queue = createQueue({ steps, onChange: () => {}, isOver: (problem) => problem instanceof SignedOut });
  const states = () => queue.jobs().map(({ state }) => state).join(' ');
  const openAll = async () => {
    for (const open of gates.splice(0)) open();
    await settle();
  };
  return { queue, states, did, gates, openAll };
}

test('three go at once, the others follow in order', async () => {
  const { queue, states, did, openAll } = rig();
  queue.add(['a', 'b', 'c', 'd', 'e'].map((name) => file(name)));
  await settle();
  assert.equal(states(), 'sending sending sending waiting waiting');
  assert.ok(queue.isBusy());
  await openAll();
  assert.equal(states(), 'done done done sending sending');
  await openAll();
  assert.equal(states(), 'done done done done done');
  assert.ok(!queue.isBusy());
  assert.deepEqual(did.filter((deed) => deed.startsWith('prepare')), ['a', 'b', 'c', 'd', 'e'].map((name) => `prepare ${name}`));
});

test('a cancelled upload stops, makes room, and can be tried again', async () => {
  const { queue, states, openAll } = rig();
  queue.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
  await settle();
  queue.cancel(queue.jobs()[0]);
  await settle();
  assert.equal(states(), 'cancelled sending sending sending');
  queue.retry(queue.jobs()[0]);
  assert.equal(states(), 'waiting sending sending sending');
  queue.cancel(queue.jobs()[0]);
  assert.equal(states(), 'cancelled sending sending sending');
  await openAll();
  assert.equal(states(), 'cancelled done done done');
});

test('what is in the bucket is not sent again when only the note failed', async () => {
  let failures = 1;
  const { queue, states, did, openAll } = rig({
    async save({ fileId }) {
      if (failures-- > 0) throw new Problem({ status: 500 });
      did.push(`save ${fileId}`);
    },
  });
  queue.add([file('a')]);
  await settle();
  await openAll();
  assert.equal(states(), 'failed');
  queue.retry(queue.jobs()[0]);
  await settle();
  assert.equal(states(), 'done');
  assert.deepEqual(did, ['prepare a', 'send a', 'save a']);
});

test('a place that is taken is given up', async () => {
  let failures = 1;
  const { queue, did, openAll } = rig({
    async save() {
      if (failures-- > 0) throw new Problem({ status: 409 });
    },
  });
  queue.add([file('a')]);
  await settle();
  await openAll();
  queue.retry(queue.jobs()[0]);
  await settle();
  assert.deepEqual(did, ['prepare a', 'send a', 'prepare a', 'send a']);
});

test('a file that is too large is never sent, nor tried again', async () => {
  const { queue, states, did } = rig();
  queue.add([file('big', LARGEST + 1)]);
  queue.retry(queue.jobs()[0]);
  await settle();
  assert.equal(states(), 'failed');
  assert.match(queue.jobs()[0].fault, /5 GiB/);
  assert.deepEqual(did, []);
});

test('the end of the session is told as such', async () => {
  const { queue } = rig({
    prepare: async () => {
      throw new SignedOut();
    },
  });
  queue.add([file('a')]);
  await settle();
  assert.equal(queue.jobs()[0].fault, 'Your session has ended.');
});

test('faults in words', () => {
  const words = (facts) => uploadWords(new Problem(facts));
  assert.equal(words({ status: 400, fields: { fileName: 'must be at most 255 bytes long' } }), 'Its name must be at most 255 bytes long.');
  assert.match(words({ status: 400, fields: { contentType: 'must be a media type such as `image/png`' } }), /^Its type must .* image\/png\.$/);
  assert.match(words({ status: 400, code: 'EntityTooLarge' }), /5 GiB/);
  assert.match(words({ status: 413 }), /5 GiB/);
  assert.match(words({ status: 403, code: 'bucket' }), /no longer holds/);
  assert.match(words({ status: 0, code: 'no_answer' }), /could not be reached/);
});

test('sizes', () => {
  const cases = { 0: '0 B', 1: '1 B', 999: '999 B', 1000: '1 kB', 12345: '12.3 kB', 999_499: '999 kB', 999_500: '1 MB', 3_456_789: '3.46 MB', 5e9: '5 GB', 5e15: '5000 TB' };
  for (const [bytes, text] of Object.entries(cases)) assert.equal(asSize(Number(bytes)), text);
  assert.equal(asSize(NaN), '0 B');
  assert.equal(asSize(-1), '0 B');
});

test('labels', () => {
  const cases = { 'a.png': 'PNG', 'a.tar.gz': 'GZ', 'photo.jpeg': 'JPEG', 'a.markdown': 'MARK', README: 'FILE', '.profile': 'FILE', 'a.': 'FILE', 'a.ünï': 'FILE' };
  for (const [name, tag] of Object.entries(cases)) assert.equal(asTag(name), tag, name);
});

test('percents are full only at the end', () => {
  assert.deepEqual([percent(0, 0), percent(999, 1000), percent(1000, 1000), percent(1001, 1000)], [0, 99, 100, 100]);
  assert.equal(asWhen('nonsense'), '');
  assert.match(asWhen('2026-11-20T12:00:00Z'), /20 Nov 2026/);
});

test('files are listed newest first and summed up', () => {
  const stored = (fileId, uploadedAt, size) => ({ fileId, uploadedAt, size });
  const files = newestFirst([stored('b', '2026-01-01', 1000), stored('c', '2026-02-01', 1), stored('a', '2026-01-01', 1)]);
  assert.deepEqual(files.map(({ fileId }) => fileId), ['c', 'a', 'b']);
  assert.equal(summary(files, false), '3 files, 1 kB');
  assert.equal(summary(files.slice(0, 1), true), '1 file, 1 B, and more');
  assert.equal(summary([], true), '');
});
