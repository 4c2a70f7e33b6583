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

/** When jobs are queued: at these times, counted from the beginning, or one after the other; for ever without a count. */
export type JobLoad =
  | { readonly kind: 'times'; readonly atUs: readonly number[] }
  | { readonly kind: 'rate'; readonly everyUs: number; readonly count?: number };

const PERIODS_US = { second: 1e6, minute: 60e6, hour: 3600e6 } as const;
/** More than a run can show, and than memory should hold. */
const MOST_JOBS = 100_000;
/** Jobs that would come faster than this come at once. */
const SHORTEST_US = 1000;
/** What is expected of a load without an end. */
const MOST_AT_ONCE = 1000;

const AT_ONCE = /^(\d+)(?: jobs?)?(?: at once)?$/;
/** `5 a minute`, `5 jobs per min`, `5/s`, `one every 12s`, `every 2 minutes` */
const RATE = /^(?:(\d+|one)(?: jobs?)? ?(?:an?|per|each|every|\/)|every) ?(\S.*)$/;
/** `20 jobs, 5 a minute` and `20 at 5 a minute`; then `5 a minute, 20 jobs` and `5 a minute up to 20`. */
const COUNT_AND_RATE = /^(\d+)(?: jobs?)?(?: in all| in total)?(?:,|:|,? at)? (.+)$/;
const RATE_AND_COUNT = /^(.+?),?(?: up to| at most)? (\d+)(?: jobs?)?(?: in all| in total)?$/;
const PARTS_OF_JOBS = /(?:^|[ ,])\d*[.,]\d+(?: jobs?)? ?(?:an?|per|each|every|\/) ?[a-z]/;
const RATE_FOR = /^(.+?),? for (.+)$/;

/**
 * Reads `30` or `30 at once`, `5 a minute` (or second, or hour) or `one every 12s`, each also with an end as in
 * `20 jobs, 5 a minute` and `5 a minute for 10m`, or times such as `0s, 10s, 10s, 1m30s`.
 * @throws Error with a sentence for anything else
 */
export function parseLoad(text: string): JobLoad {
  const words = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const atOnce = AT_ONCE.exec(words)?.[1];
  if (atOnce !== undefined) return { kind: 'times', atUs: Array.from({ length: countIn(atOnce, text) }, () => 0) };
  const rate = rateIn(words, text);
  if (rate !== undefined) return rate;
  if (PARTS_OF_JOBS.test(words)) {
    throw wrong(text, 'a rate has a whole number of jobs; fewer are given as "one every 2m"');
  }
  const times = words.split(/[\s,]+/).map(parseDurationUs);
  const atUs = times.filter((time): time is number => time !== undefined);
  if (atUs.length !== times.length || words === '') throw wrong(text, 'it is none of these');
  return { kind: 'times', atUs: atUs.sort((a, b) => a - b) };
}

type Rate = JobLoad & { readonly kind: 'rate' };

/** A rate with or without an end; undefined where the words are no rate. */
function rateIn(words: string, text: string): Rate | undefined {
  const [, lasting = words, period] = RATE_FOR.exec(words) ?? [];
  const rate = countedRate(lasting, text);
  if (rate === undefined || period === undefined) return rate;
  const forUs = periodUs(period);
  if (forUs === undefined) return undefined;
  if (rate.count !== undefined) throw wrong(text, 'give a number of jobs or a time, not both');
  if (forUs === 0) throw wrong(text, 'the time has to be longer than 0');
  // The one that would come at the very end is not among them.
  return { ...rate, count: countIn(String(Math.ceil(forUs / rate.everyUs - 1e-9)), text) };
}

function countedRate(words: string, text: string): Rate | undefined {
  const everyUs = intervalIn(words, text);
  if (everyUs !== undefined) return { kind: 'rate', everyUs };
  const [, before = '', then = ''] = COUNT_AND_RATE.exec(words) ?? [];
  const [, first = '', after = ''] = RATE_AND_COUNT.exec(words) ?? [];
  for (const [count, rate] of [[before, then] as const, [after, first] as const]) {
    const counted = intervalIn(rate, text);
    if (counted !== undefined) return { kind: 'rate', everyUs: counted, count: countIn(count, text) };
  }
  return undefined;
}

/** From one job to the next, in microseconds; undefined where the words are no rate. */
function intervalIn(words: string, text: string): number | undefined {
  const [, count = 'one', period = ''] = RATE.exec(words) ?? [];
  const us = periodUs(period);
  if (us === undefined) return undefined;
  const everyUs = us / (count === 'one' ? 1 : countIn(count, text));
  if (everyUs < SHORTEST_US) throw wrong(text, 'these are more than a thousand jobs a second');
  return everyUs;
}

/** `minute`, `10m`, `10 minutes` */
function periodUs(words: string): number | undefined {
  const [, number = '1', unit] = /^(\d+(?:\.\d+)? ?)?(s|m|h)(?:ec(?:ond)?|in(?:ute)?|(?:ou)?r)?s?$/.exec(words) ?? [];
  return parseDurationUs(unit === undefined ? words : `${number.trim()}${unit}`);
}

/** As parseLoad() reads it. */
export function jobsText(load: JobLoad): string {
  if (load.kind === 'times') {
    const areAtOnce = load.atUs.every((us) => us === 0);
    return areAtOnce ? `${load.atUs.length} at once` : load.atUs.map((us) => `${us / 1e6}s`).join(', ');
  }
  const rate = rateText(load.everyUs);
  if (load.count === undefined) return rate;
  return load.count === 1 ? `1 job, ${rate}` : `${load.count} jobs, ${rate}`;
}

function rateText(everyUs: number): string {
  for (const [period, us] of Object.entries(PERIODS_US)) {
    const count = us / everyUs;
    const whole = Math.round(count);
    if (whole < 1 || Math.abs(count - whole) > 1e-9 * count) continue;
    return `${whole} ${period === 'hour' ? 'an' : 'a'} ${period}`;
  }
  return `one every ${Math.round(everyUs) / 1e6}s`;
}

function countIn(digits: string, text: string): number {
  const count = Number(digits);
  if (count < 1 || count > MOST_JOBS) throw wrong(text, `the number of jobs is from 1 to ${MOST_JOBS}`);
  return count;
}

function wrong(text: string, why: string): Error {
  const shown = JSON.stringify(text);
  return new Error(
    `jobs are given as "30 at once", "5 a minute", "20 jobs, 5 a minute", "5 a minute for 10m" or a list of times as ` +
      `"0s, 10s, 1m", not ${shown}: ${why}`,
  );
}

/** How many jobs come within a time; Infinity where they come for ever and the time is not limited. */
export function countOf(load: JobLoad, withinUs = Infinity): number {
  return load.kind === 'times'
    ? load.atUs.filter((us) => us <= withinUs).length
    : Math.min(load.count ?? Infinity, Math.floor(withinUs / load.everyUs) + 1);
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
    const { everyUs, count = Infinity } = load;
    const startUs = clock.nowUs();
    let number = 0;
    const again = (): void => {
      if (isOver) return;
      queue(1);
      number++;
      if (number < count) clock.schedule(startUs + number * everyUs - clock.nowUs(), again, undefined);
    };
    again();
  }
  return { dispose: () => void (isOver = true) };
}
