// The log-in form.

import { byId, say } from './dom.js';
import { send } from './http.js';
import { arrivalNote, loginAdvice } from './words.js';

const form = byId('form', HTMLFormElement);
const userName = byId('userName', HTMLInputElement);
const password = byId('password', HTMLInputElement);
const submit = byId('submit', HTMLButtonElement);
const reveal = byId('reveal', HTMLButtonElement);
const fault = byId('fault');
const note = byId('note');

/** Ends the wait that the server asked for; undefined while there is none. */
let endWait = /** @type {(() => void) | undefined} */ (undefined);
let busy = false;

/** @param {string} text */
function showNote(text) {
  note.textContent = text;
  note.hidden = !text;
}

/**
 * @param {string} text
 * @param {HTMLInputElement} [field]
 */
function showFault(text, field) {
  fault.textContent = text;
  fault.hidden = !text;
  for (const input of [userName, password]) input.setAttribute('aria-invalid', String(input === field));
  field?.focus();
}

/** @param {string} label */
function setSubmit(label, enabled = true) {
  submit.textContent = label;
  // Not `disabled`: that would throw the keyboard's focus away.
  submit.setAttribute('aria-disabled', String(!enabled));
}

/**
 * Counts down on the button, which is not read out at each tick.
 *
 * @param {number} seconds
 */
function waitFor(seconds) {
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) return setSubmit(`Wait ${left} s`, false);
    endWait?.();
    say('You can try again now.');
  };
  const timer = setInterval(tick, 1000);
  endWait = () => {
    clearInterval(timer);
    endWait = undefined;
    showFault('');
    setSubmit('Log in');
  };
  tick();
}

async function logIn() {
  if (!userName.value.trim()) return showFault('Enter your user name.', userName);
  if (!password.value) return showFault('Enter your password.', password);
  busy = true;
  showNote('');
  showFault('');
  setSubmit('Logging in…', false);
  say('Logging in');
  try {
    await send('/api/login', { method: 'POST', json: { userName: userName.value.trim(), password: password.value } });
    location.replace('/');
  } catch (problem) {
    refuse(loginAdvice(problem));
  } finally {
    busy = false;
  }
}

/** @param {import('./words.js').Advice} advice */
function refuse({ text, field, wait }) {
  setSubmit('Log in');
  showFault(text, field && (field === 'userName' ? userName : password));
  if (field === 'password') password.select();
  if (wait) waitFor(wait);
}

form.noValidate = true;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!busy && !endWait) void logIn();
});

// The wait belongs to one user name.
userName.addEventListener('input', () => endWait?.());

reveal.addEventListener('click', () => {
  const show = password.type === 'password';
  password.type = show ? 'text' : 'password';
  reveal.textContent = show ? 'Hide' : 'Show';
  reveal.setAttribute('aria-pressed', String(show));
});

addEventListener('offline', () => showNote('You are offline. The form will work again when the connection is back.'));
addEventListener('online', () => showNote('You are back online.'));

showNote(navigator.cookieEnabled ? arrivalNote(location.hash) : 'Allow cookies for this site: the session is kept in one.');
if (location.hash) history.replaceState(null, '', location.pathname);
userName.focus();
