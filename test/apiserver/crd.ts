import { arcDefinitions } from '../../src/kubernetes/embedded/definitions.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';

/** Definitions of ARC's kinds for the real API server, which makes their status itself. */
export function customResourceDefinitions(): object[] {
  return arcDefinitions().map((definition) => {
    const { status: _status, ...wanted } = definition as ApiObject & { status: unknown };
    return wanted;
  });
}
