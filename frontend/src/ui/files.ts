/** No text and no task can have a file in it: one that is pasted or dropped is refused, with a word. */
import { t } from '../i18n/index.ts';
import { toast } from './toasts.ts';

/** Gives whether `data` is files alone, and says that they aren't taken. */
export function refuseFiles(data: DataTransfer | null): boolean {
  if (!hasOnlyFiles(data)) return false;
  toast({ kind: 'info', text: t('markdown.noFiles'), about: 'files' });
  return true;
}

/** While they are dragged, only the types are known. */
function hasOnlyFiles(data: DataTransfer | null): boolean {
  return data !== null && data.types.includes('Files') && !data.types.includes('text/plain');
}

/** Without it, the browser would open a dropped file. */
export function refuseDrops(): void {
  addEventListener('dragover', (event) => hasOnlyFiles(event.dataTransfer) && event.preventDefault());
  const capture = true;
  addEventListener('drop', (event) => refuseFiles(event.dataTransfer) && event.preventDefault(), { capture });
}
