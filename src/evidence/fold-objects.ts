import type { ApiObject, EphemeralRunner, KubernetesEvent, Pod, Workload } from '../kubernetes/types.ts';
import { isJsonObject, type JsonObject } from '../base/json.ts';
import { wellFormedPart } from '../kubernetes/well-formed.ts';
import { CONTROLLER_PART_OF, PART_OF_LABEL } from '../reconciler/labels.ts';
import { runnerContainer } from '../reconciler/pod-state.ts';
import { clean } from './clean.ts';
import { addEvent, eventKind } from './fold-more.ts';
import { runnerOf } from './fold-runner.ts';
import { objectLines } from './object-lines.ts';
import { runnerBegan } from './runner-began.ts';
import type { Milestone } from './messages.ts';
import { readStamp } from './moment.ts';
import { keyOf, type Found, type ListenerObject, type Quota, type Reading, type ScaleSet } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import type { Seen } from './seen.ts';
import { shortened } from './words.ts';

/**
 * Adds objects to the reading; kinds other than ARC's and pods are ignored.
 * @returns what the documents hold instead, where they hold nothing of use: the end of a sentence
 */
export function foldObjects(
  reading: Reading,
  source: number,
  documents: readonly unknown[],
  text: string,
): string | undefined {
  const objects = documents.flatMap(itemsOf).map(wellFormedPart);
  const { objects: kept } = reading;
  const before = kept.count;
  for (const match of text.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g)) {
    kept.latestUs = Math.max(kept.latestUs, readStamp(match[0])?.moment.us ?? 0);
  }
  const lines = objectLines(
    text,
    objects.map(({ metadata }) => metadata.name),
  );
  for (const [index, object] of objects.entries()) {
    const at = readStamp(timeOf(object, 'creationTimestamp'))?.moment ?? { us: kept.latestUs, withinUs: 0 };
    const { nameLine = 1, phaseLine = nameLine } = lines[index] ?? {};
    const found = { seen: { source, line: nameLine, at }, phaseSeen: { source, line: phaseLine, at } };
    keep(reading, object, found);
  }
  for (const found of kept.runners) addMilestones(reading, found, kept.pods.get(keyOf(found.object)));
  return kept.count > before ? undefined : whatIsThere(objects, documents);
}

/**
 * Puts the objects of a cluster as they are now in place of those that were there before.
 * @param objects each of them once; the line that names one is its place in this order, from 1
 * @param nowUs microseconds since 1970
 */
export function replaceObjects(reading: Reading, source: number, objects: Iterable<ApiObject>, nowUs: number): void {
  const { objects: kept, podEvents, claimEvents, nodeEvents, arcEvents } = reading;
  kept.runners.length =
    kept.sets.length =
    kept.quotas.length =
    kept.listeners.length =
    kept.controllers.length =
    kept.count =
      0;
  kept.pods.clear();
  podEvents.clear();
  claimEvents.clear();
  nodeEvents.clear();
  arcEvents.clear();
  kept.latestUs = nowUs;
  let line = 0;
  for (const object of objects) {
    const at = readStamp(timeOf(object, 'creationTimestamp'))?.moment ?? { us: nowUs, withinUs: 0 };
    const seen = { source, line: ++line, at };
    keep(reading, object, { seen, phaseSeen: seen }, (list, found) => void list.push(found));
  }
  for (const found of kept.runners) addMilestones(reading, found, kept.pods.get(keyOf(found.object)));
}

/** People cut the spec out of what they paste. A watched pod is not copied: its spec and status are no properties of its own. */
function withSpec(pod: Partial<Pick<Pod, 'spec'>> & Omit<Pod, 'spec'>): Pod {
  return 'spec' in pod ? (pod as Pod) : { ...pod, spec: { containers: [] } };
}

type Place = Pick<Found<ApiObject>, 'seen' | 'phaseSeen'>;

function keep(
  reading: Reading,
  object: ApiObject,
  place: Place,
  put: <T extends ApiObject>(list: Found<T>[], found: Found<T>) => void = keepLast,
): void {
  const { objects: kept } = reading;
  const event = eventOf(object);
  kept.count++;
  if (isOf<EphemeralRunner>(object, 'EphemeralRunner')) put(kept.runners, { object, ...place });
  else if (isOf<Pod>(object, 'Pod')) kept.pods.set(keyOf(object), { object: withSpec(object), ...place });
  else if (isOf<ScaleSet>(object, 'AutoscalingRunnerSet', 'EphemeralRunnerSet')) put(kept.sets, { object, ...place });
  else if (event !== undefined) addEvent(reading, place.seen, event);
  else if (isOf<ListenerObject>(object, 'AutoscalingListener')) put(kept.listeners, { object, ...place });
  else if (isControllers(object)) put(kept.controllers, { object, ...place });
  else if (isOf<Quota>(object, 'ResourceQuota')) kept.quotas.push({ object, ...place });
  else kept.count--;
}

