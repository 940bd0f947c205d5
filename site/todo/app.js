// The to-do page: signs in, then joins the form, the filter and the list.

import { showAccount, showGate } from './account.js';
import { watchForm } from './add.js';
import { createAuth } from './auth.js';
import { byId } from './dom.js';
import { createItems } from './items.js';
import { createList } from './list.js';
import { filterOf } from './shelf.js';

/** @param {typeof import('./config.js').config} config */
function start(config) {
  byId('where').textContent = `${config.stage}, ${config.region}`;
  byId('where').hidden = false;
  const auth = createAuth(config);
  void showAccount(auth, ({ isOver }) => open(createItems(auth, config.apiUrl), isOver));
}

/**
 * @param {ReturnType<typeof createItems>} items
 * @param {(problem: unknown) => boolean} isOver
 */
function open(items, isOver) {
  const list = createList(items, isOver);
  watchForm(items.add, list.put, isOver);
  watchFilter(list);
  void list.load();
}

/** @param {ReturnType<typeof createList>} list */
function watchFilter(list) {
  const choices = /** @type {NodeListOf<HTMLInputElement>} */ (byId('filter').querySelectorAll('input'));
  for (const choice of choices) {
    choice.checked = choice.value === list.filter();
    choice.addEventListener('change', () => {
      // In the address, so that a reload keeps it.
      history.replaceState(null, '', choice.value === 'all' ? location.pathname : `#${choice.value}`);
      list.setFilter(filterOf(choice.value));
    });
  }
}

import('./config.js').then(
  ({ config }) => start(config),
  () => {
    byId('sign-in').hidden = true;
    showGate('This page has no config.js yet: stack-builder deploy makes it from the outputs of the stack.');
  },
);
