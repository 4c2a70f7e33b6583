import { count } from '../evidence/words.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import type { Shown } from './hazard.ts';

/** An object as evidence, with what it shows. */
export function shown({ kind, metadata }: ApiObject, shows: string): Shown {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name, shows };
}

/** `1 runner has`, `3 runners have` */
export function doing(number: number, noun: string, one: string, many: string): string {
  return `${count(number, noun)} ${number === 1 ? one : many}`;
}
