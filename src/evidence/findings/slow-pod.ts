import { t } from '@vscode/l10n';
import { groupBy } from '../../base/group.ts';
import { formatAge } from '../../base/duration.ts';
import type { Pod } from '../../kubernetes/types.ts';
import type { Finding, Rule } from '../finding.ts';
import { readStamp } from '../moment.ts';
import { runnerBegan } from '../runner-began.ts';
import type { Seen } from '../seen.ts';

/** A part of a pod's start that takes this long, and this many times what its peers take, is an outlier. */
const LONG_US = 60e6;
const TIMES = 5;

interface Stretch {
  readonly pod: Pod;
  readonly seen: Seen;
  readonly what: string;
  readonly us: number;
}

/** Pods with one part of the start that took much longer than that of the others, with the node. */
export const slowPod: Rule = (reading) => {
  const stretches = [...reading.objects.pods.values()].flatMap(({ object, seen }) => stretchesOf(object, seen));
  return [...groupBy(stretches, ({ what }) => what).values()].flatMap((all) => {
    const sorted = [...all].sort((a, b) => a.us - b.us);
    const [peer, worst] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
    if (peer === undefined || worst === undefined || peer === worst) return [];
    const isOutlier = worst.us >= LONG_US && worst.us >= TIMES * Math.max(1e6, peer.us);
    return isOutlier ? [finding(worst, peer, all.length)] : [];
  });
};

function finding({ pod, seen, what, us }: Stretch, peer: Stretch, count: number): Finding {
  const { nodeName = t('an unknown node') } = pod.spec;
  const { name } = pod.metadata;
  const [took, usual] = [formatAge(us), formatAge(peer.us)];
  return {
    id: 'slow-pod',
    severity: 'error',
    sentence:
      count === 2
        ? t('{0} spent {1} {2} on {3}; its peer {4}.', name, took, what, nodeName, usual)
        : t('{0} spent {1} {2} on {3}; half of all {4} at most {5}.', name, took, what, nodeName, count, usual),
    details: [],
    runners: [name],
    evidence: [
      { at: seen, says: t('{0} {1}', took, what) },
      {
        at: peer.seen,
        says: t('{0} on {1}: {2}', peer.pod.metadata.name, peer.pod.spec.nodeName ?? t('an unknown node'), usual),
      },
    ],
    confidence: 'sure',
    advice: t(
      'Look at {0}: its disk, its load, its image cache. The runner was held there, not by ARC and not by its listener.',
      nodeName,
    ),
    weightUs: us,
  };
}

function stretchesOf(pod: Pod, seen: Seen): Stretch[] {
  const { conditions = [], initContainerStatuses = [] } = pod.status ?? {};
  const stretches: Stretch[] = [];
  const add = (what: string, from: string | null | undefined, until: string | null | undefined): void => {
    const [a, b] = [readStamp(from ?? ''), readStamp(until ?? '')];
    if (a !== undefined && b !== undefined)
      stretches.push({ pod, seen, what, us: Math.max(0, b.moment.us - a.moment.us) });
  };
  const created = (pod.metadata as { readonly creationTimestamp?: string }).creationTimestamp;
  const placed = conditions.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'True',
  )?.lastTransitionTime;
  add(t('waiting for a node'), created, placed);
  let before = placed;
  for (const { name, state } of initContainerStatuses) {
    add(`before ${name} began`, before, state?.terminated?.startedAt ?? state?.running?.startedAt);
    add(`in ${name}`, state?.terminated?.startedAt, state?.terminated?.finishedAt);
    before = state?.terminated?.finishedAt ?? before;
  }
  add(t('before its runner began'), before, runnerBegan(pod));
  return stretches;
}
