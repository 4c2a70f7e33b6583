import { t } from '@vscode/l10n';
import type { OfOne, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { lengthUs, type Repeated } from '../seen.ts';
import { clock, firstAndLast, spanText } from '../words.ts';

/** A pod ends within half a minute of being asked to, unless it asks for more. */
const LONG_US = 120e6;

/** Runners that are to go, or have ended, and wait for their pod, their secret or the pods of their jobs to go. */
export const podStays: Rule = (reading) =>
  [...reading.runners.values()].flatMap((runner): OfOne[] => {
    const ofHooks = runner.notes.get('waits for its hooks');
    const waits = ofHooks ?? runner.notes.get('waits for its resources');
    // The last line about it is one of the wait: no other came that would end it.
    const isOver = waits === undefined || runner.milestones.has('gone') || runner.lastUs > waits.last.at.us + LONG_US;
    if (isOver || waits.count < 2 || lengthUs(waits) < LONG_US) return [];
    return [ofHooks === undefined ? ofPod(reading, runner, waits) : ofHooksPods(reading, runner, waits)];
  });

function ofPod(reading: Reading, { name, namespace }: RunnerHistory, waits: Repeated): OfOne {
  return {
    ...common(name, waits),
    sentence: t(
      '{0} has ended and its pod has not gone for {1}, since {2}.',
      ...[name, spanText(reading, lengthUs(waits)), clock(waits.first)],
    ),
    evidence: firstAndLast(waits, t('it waits for its pod and its secret to be deleted')),
    advice: t(
      'See what keeps the pod: kubectl get pod -n {0} {1} -o yaml shows its finalizers and its node; of a node that is gone, delete the pod with --force.',
      namespace,
      name,
    ),
    alike: {
      cause: '',
      sentence: (who) => t('{0} have ended and their pods have not gone.', who),
      sinceUs: waits.first.at.us,
    },
  };
}

/** In container mode kubernetes a job has pods of its own. */
function ofHooksPods(reading: Reading, { name, namespace }: RunnerHistory, waits: Repeated): OfOne {
  return {
    ...common(name, waits),
    sentence: t(
      '{0} has ended and the pods of its job have not gone for {1}, since {2}.',
      ...[name, spanText(reading, lengthUs(waits)), clock(waits.first)],
    ),
    evidence: firstAndLast(waits, t('it waits for the pods of container hooks to be deleted')),
    advice: t(
      'The runner has container mode kubernetes: see what keeps the pods of its job, which have the label runner-pod: kubectl get pods -n {0} -l runner-pod={1} -o yaml.',
      namespace,
      name,
    ),
    alike: {
      cause: 'hooks',
      sentence: (who) => t('{0} have ended and the pods of their jobs have not gone.', who),
      sinceUs: waits.first.at.us,
    },
  };
}

function common(
  name: string,
  waits: Repeated,
): Pick<OfOne, 'id' | 'severity' | 'details' | 'runners' | 'confidence' | 'weightUs'> {
  return {
    id: 'pod-stays',
    severity: 'error',
    details: [t('Until it has, the runner stays and counts in its set.')],
    runners: [name],
    confidence: 'likely',
    weightUs: lengthUs(waits),
  };
}
