// What the log-in form says about an attempt that failed.

import { Problem, asSentence, inWords, seconds } from './problem.js';

/**
 * @typedef {object} Advice
 * @property {string} text
 * @property {'userName' | 'password'} [field] where to put the cursor
 * @property {number} [wait] seconds until another attempt makes sense
 */

/**
 * @param {unknown} problem
 * @returns {Advice}
 */
export function loginAdvice(problem) {
  if (!(problem instanceof Problem)) return { text: inWords(problem) };
  const { status, wait, fields } = problem;
  if (status === 401) return { text: 'That user name and password do not go together.', field: 'password' };
  if (status === 429 && wait) {
    return { text: `Too many attempts for this name. You can try again in ${seconds(wait)}.`, wait };
  }
  if (status === 429) return { text: 'Too many people are at the door. Try again in a moment.' };
  if (status === 400) return { text: fieldText(fields) || inWords(problem), field: fieldOf(fields) };
  return { text: inWords(problem) };
}

/** @type {Record<string, string>} */
const NAMES = { userName: 'the user name', password: 'the password' };

/** @param {Record<string, string>} fields */
function fieldText(fields) {
  const known = Object.entries(fields).filter(([name]) => name in NAMES);
  return known.map(([name, fault]) => asSentence(`${NAMES[name]} ${fault}`)).join(' ');
}

/**
 * @param {Record<string, string>} fields
 * @returns {'userName' | 'password' | undefined}
 */
function fieldOf(fields) {
  if ('userName' in fields) return 'userName';
  return 'password' in fields ? 'password' : undefined;
}

/**
 * The note for somebody who was sent here.
 *
 * @param {string} hash of the address
 */
export function arrivalNote(hash) {
  if (hash === '#ended') return 'Your session has ended. Log in again to go on reading.';
  if (hash === '#left') return 'You are logged out. Live long and prosper.';
  return '';
}
