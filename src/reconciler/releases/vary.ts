import { inWords } from '../../base/count-words.ts';
import { likeliestNumbers } from '../../base/likely-word.ts';
import { NOT_SWITCHED } from './not-switched.ts';
import { policiesFor } from './policies.ts';
import type { Release } from './release.ts';
import { RULES } from './rules.ts';
import { isSwitch, PARTS, SWITCHES, type Switch } from './switches.ts';

/** Pull requests to add to a release, and to leave out of it. */
export interface Changes {
  readonly with: readonly number[];
  readonly without: readonly number[];
}

/**
 * The release with pull requests added and left out, under an id that says so: `0.14.2-4390`.
 * @throws Error for a pull request that is no switch, changes nothing there, or contradicts another; one sentence
 */
export function vary(release: Release, changes: Changes): Release {
  const added = known(changes.with);
  const left = known(changes.without);
  const both = added.find((one) => left.includes(one));
  if (both !== undefined) throw new Error(`pull request ${both} cannot be both with and without`);
  for (const one of added) {
    if (release.switches.has(one)) throw new Error(`${release.id} has pull request ${one} already`);
  }
  for (const one of left) {
    if (!release.switches.has(one)) throw new Error(`${release.id} does not have pull request ${one}`);
  }
  const switches = new Set([...release.switches, ...added].filter((one) => !left.includes(one)));
  for (const { later, earlier, why } of RULES) {
    if (!switches.has(later) || switches.has(earlier)) continue;
    throw new Error(`pull request ${later} cannot be without ${earlier}: ${why}`);
  }
  const id = [release.id, ...added.map((one) => `+${one}`), ...left.map((one) => `-${one}`)].join('');
  const variation = { of: release.id, with: added, without: left };
  return { ...release, ...policiesFor(release, added, left), id, versions: [], isDefault: false, switches, variation };
}

function known(numbers: readonly number[]): readonly Switch[] {
  return [...new Set(numbers)].map((number) => {
    if (isSwitch(number)) return number;
    const whole = PARTS.get(number);
    if (whole !== undefined) throw new Error(`pull request ${number} is part of ${whole} here: give that number`);
    const known = NOT_SWITCHED[number];
    if (known !== undefined)
      throw new Error(`pull request ${number} (${known.since}) cannot be switched here: ${known.why}`);
    throw new UnknownPullRequestError(number);
  });
}

/** A number that is no switch; the message names those that it may be a misspelling of. */
export class UnknownPullRequestError extends Error {
  override readonly name = 'UnknownPullRequestError';

  constructor(number: number) {
    const near = likeliestNumbers(String(number), Object.keys(SWITCHES)).map(Number) as Switch[];
    const words = near.map((one) => `${one} (${SWITCHES[one]})`);
    const meant =
      words.length === 0
        ? ''
        : words.length === 1
          ? `; the number most like it is ${words[0]}`
          : `; the numbers most like it are ${inWords(words)}`;
    super(`pull request ${number} cannot be switched here${meant}`);
  }
}

const VARIED = /^(.+?)((?:[+-]\d+)+)$/;

/** Reads an id such as `0.14.2-4390` into that of the release and the changes; undefined for another text. */
export function parseVaried(id: string): (Changes & { readonly of: string }) | undefined {
  const [, of, changes = ''] = VARIED.exec(id) ?? [];
  if (of === undefined) return undefined;
  const signed = changes.match(/[+-]\d+/g) ?? [];
  const ofSign = (sign: string): number[] =>
    signed.filter((one) => one.startsWith(sign)).map((one) => Number(one.slice(1)));
  return { of, with: ofSign('+'), without: ofSign('-') };
}
