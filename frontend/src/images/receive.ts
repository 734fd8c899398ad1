// Uploads files that are dropped anywhere and images that are pasted, and opens the page of images.
import { go } from '../lib/router';
import { typing } from '../lib/keys';
import { may, phase } from '../session/session';
import { loadMore, t } from '../text';
import './receive.css';

const able = (): boolean => (phase.value === 'in' || phase.value === 'expired') && may('images:write');
const hasFiles = (event: DragEvent): boolean => !!event.dataTransfer?.types.includes('Files');

async function receive(files: File[]): Promise<void> {
  if (!files.length) return;
  go('/app/images');
  const [{ add }] = await Promise.all([import('./queue'), loadMore()]);
  add(files);
}

/** Shows by CSS that files can be dropped. */
function hover(text: string): void {
  if (text) document.body.dataset.drop = text;
  else delete document.body.dataset.drop;
}

addEventListener('dragover', (event) => {
  if (!hasFiles(event) || document.querySelector('dialog[open]') || !able()) return;
  event.preventDefault();
  hover(t.images.dropHere);
});
addEventListener('dragleave', (event) => { if (!event.relatedTarget) hover(''); });
addEventListener('drop', (event) => {
  hover('');
  if (event.defaultPrevented || !hasFiles(event) || !able()) return;
  event.preventDefault(); // otherwise the browser would open the file
  void receive([...(event.dataTransfer?.files ?? [])]);
});
addEventListener('paste', (event) => {
  const { clipboardData } = event;
  const files = [...(clipboardData?.files ?? [])];
  // Spreadsheets and word processors copy an image together with the text.
  const text = clipboardData?.types.includes('text/plain') && typing(event.target);
  if (event.defaultPrevented || !files.length || text || !able()) return;
  event.preventDefault();
  void receive(files);
});
