import type { ApiObject } from '../kubernetes/types.ts';
import type { Shown } from './hazard.ts';

/** An object as evidence, with what it shows. */
export function shown({ kind, metadata }: ApiObject, shows: string): Shown {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name, shows };
}
