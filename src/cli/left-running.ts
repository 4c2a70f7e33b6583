import { inWords, runnersText } from '../base/count-words.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';

/**
 * What a run that wrote to a cluster and ends leaves behind, and what to do about it; empty where every runner has ended.
 * @param runners as they are at the end
 */
export function leftRunningText(runners: Iterable<EphemeralRunner>): string {
  const left = [...runners].filter(({ metadata, status }) => {
    return metadata.deletionTimestamp === undefined && (status?.phase === 'Running' || status?.phase === 'Pending');
  });
  if (left.length === 0) return '';
  const names = left.slice(0, MOST_NAMED).map(({ metadata }) => metadata.name);
  const named = left.length > MOST_NAMED ? [...names, `${left.length - MOST_NAMED} more`] : names;
  const still = left.length === 1 ? 'still runs' : 'still run';
  const them = left.length === 1 ? 'it' : 'them';
  return `${runnersText(left.length)} ${still} (${inWords(named)}); nobody reconciles ${them} now: without --until-idle the run stays with ${them} until Ctrl-C`;
}

const MOST_NAMED = 3;
