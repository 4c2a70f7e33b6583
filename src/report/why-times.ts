import type { Milestone } from '../evidence/messages.ts';
import type { MilestoneTime, RunnerAnswer } from '../evidence/milestones.ts';

const SECOND_MS = 1000;

/**
 * A row of times, `–` where there is none and `≤` where it happened at that time or before, and
 * before the object was gone.
 * @param isDated with the date and `Z`
 */
export function timeTexts(
  columns: readonly Milestone[],
  milestones: RunnerAnswer['milestones'],
  isDated = false,
): string[] {
  const times = columns.map((milestone) => shortTime(milestones[milestone]));
  const gone = shortTime(milestones.gone)?.text;
  return times.map((time) => {
    if (time === undefined) return '–';
    // What was noticed later had happened before the object was gone.
    const isAfterEnd = time.isLatest && gone !== undefined && gone < time.text;
    const text = isAfterEnd ? gone : time.text;
    return `${time.isLatest ? '≤ ' : ''}${isDated ? `${text}Z` : text.slice(11)}`;
  });
}

interface ShortTime {
  /** RFC 3339 without its zone, as fine as the clock was. */
  readonly text: string;
  /** Whether it may have happened before. */
  readonly isLatest: boolean;
}

function shortTime(time: MilestoneTime | undefined): ShortTime | undefined {
  if (time === undefined) return undefined;
  const { at, until } = time;
  if (until === undefined) return { text: at.slice(0, 23), isLatest: false };
  const withinMs = Date.parse(until) - Date.parse(at);
  // The end of a whole second is the beginning of the next; the line itself names the one before.
  const isWholeSecond = until.endsWith('.000000Z');
  if (isWholeSecond && withinMs === SECOND_MS) return { text: at.slice(0, 19), isLatest: false };
  if (isWholeSecond) return { text: isoMs(Date.parse(until) - 1).slice(0, 19), isLatest: true };
  if (withinMs <= 1) return { text: at.slice(0, 23), isLatest: false };
  const isRounded = until.slice(23, 26) !== '000';
  return { text: isoMs(Date.parse(`${until.slice(0, 23)}Z`) + (isRounded ? 1 : 0)).slice(0, 23), isLatest: true };
}

function isoMs(ms: number): string {
  return new Date(ms).toISOString();
}
