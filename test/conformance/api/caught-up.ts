import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './http-client.ts';

const TRIES = 10;

/**
 * Asks again, as clients do, while kube-apiserver says no more than that its watch cache has not caught up with etcd,
 * which happens on a busy machine. The last answer counts.
 */
export async function caughtUp<T extends Answer & { readonly lines?: readonly string[] }>(
  path: string,
  ask: () => Promise<T>,
  wait: () => Promise<unknown> = () => delay(1_000),
): Promise<T> {
  let answer = await ask();
  for (let tries = 1; tries < TRIES && isBehind(path, answer.lines?.[0] ?? answer.text); tries++) {
    await wait();
    answer = await ask();
  }
  return answer;
}

/** A version in the request may be one that no server has reached; without one the server chose it itself. */
function isBehind(path: string, text: string): boolean {
  return !/[?&]resourceVersion=\d/.test(path) && text.includes('"reason":"ResourceVersionTooLarge"');
}
