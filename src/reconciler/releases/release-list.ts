import { inWords } from '../../base/count-words.ts';
import { LACKING } from './lacking.ts';
import type { Release } from './release.ts';
import type { Switch } from './switches.ts';
import { parseVaried, vary } from './vary.ts';
import {
  fullVersion,
  isKnown,
  isVersion,
  meantVersion,
  nearestTo,
  publishedBeside,
  publishedFrom,
  unlistedIn,
} from './versions.ts';

/** Releases in the order in which they came. */
export class ReleaseList {
  readonly all: readonly Release[];
  /** Those that were made for a run, and published versions that are not in the list, by id. */
  readonly #further = new Map<string, Release>();

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

  /**
   * By its id, also one such as `0.14.2-4390`, or by a published version that does just what a release of the list does, with
   * all of its pull requests or without some; undefined where that names none.
   */
  find(id: string): Release | undefined {
    const listed = this.all.find((release) => release.id === id) ?? this.#further.get(id) ?? this.#exactly(id);
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

  /** Place in the list, from 0, also of what was made of one there; that after the last for any other. */
  position(id: string): number {
    const position = this.ids.indexOf(this.listedOf(id));
    return position < 0 ? this.all.length : position;
  }

  /** Id of the release of the list that one is, or that it was made of; its own where there is none. */
  listedOf(id: string): string {
    const { variation, listed } = this.find(id) ?? {};
    return variation === undefined ? (listed ?? id) : this.listedOf(variation.of);
  }

  /** Whether two releases do the same, whatever their names are. */
  isSame(one: string, other: string): boolean {
    const [own, others] = [this.get(one).switches, this.get(other).switches];
    return (
      this.listedOf(one) === this.listedOf(other) &&
      own.size === others.size &&
      [...own].every((each) => others.has(each))
    );
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

  #published(name: string): Release | undefined {
    if (!isKnown(name, this.all)) return undefined;
    const version = fullVersion(name);
    return this.find(version) ?? this.ofVersion(version);
  }

  /** A published version that is not in the list, under its own name. */
  #exactly(version: string): Release | undefined {
    const { of, without = [], words } = LACKING[version] ?? {};
    const listed = this.all.find(({ id, versions }) => id === of || versions.includes(version));
    if (listed === undefined || !this.published.includes(version)) return undefined;
    const { variation: _, ...release } = vary(listed, { with: [], without });
    const named = { ...release, ...(words && { words }), id: version, versions: [version], listed: listed.id };
    this.#further.set(version, named);
    return named;
  }

  /** @throws Error where the id asks for what cannot be */
  #vary(id: string): Release | undefined {
    const asked = parseVaried(id);
    if (asked === undefined) return undefined;
    const release = this.find(asked.of) ?? this.#published(asked.of);
    if (release === undefined) return undefined;
    const varied = vary(release, asked);
    this.#further.set(varied.id, varied);
    return varied;
  }
}
