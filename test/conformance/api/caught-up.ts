import type { Answer } from './http-client.ts';

const TRIES = 5;

/** kube-apiserver refused a step because its watch cache is behind etcd. */
export class CacheBehind extends Error {
  constructor(path: string) {
    super(`kube-apiserver's watch cache was behind etcd ${TRIES} times in a row, last at ${path}`);
  }

  /** @throws CacheBehind unless the check itself asked for a version, which may be one that no server has reached */
  static refuse(path: string, answer: Answer & { readonly lines?: readonly string[] }): void {
    if (/[?&]resourceVersion=\d/.test(path)) return;
    const text = answer.lines?.[0] ?? answer.text;
    if (text.includes('"reason":"ResourceVersionTooLarge"')) throw new CacheBehind(path);
  }
}

/**
 * Holds a conversation again, from its first write on, while kube-apiserver says that its watch cache is behind.
 * With an etcd before 3.4.31 the cache of a kind moves with writes of that kind only: when anybody writes another kind
 * just before a watch without a version, asking for the watch alone is refused however often it is done.
 */
export async function caughtUp<T>(converse: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await converse();
    } catch (error) {
      if (!(error instanceof CacheBehind) || tries === TRIES) throw error;
    }
  }
}
