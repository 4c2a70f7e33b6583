/** What has to be undone however the work ends: each step registers its undo before it acts. */
export class UndoList {
  readonly #undos: (() => void | Promise<void>)[] = [];
  #undoing: Promise<void> | undefined;

  /** Registers what undoes the step that comes next. */
  defer(undo: () => void | Promise<void>): void {
    this.#undos.push(undo);
  }

  /**
   * Undoes everything once, the last step first. An undo that fails keeps none of the others.
   * @throws the first failure, after all have been tried
   */
  undo(): Promise<void> {
    return (this.#undoing ??= this.#undoAll());
  }

  async #undoAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
