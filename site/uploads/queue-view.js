// The list of uploads under way.

import { byId, make, say } from './dom.js';
import { asSize, asTag, percent } from './format.js';

/** @typedef {import('./queue.js').Job} Job */

/** @type {Record<import('./queue.js').State, string>} */
const WORDS = {
  waiting: 'Waiting its turn',
  preparing: 'Asking for a place',
  sending: 'Uploading',
  saving: 'Noting it in the list',
  done: 'Uploaded',
  failed: 'Not uploaded',
  cancelled: 'Cancelled',
};

/**
 * @param {{cancel: (job: Job) => void, retry: (job: Job) => void, remove: (job: Job) => void, jobs: () => readonly Job[]}} queue
 */
export function createQueueView(queue) {
  /** @type {Map<Job, {row: HTMLLIElement, update: () => void}>} */
  const rows = new Map();

  /** @param {Job} job */
  function remove(job) {
    const row = rows.get(job)?.row;
    const hadFocus = row?.contains(document.activeElement);
    queue.remove(job);
    rows.delete(job);
    row?.remove();
    summarize();
    if (hadFocus) byId(rows.size > 0 ? 'queue-title' : 'files-title').focus();
  }

  function summarize() {
    const jobs = queue.jobs();
    const failed = jobs.filter((job) => job.state === 'failed').length;
    const open = jobs.filter((job) => !['done', 'failed', 'cancelled'].includes(job.state)).length;
    byId('queue-part').hidden = jobs.length === 0;
    byId('queue-count').textContent = [open && `${open} to go`, failed && `${failed} failed`].filter(Boolean).join(', ');
  }

  return {
    /** @param {Job} job */
    show(job) {
      if (!rows.has(job)) {
        const view = rowOf(job, { ...queue, remove });
        rows.set(job, view);
        byId('queue').append(view.row);
      }
      rows.get(job)?.update();
      summarize();
    },
    /** Takes away what has arrived, once the list below shows it. */
    clearDone() {
      for (const job of [...queue.jobs()]) if (job.state === 'done') remove(job);
    },
  };
}

/**
 * @param {Job} job
 * @param {{cancel: (job: Job) => void, retry: (job: Job) => void, remove: (job: Job) => void}} deeds
 */
function rowOf(job, deeds) {
  const { name, size } = job.file;
  const bar = make('progress', { max: 100, 'aria-label': `Upload of ${name}` });
  const about = make('p', { class: 'about' });
  const buttons = make('div', { class: 'deeds' });
  const row = make(
    'li',
    { class: 'row' },
    make('span', { class: 'tag', 'aria-hidden': 'true' }, asTag(name)),
    make('div', { class: 'what' }, make('p', { class: 'name' }, name), bar, about),
    buttons,
  );
  let shown = '';
  const update = () => {
    bar.hidden = !['preparing', 'sending', 'saving'].includes(job.state);
    bar.value = percent(job.sent, size);
    about.textContent = lineOf(job);
    about.className = `about ${job.state === 'failed' ? 'bad' : job.state === 'done' ? 'good' : ''}`.trim();
    if (shown === job.state) return;
    shown = job.state;
    if (['done', 'failed', 'cancelled'].includes(shown)) say(`${name}: ${WORDS[job.state]}. ${job.fault}`);
    swapButtons(row, buttons, buttonsOf(job, deeds));
  };
  return { row, update };
}

/** @param {Job} job */
function lineOf({ state, fault, file, sent }) {
  if (state === 'failed') return `Not uploaded. ${fault}`;
  // What is left then is the bucket's to do.
  if (state === 'sending' && sent >= file.size) return `Arriving in the bucket, ${asSize(file.size)}`;
  if (state === 'sending') return `${asSize(sent)} of ${asSize(file.size)}, ${percent(sent, file.size)} %`;
  return `${WORDS[state]}, ${asSize(file.size)}`;
}

/**
 * @param {Job} job
 * @param {{cancel: (job: Job) => void, retry: (job: Job) => void, remove: (job: Job) => void}} deeds
 */
function buttonsOf(job, deeds) {
  const button = (/** @type {string} */ label, /** @type {(job: Job) => void} */ deed) =>
    make(
      'button',
      { class: 'button quiet small', type: 'button', 'aria-label': `${label} ${job.file.name}`, on: { click: () => deed(job) } },
      label,
    );
  if (['waiting', 'preparing', 'sending'].includes(job.state)) return [button('Cancel', deeds.cancel)];
  if (job.state === 'saving' || job.state === 'done') return [];
  return [...(job.hopeless ? [] : [button('Retry', deeds.retry)]), button('Dismiss', deeds.remove)];
}

/**
 * Whoever stood on a button that goes away stands on the first new one; Cancel stays Cancel.
 *
 * @param {HTMLElement} row
 * @param {HTMLElement} place
 * @param {HTMLButtonElement[]} fresh
 */
function swapButtons(row, place, fresh) {
  const hadFocus = row.contains(document.activeElement);
  const same = place.firstElementChild?.textContent === fresh[0]?.textContent && place.childElementCount === fresh.length;
  if (same) return;
  place.replaceChildren(...fresh);
  if (hadFocus) (fresh[0] ?? byId('queue-title')).focus();
}
