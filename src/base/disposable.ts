/** Something that can be ended; ending it twice does nothing. */
export interface Disposable {
  dispose(): void;
}

/** A list of things to end together, last first. */
export class DisposableList implements Disposable {
  #items: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  defer(end: () => void): void {
    this.add({ dispose: end });
  }

  dispose(): void {
    this.#disposed = true;
    const items = this.#items;
    this.#items = [];
    for (const item of items.reverse()) item.dispose();
  }
}
