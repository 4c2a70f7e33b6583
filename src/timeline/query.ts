import { parseDurationUs } from '../base/duration.ts';
import type { BarStore } from './bar-store.ts';
import { BarKind, isPassKind } from './bars.ts';

/** What a person looks for. All parts that are given have to hold. */
export interface Query {
  /** Part of a runner's name, lower case. */
  readonly text: string;
  /** Part of the kind of what a pass reconciles, lower case. */
  readonly kind: string;
  /** Part of a phase's or request's name, lower case. */
  readonly inside: string;
  readonly result: 'error' | 'requeue' | 'done' | 'unknown' | undefined;
  readonly atLeastUs: number;
  /** What is no part of a query, as it was written: with it nothing is looked for. */
  readonly unknown: readonly string[];
}

export interface Match {
  readonly lane: number;
  readonly pass: number;
  readonly startUs: number;
  readonly endUs: number;
}

/**
 * Reads a query: words are parts of a name, `kind:set` of the kind of what has it, `in:secret` a phase or request, `result:error` how a pass ended
 * (error, requeue, done, unknown), `>100ms` how long it took at least.
 */
export function parseQuery(input: string): Query {
  let text = '';
  let kind = '';
  let inside = '';
  let result: Query['result'];
  let atLeastUs = 0;
  const unknown: string[] = [];
  for (const part of input.toLowerCase().split(/\s+/)) {
    const wanted = /^result:(error|requeue|done|unknown)$/.exec(part)?.[1] as Query['result'];
    const duration = part.startsWith('>') ? parseDurationUs(part.slice(1)) : undefined;
    if (wanted !== undefined) result = wanted;
    else if (duration !== undefined) atLeastUs = duration;
    else if (part.startsWith('kind:')) kind = part.slice(5);
    else if (part.startsWith('in:')) inside = part.slice(3);
    // No runner has such a name: it is meant to be a term.
    else if (/[:<>=]/.test(part)) unknown.push(part);
    else text = text === '' ? part : `${text} ${part}`;
  }
  return { text: text.trim(), kind, inside, result, atLeastUs, unknown };
}

export function isEmpty({ text, kind, inside, result, atLeastUs }: Query): boolean {
  return text === '' && kind === '' && inside === '' && result === undefined && atLeastUs === 0;
}

const RESULT_KIND = {
  error: BarKind.passFailed,
  requeue: BarKind.passRequeued,
  done: BarKind.pass,
  unknown: BarKind.passUnknown,
} as const;

/**
 * The passes that a query means, lane by lane.
 * @param lanes where to look; `isOfKind` says which of them are of the kind that the query names
 * @param limit how many to give at most
 */
export function findMatches(
  store: BarStore,
  lanes: ArrayLike<number>,
  names: readonly string[],
  words: readonly string[],
  query: Query,
  limit: number,
  isOfKind: (lane: number) => boolean = () => true,
): Match[] {
  const matches: Match[] = [];
  const wordFits = words.map((word) => word.toLowerCase().includes(query.inside));
  const wantedKind = query.result === undefined ? undefined : RESULT_KIND[query.result];
  for (let index = 0; index < lanes.length && matches.length < limit; index++) {
    const lane = lanes[index] as number;
    if (!(names[lane] ?? '').toLowerCase().includes(query.text) || !isOfKind(lane)) continue;
    const inside = new Set<number>();
    if (query.inside !== '') {
      store.forEach(lane, -Infinity, Infinity, ({ kind, pass, detail }) => {
        if (kind >= BarKind.retryWait && kind <= BarKind.phaseOdd && wordFits[detail] === true) inside.add(pass);
      });
    }
    store.forEach(lane, -Infinity, Infinity, ({ kind, pass, startUs, endUs }) => {
      if (!isPassKind(kind) || endUs === Infinity || matches.length >= limit) return;
      if (wantedKind !== undefined && kind !== wantedKind) return;
      if (endUs - startUs < query.atLeastUs || (query.inside !== '' && !inside.has(pass))) return;
      matches.push({ lane, pass, startUs, endUs });
    });
  }
  return matches;
}
