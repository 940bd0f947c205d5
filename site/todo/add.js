// The form that adds an item.

import { byId, say } from './dom.js';
import { Problem, asSentence, inWords } from './problem.js';
import { textFault } from './shelf.js';

/**
 * @param {(text: string) => Promise<import('./items.js').Item>} add
 * @param {(item: import('./items.js').Item) => void} added
 * @param {(problem: unknown) => boolean} isOver
 */
export function watchForm(add, added, isOver) {
  const field = byId('new', HTMLInputElement);
  const button = byId('add-button');
  const fault = byId('new-fault');
  let busy = false;

  /** @param {string} text */
  function showFault(text) {
    fault.textContent = text;
    fault.hidden = !text;
    field.setAttribute('aria-invalid', String(Boolean(text)));
  }

  // Not shown before the server has it: a text that could not be kept had better stay where it was written.
  async function submit() {
    const text = field.value.trim();
    const wrong = textFault(text);
    showFault(wrong);
    field.focus();
    if (busy || wrong) return;
    busy = true;
    button.setAttribute('aria-disabled', 'true');
    try {
      added(await add(text));
      // Whoever wrote on meanwhile keeps what they wrote.
      if (field.value.trim() === text) field.value = '';
      say(`Added ${text}`);
    } catch (problem) {
      showFault(isOver(problem) ? 'Not added: your session has ended.' : `Not added. ${words(problem)}`);
    } finally {
      busy = false;
      button.setAttribute('aria-disabled', 'false');
    }
  }

  byId('add').addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
}

/** @param {unknown} problem */
function words(problem) {
  const fault = problem instanceof Problem && problem.fields.item;
  return fault ? asSentence(`the text ${fault}`) : inWords(problem);
}
