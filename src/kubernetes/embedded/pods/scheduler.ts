/** Where pods are placed, and which wait for room. It knows keys and nodes, not pods. */
export class Scheduler {
  readonly #nodes: readonly string[];
  #capacity: number;
  readonly #nodeOf = new Map<string, string>();
  readonly #load = new Map<string, number>();
  readonly #waiting = new Set<string>();

  constructor({ nodes, capacity }: { readonly nodes: readonly string[]; readonly capacity: number | undefined }) {
    this.#nodes = nodes;
    this.#capacity = capacity ?? Infinity;
  }

  /** A node's place in the list; that of one that is not in it is 0. */
  indexOf(node: string): number {
    return Math.max(0, this.#nodes.indexOf(node));
  }

  /**
   * @param wanted a node's name; the one with the fewest pods without it
   * @returns undefined where there is no room: then the key waits for it
   */
  place(key: string, wanted: string | undefined): string | undefined {
    if (this.#nodeOf.size >= this.#capacity) {
      this.#waiting.add(key);
      return undefined;
    }
    const node = wanted ?? this.#leastLoaded();
    this.occupy(key, node);
    return node;
  }

  /** The pod is on that node already. */
  occupy(key: string, node: string): void {
    this.#waiting.delete(key);
    if (this.#nodeOf.has(key)) return;
    this.#nodeOf.set(key, node);
    this.#load.set(node, (this.#load.get(node) ?? 0) + 1);
  }

  /** @returns the keys that have room now, those that waited longest first */
  leave(key: string): string[] {
    this.#waiting.delete(key);
    const node = this.#nodeOf.get(key);
    if (node !== undefined) {
      this.#nodeOf.delete(key);
      this.#load.set(node, (this.#load.get(node) ?? 1) - 1);
    }
    const free = this.#capacity - this.#nodeOf.size;
    if (this.#waiting.size === 0 || free <= 0) return [];
    return [...this.#waiting].slice(0, free);
  }

  /** There is room for any number of pods from now on. @returns the keys that waited for it */
  makeRoom(): string[] {
    this.#capacity = Infinity;
    return [...this.#waiting];
  }

  /** What the scheduler says to a pod that it has no room for. */
  refusal(): string {
    const count = this.#nodes.length;
    const nodes = `0/${count} nodes are available`;
    return `${nodes}: ${count} Too many pods. preemption: ${nodes}: ${count} No preemption victims found for incoming pod.`;
  }

  #leastLoaded(): string {
    let best = this.#nodes[0] ?? '';
    for (const node of this.#nodes) if ((this.#load.get(node) ?? 0) < (this.#load.get(best) ?? 0)) best = node;
    return best;
  }
}
