import { t } from '@vscode/l10n';
import { formatAge, formatDuration, parseDurationUs } from '../../base/duration.ts';
import type { KubernetesEvent } from '../../kubernetes/types.ts';
import { briefWords } from '../brief-words.ts';
import { clean } from '../clean.ts';
import { eventTimes } from '../event-times.ts';
import type { OfOne, Rule } from '../finding.ts';
import { isArcPod } from '../pod-owner.ts';
import type { Reading } from '../reading.ts';
import { shortened } from '../words.ts';

/** What takes less is a usual start. */
const LONG_US = 60e6;
const PULLED = /^Successfully pulled image "([^"]+)" in (\S+)(?: \((\S+) including waiting\))?/;
/** A container that begins shows that the pod got on. */
const BEGUN: ReadonlySet<string> = new Set(['Pulled', 'Created', 'Started']);

/** Pods that got on, and late, by what their events tell: the image took long, or no node had room at first. */
export const lateByEvents: Rule = (reading) =>
  [...reading.podEvents.values()].flatMap(({ name, namespace, events }): OfOne[] =>
    isArcPod(reading, namespace, name) && events.some(({ reason = '' }) => BEGUN.has(reason))
      ? [...pulls(reading, name, events), ...waitForNode(reading, name, events)]
      : [],
  );

function pulls(reading: Reading, name: string, events: readonly KubernetesEvent[]): OfOne[] {
  return events.flatMap((event) => {
    const [, named = '', own = '', whole = own] = PULLED.exec(event.message ?? '') ?? [];
    const [ownUs = 0, us = 0] = [parseDurationUs(own), parseDurationUs(whole)];
    if (us < LONG_US) return [];
    const image = clean(named);
    const [took, waitedUs] = [ownUs < 10e6 ? formatDuration(ownUs) : formatAge(ownUs), us - ownUs];
    if (waitedUs > ownUs || waitedUs >= LONG_US) {
      return [
        {
          ...plain(reading, event, name, us),
          sentence: t(
            '{0} waited {1} for other pulls of its node; its image {2} then took {3} to pull.',
            name,
            formatAge(waitedUs),
            image,
            took,
          ),
          details: [],
          advice: t(
            'Let the kubelet pull several images at once (serializeImagePulls: false, maxParallelImagePulls), or look at the other images that the node pulled then: smaller ones, or ones it has beforehand, hold nobody.',
          ),
          alike: {
            cause: `pull-wait ${image}`,
            sentence: (who: string) => t('{0} waited for other pulls of their node before {1} was pulled.', who, image),
            lastedUs: waitedUs,
          },
        },
      ];
    }
    return [
      {
        ...plain(reading, event, name, us),
        sentence: t('{0}: its image {1} took {2} to pull.', name, image, took),
        details:
          waitedUs < 1e6 ? [] : [t('Before that it waited {0} for other pulls of the node.', formatAge(waitedUs))],
        advice: t('Use a smaller image, or have it on the nodes beforehand; a mirror near the cluster helps as well.'),
        alike: {
          cause: `pull ${image}`,
          sentence: (who: string) => t('{0}: their image {1} took a minute or more to pull.', who, image),
          lastedUs: ownUs,
        },
      },
    ];
  });
}

function waitForNode(reading: Reading, name: string, events: readonly KubernetesEvent[]): OfOne[] {
  const refused = events.filter(({ reason }) => reason === 'FailedScheduling');
  const placed = events.findLast(({ reason }) => reason === 'Scheduled');
  const last = refused.at(-1);
  if (placed === undefined || last === undefined) return [];
  const us = (Math.max(...timesOf(placed)) - Math.min(...refused.flatMap(timesOf))) * 1000;
  if (!(us >= LONG_US)) return [];
  const isAdded = events.some(({ reason }) => reason === 'TriggeredScaleUp' || reason === 'Nominated');
  const why = briefWords(clean(last.message ?? '')).replace(/[.\s]+$/, '');
  const waited = formatAge(us);
  return [
    {
      ...plain(reading, last, name, us),
      sentence: shortened(
        isAdded
          ? t('{0} waited {1} for a new node: {2}.', name, waited, why)
          : t('{0} waited {1} until a node took it: {2}.', name, waited, why),
        24,
      ),
      details: isAdded ? [t('The autoscaler added the node.')] : [],
      advice: isAdded
        ? t('To start sooner keep spare nodes, or a few runners idle with minRunners.')
        : t('Add nodes, or lower maxRunners or what the pod requests.'),
      alike: {
        cause: `node ${String(isAdded)} ${why}`,
        sentence: (who: string) =>
          shortened(
            isAdded
              ? t('{0} waited a minute or more for a new node: {1}.', who, why)
              : t('{0} waited a minute or more until a node took them: {1}.', who, why),
            24,
          ),
        lastedUs: us,
      },
    },
  ];
}

function plain(
  reading: Reading,
  event: KubernetesEvent,
  name: string,
  weightUs: number,
): Pick<OfOne, 'id' | 'severity' | 'runners' | 'evidence' | 'confidence' | 'weightUs'> {
  const at = reading.eventLines.get(event);
  return {
    id: 'late-by-events',
    severity: 'warning',
    runners: [name],
    evidence: at === undefined ? [] : [{ at, says: `${clean(event.reason ?? '')}: ${clean(event.message ?? '')}` }],
    confidence: 'sure',
    weightUs,
  };
}

function timesOf(event: KubernetesEvent): number[] {
  const times = eventTimes(event);
  const madeMs = Date.parse(event.metadata.creationTimestamp ?? '');
  return times.length > 0 || Number.isNaN(madeMs) ? times : [madeMs];
}
