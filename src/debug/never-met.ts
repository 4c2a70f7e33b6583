import { t } from '@vscode/l10n';
import { basename } from 'node:path';
import { timesText } from '../base/count-words.ts';
import type { ExceptionId, Stop, StoppableLine } from './breakpoints.ts';
import type { Moment } from './moments.ts';
import { search } from './navigation.ts';
import { isReplay, wordFor, type Recording } from './recording.ts';

/** A breakpoint, with what may keep a replay from ever stopping at it. */
export interface Wanted {
  readonly stop: Stop;
  /** A line of a log. */
  readonly logLine?: StoppableLine | undefined;
  readonly exception?: ExceptionId | undefined;
  readonly hasCondition: boolean;
  /** The lowest number of a hit at which it stops. */
  readonly firstHit: number;
}

/** What no trace and no log tells, and what of a log need not be in it. */
const OF_WHAT_PASSES_SAW: readonly ExceptionId[] = ['stale', 'invariant'];
const OF_THE_CLIENT: readonly ExceptionId[] = ['throttled', 'locked'];

/** Why a breakpoint can never stop, as a sentence; undefined where it can, or may once the run is another. */
export function whyNever(recording: Recording, wanted: Wanted): string | undefined {
  const { stop, logLine, exception, hasCondition, firstHit } = wanted;
  if (!isReplay(recording)) return undefined;
  const word = wordFor(recording);
  if (exception !== undefined && OF_WHAT_PASSES_SAW.includes(exception)) {
    return t('A {0} does not tell what passes saw, so that this never stops here.', word);
  }
  const isFound = exception !== undefined && !hasCondition && !OF_THE_CLIENT.includes(exception);
  if (isFound && firstHit === 1) return undefined;
  const hits = hitsUpTo(recording, stop, firstHit);
  if (hits === firstHit) return undefined;
  if (hits > 0) return t('It is met {0} in this {1}, fewer times than its hit count asks for.', timesText(hits), word);
  if (logLine !== undefined && !hasCondition) return lineText(recording, logLine);
  return hasCondition
    ? t(
        'Nothing in this {0} meets it. Of objects it tells name and status at most, of requests no body, and never what was stale.',
        word,
      )
    : t('Nothing in this {0} meets it.', word);
}

/** How often something is met, counted up to a number. */
function hitsUpTo(recording: Recording, stop: Stop, most: number): number {
  let hits = 0;
  for (let at: Moment | undefined = -1; hits < most; hits++) {
    at = search(recording, at, 1, [stop])?.moment;
    if (at === undefined) break;
  }
  return hits;
}

function lineText(recording: Recording, { file, line }: StoppableLine): string {
  const name = basename(file);
  const nearest = nearestLine(recording, file, line);
  return nearest === undefined
    ? t('No pass wrote line {0} of {1}.', line, name)
    : t('No pass wrote line {0} of {1}; the nearest line of one is {2}.', line, name, nearest);
}

function nearestLine({ moments, sites }: Recording, file: string, line: number): number | undefined {
  let nearest: number | undefined;
  for (let moment = 0; moment < moments.length; moment++) {
    const [place] = sites.frames(moments.site(moment));
    if (place?.file !== file) continue;
    if (nearest === undefined || Math.abs(place.line - line) < Math.abs(nearest - line)) nearest = place.line;
  }
  return nearest;
}
