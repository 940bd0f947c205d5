// What the to-do page shows of a list, and how it calls the API.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createItems } from '../todo/items.js';
import { LONGEST, asDay, emptyWords, filterOf, newestFirst, oneLine, passes, summary, textFault } from '../todo/shelf.js';

const item = (id, completed, creation_date = '2026-01-01T00:00:00Z') => ({ id, item: id, completed, creation_date, lastupdate_date: creation_date });

test('filters', () => {
  assert.deepEqual(['', '#open', '#done', 'open', '#constructor', '#OPEN'].map(filterOf), ['all', 'open', 'done', 'open', 'all', 'all']);
  const shown = (filter) => [item('a', false), item('b', true)].filter((one) => passes(one, filter)).map(({ id }) => id);
  assert.deepEqual([shown('all'), shown('open'), shown('done')], [['a', 'b'], ['a'], ['b']]);
});

test('newest first, and the same order for the same time', () => {
  const items = [item('b', false), item('c', false, '2026-02-01T00:00:00Z'), item('a', false)];
  assert.deepEqual(newestFirst(items).map(({ id }) => id), ['c', 'a', 'b']);
  assert.equal(items[0].id, 'b', 'the list that was given stays as it was');
});

test('what is said of a list', () => {
  assert.equal(summary([item('a', false), item('b', true), item('c', false)], false), '2 open, 1 done');
  assert.equal(summary([item('a', false)], true), '1 open, 0 done so far');
  assert.equal(summary([], false), '');
  assert.match(emptyWords('all', false, false), /empty page/);
  assert.match(emptyWords('open', true, false), /Everything is done/);
  assert.match(emptyWords('done', true, false), /Nothing is done/);
  assert.match(emptyWords('done', true, true), /Show more/);
});

test('texts that cannot be kept', () => {
  assert.equal(textFault(' a '), '');
  assert.equal(textFault('x'.repeat(LONGEST)), '');
  assert.equal(textFault('😀'.repeat(LONGEST)), '');
  assert.match(textFault(' \n '), /Write/);
  assert.match(textFault('x'.repeat(LONGEST + 1)), /1000/);
});

test('several lines become one', () => {
  assert.equal(oneLine('a \r\n\n  b\nc'), 'a b c');
  assert.equal(oneLine(' a  b '), ' a  b ');
});

test('days', () => {
  assert.equal(asDay('nonsense'), '');
  assert.match(asDay('2026-11-20T12:00:00Z'), /20 Nov 2026/);
});

test('the routes', async () => {
  const asked = [];
  const auth = {
    async send(url, { method = 'GET', json } = {}) {
      asked.push([method, url, json]);
      return { data: {} };
    },
  };
  const items = createItems(/** @type {any} */ (auth), '/api');
  await items.page(undefined);
  await items.page('a+b&c');
  await items.add('x');
  await items.update('i/d', { item: 'y', completed: false });
  await items.complete('id');
  await items.remove('id');
  assert.deepEqual(asked, [
    ['GET', '/api/item?limit=50', undefined],
    ['GET', '/api/item?limit=50&next=a%2Bb%26c', undefined],
    ['POST', '/api/item', { item: 'x' }],
    ['PUT', '/api/item/i%2Fd', { item: 'y', completed: false }],
    ['POST', '/api/item/id/done', undefined],
    ['DELETE', '/api/item/id', undefined],
  ]);
});
