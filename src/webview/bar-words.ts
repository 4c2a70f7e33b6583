import { t } from '@vscode/l10n';
import { codeWords } from '../problems/code-words.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { BarKind, isPassKind, kindLabel } from '../timeline/bars.ts';
import type { SessionModel } from './session-model.ts';

/** What a bar or a sign is, with its word: `pod failed: OOMKilled, exit 137`, `Kubernetes request · CREATE pods`. */
export function barWords({ words }: Pick<SessionModel, 'words'>, { kind, detail }: Bar): string {
  // Of a pass the detail is its worker.
  const word = isPassKind(kind) ? '' : codeWords(words[detail] ?? '');
  if (word === '') return kindLabel(kind);
  return kind >= BarKind.runnerPending ? t('{0}: {1}', kindLabel(kind), word) : `${kindLabel(kind)} · ${word}`;
}
