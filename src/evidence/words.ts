import { t } from '@vscode/l10n';
import { counted, runnersText, thousands, timesText } from '../base/count-words.ts';
import { formatAge, formatDuration } from '../base/duration.ts';
import type { Note } from './messages.ts';
import { isUndated, timeOfDay, WHOLE_SECOND_US } from './moment.ts';
import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Repeated, Seen } from './seen.ts';
import type { SlowBurst } from './burst-cause.ts';
import type { EvidenceLine } from './finding.ts';

/** A clock that may be off by more shows no parts of seconds. */
const COARSE_US = 1e5;
/** Nobody reads parts of seconds in what is longer. */
const LONG_US = 120e6;

/** How long something took, no finer than the clocks of the log. */
export function spanText(reading: Reading, us: number): string {
  const hasSeconds = reading.coarsestUs >= WHOLE_SECOND_US;
  if (hasSeconds && us < 1e6) return t('less than 1 s');
  if (Math.round(us) === 0) return t('less than 1 ms');
  return byClock(us, hasSeconds);
}

/** Whether stamps that may be off by as much, in microseconds, show no parts of seconds. */
export function isCoarse(offUs: number): boolean {
  return offUs >= COARSE_US;
}

/** A time in microseconds with as many digits as a clock has. */
export function byClock(us: number, hasWholeSeconds: boolean): string {
  return hasWholeSeconds || us >= LONG_US ? formatAge(us) : formatDuration(Math.round(us));
}

/**
 * `The last pod came after 41 s`, or after the log begins, where that is in the middle of the burst. Where the log ends before
 * the last pod: `29 of 100 runners had no pod after 15 s`.
 */
export function lastPodCame(reading: Reading, { burst, waitUs }: SlowBurst): string {
  const { waiting, runners } = burst;
  if (waiting.length > 0) {
    const endUs = (reading.last?.at.us ?? burst.lastPod.at.us) - burst.start.at.us;
    return t(
      '{0} of {1} had no pod after {2}',
      waiting.length.toLocaleString('en'),
      runnersText(thousands(waiting.length + runners.length)),
      spanText(reading, endUs),
    );
  }
  const span = spanText(reading, waitUs);
  return burst.isCut ? t('The last pod came {0} into the log', span) : t('The last pod came after {0}', span);
}

/** `took 95 ms`; with whole seconds `took less than 2 s`, as they hide up to one at each end. */
export function took(reading: Reading, from: Seen, until: Seen): string {
  const us = until.at.us - from.at.us;
  const offUs = Math.max(from.at.withinUs, until.at.withinUs);
  return offUs < 1e3 ? t('took {0}', spanText(reading, us)) : t('took less than {0}', formatAge(us + offUs + 1));
}

/** `twice over 30 s`; without the time where it was once. */
export function timesOver(reading: Reading, times: number, us: number): string {
  return us > 0 ? t('{0} over {1}', timesText(times), spanText(reading, us)) : timesText(times);
}

/**
 * A mean over many, which may be finer than the clock: `0.23 s`.
 * @param times how many there are, where the sentence gives their sum too: as many digits as that needs
 */
export function meanText(us: number, times = 1): string {
  if (us >= 10e6) return `${Math.round(us / 1e6)} s`;
  const seconds = us / 1e6;
  const digits = [2, 3].find((each) => Math.abs(Number(seconds.toFixed(each)) - seconds) * times < 0.5) ?? 4;
  return `${seconds.toFixed(digits)} s`;
}

/** How long it was between two moments that a sentence gives as times of the day: what a reader gets who subtracts them. */
export function spanBetween(reading: Reading, from: Seen, until: Seen): string {
  const us = until.at.us - from.at.us;
  const wholeUs = (Math.floor(until.at.us / 1e6) - Math.floor(from.at.us / 1e6)) * 1e6;
  return wholeUs === 0 ? spanText(reading, us) : formatAge(wholeUs);
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a and 3 others` */
export function names(runners: readonly RunnerHistory[]): string {
  const [first = '', second] = runners.map(({ name }) => name);
  if (second === undefined) return first;
  return runners.length === 2 ? t('{0} and {1}', first, second) : t('{0} and {1} others', first, runners.length - 1);
}

/** A sentence about the runners that have no pod in the log, where there are such. */
export function withoutPod(runners: number): string[] {
  if (runners === 0) return [];
  return [
    counted(
      runners,
      t('1 runner has no pod in this log.'),
      t('{0} runners have no pod in this log.', thousands(runners)),
    ),
  ];
}

/** The time of the day, in UTC. */
export function clock(seen: Seen): string {
  return isUndated(seen.at) ? t('a time that its line does not give') : timeOfDay(seen.at.us);
}

/**
 * The first and the last line of what came several times.
 * @param says what they say; left out, each has its own words
 */
export function firstAndLast(
  { count: times, first, last, firstText, lastText }: Repeated,
  says?: string,
): EvidenceLine[] {
  return times === 1
    ? [{ at: first, says: says ?? firstText }]
    : [
        { at: first, says: t('{0} (first of {1})', says ?? firstText, times) },
        { at: last, says: t('{0} (last)', says ?? lastText) },
      ];
}

/** Runners that have a note, with it; of passes that failed one for each kind of error. */
export function withNote(reading: Reading, note: Note | 'error'): NotedRunner[] {
  const found: NotedRunner[] = [];
  for (const runner of reading.runners.values()) {
    const noted = note === 'error' ? runner.failed : [runner.notes.get(note)];
    for (const each of noted) if (each !== undefined) found.push({ runner, note: each });
  }
  return found;
}

interface NotedRunner {
  readonly runner: RunnerHistory;
  readonly note: Repeated;
}

/** The end of an error, where its reason is: of `failed to a: failed to b: reason` as many parts as have room. */
export function endOf(error: string, words: number): string {
  const parts = error.split(/:\s+/);
  let kept = parts.pop() ?? '';
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const longer = `${part}: ${kept}`;
    if (longer.split(' ').length > words) return shortened(kept, words);
    kept = longer;
  }
  return shortened(kept, words);
}

/** With a full stop, where a text that may be cut short, or be a sentence of its own, has none. */
export function withStop(text: string): string {
  return text.replace(/[^.…!?]$/, '$&.');
}

/** The first words of a text, so that a sentence keeps to its length. */
export function shortened(text: string, words: number): string {
  const all = text.split(' ');
  return all.length <= words ? text : `${all.slice(0, words).join(' ')} …`;
}
