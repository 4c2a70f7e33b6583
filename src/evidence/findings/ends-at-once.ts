import { t } from '@vscode/l10n';
import { counted, runnersText, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { spanText } from '../words.ts';
import { hasFailed } from './given-up.ts';

/** A runner needs longer to reach GitHub and to get a job. */
const SHORT_US = 5e6;
/** The same from when its container runs; by then its image is there and the runner has begun. */
const SHORT_RUN_US = 3e6;
/** A pod that took longer to run may have been noticed late, when its job was nearly over. */
const SOON_US = 60e6;
/** Fewer, or a smaller part of all that ended, may have had the shortest of jobs. */
const [FEWEST, MOST] = [5, 0.8];
/** A set makes another runner in place of one that ends without its job as soon as its listener has been told, or earlier. */
const REPLACED_US = 60e6;
/** The last ones of a log have none yet. */
const REPLACED = 0.5;

/** Runners that end well right after their pods were made, or after they ran: their container ends by itself. */
export const endsAtOnce: Rule = (reading) => {
  const ended = [...reading.runners.values()].flatMap((runner) => {
    const [pod, finished] = [runner.milestones.get('podCreated'), runner.milestones.get('finished')];
    if (pod === undefined || finished === undefined || hasFailed(runner)) return [];
    const running = runner.milestones.get('running');
    const since = running ?? pod;
    const fromPodUs = finished.at.us - pod.at.us;
    return [{ runner, pod, running, finished, fromPodUs, mostUs: finished.at.us + finished.at.withinUs - since.at.us }];
  });
  const soon = ended.filter(
    ({ runner, running, mostUs, fromPodUs }) =>
      !runner.milestones.has('jobStarted') &&
      (running === undefined ? mostUs <= SHORT_US : mostUs <= SHORT_RUN_US && fromPodUs <= SOON_US),
  );
  const [first] = soon;
  if (first === undefined || soon.length < FEWEST || soon.length < MOST * ended.length) return [];
  const replaced = replacedOf(
    soon.map(({ finished }) => finished.at.us),
    [...reading.runners.values()],
  );
  // Jobs of a few seconds end as early, and no runner comes in place of theirs.
  if (replaced < REPLACED * soon.length) return [];
  const longestUs = soon.reduce((most, { mostUs }) => Math.max(most, mostUs), first.mostUs);
  const [who, span] = [runnersText(thousands(soon.length)), spanText(reading, longestUs)];
  return [
    {
      id: 'ends-at-once',
      severity: 'warning',
      sentence: soon.every(({ running }) => running === undefined)
        ? t('{0} ended well within {1} of their pods and never reported Running: they hardly had a job.', who, span)
        : t('{0} ended well within {1} of running: they hardly had a job.', who, span),
      details: [
        counted(
          replaced,
          t('1 of them was followed by another one within a minute: this goes on as long as jobs are assigned.'),
          t(
            '{0} of them were each followed by another one within a minute: this goes on as long as jobs are assigned.',
            thousands(replaced),
          ),
        ),
      ],
      runners: soon.map(({ runner }) => runner.name),
      evidence: [
        { at: first.pod, says: t('the pod of {0} is made', first.runner.name) },
        { at: first.finished, says: t('it has ended with success') },
      ],
      confidence: 'likely',
      advice: t(
        'Look at the version of the runner, which GitHub may no longer take, at command and args of container "runner" in the pod template, which must start /home/runner/run.sh and wait for it, and at its log: kubectl logs -f.',
      ),
      weightUs: longestUs,
    },
  ];
};

/** How many ends are each followed by a runner of its own that is made soon after it. */
function replacedOf(endsUs: readonly number[], runners: readonly RunnerHistory[]): number {
  const ends = endsUs.toSorted((a, b) => a - b);
  const madeUs = runners.map(({ milestones, first }) => (milestones.get('created') ?? first).at.us);
  let [next, replaced] = [0, 0];
  for (const us of madeUs.toSorted((a, b) => a - b)) {
    while (next < ends.length && us - (ends[next] as number) > REPLACED_US) next++;
    if (next === ends.length || us < (ends[next] as number)) continue;
    next++;
    replaced++;
  }
  return replaced;
}
