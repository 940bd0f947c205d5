// Who is signed in, and what the page shows while nobody is. The same text in both sites.

import { SignedOut } from './auth.js';
import { byId, showOnly } from './dom.js';

const PARTS = ['starting', 'gate', 'app'];

/**
 * @typedef {object} Account
 * @property {(problem: unknown) => boolean} isOver whether a problem is the end of the session; if so, the page says it
 */

/**
 * Decides what to show: the gate, or the application.
 *
 * @param {ReturnType<typeof import('./auth.js').createAuth>} auth
 * @param {(account: Account) => void} open runs the application, once somebody is signed in
 */
export async function showAccount(auth, open) {
  for (const id of ['sign-in', 'sign-in-again']) byId(id).addEventListener('click', () => void signIn(auth));
  byId('sign-out').addEventListener('click', () => void auth.signOut());
  // The browser's Back button may bring the page out of its memory, with somebody who has signed out.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  const fault = await auth.arrive();
  const user = auth.user();
  if (!user) return showGate(fault);
  byId('who').textContent = user;
  byId('account').hidden = false;
  showOnly(PARTS, ['app']);
  open({ isOver });
}

/** @param {ReturnType<typeof import('./auth.js').createAuth>} auth */
async function signIn(auth) {
  try {
    await auth.signIn();
  } catch {
    showGate('This browser offers no secure storage or cryptography here. The page needs an https:// address.');
  }
}

/**
 * @param {string} fault
 */
export function showGate(fault) {
  showOnly(PARTS, ['gate']);
  byId('gate-fault').textContent = fault;
  byId('gate-fault').hidden = !fault;
}

/** @param {unknown} problem */
function isOver(problem) {
  if (!(problem instanceof SignedOut)) return false;
  byId('account').hidden = true;
  byId('over').hidden = false;
  return true;
}
