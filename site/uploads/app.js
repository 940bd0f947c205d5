// The uploads page: signs in, then joins the drop zone, the queue and the list.

import { showAccount, showGate } from './account.js';
import { createApi } from './api.js';
import { createAuth } from './auth.js';
import { byId } from './dom.js';
import { watchDrops } from './drop.js';
import { createFiles } from './files.js';
import { createQueue } from './queue.js';
import { createQueueView } from './queue-view.js';

/** @param {typeof import('./config.js').config} config */
function start(config) {
  byId('where').textContent = `${config.stage}, ${config.region}`;
  byId('where').hidden = false;
  const auth = createAuth(config);
  void showAccount(auth, ({ isOver }) => open(createApi(auth, config.apiUrl), isOver));
}

/**
 * @param {ReturnType<typeof createApi>} api
 * @param {(problem: unknown) => boolean} isOver
 */
function open(api, isOver) {
  const files = createFiles(api.page, isOver);
  const queue = createQueue({
    steps: api.steps,
    isOver,
    onChange: (job) => {
      view.show(job);
      const arrived = queue.jobs().some(({ state }) => state === 'done');
      if (arrived && !queue.isBusy()) void files.reload().then((worked) => worked && view.clearDone());
    },
  });
  const view = createQueueView(queue);
  watchDrops(queue.add);
  addEventListener('beforeunload', (event) => {
    if (queue.isBusy()) event.preventDefault();
  });
  void files.reload();
}

import('./config.js').then(
  ({ config }) => start(config),
  () => {
    byId('sign-in').hidden = true;
    showGate('This page has no config.js yet: stack-builder deploy makes it from the outputs of the stack.');
  },
);
