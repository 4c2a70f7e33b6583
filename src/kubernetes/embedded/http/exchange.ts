import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from './access.ts';
import { formOf, type Form } from './negotiate.ts';

/** One request on its way through. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly warnings: string[];
}

/** @throws ApiError 406 */
export function formFor({ request }: Exchange, forms: readonly Form['as'][]): Form {
  return formOf(request.headers.accept, forms);
}

/** What of each object goes into a table. */
export function includeOf({ query }: Exchange): 'None' | 'Metadata' | 'Object' {
  const include = query.get('includeObject');
  return include === 'None' || include === 'Object' ? include : 'Metadata';
}
