import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { spanText } from '../words.ts';

/** A runner needs longer to reach GitHub and to get a job. */
const SHORT_US = 5e6;
/** Fewer, or a smaller part of all that ended, may have had the shortest of jobs. */
const [FEWEST, MOST] = [5, 0.8];

/** Runners that end well right after their pods were made and never were seen at work: their container ends by itself. */
export const endsAtOnce: Rule = (reading) => {
  const ended = [...reading.runners.values()].flatMap((runner) => {
    const [pod, finished] = [runner.milestones.get('podCreated'), runner.milestones.get('finished')];
    const isFailed =
      runner.notes.has('pod failed') || runner.notes.has('container failed') || runner.notes.has('pod ended');
    if (pod === undefined || finished === undefined || isFailed) return [];
    return [{ runner, pod, finished, mostUs: finished.at.us + finished.at.withinUs - pod.at.us }];
  });
  const soon = ended.filter(
    ({ runner, mostUs }) =>
      mostUs <= SHORT_US && !runner.milestones.has('running') && !runner.milestones.has('jobStarted'),
  );
  const [first] = soon;
  if (first === undefined || soon.length < FEWEST || soon.length < MOST * ended.length) return [];
  const longestUs = Math.max(...soon.map(({ mostUs }) => mostUs));
  return [
    {
      id: 'ends-at-once',
      severity: 'warning',
      sentence: t(
        '{0} ended well within {1} of their pods and never reported Running: they hardly had a job.',
        runnersText(thousands(soon.length)),
        spanText(reading, longestUs),
      ),
      details: [t('A runner that ends is replaced as long as jobs are assigned, so that this goes on without end.')],
      runners: soon.map(({ runner }) => runner.name),
      evidence: [
        { at: first.pod, says: t('the pod of {0} is made', first.runner.name) },
        { at: first.finished, says: t('it has ended with success') },
      ],
      confidence: 'likely',
      advice: t(
        'Look at command and args of container "runner" in the pod template, which must start /home/runner/run.sh and wait for it, and at its log: kubectl logs -f.',
      ),
      weightUs: longestUs,
    },
  ];
};
