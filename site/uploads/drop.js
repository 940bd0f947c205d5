// Files that are chosen or dropped.

import { byId } from './dom.js';

/**
 * @param {(files: File[]) => void} take
 */
export function watchDrops(take) {
  const drop = byId('drop');
  const chooser = byId('chooser', HTMLInputElement);
  const fault = byId('drop-fault');

  /**
   * @param {File[]} files
   * @param {number} folders
   */
  const accept = (files, folders) => {
    fault.textContent = folders ? 'A folder cannot be uploaded as one. Open it and choose the files in it.' : '';
    fault.hidden = !folders;
    if (files.length > 0) take(files);
  };

  byId('choose').addEventListener('click', () => chooser.click());
  chooser.addEventListener('change', () => {
    accept([...(chooser.files ?? [])], 0);
    // Else choosing the same file again would be no change.
    chooser.value = '';
  });

  // The whole page takes files: one that is dropped beside the target would replace the page.
  addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.add('over');
  });
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) drop.classList.remove('over');
  });
  addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.remove('over');
    const { files, folders } = sorted([...(event.dataTransfer?.items ?? [])]);
    accept(files, folders);
  });
}

/** @param {DragEvent} event */
function carriesFiles(event) {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/**
 * A folder looks like an empty file until it is read.
 *
 * @param {DataTransferItem[]} items
 */
function sorted(items) {
  const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory);
  const files = items.filter((item) => !folders.includes(item)).map((item) => item.getAsFile());
  return { files: files.filter((file) => file !== null), folders: folders.length };
}
