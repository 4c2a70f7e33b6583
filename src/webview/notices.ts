import { t } from '@vscode/l10n';
import type { Notice } from '../protocol.ts';
import { byId, element } from './dom.ts';
import { icon, type IconName } from './icons.ts';

const WORDS: Readonly<Record<Notice['severity'], string>> = {
  info: t('Note'),
  warning: t('Warning'),
  error: t('Error'),
};

const ICONS: Readonly<Record<Notice['severity'], IconName>> = { info: 'info', warning: 'warning', error: 'error' };

/**
 * Shows banners in place of those before. One that is there already stays the same element: it keeps the focus, and a
 * screen reader does not read it again.
 * @param act is given the notice's id and the button's
 */
export function showNotices(notices: readonly Notice[], act: (notice: string, action: string) => void): void {
  const box = byId('notices');
  const known = new Map([...box.children].map((child) => [(child as HTMLElement).dataset['key'] ?? '', child]));
  const wanted = notices.map((notice) => known.get(keyOf(notice)) ?? banner(notice, act));
  for (const child of known.values()) if (!wanted.includes(child)) child.remove();
  wanted.forEach((child, index) => {
    if (box.children[index] !== child) box.insertBefore(child, box.children[index] ?? null);
  });
}

function keyOf(notice: Notice): string {
  return JSON.stringify(notice);
}

function banner(notice: Notice, act: (notice: string, action: string) => void): HTMLElement {
  const { id, severity, text, actions } = notice;
  const made = element(
    'div',
    { class: `notice ${severity}`, 'data-key': keyOf(notice) },
    icon(ICONS[severity]),
    element('span', { class: 'unseen' }, `${WORDS[severity]}: `),
    element('span', { class: 'text' }, text),
  );
  for (const action of actions) {
    const button = element('vscode-button' as 'button', { secondary: '' }, action.label);
    button.addEventListener('click', () => act(id, action.id));
    made.append(button);
  }
  return made;
}
