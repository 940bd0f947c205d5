// A request that did not succeed, and what to tell a person about it. The same text in every site.

/** Nothing came back: no network, no such host, or a browser that may not show us the answer. */
export const NO_ANSWER = 0;

/** A request that did not succeed. */
export class Problem extends Error {
  /**
   * @param {object} facts
   * @param {number} facts.status the HTTP status, or {@link NO_ANSWER}
   * @param {string} [facts.code] the API's own word for it, such as `missing_fields`
   * @param {string} [facts.message] the API's sentence
   * @param {Record<string, string>} [facts.fields] what is wrong with which field
   * @param {number} [facts.wait] whole seconds to wait before trying again
   * @param {string} [facts.requestId] what to quote when reporting it
   */
  constructor({ status, code = '', message = '', fields = {}, wait, requestId }) {
    super(message || `status ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.detail = message;
    this.fields = fields;
    this.wait = wait;
    this.requestId = requestId;
  }
}

/**
 * What holds for every request, in words.
 *
 * @param {unknown} problem
 * @returns {string}
 */
export function inWords(problem) {
  if (!(problem instanceof Problem)) return 'Something went wrong on this page. Reload it and try again.';
  const { status, code, wait, requestId } = problem;
  if (code === 'timeout') return 'No answer came in time. Try again in a moment.';
  if (status === NO_ANSWER) return 'The server could not be reached. Check your connection and try again.';
  if (status === 403) return 'You may not do that, or your sign-in is no longer good.';
  if (status === 404) return 'It is no longer there.';
  if (status === 413) return 'That is more than the server takes at once.';
  if (status === 429) return `Too many requests at once. Try again in ${wait ? seconds(wait) : 'a moment'}.`;
  if (status >= 500) {
    return `Something went wrong on the server. Try again in a moment.${requestId ? ` If it stays, report the id ${requestId}.` : ''}`;
  }
  return asSentence(problem.detail) || `The server answered with status ${status}.`;
}

/**
 * A count of seconds as it is spoken.
 *
 * @param {number} count
 */
export function seconds(count) {
  if (count < 120) return `${count} ${count === 1 ? 'second' : 'seconds'}`;
  return `${Math.ceil(count / 60)} minutes`;
}

/**
 * The API's half sentences begin small and have no full stop; a page's do not.
 *
 * @param {string} text
 */
export function asSentence(text) {
  const bare = text.replaceAll('`', '').trim();
  if (!bare) return '';
  return bare[0].toUpperCase() + bare.slice(1) + (/[.!?]$/.test(bare) ? '' : '.');
}
