// The uploads that are under way: what state each is in, and which may start. Knows nothing of the page.

import { SignedOut } from './auth.js';
import { Problem } from './problem.js';
import { LARGEST, TOO_LARGE, uploadWords } from './words.js';

/** So many go up at the same time; more would only make each of them slower. */
const AT_ONCE = 3;

/**
 * @typedef {'waiting' | 'preparing' | 'sending' | 'saving' | 'done' | 'failed' | 'cancelled'} State
 *
 * @typedef {object} Ticket what the API gave for one file
 * @property {string} uploadUrl
 * @property {string} key
 * @property {string} fileId
 *
 * @typedef {object} Job
 * @property {number} id
 * @property {File} file
 * @property {State} state
 * @property {number} sent bytes
 * @property {string} fault what went wrong, in words
 * @property {boolean} hopeless whether another try would fail the same way
 * @property {Ticket} [delivered] the ticket whose object is in the bucket, though not yet in the list
 * @property {AbortController} [stop]
 *
 * @typedef {object} Steps
 * @property {(file: File, signal: AbortSignal) => Promise<Ticket>} prepare
 * @property {(ticket: Ticket, file: File, signal: AbortSignal, onProgress: (sent: number) => void) => Promise<void>} send
 * @property {(ticket: Ticket, file: File) => Promise<void>} save
 */

/**
 * @param {object} options
 * @param {Steps} options.steps
 * @param {(job: Job) => void} options.onChange
 * @param {(problem: unknown) => boolean} options.isOver whether a problem is the end of the session
 */
export function createQueue({ steps, onChange, isOver }) {
  /** @type {Job[]} */
  const jobs = [];
  let lastId = 0;

  /**
   * @param {Job} job
   * @param {Partial<Job>} change
   */
  function set(job, change) {
    Object.assign(job, change);
    onChange(job);
  }

  /** Starts as many of those that wait as may run. */
  function pump() {
    const running = jobs.filter(isRunning).length;
    const waiting = jobs.filter((job) => job.state === 'waiting');
    for (const job of waiting.slice(0, Math.max(0, AT_ONCE - running))) void run(job);
  }

  /** @param {Job} job */
  async function run(job) {
    const stop = new AbortController();
    try {
      set(job, { state: job.delivered ? 'saving' : 'preparing', sent: 0, fault: '', stop });
      job.delivered ??= await deliver(job, stop.signal);
      set(job, { state: 'saving', sent: job.file.size });
      await steps.save(job.delivered, job.file);
      set(job, { state: 'done' });
    } catch (problem) {
      // Its place is taken by another file, so the next try needs another place.
      if (problem instanceof Problem && problem.status === 409) job.delivered = undefined;
      set(job, stop.signal.aborted ? { state: 'cancelled' } : { state: 'failed', fault: faultOf(problem) });
    } finally {
      pump();
    }
  }

  /**
   * @param {Job} job
   * @param {AbortSignal} signal
   */
  async function deliver(job, signal) {
    const ticket = await steps.prepare(job.file, signal);
    set(job, { state: 'sending' });
    await steps.send(ticket, job.file, signal, (sent) => set(job, { sent }));
    return ticket;
  }

  /** @param {unknown} problem */
  function faultOf(problem) {
    return isOver(problem) || problem instanceof SignedOut ? 'Your session has ended.' : uploadWords(problem);
  }

  return {
    /** @param {Iterable<File>} files */
    add(files) {
      for (const file of files) {
        const tooLarge = file.size > LARGEST;
        lastId += 1;
        const job = /** @type {Job} */ ({ id: lastId, file, state: 'waiting', sent: 0, fault: '', hopeless: tooLarge });
        if (tooLarge) Object.assign(job, { state: 'failed', fault: TOO_LARGE });
        jobs.push(job);
        onChange(job);
      }
      pump();
    },

    /** @param {Job} job */
    cancel(job) {
      if (job.state === 'waiting') set(job, { state: 'cancelled' });
      // What is in the bucket already had better be in the list too.
      if (job.state === 'preparing' || job.state === 'sending') job.stop?.abort();
    },

    /** @param {Job} job */
    retry(job) {
      if (job.hopeless || (job.state !== 'failed' && job.state !== 'cancelled')) return;
      set(job, { state: 'waiting', fault: '' });
      pump();
    },

    /** @param {Job} job */
    remove(job) {
      const index = jobs.indexOf(job);
      if (index >= 0) jobs.splice(index, 1);
    },

    jobs: () => /** @type {readonly Job[]} */ (jobs),
    isBusy: () => jobs.some((job) => job.state === 'waiting' || isRunning(job)),
  };
}

/** @param {Job} job */
function isRunning({ state }) {
  return state === 'preparing' || state === 'sending' || state === 'saving';
}
