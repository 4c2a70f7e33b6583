import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../base/count-words.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Seen } from './seen.ts';

/** Fewer are by chance: calls that go on where a log begins. */
const FEWEST = 5;
/** Of the JIT configs that runners get whose life the log shows from its beginning, this part without a request is not by chance. */
const UNBEGUN = 0.2;

/** Stores that keep whole seconds shuffle lines within one. */
const SHUFFLED_US = 1e6;

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
  /** Answers without a request whose second has not passed: stores shuffle lines within one, so that the request may follow. */
  readonly lately: Map<RunnerHistory, Seen>;
  /** Whose request has no answer yet. */
  readonly asked: Set<RunnerHistory>;
}

export function noPairs(): JitPairs {
  return {
    beginnings: 0,
    answers: 0,
    unasked: 0,
    unaskedInLife: 0,
    first: undefined,
    lately: new Map(),
    asked: new Set(),
  };
}

/** Whether an answer is one that no line before asks for. */
export function notePair(pairs: JitPairs, message: string, seen: Seen, runner: RunnerHistory): boolean {
  settle(pairs, seen);
  if (BEGINNINGS.has(message)) pairs.beginnings++;
  if (message === JIT_BEGIN && !pairs.lately.delete(runner)) pairs.asked.add(runner);
  if (message !== JIT_END) return false;
  pairs.answers++;
  if (pairs.asked.delete(runner)) return false;
  pairs.lately.set(runner, seen);
  return true;
}

/** Counts those that no request can follow any more; at the log's end, all. */
function settle(pairs: JitPairs, now: Seen | undefined): void {
  for (const [runner, seen] of pairs.lately) {
    if (now !== undefined && now.at.us - seen.at.us < SHUFFLED_US) continue;
    pairs.lately.delete(runner);
    if (runner.startsInLife) pairs.unaskedInLife++;
    else pairs.unasked++;
    pairs.first ??= seen;
  }
}

/** How many JIT configs have come that no line asks for, where a search for words has left out the lines that do; 0 where none has. */
function unaskedOf(pairs: JitPairs, cutLines: number): number {
  settle(pairs, undefined);
  const { beginnings, answers, unasked, unaskedInLife } = pairs;
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
