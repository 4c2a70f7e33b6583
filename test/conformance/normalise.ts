/** As failures have it; times that a script gives have other forms or are not in what the controller sends. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Replaces what differs from run to run by the recordings' placeholders. */
export class Normaliser {
  readonly #placeholders = new Map<string, string>();
  #pods = 0;

  /** Says what to call a value from now on. */
  name(value: string, placeholder: string): void {
    if (value !== '') this.#placeholders.set(value, placeholder);
  }

  /** Pods are numbered in the order in which they were created. */
  namePod(uid: string): void {
    if (!this.#placeholders.has(uid)) this.#placeholders.set(uid, `<uid:pod-${++this.#pods}>`);
  }

  apply<T>(value: T): T {
    return this.#walk(value, '') as T;
  }

  #walk(value: unknown, key: string): unknown {
    if (typeof value === 'string') {
      if (key === 'pod-template-hash' || key === 'actions.github.com/integrity-hash') return '<hash>';
      if (key === 'resourceVersion') return '<rv>';
      if (TIME.test(value)) return '<time>';
      if (key === 'runnerJITConfig' || key === 'jitToken') return '<jit>';
      const known = this.#placeholders.get(value);
      if (known !== undefined) return known;
      return value.replace(/127\.0\.0\.1:\d+|actions\.lab\.invalid/, '127.0.0.1:<port>');
    }
    if (Array.isArray(value)) return value.map((item) => this.#walk(item, ''));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([inner, child]) => [this.#placeholders.get(inner) ?? inner, this.#walk(child, inner)]),
    );
  }
}
