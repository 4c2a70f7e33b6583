import { ApiError } from '../api-error.ts';
import type { ApiTransport } from './transport.ts';

/**
 * Lists what the user may list.
 * @returns undefined where that is not allowed; none of a kind that is not served
 * @throws ApiError for whatever else goes wrong
 */
export async function listAllowed<T>(
  transport: Pick<ApiTransport, 'json'>,
  path: string,
): Promise<readonly T[] | undefined> {
  try {
    return ((await transport.json('GET', path)) as { items?: readonly T[] | null }).items ?? [];
  } catch (error) {
    if (error instanceof ApiError && error.code === 403) return undefined;
    if (error instanceof ApiError && error.code === 404) return [];
    throw error;
  }
}
