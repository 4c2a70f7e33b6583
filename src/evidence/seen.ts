import type { Ref } from './log-record.ts';
import type { Doing } from './messages.ts';
import type { Moment } from './moment.ts';

/** Something that a line says. */
export interface Seen extends Ref {
  readonly at: Moment;
}

/** The same said several times. */
export interface Repeated {
  count: number;
  readonly first: Seen;
  last: Seen;
  /** What the line adds, cleared of credentials: an error, an exit code; the last one's. */
  text: string;
  /** The same of the first line and of the last, which may name other objects. */
  readonly firstText: string;
  lastText: string;
}

/** A line of a runner's way to its pod, and what is done from it on. */
export interface Step extends Seen {
  readonly doing: Doing;
}

/** Something that a line reports after it has happened, at `earliestUs` or later. */
export function atLatest(seen: Seen, earliestUs: number): Seen {
  const us = Math.min(Math.max(earliestUs, 0), seen.at.us);
  return { ...seen, at: { us, withinUs: seen.at.us + seen.at.withinUs - us } };
}

/** Something that is said for the first time, with what the line adds. */
export function once(seen: Seen, text: string): Repeated {
  return { count: 1, first: seen, last: seen, text, firstText: text, lastText: text };
}

/** One more of something that is said several times. */
export function again(before: Repeated | undefined, seen: Seen, text: string): Repeated {
  if (before === undefined) return once(seen, text);
  before.count++;
  before.last = seen;
  if (text !== '') before.text = before.lastText = text;
  return before;
}

/** One more of what is said of an object, by its key. */
export function noteIn<Key>(notes: Map<Key, Repeated>, key: Key, seen: Seen, text: string): void {
  notes.set(key, again(notes.get(key), seen, text));
}

/** Within a second the order of lines is all there is. */
export function isBefore(one: Seen, other: Seen): boolean {
  return one.at.us < other.at.us || (one.at.us === other.at.us && one.source === other.source && one.line < other.line);
}

/** From the first to the last, in microseconds. */
export function lengthUs({ first, last }: Pick<Repeated, 'first' | 'last'>): number {
  return last.at.us - first.at.us;
}

/** What came for several objects as one, from the first of all to the last of all; with the text of the first object. */
export function together(notes: readonly Repeated[]): Repeated {
  const [one, ...others] = notes as readonly [Repeated, ...Repeated[]];
  return others.reduce((all, { count, first, last, firstText, lastText }) => {
    const isEarlier = first.at.us < all.first.at.us;
    const isLater = last.at.us > all.last.at.us;
    return {
      ...all,
      count: all.count + count,
      first: isEarlier ? first : all.first,
      firstText: isEarlier ? firstText : all.firstText,
      last: isLater ? last : all.last,
      lastText: isLater ? lastText : all.lastText,
    };
  }, one);
}
