import { t } from '@vscode/l10n';
import { counted, podsText, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { isAcrossHole } from '../holes.ts';
import { readStamp } from '../moment.ts';
import type { Reading } from '../reading.ts';
import { runnerBegan } from '../runner-began.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Seen } from '../seen.ts';
import { isSoon, lateFromUs, PEERS, usualOf } from '../usual-start.ts';
import { slowPod } from './slow-pod.ts';
import { spanText } from '../words.ts';

interface Ran {
  readonly runner: RunnerHistory;
  readonly pod: Seen;
  readonly running: Seen;
  /** From its pod to its container, at least. */
  readonly us: number;
  /** The same at most. */
  readonly mostUs: number;
}

/** Pods that ran long after they were made, while others ran soon: by the controller's log, whatever objects were given beside it. */
export const lateToRun: Rule = (reading) => {
  if (reading.lastRunnerLine === undefined) return [];
  // What pods themselves tell of a part of their start says more.
  const told = new Set(slowPod(reading).flatMap(({ runners }) => runners));
  const all = [...reading.runners.values()]
    .flatMap((runner): Ran[] => {
      const [pod, running] = [runner.milestones.get('podCreated'), beginOf(reading, runner)];
      const isOnly = runner.pods === 1;
      return pod === undefined || running === undefined || !isOnly || isAcrossHole(reading, pod.at.us, running.at.us)
        ? []
        : [
            {
              runner,
              pod,
              running,
              us: running.at.us - pod.at.us,
              mostUs: running.at.us + running.at.withinUs - pod.at.us,
            },
          ];
    })
    .sort((a, b) => a.us - b.us);
  const soon = all.filter(({ mostUs }) => isSoon(mostUs)).sort((a, b) => a.mostUs - b.mostUs);
  const usual = usualOf(soon);
  if (usual === undefined || soon.length < PEERS) return [];
  const late = all.filter(({ us, runner }) => us >= lateFromUs(usual.mostUs) && !told.has(runner.name));
  const longest = late.at(-1);
  if (longest === undefined) return [];
  const [span, usually] = [spanText(reading, longest.us), spanText(reading, Math.max(1, usual.mostUs))];
  return [
    {
      id: 'late-to-run',
      severity: 'warning',
      sentence: counted(
        late.length,
        t(
          'The pod of {0} took {1} to run; half of {2} others ran within {3}.',
          longest.runner.name,
          span,
          thousands(soon.length),
          usually,
        ),
        t(
          '{0} took up to {1} to run; half of {2} others ran within {3}.',
          podsText(late.length),
          span,
          thousands(soon.length),
          usually,
        ),
      ),
      details: [
        counted(
          late.length,
          t('ARC had made this pod: a node had to be added, or an image or a volume took that time.'),
          t('ARC had made these pods: a node had to be added, or an image or a volume took that time.'),
        ),
      ],
      runners: late.map(({ runner }) => runner.name),
      evidence: [
        { at: longest.pod, says: t('the pod of {0} is made', longest.runner.name) },
        { at: longest.running, says: t('it runs') },
      ],
      confidence: 'likely',
      advice: reading.objects.pods.has(`${longest.runner.namespace}/${longest.runner.name}`)
        ? t('Give kubectl get events -o yaml as well: they say what the pod waited for, for about an hour.')
        : t('Give kubectl get pods,events -o yaml beside the log: they say what such pods wait for.'),
      weightUs: longest.us,
    },
  ];
};

/** When its container began: by the log or, where that does not show it, by its pod. */
function beginOf({ objects }: Reading, { milestones, namespace, name }: RunnerHistory): Seen | undefined {
  const logged = milestones.get('running');
  const pod = logged === undefined ? objects.pods.get(`${namespace}/${name}`) : undefined;
  if (pod === undefined) return logged;
  const at = readStamp(runnerBegan(pod.object))?.moment;
  return at === undefined ? undefined : { ...pod.seen, at };
}
