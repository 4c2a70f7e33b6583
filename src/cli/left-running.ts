import { inWords, namesInWords, podsText, runnersText } from '../base/count-words.ts';
import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';

/**
 * What a run that wrote to a cluster and ends leaves behind, and what to do about it; empty where every runner has ended.
 * @param runners as they are at the end
 * @param podOf the pod of a runner; undefined where it has none
 */
export function leftRunningText(
  runners: Iterable<EphemeralRunner>,
  podOf: (runner: EphemeralRunner) => Pod | undefined,
): string {
  const left = [...runners].filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const running = left.filter(({ status }) => status?.phase === 'Running');
  // Early releases of ARC give a runner no phase before its pod has one.
  const begun = left.filter((runner) => {
    const { phase = '' } = runner.status ?? {};
    return phase === 'Pending' || (phase === '' && podOf(runner) !== undefined);
  });
  const unplaced = begun.filter((runner) => podOf(runner)?.spec.nodeName === undefined);
  const starting = begun.filter((runner) => !unplaced.includes(runner));
  const [runs, wait, start] = [running, unplaced, starting].map(({ length }) => length) as [number, number, number];
  const parts = [
    { of: running, text: `${runnersText(runs)} ${runs === 1 ? 'still runs' : 'still run'}` },
    { of: unplaced, text: `${podsText(wait)} ${wait === 1 ? 'still waits' : 'still wait'} for a node` },
    { of: starting, text: `${podsText(start)} ${start === 1 ? 'has' : 'have'} not started yet` },
  ].filter(({ of }) => of.length > 0);
  if (parts.length === 0) return '';
  const what = inWords(
    parts.map(({ of, text }) => `${text} (${namesInWords(of.map(({ metadata }) => metadata.name))})`),
  );
  const isOne = running.length + begun.length === 1;
  const whose = begun.length === 0 ? (isOne ? 'it' : 'them') : isOne ? 'its runner' : 'their runners';
  const them = isOne ? 'it' : 'them';
  return `${what}; nobody reconciles ${whose} now: without --until-idle the run stays with ${them} until Ctrl-C`;
}
