import type { Release, Switch } from './release.ts';

/** Releases in the order in which they came. */
export class ReleaseList {
  readonly all: readonly Release[];

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

  find(id: string): Release | undefined {
    return this.all.find((release) => release.id === id);
  }

  /** @throws Error that names the releases there are */
  get(id: string): Release {
    const release = this.find(id);
    if (release === undefined) throw new Error(`unknown mode ${JSON.stringify(id)}; modes are ${this.inWords()}`);
    return release;
  }

  /** Place in the list, from 0; that after the last for a release which is not in it. */
  position(id: string): number {
    const position = this.ids.indexOf(id);
    return position < 0 ? this.all.length : position;
  }

  /** The one that does what a published version of ARC does, as far as the list tells; undefined for no version. */
  ofVersion(version: string): Release | undefined {
    const wanted = numbersOf(version);
    if (wanted === undefined) return undefined;
    const isReached = ({ since }: Release): boolean => !isBefore(wanted, numbersOf(since) ?? []);
    return this.all.findLast(isReached) ?? this.all[0];
  }

  /** The one that brought a switch; undefined for a switch that none has. */
  firstWith(wanted: Switch): Release | undefined {
    return this.all.find(({ switches }) => switches.has(wanted));
  }

  /** For example `a, b and c`. */
  inWords(): string {
    return this.ids.length < 2 ? this.ids.join('') : `${this.ids.slice(0, -1).join(', ')} and ${this.ids.at(-1)}`;
  }
}

function numbersOf(version: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  return match?.slice(1).map((part) => Number(part ?? 0));
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const differs = version.findIndex((number, index) => number !== other[index]);
  return differs >= 0 && (version[differs] as number) < (other[differs] as number);
}
