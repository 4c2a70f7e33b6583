import { t } from '@vscode/l10n';
import { formatAge } from '../../base/duration.ts';
import type { Finding, Rule } from '../finding.ts';
import { readStamp, toSecond } from '../moment.ts';
import { keyOf } from '../reading.ts';

/** A controller that is well sees the end of a container in less than a second, and its work then takes seconds. */
const LONG_US = 60e6;

/** The runner's container ended well, other containers keep the pod running, and nobody has noticed: no pass handled the end. */
export const endNotHandled: Rule = ({ objects: { runners, pods, latestUs } }) =>
  runners.flatMap(({ object }): Finding[] => {
    const pod = pods.get(keyOf(object));
    const containers = pod?.object.status?.containerStatuses ?? [];
    const ended = containers.find(({ name }) => name === 'runner')?.state?.terminated;
    const endedUs = readStamp(ended?.finishedAt ?? '')?.moment.us;
    const { metadata, status = {} } = object;
    const isGoing = metadata.deletionTimestamp ?? pod?.object.metadata.deletionTimestamp;
    if (pod === undefined || ended?.exitCode !== 0 || endedUs === undefined || isGoing !== undefined) return [];
    const us = latestUs - endedUs;
    if (us < LONG_US || (status.phase !== 'Running' && status.phase !== undefined)) return [];
    const others = containers.filter(({ state }) => state?.running !== undefined).map(({ name }) => name);
    const [after, phase, kept] = [formatAge(us), status.phase ?? t('pending'), others.join(', ')];
    return [
      {
        id: 'end-not-handled',
        severity: 'error',
        sentence:
          others.length === 0
            ? t(
                '{0}: its runner exited with code 0, and {1} later it still counts as {2}.',
                metadata.name,
                after,
                phase,
              )
            : t(
                '{0}: its runner exited with code 0, and {1} later it still counts as {2} while {3} keeps the pod Running.',
                metadata.name,
                after,
                phase,
                kept,
              ),
        details: [
          t('Its container ended at {0}Z.', toSecond(endedUs)),
          t('It keeps its place among the runners of its set, which makes no other for it.'),
        ],
        runners: [metadata.name],
        evidence: [
          {
            at: pod.phaseSeen,
            says: t('container runner ended with exit code 0, the pod is {0}', pod.object.status?.phase ?? 'new'),
          },
        ],
        confidence: 'likely',
        advice: t(
          "See in the controller's log whether it runs and what it does: it deletes such a runner within seconds. Deleting the runner with kubectl frees its place.",
        ),
        weightUs: us,
      },
    ];
  });
