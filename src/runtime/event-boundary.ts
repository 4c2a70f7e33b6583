/** Delays the actions that an event triggers until all listeners have heard of it. */
export class EventBoundary {
  #depth = 0;
  #held: (() => void)[] = [];

  /** An event is being told; leave() has to follow, whatever happens. */
  enter(): void {
    this.#depth++;
  }

  leave(): void {
    this.#depth--;
    while (this.#depth === 0 && this.#held.length > 0) for (const action of this.#held.splice(0)) action();
  }

  /** Acts now, or when the event under way has been told. */
  then(action: () => void): void {
    if (this.#depth === 0) action();
    else this.#held.push(action);
  }
}
