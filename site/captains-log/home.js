// The log: entries by stardate, who reads them, and for how long.

import { byId, make, say } from './dom.js';
import { entryView } from './entries.js';
import { send } from './http.js';
import { Problem, inWords, seconds } from './problem.js';
import { asClock, instantOf, secondsLeft, skew, warningDue } from './session.js';

const list = byId('list');
const more = byId('more', HTMLButtonElement);
const leave = byId('leave', HTMLButtonElement);

/** Where the next page of entries begins; undefined after the last. */
let next = /** @type {string | undefined} */ (undefined);
let clock = 0;

/**
 * @param {string} address
 */
function goTo(address) {
  clearInterval(clock);
  // Nobody who passes by later should read on, not even while the next page is on its way.
  list.replaceChildren();
  location.replace(address);
}

/**
 * @param {string} text
 * @param {() => void} again
 */
function showProblem(text, again) {
  const button = make('button', { class: 'button quiet', type: 'button', on: { click: again } }, 'Try again');
  byId('alert').replaceChildren(make('div', { class: 'notice bad' }, make('p', {}, text), button));
}

async function load() {
  byId('alert').replaceChildren();
  byId('loading').hidden = list.childElementCount > 0;
  list.setAttribute('aria-busy', 'true');
  more.setAttribute('aria-disabled', 'true');
  try {
    const { data, date } = await send(next ? `/api/home?next=${encodeURIComponent(next)}` : '/api/home');
    show(data, date);
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return goTo('/login/#ended');
    showProblem(`The entries could not be read. ${inWords(problem)}`, load);
  } finally {
    byId('loading').hidden = true;
    list.setAttribute('aria-busy', 'false');
    more.setAttribute('aria-disabled', 'false');
  }
}

/**
 * @param {{userName: string, expiresAt: unknown, logs: import('./entries.js').Entry[], next?: string}} home
 * @param {number | undefined} date the server's clock
 */
function show({ userName, expiresAt, logs, next: following }, date) {
  byId('captain').textContent = userName;
  startClock(instantOf(expiresAt), skew(date, Date.now()));
  const before = list.childElementCount;
  const views = logs.map((entry, index) => entryView(entry, before + index + 1));
  list.append(...views);
  next = following || undefined;
  byId('after').hidden = !next;
  byId('empty').hidden = list.childElementCount > 0;
  if (before > 0) views[0]?.focus();
  say(`${logs.length} ${logs.length === 1 ? 'entry' : 'entries'} ${before > 0 ? 'more' : 'loaded'}`);
}

/**
 * @param {number | undefined} end
 * @param {number} ahead how far the server's clock is ahead of ours
 */
function startClock(end, ahead) {
  clearInterval(clock);
  if (end === undefined) return;
  let before = Infinity;
  const tick = () => {
    const left = secondsLeft(end, Date.now() + ahead);
    byId('left').textContent = asClock(left);
    const warning = before === Infinity ? undefined : warningDue(before, left);
    if (warning) say(`Your session ends in ${seconds(left)}`);
    before = left;
    if (left === 0) goTo('/login/#ended');
  };
  clock = setInterval(tick, 1000);
  tick();
}

async function logOut() {
  leave.setAttribute('aria-disabled', 'true');
  try {
    await send('/api/logout', { method: 'POST' });
    goTo('/login/#left');
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return goTo('/login/#left');
    leave.setAttribute('aria-disabled', 'false');
    showProblem(`You are still logged in. ${inWords(problem)}`, logOut);
  }
}

more.addEventListener('click', () => {
  if (more.getAttribute('aria-disabled') !== 'true') void load();
});
leave.addEventListener('click', () => {
  if (leave.getAttribute('aria-disabled') !== 'true') void logOut();
});
// The browser's Back button may bring a page out of its memory, with a session that is over.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
void load();
