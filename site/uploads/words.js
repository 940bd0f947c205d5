// What to tell about an upload that failed.

import { NO_ANSWER, Problem, asSentence, inWords } from './problem.js';

/** The largest object that one PUT can make, 5 GiB. */
export const LARGEST = 5 * 1024 ** 3;

export const TOO_LARGE = 'It is larger than 5 GiB, which is the most that goes up in one piece.';

/** The fields of the API, as a person would call them. */
const FIELDS = /** @type {Record<string, string>} */ ({
  fileName: 'its name',
  contentType: 'its type',
  size: 'its size',
  fileId: 'its id',
  key: 'its place in the bucket',
});

/**
 * @param {unknown} problem
 * @returns {string}
 */
export function uploadWords(problem) {
  if (!(problem instanceof Problem)) return inWords(problem);
  const { status, code, fields } = problem;
  if (code === 'EntityTooLarge' || status === 413) return TOO_LARGE;
  if (code === 'bucket' && status === 403) return 'The link to the bucket no longer holds. Retry with a fresh one.';
  if (code === 'bucket' && status !== NO_ANSWER && status < 500) return `The bucket refused it (status ${status}).`;
  if (status === 415) return 'The server does not know what to do with this type of file.';
  if (status === 409) return 'Another of your files has its place. Retry with a new one.';
  return fieldWords(fields) || inWords(problem);
}

/** @param {Record<string, string>} fields */
function fieldWords(fields) {
  return Object.entries(fields)
    .map(([name, fault]) => asSentence(`${FIELDS[name] ?? name} ${fault}`))
    .join(' ');
}