function isControllers(object: ApiObject): object is Workload {
  return isOf<Workload>(object, 'Deployment') && object.metadata.labels?.[PART_OF_LABEL] === CONTROLLER_PART_OF;
}

/** An event about a pod or an object of ARC's, of either group: events.k8s.io has other names for the same. */
function eventOf(object: ApiObject): KubernetesEvent | undefined {
  if (!isOf<KubernetesEvent>(object, 'Event')) return undefined;
  const { regarding, note } = object as unknown as JsonObject;
  const about = (object as Partial<KubernetesEvent>).involvedObject ?? regarding;
  const kind = isJsonObject(about) ? eventKind(about['kind']) : undefined;
  if (!isJsonObject(about) || kind === undefined) return undefined;
  return { ...object, involvedObject: { ...about, kind }, ...(typeof note === 'string' ? { message: note } : {}) };
}

function whatIsThere(objects: readonly ApiObject[], documents: readonly unknown[]): string | undefined {
  if (objects.length === 0) {
    const isList = documents.some((document) => Array.isArray((document as { items?: unknown } | null)?.items));
    return isList ? 'is an empty list: kubectl found nothing; check its --namespace' : undefined;
  }
  const kinds = new Map<string, number>();
  for (const { kind = '' } of objects) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const held = [...kinds].map(([kind, number]) => `${number} ${clean(kind)}`).join(', ');
  return `holds ${shortened(held, 12)} and no runner, set or pod; give what kubectl get ephemeralrunners,pods -o yaml prints`;
}

/** The same object given again is the same one, as it is now. */
function keepLast<T extends ApiObject>(kept: Found<T>[], found: Found<T>): void {
  const same = kept.findIndex(
    ({ object }) => object.kind === found.object.kind && keyOf(object) === keyOf(found.object),
  );
  kept.splice(same < 0 ? kept.length : same, 1, found);
}

function isOf<T extends ApiObject>(object: ApiObject, ...kinds: readonly string[]): object is T {
  return kinds.includes(object.kind);
}

/**
 * The objects of a document: of a list, of lists in it, of what a watch printed, or the one that it is. What is none is left
 * out. Objects in a list of one kind may leave out that they are of it.
 */
export function itemsOf(document: unknown): ApiObject[] {
  if (Array.isArray(document)) return document.flatMap(itemsOf);
  if (!isJsonObject(document)) return [];
  const { items, metadata, kind, apiVersion, object } = document;
  if (Array.isArray(items)) {
    const one = typeof kind === 'string' && kind !== 'List' ? { kind: kind.replace(/List$/, ''), apiVersion } : {};
    return items.flatMap((item: unknown) => itemsOf(isJsonObject(item) ? { ...one, ...item } : item));
  }
  if (typeof kind !== 'string') return isJsonObject(object) && document['type'] !== 'DELETED' ? itemsOf(object) : [];
  return isJsonObject(metadata) && typeof metadata['name'] === 'string' ? [document as unknown as ApiObject] : [];
}

function timeOf({ metadata }: ApiObject, field: string): string {
  const value = (metadata as unknown as Readonly<Record<string, unknown>>)[field];
  return typeof value === 'string' ? value : '';
}

function addMilestones(reading: Reading, { object, seen }: Found<EphemeralRunner>, pod: Found<Pod> | undefined): void {
  const { name, namespace = '' } = object.metadata;
  const runner = runnerOf(reading, namespace, name, seen, false);
  runner.runnerId ??= object.status?.runnerId;
  // Its status is written by passes of its own, whatever part of the log is there.
  if ((object.status?.phase ?? '') !== '' || object.status?.runnerId !== undefined) runner.isTouched = true;
  note(runner, 'created', seen, timeOf(object, 'creationTimestamp'));
  note(runner, 'deleted', seen, timeOf(object, 'deletionTimestamp'));
  if (pod === undefined) return;
  runner.pods = Math.max(1, runner.pods);
  const { conditions = [] } = pod.object.status ?? {};
  const placed = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'True');
  note(runner, 'podCreated', pod.seen, timeOf(pod.object, 'creationTimestamp'));
  note(runner, 'scheduled', pod.seen, placed?.lastTransitionTime ?? '');
  note(runner, 'running', pod.seen, runnerBegan(pod.object) ?? '');
  note(runner, 'finished', pod.seen, runnerContainer(pod.object)?.state?.terminated?.finishedAt ?? '');
}

function note(runner: RunnerHistory, milestone: Milestone, { source, line }: Seen, time: string): void {
  const at = readStamp(time)?.moment;
  if (at !== undefined && !runner.milestones.has(milestone)) runner.milestones.set(milestone, { source, line, at });
}
