import { Secrets } from '../../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { Secret } from '../../kubernetes/types.ts';
import { find, logError, type Step } from '../../runtime/effects.ts';
import type { Switches } from '../releases/switches.ts';

/**
 * The secret with the scale set's GitHub credentials.
 * @throws Error where there is none
 */
export function* gitHubSecretOf({ metadata, spec }: AutoscalingRunnerSet, switches: Switches): Step<Secret> {
  const { namespace = '' } = metadata;
  const { githubConfigSecret: name } = spec;
  const secret = yield* find(Secrets, namespace, name);
  if (secret !== undefined) return secret;
  const error = new Error(
    switches.has(4090)
      ? `failed to resolve app config: failed to get kubernetes secret: "${namespace}/${name}"`
      : `secrets "${name}" not found`,
  );
  const message = switches.has(4090)
    ? 'Failed to get app config for AutoscalingRunnerSet.'
    : 'Failed to find GitHub config secret.';
  yield* logError(message, error, { namespace, name });
  throw error;
}
