// The three routes of the uploads API.

import { put } from './transfer.js';

/** The type of a file that says none. */
const UNKNOWN = 'application/octet-stream';

/**
 * @typedef {object} StoredFile
 * @property {string} fileId
 * @property {string} fileName
 * @property {number} size
 * @property {string} contentType
 * @property {string} uploadedAt
 * @property {string} downloadUrl
 */

/**
 * @param {ReturnType<typeof import('./auth.js').createAuth>} auth
 * @param {string} apiUrl without a final slash
 */
export function createApi(auth, apiUrl) {
  return {
    /** @type {import('./queue.js').Steps} */
    steps: {
      async prepare(file, signal) {
        const json = { fileName: file.name, contentType: typeOf(file) };
        return (await auth.send(`${apiUrl}/getUploadUrl`, { method: 'POST', json, signal })).data;
      },
      send(ticket, file, signal, onProgress) {
        return put(ticket.uploadUrl, file, { contentType: typeOf(file), signal, onProgress });
      },
      async save({ fileId, key }, file) {
        const extra = { lastModified: new Date(file.lastModified).toISOString() };
        const json = { fileId, key, size: file.size, contentType: typeOf(file), extra };
        await auth.send(`${apiUrl}/saveMetadata`, { method: 'POST', json });
      },
    },

    /**
     * One page of the caller's files.
     *
     * @param {string | undefined} next where it begins
     * @returns {Promise<{files: StoredFile[], next: string | null}>}
     */
    async page(next) {
      const query = new URLSearchParams({ limit: '50', ...(next ? { next } : {}) });
      return (await auth.send(`${apiUrl}/files?${query}`)).data;
    },
  };
}

/** @param {File} file */
function typeOf(file) {
  return file.type || UNKNOWN;
}
