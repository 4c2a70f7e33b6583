import { hasActionsLock } from '../reconciler/releases/actions-lock.ts';
import { arcRole, versionOfPod } from '../reconciler/arc-pods.ts';
import { VERSION_LABEL } from '../reconciler/labels.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Versions } from './messages.ts';
import type { Process, ReleaseFacts } from './process.ts';
import type { Reading } from './reading.ts';

export interface Release {
  /** `0.14.1`, or the versions that the messages allow: `0.14.0 to 0.14.2`. */
  readonly text: string;
  /** The published versions that it may be; of an upgrade the last one. */
  readonly versions: readonly string[];
  readonly isFromMessages: boolean;
  /** Whether JIT calls of one client run one at a time; undefined where that is not known. */
  readonly hasLock: boolean | undefined;
}

/** What a log may be from. */
const VERSIONS = RELEASES.published;

/** The release that wrote the log; of several, as in an upgrade, the last. Undefined where nothing tells it. */
export function releaseOf(facts: ReleaseFacts): Release | undefined {
  const versions = [...facts.versions.keys()];
  const version = versions.at(-1);
  if (version !== undefined) {
    const text = versions.join(', then ');
    return { text, versions: [version], isFromMessages: false, hasLock: hasActionsLock(version) };
  }
  const [low, high] = facts.releaseRange;
  if (low === 0 && high === Number.POSITIVE_INFINITY) return undefined;
  const possible = VERSIONS.slice(low, high + 1);
  const [first, last] = [possible[0] as string, possible.at(-1) as string];
  const locks = new Set(possible.map(hasActionsLock));
  return {
    text: first === last ? first : `${first} to ${last}`,
    versions: possible,
    isFromMessages: true,
    hasLock: locks.size === 1 ? [...locks][0] : undefined,
  };
}

/** The release of what was given: where no line names it, that of the controller's pod, its deployment or its objects. */
export function releaseGiven(reading: Reading): Release | undefined {
  const told = releaseOf(reading);
  if (told?.isFromMessages === false) return told;
  const { pods, controllers, sets, runners } = reading.objects;
  const ofPods = [...pods.values()].flatMap(({ object }) =>
    arcRole(object) === 'controller' ? (versionOfPod(object) ?? []) : [],
  );
  const ofDeployments = controllers.flatMap(({ object }) => object.metadata.labels?.[VERSION_LABEL] ?? []);
  // A controller deletes scale sets of another minor version: what they are labelled with is its own.
  const ofItsOwn = [...sets, ...runners].flatMap(({ object }) => object.metadata.labels?.[VERSION_LABEL] ?? []);
  const versions = new Set([ofPods, ofDeployments, ofItsOwn].find((found) => found.length > 0));
  const [text = ''] = versions;
  const isOne = versions.size === 1 && RELEASES.ofVersion(text) !== undefined;
  if (!isOne || told?.versions.includes(text) === false) return told;
  return { text, versions: [text], isFromMessages: false, hasLock: hasActionsLock(text) };
}

/** Whether what was given may be of a version or an older one: true where nothing tells. */
export function mayBeUpTo(reading: Reading, version: string): boolean {
  const limit = VERSIONS.indexOf(version);
  return releaseGiven(reading)?.versions.some((each) => VERSIONS.indexOf(each) <= limit) ?? true;
}

/** Whether what was given is of a version or an older one: false where nothing tells. */
export function isUpTo(reading: Reading, version: string): boolean {
  const limit = VERSIONS.indexOf(version);
  return releaseGiven(reading)?.versions.every((each) => VERSIONS.indexOf(each) <= limit) ?? false;
}

/** The release of one of a log's processes: where its own lines leave more open, what the others say that agrees with it. */
export function releaseOfProcess(reading: Reading, process: Process): Release | undefined {
  const [low, high] = process.releaseRange;
  const [from, until] = reading.releaseRange;
  const isOpen = process.versions.size === 0 && from >= low && until <= high;
  return isOpen ? releaseOf(reading) : releaseOf(process);
}

/** A log that spans an upgrade has messages of both releases: the range is then that of the later ones. */
export function narrow(facts: ReleaseFacts, versions: Versions): void {
  const [low, high] = facts.releaseRange;
  const [first, last] = rangeOf(versions);
  if (low >= first && high <= last) return;
  const next: [number, number] = [Math.max(low, first), Math.min(high, last)];
  if (next[0] > next[1]) facts.turns++;
  facts.releaseRange = next[0] <= next[1] ? next : [first, last];
}

const ranges = new WeakMap<Versions, readonly [number, number]>();

/** Nearly every line asks for that of its message. */
function rangeOf(versions: Versions): readonly [number, number] {
  let range = ranges.get(versions);
  if (range === undefined) {
    const { since, until } = versions;
    const first = since === undefined ? 0 : VERSIONS.indexOf(since);
    range = [first, until === undefined ? VERSIONS.length - 1 : VERSIONS.indexOf(until)];
    ranges.set(versions, range);
  }
  return range;
}

/** The same for all lines and for those of the process that is being read. */
export function narrowBoth(reading: Reading, versions: Versions): void {
  narrow(reading, versions);
  narrow(reading.process, versions);
}
