import type { Clock } from '../base/clock.ts';
import { parseDurationUs } from '../base/duration.ts';
import type { Disposable } from '../base/disposable.ts';
import type { TimedTrouble } from './listener-trouble.ts';

/** What a scale set has to do, and with how many runners it may do it. */
export interface ScaleSetLoad {
  readonly jobs: JobLoad;
  readonly minRunners: number;
  readonly maxRunners: number;
  /** What happens to its listener. */
  readonly listener?: readonly TimedTrouble[] | undefined;
}

/** When jobs are queued: at these times, counted from the beginning, or one after the other for ever. */
export type JobLoad =
  { readonly kind: 'times'; readonly atUs: readonly number[] } | { readonly kind: 'rate'; readonly everyUs: number };

const PERIODS_US = { second: 1e6, minute: 60e6, hour: 3600e6 } as const;
/** More than a run can show, and than memory should hold. */
const MOST_JOBS = 100_000;
/** Jobs that would come faster than this come at once. */
const SHORTEST_US = 1000;
/** What is expected of a load without an end. */
const MOST_AT_ONCE = 1000;

/**
 * Reads `30` or `30 at once`, `5 a minute` (or second, or hour), or times such as `0s, 10s, 10s, 1m30s`.
 * @throws Error with a sentence for anything else
 */
export function parseLoad(text: string): JobLoad {
  const words = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const atOnce = /^(\d+)(?: jobs?)?(?: at once)?$/.exec(words)?.[1];
  if (atOnce !== undefined) return { kind: 'times', atUs: Array.from({ length: countIn(atOnce, text) }, () => 0) };
  const rate = /^(\d+)(?: jobs?)?(?: an? | per |\/)(second|minute|hour)$/.exec(words);
  if (rate !== null) {
    const everyUs = PERIODS_US[rate[2] as keyof typeof PERIODS_US] / countIn(rate[1] ?? '', text);
    if (everyUs < SHORTEST_US) throw wrong(text, 'these are more than a thousand jobs a second');
    return { kind: 'rate', everyUs };
  }
  const times = words.split(/[\s,]+/).map(parseDurationUs);
  const atUs = times.filter((time): time is number => time !== undefined);
  if (atUs.length !== times.length || words === '') throw wrong(text, 'it is none of these');
  return { kind: 'times', atUs: atUs.sort((a, b) => a - b) };
}

/** As parseLoad() reads it. */
export function jobsText(load: JobLoad): string {
  if (load.kind === 'times') {
    const areAtOnce = load.atUs.every((us) => us === 0);
    return areAtOnce ? `${load.atUs.length} at once` : load.atUs.map((us) => `${us / 1e6}s`).join(', ');
  }
  for (const [period, us] of Object.entries(PERIODS_US)) {
    const count = us / load.everyUs;
    const whole = Math.round(count);
    if (whole < 1 || Math.abs(count - whole) > 1e-9 * count) continue;
    return `${whole} ${period === 'hour' ? 'an' : 'a'} ${period}`;
  }
  // No text gives another rate.
  return `${Math.max(1, Math.round(PERIODS_US.hour / load.everyUs))} an hour`;
}

function countIn(digits: string, text: string): number {
  const count = Number(digits);
  if (count < 1 || count > MOST_JOBS) throw wrong(text, `the number of jobs is from 1 to ${MOST_JOBS}`);
  return count;
}

function wrong(text: string, why: string): Error {
  const shown = JSON.stringify(text);
  return new Error(
    `jobs are given as "30 at once", "5 a minute" or a list of times as "0s, 10s, 1m", not ${shown}: ${why}`,
  );
}

/** How many jobs come within a time; Infinity where they come for ever and it is not limited. */
export function countOf(load: JobLoad, withinUs = Infinity): number {
  return load.kind === 'times'
    ? load.atUs.filter((us) => us <= withinUs).length
    : Math.floor(withinUs / load.everyUs) + 1;
}

/** How many runners such a load may have at a time, as a run's settings need a number. */
export function expectedJobs(load: JobLoad, withinUs?: number): number {
  const count = countOf(load, withinUs);
  return Number.isFinite(count) ? count : MOST_AT_ONCE;
}

/**
 * Queues jobs as a load says, from now on.
 * @param queue called with the number of jobs that come at this time
 * @returns ends the load
 */
export function startLoad(clock: Clock, load: JobLoad, queue: (count: number) => void): Disposable {
  let isOver = false;
  const next = (count: number): void => {
    if (!isOver) queue(count);
  };
  if (load.kind === 'times') {
    const counts = new Map<number, number>();
    for (const atUs of load.atUs) counts.set(atUs, (counts.get(atUs) ?? 0) + 1);
    for (const [atUs, count] of counts) clock.schedule(atUs, next, count);
  } else {
    const { everyUs } = load;
    const startUs = clock.nowUs();
    let number = 0;
    const again = (): void => {
      if (isOver) return;
      queue(1);
      number++;
      clock.schedule(startUs + number * everyUs - clock.nowUs(), again, undefined);
    };
    again();
  }
  return { dispose: () => void (isOver = true) };
}
