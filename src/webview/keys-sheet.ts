import { t } from '@vscode/l10n';
import { byId, element } from './dom.ts';
import { keySheet } from './keys.ts';

/** Opens the sheet of all keys; Esc or its button closes it, and the focus goes back to where it was. */
export function showKeys(wheel: 'scroll' | 'zoom'): void {
  const dialog = byId<HTMLDialogElement>('keys-sheet');
  if (dialog.open) return;
  const list = element('dl');
  for (const [keys, meaning] of keySheet(wheel)) {
    list.append(element('dt', {}, element('kbd', {}, keys)), element('dd', {}, meaning));
  }
  const close = element('vscode-button' as 'button', {}, t('Close'));
  close.addEventListener('click', () => dialog.close());
  dialog.replaceChildren(element('h2', { id: 'keys-title' }, t('Keys and mouse')), list, close);
  dialog.showModal();
}
