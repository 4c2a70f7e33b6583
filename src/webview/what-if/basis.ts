import { t } from '@vscode/l10n';
import type { Basis } from '../../what-if-protocol.ts';
import { element } from '../dom.ts';

/** A sentence with what its figures rest on, which is a link where the sentence names it. */
export function sentenceWithBasis(text: string, basis: Basis): HTMLElement {
  const at = text.indexOf(basis.text);
  if (at < 0) return element('p', {}, text, ' ', basisLink(basis));
  return element('p', {}, text.slice(0, at), basisLink(basis), text.slice(at + basis.text.length));
}

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
