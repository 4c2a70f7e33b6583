import { t } from '@vscode/l10n';
import type { OfOne, Rule } from '../finding.ts';
import { lengthUs } from '../seen.ts';
import { clock, firstAndLast, spanText } from '../words.ts';

/** A pod ends within half a minute of being asked to, unless it asks for more. */
const LONG_US = 120e6;

/** Runners that are to go, or have ended, and wait for their pod, their secret or the pods of their jobs to go. */
export const podStays: Rule = (reading) =>
  [...reading.runners.values()].flatMap((runner): OfOne[] => {
    const { name, namespace, milestones } = runner;
    const ofHooks = runner.notes.get('waits for its hooks');
    const waits = ofHooks ?? runner.notes.get('waits for its resources');
    const us = waits === undefined ? 0 : lengthUs(waits);
    // The last line about it is one of the wait: no other came that would end it.
    const isOver = waits === undefined || milestones.has('gone') || runner.lastUs > waits.last.at.us + LONG_US;
    if (isOver || waits.count < 2 || us < LONG_US) return [];
    return [
      {
        id: 'pod-stays',
        severity: 'error',
        sentence:
          ofHooks === undefined
            ? t(
                '{0} has ended and its pod has not gone for {1}, since {2}.',
                name,
                spanText(reading, us),
                clock(waits.first),
              )
            : t(
                '{0} has ended and the pods of its job have not gone for {1}, since {2}.',
                name,
                spanText(reading, us),
                clock(waits.first),
              ),
        details: [t('Until it has, the runner stays and counts in its set.')],
        runners: [name],
        evidence: firstAndLast(
          waits,
          ofHooks === undefined
            ? t('it waits for its pod and its secret to be deleted')
            : t('it waits for the pods of container hooks to be deleted'),
        ),
        confidence: 'likely',
        advice:
          ofHooks !== undefined
            ? t(
                'The runner has container mode kubernetes: see what keeps the pods of its job, which have the label runner-pod: kubectl get pods -n {0} -l runner-pod={1} -o yaml.',
                namespace,
                name,
              )
            : t(
                'See what keeps the pod: kubectl get pod -n {0} {1} -o yaml shows its finalizers and its node; of a node that is gone, delete the pod with --force.',
                namespace,
                name,
              ),
        weightUs: us,
        alike: {
          cause: ofHooks === undefined ? '' : 'hooks',
          sentence: (who) =>
            ofHooks === undefined
              ? t('{0} have ended and their pods have not gone.', who)
              : t('{0} have ended and the pods of their jobs have not gone.', who),
          sinceUs: waits.first.at.us,
        },
      },
    ];
  });
