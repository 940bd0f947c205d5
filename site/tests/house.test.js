// The rules of the house, which a policy in the browser would otherwise find out: nothing inline, nothing from
// elsewhere, text only ever as text, and the copies that are meant to be the same are.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const SITES = ['captains-log', 'uploads', 'todo'];
const root = join(import.meta.dirname, '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const files = SITES.flatMap((site) => readdirSync(join(root, site)).map((name) => `${site}/${name}`));
const ending = (...endings) => files.filter((path) => endings.some((end) => path.endsWith(end)));

const copies = {
  'base.css': SITES,
  'dom.js': SITES,
  'http.js': SITES,
  'problem.js': SITES,
  'account.js': ['uploads', 'todo'],
  'auth.js': ['uploads', 'todo'],
  'config.js.hbs': ['uploads', 'todo'],
  'pkce.js': ['uploads', 'todo'],
  'token.js': ['uploads', 'todo'],
};

for (const [name, sites] of Object.entries(copies)) {
  test(`${name} is the same text in ${sites.join(', ')}`, () => {
    for (const site of sites.slice(1)) assert.equal(read(`${site}/${name}`), read(`${sites[0]}/${name}`), site);
  });
}

for (const path of ending('.html', '.svg')) {
  test(`${path} has nothing inline and nothing from elsewhere`, () => {
    const text = read(path);
    assert.doesNotMatch(text, /\s(style|on[a-z]+)\s*=/i);
    assert.doesNotMatch(text, /<style|<script(?![^>]*\ssrc="\/)|javascript:|<base/i);
    const addresses = [...text.matchAll(/\s(?:src|href|action)="([^"]*)"/g)].map((match) => match[1]);
    for (const address of addresses) assert.match(address, /^(\/(?!\/)|#)/, address);
  });
}

for (const path of ending('.html')) {
  test(`${path} names only files that are there`, () => {
    const [site] = path.split('/');
    const addresses = [...read(path).matchAll(/\s(?:src|href)="\/([^"]+\.[a-z]+)"/g)].map((match) => match[1]);
    for (const address of addresses) assert.ok(files.includes(`${site}/${address}`), address);
  });
}

/** The modules of a site that an entry leads to, itself left out. */
function modulesOf(site, entry) {
  const found = new Set();
  const follow = (name) => {
    for (const [, next] of read(`${site}/${name}`).matchAll(/^import .* from '\.\/(.+)';$/gm)) {
      if (found.has(next)) continue;
      found.add(next);
      follow(next);
    }
  };
  follow(entry);
  return [...found].sort();
}

for (const [path, entry] of [['captains-log/home.html', 'home.js'], ['captains-log/login.html', 'login.js'], ['uploads/index.html', 'app.js'], ['todo/index.html', 'app.js']]) {
  test(`${path} asks for all its modules at once`, () => {
    const preloads = [...read(path).matchAll(/rel="modulepreload" href="\/(.+?)"/g)].map((match) => match[1]);
    assert.deepEqual(preloads, modulesOf(path.split('/')[0], entry));
  });
}

for (const path of ending('.css')) {
  test(`${path} fetches nothing`, () => {
    assert.doesNotMatch(read(path), /@import|url\(/);
  });
}

for (const path of ending('.js')) {
  test(`${path} opens with a sentence, and puts text in as text`, () => {
    const text = read(path);
    assert.match(text, /^\/\/ [A-Z]/);
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function/);
    assert.doesNotMatch(text, /https?:\/\/[a-z]/);
  });
}

test('pages that are baked into functions are small enough for them', () => {
  assert.ok(read('captains-log/error.html').length < 20_000);
  for (const site of ['uploads', 'todo']) assert.ok(read(`${site}/error.html`).length < 4_000);
});
