import { t } from '@vscode/l10n';
import { namesInWords, timesText } from '../../base/count-words.ts';
import type { KubernetesEvent } from '../../kubernetes/types.ts';
import { clean } from '../clean.ts';
import type { Finding, Rule } from '../finding.ts';
import { isArcPod } from '../pod-owner.ts';
import type { ObjectEvents, Reading } from '../reading.ts';
import { shortened } from '../words.ts';

/** Names in a sentence. */
const SHOWN = 2;
const MEMORY: ReadonlySet<string> = new Set(['OOMKilling', 'SystemOOM']);
/** What else a node reports of itself that stops pods on it or makes them go. */
const TROUBLE: ReadonlySet<string> = new Set([
  'NodeNotReady',
  'Rebooted',
  'EvictionThresholdMet',
  'NodeHasInsufficientMemory',
  'NodeHasDiskPressure',
  'NodeHasInsufficientPID',
  'FreeDiskSpaceFailed',
  'KernelDeadlock',
]);
/** By the kernel's words and by the kubelet's. */
const VICTIM = /\bkill(?:ed)? process \d+,? \(([^)]+)\)|\bvictim process: ([^\s,]+)/i;
/** A container that reaches its own limit is killed while the node has memory left. */
const OWN_LIMIT = /^Memory cgroup out of memory/i;
const OF_RUNNER = /^Runner\.(?:Worker|Listener)$/;

/** What nodes report of themselves where runners' pods are, and of runners' processes that they killed. */
export const nodeEvents: Rule = (reading) =>
  [...reading.nodeEvents.values()].flatMap((node): Finding[] => {
    const runners = runnersOn(reading, node.name);
    const memory = node.events.filter(({ reason = '' }) => MEMORY.has(reason));
    const victims = [...new Set(memory.flatMap(({ message = '' }) => victimIn(message) ?? []))];
    const hitRunner = victims.some((name) => OF_RUNNER.test(name));
    if (runners.length === 0 && !hitRunner) return [];
    const found: Finding[] = [];
    if (memory.length > 0) found.push(outOfMemory(reading, node, memory, victims, runners));
    const others = node.events.filter(({ reason = '' }) => TROUBLE.has(reason));
    if (others.length > 0) found.push(otherTrouble(reading, node, others, runners));
    return found;
  });

function outOfMemory(
  reading: Reading,
  { name, seen }: ObjectEvents,
  events: readonly KubernetesEvent[],
  victims: readonly string[],
  runners: readonly string[],
): Finding {
  const isOwnLimit = events.every(({ message = '' }) => OWN_LIMIT.test(message));
  const hitRunner = victims.some((victim) => OF_RUNNER.test(victim));
  // The runner's own processes say most.
  const ordered = [...victims].sort((a, b) => Number(OF_RUNNER.test(b)) - Number(OF_RUNNER.test(a)));
  const killed = ordered.length === 0 ? t('a process') : namesInWords(ordered.slice(0, SHOWN).map(clean));
  return {
    id: 'node-events',
    severity: hitRunner ? 'error' : 'warning',
    sentence: shortened(
      isOwnLimit
        ? t('On node {0}, {1} was killed: the container had reached its memory limit.', clean(name), killed)
        : t('Node {0} had no memory left and killed {1}.', clean(name), killed),
      24,
    ),
    details: [
      ...(hitRunner ? [t('These are processes of a runner: the job that it ran is lost.')] : []),
      ...(hitRunner || runners.length === 0 ? [] : [t('It may have belonged to a job of a runner there.')]),
      ...(runners.length === 0 ? [] : [t('On this node: {0}.', namesInWords(runners.slice(0, SHOWN).map(clean)))]),
    ],
    runners: [...runners],
    evidence: evidenceOf(reading, events, seen),
    confidence: 'sure',
    advice: isOwnLimit
      ? t("Raise the memory limit of the container in the scale set's template, or let the job use less.")
      : t(
          "Give the containers of the scale set's template memory requests that fit their jobs, so that fewer share a node, or take larger nodes.",
        ),
    weightUs: 0,
  };
}

function otherTrouble(
  reading: Reading,
  { name, seen }: ObjectEvents,
  events: readonly KubernetesEvent[],
  runners: readonly string[],
): Finding {
  const { reason = '', message = '' } = events.at(-1) as KubernetesEvent;
  const on = namesInWords(runners.slice(0, SHOWN).map(clean));
  return {
    id: 'node-events',
    severity: 'warning',
    sentence: shortened(t('Node {0}, where {1} ran, reports {2}: {3}', clean(name), on, reason, clean(message)), 24),
    details: [],
    runners: [...runners],
    evidence: evidenceOf(reading, events, seen),
    confidence: 'sure',
    advice: t('kubectl describe node {0} shows its conditions: jobs of pods that it stopped are lost.', clean(name)),
    weightUs: 0,
  };
}

function victimIn(message: string): string | undefined {
  const match = VICTIM.exec(message);
  return match?.[1] ?? match?.[2];
}

/** Runners whose pods were placed on a node, by events or by the pods themselves. */
function runnersOn(reading: Reading, node: string): string[] {
  const placed = [...reading.podEvents.values()].filter(({ events }) =>
    events.some(({ reason, message = '' }) => reason === 'Scheduled' && message.endsWith(` to ${node}`)),
  );
  const pods = [...reading.objects.pods.values()].flatMap(({ object: { metadata, spec } }) =>
    spec.nodeName === node ? [{ name: metadata.name, namespace: metadata.namespace ?? '' }] : [],
  );
  const own = [...placed, ...pods].filter(({ namespace, name }) => isArcPod(reading, namespace, name));
  return [...new Set(own.map(({ name }) => name))];
}

function evidenceOf(
  { eventLines }: Reading,
  events: readonly KubernetesEvent[],
  seen: ObjectEvents['seen'],
): Finding['evidence'] {
  const reasons = new Map(events.map((event) => [event.reason ?? '', event]));
  return [...reasons].map(([reason, event]) => {
    const times = events.filter((each) => each.reason === reason).reduce((sum, { count = 1 }) => sum + count, 0);
    return {
      at: eventLines.get(event) ?? seen,
      says: `${clean(reason)} ${timesText(times)}: ${clean(event.message ?? '')}`,
    };
  });
}
