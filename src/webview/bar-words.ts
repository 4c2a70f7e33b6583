import { t } from '@vscode/l10n';
import { codeWords } from '../problems/code-words.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { BarKind, isPassKind } from '../timeline/bars.ts';
import { barLabel } from '../timeline/chain-words.ts';
import type { SessionModel } from './session-model.ts';

/** What a bar or a sign is, with its word: `pod failed: OOMKilled, exit 137`, `Kubernetes request · CREATE pods`. */
export function barWords(session: Pick<SessionModel, 'words' | 'kindOf'>, { kind, lane, detail }: Bar): string {
  const label = barLabel(kind, session.kindOf(lane));
  // Of a pass the detail is its worker.
  const word = isPassKind(kind) ? '' : codeWords(session.words[detail] ?? '');
  // That it polls is all that its request says.
  if (word === '' || word === 'get-message') return label;
  // An end that nobody answered.
  if (kind === BarKind.polling) return `${label} ${word}`;
  return kind >= BarKind.runnerPending ? t('{0}: {1}', label, word) : `${label} · ${word}`;
}
