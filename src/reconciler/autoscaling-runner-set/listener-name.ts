import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import { hashOfText } from '../template-hash.ts';
import type { Switches } from '../releases/switches.ts';

/** Name of a scale set's listener. All listeners live in one namespace: the hash keeps those of the same name apart. */
export function listenerName({ metadata, spec }: AutoscalingRunnerSet, switches: Switches): string {
  const { name, namespace = '' } = metadata;
  const { runnerGroup = '', githubConfigUrl } = spec;
  const text = switches.has(4299) ? `${namespace}@${runnerGroup}@${githubConfigUrl}` : namespace;
  return `${name}-${hashOfText(text).slice(0, 8)}-listener`;
}
