import type { EphemeralRunner } from '../kubernetes/types.ts';
import type { Switches } from './releases/switches.ts';

/**
 * Why a release cannot read a runner that another one wrote, in the words of its decoder; undefined where it can. Pull
 * request 4059 gave failures their times in place of `true`, and Go's types know one of the two alone.
 */
export function unreadable({ status }: EphemeralRunner, switches: Switches): string | undefined {
  if (status?.failures === undefined) return undefined;
  const [known, other, type] = switches.has(4059) ? ['string', 'bool', 'string'] : ['boolean', 'string', 'bool'];
  if (Object.values(status.failures).every((failure) => typeof failure === known)) return undefined;
  return `json: cannot unmarshal ${other} into Go struct field EphemeralRunnerStatus.items.status.failures of type ${type}`;
}
