// One JSON request: what was answered, or a `Problem`. The same text in every site.

import { NO_ANSWER, Problem } from './problem.js';

/** After this many milliseconds an API that has not answered will not. A Lambda behind a gateway has 29 s. */
const PATIENCE = 30_000;

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {any} data the JSON, or undefined without a body
 * @property {number | undefined} date the server's clock, in milliseconds since 1970, where it may be seen
 */

/**
 * Sends a request and reads a JSON answer.
 *
 * @param {string} url
 * @param {object} [options]
 * @param {string} [options.method]
 * @param {unknown} [options.json] the body
 * @param {string} [options.token] goes into `Authorization: Bearer`
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<Answer>}
 * @throws {Problem} for every answer that is not a success, and for none at all
 * @throws {DOMException} `AbortError`, when `signal` says so
 */
export async function send(url, { method = 'GET', json, token, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { accept: 'application/json' };
  if (json !== undefined) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  const limit = AbortSignal.timeout(PATIENCE);
  const body = json === undefined ? undefined : JSON.stringify(json);
  return ask(url, { method, headers, body, cache: 'no-store', signal: signal ? AbortSignal.any([signal, limit]) : limit });
}

/**
 * The same for a request of any other kind.
 *
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Answer>}
 */
export async function ask(url, init) {
  const response = await fetch(url, init).catch(noAnswer);
  const text = await response.text().catch(noAnswer);
  const data = asJson(text);
  if (!response.ok) throw refusal(response, data);
  if (text && data === undefined) {
    throw new Problem({ status: response.status, code: 'not_json', message: 'The server sent something that this page cannot read' });
  }
  return { status: response.status, data, date: instant(response.headers.get('date')) };
}

/**
 * @param {unknown} error
 * @returns {never}
 */
function noAnswer(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'AbortError') throw error;
  throw new Problem({ status: NO_ANSWER, code: name === 'TimeoutError' ? 'timeout' : 'no_answer' });
}

/**
 * Our handlers answer `{error: {code, message, fields}}`, a gateway `{message}`, a sign-in server `{error: "code"}`.
 *
 * @param {Response} response
 * @param {any} data
 */
function refusal(response, data) {
  const error = data?.error;
  const facts = typeof error === 'string' ? { code: error, message: data.error_description } : (error ?? {});
  return new Problem({
    status: response.status,
    code: text(facts.code),
    message: text(facts.message) || text(data?.message),
    fields: typeof facts.fields === 'object' && facts.fields ? facts.fields : {},
    wait: waitOf(response.headers.get('retry-after'), Date.now()),
    requestId: text(facts.requestId) || undefined,
  });
}

/**
 * The seconds of a `Retry-After` header, which may also be a date.
 *
 * @param {string | null} header
 * @param {number} now in milliseconds since 1970
 * @returns {number | undefined}
 */
export function waitOf(header, now) {
  if (!header) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const until = instant(header);
  return until === undefined ? undefined : Math.max(0, Math.ceil((until - now) / 1000));
}

/** @param {string | null} header */
function instant(header) {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** @param {string} text */
function asJson(text) {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' ? value : '';
}
