import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../base/count-words.ts';
import type { Seen } from './seen.ts';

/** Fewer are by chance: calls that go on where a log begins. */
const FEWEST = 5;
/** Of the JIT configs that runners get whose life the log shows from its beginning, this part without a request is not by chance. */
const UNBEGUN = 0.2;

export const JIT_BEGIN = 'Creating ephemeral runner JIT config';
export const JIT_END = 'Created ephemeral runner JIT config';

/** Lines by which a pass says what it begins; whichever part of a log is cut away, the rest has some of them. */
const BEGINNINGS: ReadonlySet<string> = new Set([
  JIT_BEGIN,
  'Creating new ephemeral runner registration and updating status with runner config',
  'Creating new ephemeral runner secret for jitconfig.',
  'Creating new secret for ephemeral runner',
  'Creating new EphemeralRunner pod.',
  'Ephemeral runner pod does not exist. Creating new ephemeral runner',
  'Creating new pod for ephemeral runner',
]);

/** Requests for JIT configs: a whole log has a line when one is sent, and a line when it is answered. */
export interface JitPairs {
  beginnings: number;
  answers: number;
  /** Answers without a request: of runners that the log shows from their beginning, and of others, which may have asked before it. */
  unasked: number;
  unaskedInLife: number;
  first: Seen | undefined;
}

export function noPairs(): JitPairs {
  return { beginnings: 0, answers: 0, unasked: 0, unaskedInLife: 0, first: undefined };
}

/** @param isAsked whether the runner's line before shows the request */
export function notePair(pairs: JitPairs, message: string, seen: Seen, isAsked: boolean, startsInLife: boolean): void {
  if (BEGINNINGS.has(message)) pairs.beginnings++;
  if (message !== JIT_END) return;
  pairs.answers++;
  if (isAsked) return;
  if (startsInLife) pairs.unaskedInLife++;
  else pairs.unasked++;
  pairs.first ??= seen;
}

/** How many JIT configs have come that no line asks for, where a search for words has left out the lines that do; 0 where none has. */
function unaskedOf({ beginnings, answers, unasked, unaskedInLife }: JitPairs, cutLines: number): number {
  // Those may be cut before the name of their runner.
  if (cutLines >= FEWEST) return 0;
  const all = unasked + unaskedInLife;
  if (beginnings === 0) return all >= FEWEST ? all : 0;
  return unasked >= FEWEST && unasked >= UNBEGUN * answers ? unasked : 0;
}

/**
 * What a log lacks that every pass writes, where a search for words has left the lines that hold them; otherwise undefined.
 * @param cutLines how many lines are cut before they name their runner
 */
export function filteredText(
  pairs: JitPairs,
  cutLines: number,
): { readonly sentence: string; readonly at: Seen; readonly says: string } | undefined {
  const unasked = unaskedOf(pairs, cutLines);
  if (unasked === 0 || pairs.first === undefined) return undefined;
  return {
    sentence: t(
      'Lines are missing: none asks for the JIT config of {0}, and each has one.',
      runnersText(thousands(unasked)),
    ),
    at: pairs.first,
    says: t('the first one that no line asks for'),
  };
}
