import { t } from '@vscode/l10n';
import type { Basis } from '../../what-if-protocol.ts';
import { element } from '../dom.ts';

/** What a figure rests on; a click leads to how near simulations come to real controllers. */
export function basisLink({ kind, text }: Basis): HTMLElement {
  return element(
    'button',
    {
      type: 'button',
      class: `link basis ${kind}`,
      'data-accuracy': '',
      title: t('How near simulations come to real controllers'),
    },
    text,
  );
}
