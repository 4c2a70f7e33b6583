import type * as vscode from 'vscode';
import type { FieldValues } from '../what-if-protocol.ts';

/** What somebody has written and tried in one editor. */
export interface WrittenAndTried {
  readonly values: FieldValues;
  readonly tried: FieldValues;
}

const KEY = 'whatIf.writtenAndTried';
/** As many editors are remembered; those that were written in last. */
const MOST = 20;

/**
 * What is written and tried in What If editors, for the next window. Pages keep it too, but VS Code writes what they keep by and
 * by, so that a window which ends all at once loses it.
 */
export class KeptWhatIf {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  of(id: string): WrittenAndTried | undefined {
    return this.#all.find(([of]) => of === id)?.[1];
  }

  keep(id: string, kept: WrittenAndTried): void {
    void this.#memento.update(KEY, [...this.#without(id), [id, kept]].slice(-MOST));
  }

  /** Another editor on the same subject begins with what that is. */
  forget(id: string): void {
    void this.#memento.update(KEY, this.#without(id));
  }

  #without(id: string): (readonly [string, WrittenAndTried])[] {
    return this.#all.filter(([of]) => of !== id);
  }

  get #all(): readonly (readonly [string, WrittenAndTried])[] {
    return this.#memento.get(KEY, []);
  }
}
