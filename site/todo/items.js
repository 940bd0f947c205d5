// The routes of the to-do API.

/**
 * @typedef {object} Item
 * @property {string} id
 * @property {string} item what is to be done
 * @property {boolean} completed
 * @property {string} creation_date RFC 3339
 * @property {string} lastupdate_date RFC 3339
 */

/**
 * @param {ReturnType<typeof import('./auth.js').createAuth>} auth
 * @param {string} apiUrl without a final slash
 */
export function createItems(auth, apiUrl) {
  const one = (/** @type {string} */ id) => `${apiUrl}/item/${encodeURIComponent(id)}`;

  return {
    /**
     * @param {string | undefined} next where the page begins
     * @returns {Promise<{items: Item[], next?: string | null}>}
     */
    async page(next) {
      const query = new URLSearchParams({ limit: '50', ...(next ? { next } : {}) });
      return (await auth.send(`${apiUrl}/item?${query}`)).data;
    },

    /**
     * @param {string} text
     * @returns {Promise<Item>}
     */
    async add(text) {
      return (await auth.send(`${apiUrl}/item`, { method: 'POST', json: { item: text } })).data;
    },

    /**
     * @param {string} id
     * @param {{item: string, completed: boolean}} json
     * @returns {Promise<Item>}
     */
    async update(id, json) {
      return (await auth.send(one(id), { method: 'PUT', json })).data;
    },

    /**
     * @param {string} id
     * @returns {Promise<Item>}
     */
    async complete(id) {
      return (await auth.send(`${one(id)}/done`, { method: 'POST' })).data;
    },

    /**
     * @param {string} id
     * @returns {Promise<void>}
     */
    async remove(id) {
      await auth.send(one(id), { method: 'DELETE' });
    },
  };
}
