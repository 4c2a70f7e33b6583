import { inWords } from '../../base/count-words.ts';
import type { Release } from './release.ts';
import type { Switch } from './switches.ts';
import { parseVaried, vary } from './vary.ts';
import { isKnown, isVersion, meantVersion, nearestTo, publishedBeside, publishedFrom, unlistedIn } from './versions.ts';

/** Releases in the order in which they came. */
export class ReleaseList {
  readonly all: readonly Release[];
  /** Those that were made for a run, by id. */
  readonly #varied = new Map<string, Release>();

  /** @throws Error when two share an id, or not exactly one is the default */
  constructor(all: readonly Release[]) {
    const ids = all.map(({ id }) => id);
    if (new Set(ids).size !== ids.length) throw new Error(`releases share an id: ${ids.join(', ')}`);
    if (all.filter(({ isDefault }) => isDefault).length !== 1) throw new Error('one release has to be the default');
    this.all = all;
  }

  get ids(): readonly string[] {
    return this.all.map(({ id }) => id);
  }

  /** What a run takes where none is asked for. */
  get default(): Release {
    return this.all.find(({ isDefault }) => isDefault) as Release;
  }

  /** What is compared where nothing is asked for: the default, beside the release before it. */
  get comparison(): readonly string[] {
    const position = this.all.indexOf(this.default);
    return this.ids.slice(Math.max(0, position - 1), position + 1);
  }

  /** By its id, also one such as `0.14.2-4390`; undefined where that names none. */
  find(id: string): Release | undefined {
    const listed = this.all.find((release) => release.id === id) ?? this.#varied.get(id);
    if (listed !== undefined) return listed;
    try {
      return this.#vary(id);
    } catch {
      return undefined;
    }
  }

  /**
   * What people name: a release by its id, or by a published version, for which the nearest one stands.
   * @throws Error that names the releases and versions there are, or says which pull requests do not go together
   */
  get(name: string): Release {
    const release = this.find(name) ?? this.#vary(name) ?? this.#published(name);
    if (release !== undefined) return release;
    // As versions do, names of modes differ in more than the case of letters.
    const small = name.toLowerCase();
    if (small !== name && this.find(small) !== undefined) return this.get(small);
    const wrong = isVersion(name) ? `ARC ${name} cannot be run here` : `unknown mode ${JSON.stringify(name)}`;
    const others = this.others.length === 0 ? '' : `; ${inWords(this.others)} run as one of these`;
    throw new Error(`${wrong}; modes are ${this.inWords()}${others}${this.meantText(name)}`);
  }

  /** `; did you mean latest?`, or nothing where no mode and no version is near. */
  meantText(name: string): string {
    const { of } = parseVaried(name) ?? { of: name };
    const meant = meantVersion(of, [...this.ids, ...this.others], this.all);
    return meant === undefined ? '' : `; did you mean ${meant}${name.slice(of.length)}?`;
  }

  /** Published versions that can be named and are no id: some release is one of them exactly, or the nearest of it. */
  get others(): readonly string[] {
    return publishedBeside(this.ids);
  }

  /** Every published version of ARC from the first one in the list on, in order. */
  get published(): readonly string[] {
    return publishedFrom(this.all);
  }

  /** Published versions that are no mode, and for which the nearest one stands. */
  get unlisted(): readonly string[] {
    return unlistedIn(this.all);
  }

  /** Place in the list, from 0; that after the last for a release which is not in it. */
  position(id: string): number {
    const position = this.ids.indexOf(this.find(id)?.variation?.of ?? id);
    return position < 0 ? this.all.length : position;
  }

  /** The one that is nearest to a version of ARC, as a cluster may run it, known or not; undefined for no version. */
  ofVersion(version: string): Release | undefined {
    return nearestTo(version, this.all);
  }

  /** The first published one that has a switch; undefined for a switch that none has. */
  firstWith(wanted: Switch): Release | undefined {
    return this.all.find(({ switches, versions }) => switches.has(wanted) && versions.length > 0);
  }

  /** For example `a, b and c`. */
  inWords(): string {
    return this.ids.length < 2 ? this.ids.join('') : `${this.ids.slice(0, -1).join(', ')} and ${this.ids.at(-1)}`;
  }

  #published(version: string): Release | undefined {
    return isKnown(version, this.all) ? this.ofVersion(version) : undefined;
  }

  /** @throws Error where the id asks for what cannot be */
  #vary(id: string): Release | undefined {
    const asked = parseVaried(id);
    if (asked === undefined) return undefined;
    const release = this.find(asked.of) ?? this.#published(asked.of);
    if (release === undefined) return undefined;
    const varied = vary(release, asked);
    this.#varied.set(varied.id, varied);
    return varied;
  }
}
