import { ApiError, isForbidden } from '../api-error.ts';
import { EphemeralRunners, pathOf } from '../resource.ts';
import { ACCESS_REVIEWS, type ApiTransport } from './transport.ts';

/** Something that has to be put right before a controller can run on the cluster. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';
}

export type Need = readonly [verb: string, group: string, resource: string, subresource?: string];

const ARC_GROUP = 'actions.github.com';
export const READS: readonly Need[] = [
  ['list', ARC_GROUP, 'ephemeralrunners'],
  ['watch', ARC_GROUP, 'ephemeralrunners'],
  ['list', '', 'pods'],
  ['watch', '', 'pods'],
  ['get', '', 'secrets'],
  ['list', '', 'secrets'],
];
export const WRITES: readonly Need[] = [
  ['patch', ARC_GROUP, 'ephemeralrunners'],
  ['patch', ARC_GROUP, 'ephemeralrunners', 'status'],
  ['create', '', 'pods'],
  ['delete', '', 'pods'],
  ['create', '', 'secrets'],
  ['delete', '', 'secrets'],
];

/**
 * Checks, for a session that only reads, that the server answers, takes the credentials, has ARC's resources and lets this user read what a controller reads.
 * @param namespace to be checked; all for ''
 * @throws PreflightError with one sentence
 */
export async function preflight(transport: ApiTransport, contextName: string, namespace: string): Promise<void> {
  try {
    const missing = await missingPermissions(transport, namespace, READS);
    if (missing.length > 0) {
      const where = namespace === '' ? 'in all namespaces' : `in namespace ${namespace}`;
      throw new PreflightError(
        `context ${contextName} lacks permissions ${where}: ${missing.map(describeNeed).join(', ')}; ` +
          'ask for a role that allows them',
      );
    }
    await transport.json('GET', `${pathOf(EphemeralRunners, namespace)}?limit=1`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 401) {
      throw new PreflightError(credentialsRefused(transport, contextName));
    }
    if (error.code === 404) {
      throw new PreflightError(
        `${transport.server} does not know ephemeralrunners.${ARC_GROUP}: ARC's custom resource definitions are missing; ` +
          'install the gha-runner-scale-set-controller chart',
      );
    }
    if (error.code === 403) throw new PreflightError(`context ${contextName} lacks a permission: ${error.message}`);
    throw new PreflightError(error.message);
  }
}

/** What is said where a server answers 401: a sentence without its full stop. */
export function credentialsRefused({ server }: Pick<ApiTransport, 'server'>, contextName: string): string {
  return `${server} refused the credentials of context ${contextName}: the token may have expired; log in again`;
}

/** Those of the needs that an access review does not grant. */
export async function missingPermissions(
  transport: Pick<ApiTransport, 'json'>,
  namespace: string,
  needs: readonly Need[],
): Promise<Need[]> {
  const allowed = await Promise.all(needs.map((need) => isAllowed(transport, namespace, need)));
  return needs.filter((_need, index) => allowed[index] !== true);
}

async function isAllowed(
  transport: Pick<ApiTransport, 'json'>,
  namespace: string,
  [verb, group, resource, subresource]: Need,
): Promise<boolean> {
  try {
    const review = (await transport.json('POST', ACCESS_REVIEWS, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace, verb, group, resource, ...(subresource && { subresource }) } },
    })) as { status?: { allowed?: boolean } };
    return review.status?.allowed === true;
  } catch (error) {
    // Where a user may not even ask, refusals come with the requests themselves, and name verb and resource too.
    if (isForbidden(error)) return true;
    throw error;
  }
}

/** For example `patch ephemeralrunners/status.actions.github.com`. */
export function describeNeed([verb, group, resource, subresource]: Need): string {
  const name = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${name}${group === '' ? '' : `.${group}`}`;
}
