import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiRequest } from '../kubernetes/cluster.ts';
import { AutoscalingRunnerSets, EphemeralRunners, EphemeralRunnerSets } from '../kubernetes/resource.ts';
import type { Switches } from '../reconciler/releases/switches.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What definitions of custom resources that an earlier release brought make of a later one's writes, as where Helm upgraded
 * the controller alone: fields that they do not know are dropped, values of another type are refused.
 * @param switches of the release whose definitions they are
 */
export function oldDefinitions(switches: Switches): (request: ApiRequest) => ApiRequest {
  return (request) => {
    const { resource } = request;
    const body = request.body as { readonly status?: Fields | null } | undefined;
    const status = body?.status;
    if (status === undefined || status === null) return request;
    if (resource === EphemeralRunners) {
      if (!switches.has(4059)) checkFailures(request, status['failures']);
      return switches.has(4239) ? request : without('jobId', request, status);
    }
    const hasPhase = resource === EphemeralRunnerSets || resource === AutoscalingRunnerSets;
    return hasPhase && !switches.has(4404) ? without('phase', request, status) : request;
  };
}

function without(field: string, request: ApiRequest, status: Fields): ApiRequest {
  if (!Object.hasOwn(status, field)) return request;
  const { [field]: _unknown, ...known } = status;
  return { ...request, body: { ...(request.body as Fields), status: known } };
}

/** Failures had no times before pull request 4059, but `true`. */
function checkFailures({ resource, name }: ApiRequest, failures: unknown): void {
  for (const [uid, value] of Object.entries((failures ?? {}) as Fields)) {
    if (typeof value === 'boolean') continue;
    const field = `status.failures.${uid}`;
    throw new ApiError(
      ...([422, 'Invalid'] as const),
      `${resource.kind}.${resource.group} "${name}" is invalid: ${field}: Invalid value: "string": ${field} in body must be of type boolean: "string"`,
    );
  }
}
