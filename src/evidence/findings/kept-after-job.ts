import { t } from '@vscode/l10n';
import { runnerContainer } from '../../reconciler/pod-state.ts';
import type { OfOne, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Seen } from '../seen.ts';
import { clock, spanText } from '../words.ts';

/** A runner ends within seconds of its job; what uploads logs or unmounts takes longer, but not this long. */
const LONG_US = 300e6;

/** The listener heard that the job was over, and the container of its runner went on: it does nothing and holds a place. */
export const keptAfterJob: Rule = (reading) =>
  [...reading.runners.values()].flatMap((runner): OfOne[] => {
    const { jobEnded, name } = runner;
    const seen = lastSeenRunning(reading, runner);
    if (jobEnded === undefined || seen === undefined) return [];
    const us = seen.us - jobEnded.at.us;
    if (us < LONG_US) return [];
    const later = spanText(reading, us);
    return [
      {
        id: 'kept-after-job',
        severity: 'error',
        sentence: t('The job of {0} ended at {1}; its container still ran {2} later.', name, clock(jobEnded), later),
        details: [t('Such a runner takes no other job and holds its place in the set, which makes no other for it.')],
        runners: [name],
        evidence: [
          { at: jobEnded, says: t('the listener hears that its job is over') },
          { at: seen.at, says: t('the runner is still there') },
        ],
        confidence: 'sure',
        advice: t(
          'Look at the log of the container "runner" of its pod for what keeps it: a process that the job left running, or a hook. Deleting the runner with kubectl frees its place.',
        ),
        weightUs: us,
        alike: {
          cause: '',
          sentence: (who) => t('The jobs of {0} ended; their containers still ran more than 5 minutes later.', who),
          sinceUs: jobEnded.at.us,
        },
      },
    ];
  });

/** The last that shows its container running: a line of a pass, the end that came, or the pod as kubectl printed it. */
function lastSeenRunning(
  { objects }: Reading,
  { name, namespace, milestones, jobEnded, last, notes, pods, isTouched }: RunnerHistory,
): { readonly us: number; readonly at: Seen } | undefined {
  if (jobEnded === undefined) return undefined;
  const pod = objects.pods.get(`${namespace}/${name}`);
  const container = pod === undefined ? undefined : runnerContainer(pod.object);
  if (pod !== undefined && container?.state?.running !== undefined) return { us: objects.latestUs, at: pod.phaseSeen };
  // What ended and was made again, or fails, has its own finding.
  const isOther = pods > 1 || [...notes].some(([note, told]) => note !== 'nothing new' && isAfter(told.last, jobEnded));
  if (isOther) return undefined;
  const at = milestones.get('finished') ?? milestones.get('deleted') ?? (isTouched ? last : undefined);
  return at === undefined ? undefined : { us: at.at.us, at };
}

function isAfter({ at }: Seen, before: Seen): boolean {
  return at.us > before.at.us;
}
