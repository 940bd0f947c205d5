// One PUT of one file to a presigned address. `fetch` cannot tell how far an upload is; XMLHttpRequest can.

import { NO_ANSWER, Problem } from './problem.js';

/**
 * @param {string} url
 * @param {Blob} file
 * @param {object} options
 * @param {string} options.contentType exactly the one that was signed
 * @param {AbortSignal} options.signal
 * @param {(sent: number) => void} options.onProgress
 * @returns {Promise<void>}
 * @throws {Problem | DOMException} `AbortError`, when `signal` says so
 */
export function put(url, file, { contentType, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(refusal(request))));
    request.addEventListener('error', () => reject(new Problem({ status: NO_ANSWER, code: 'no_answer' })));
    request.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    signal.addEventListener('abort', abort);
    request.open('PUT', url);
    request.setRequestHeader('content-type', contentType);
    if (signal.aborted) return reject(new DOMException('cancelled', 'AbortError'));
    request.send(file);
  });
}

/**
 * S3 answers in XML, of which only one code changes what we say.
 *
 * @param {XMLHttpRequest} request
 */
function refusal({ status, responseText }) {
  const tooLarge = responseText.includes('<Code>EntityTooLarge</Code>');
  return new Problem({ status, code: tooLarge ? 'EntityTooLarge' : 'bucket' });
}
