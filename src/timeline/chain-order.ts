import { addTo } from '../base/group.ts';
import { JOB_KIND, LISTENER_KIND, RUNNER_KIND } from '../trace/model.ts';
import { naturalOrder } from './lane-order.ts';

/** The kinds above runners, from the one that is above all others. */
const KINDS: readonly string[] = [
  'AutoscalingRunnerSet',
  JOB_KIND,
  'AutoscalingListener',
  LISTENER_KIND,
  'EphemeralRunnerSet',
];

/** Lanes in the order in which they are shown, and how far each is below its scale set. */
export interface ChainOrder {
  readonly lanes: Uint32Array;
  /** By lane: 0 for what stands at the beginning of its group, 1 for what lies below it, 2 for runners of a set. */
  readonly depth: Uint8Array;
}

/**
 * Each scale set with what belongs to it and then its runners; what belongs to none comes first where it is above runners, and
 * last where it is a runner. ARC makes names from those of owners: a set of `lab` is `lab` or `lab-x5k2p`, its runners are
 * `lab-x5k2p-runner-…`, its listener is `lab-6d4b75ff-listener` in the controller's namespace. Names decide where the trace does not.
 * @param kindOf the kind of a lane
 * @param scaleSetOf namespace/name of the scale set that a lane is known to belong to
 */
export function chainOrder(
  names: readonly string[],
  kindOf: (lane: number) => string,
  scaleSetOf: (lane: number) => string | undefined = () => undefined,
): ChainOrder {
  const natural = naturalOrder(names);
  const ofKind = (kind: string): number[] => [...natural].filter((lane) => kindOf(lane) === kind);
  const scaleSets = ofKind('AutoscalingRunnerSet');
  const sets = ofKind('EphemeralRunnerSet');
  const bySet = new Map(scaleSets.map((lane) => [names[lane], lane]));
  // A listener's pod has the name of its object.
  const ofListeners = new Map(ofKind('AutoscalingListener').map((lane) => [names[lane], scaleSetOf(lane)]));
  const ownerOf = (lane: number): number | undefined => {
    const name = names[lane] ?? '';
    const known = kindOf(lane) === LISTENER_KIND ? ofListeners.get(name) : scaleSetOf(lane);
    return known === undefined ? ownerByName(lane, name) : bySet.get(known);
  };
  const ownerByName = (lane: number, name: string): number | undefined => {
    switch (kindOf(lane)) {
      case 'AutoscalingRunnerSet':
        return lane;
      case JOB_KIND:
        return scaleSets.find((set) => namespaceOf(names[set]) === namespaceOf(name));
      case 'EphemeralRunnerSet':
        return longest(scaleSets, names, (owner) => name === owner || name.startsWith(`${owner}-`));
      case 'AutoscalingListener':
      case LISTENER_KIND:
        return longest(scaleSets, names, (owner) => shortOf(name).startsWith(`${shortOf(owner)}-`));
      default:
        return undefined;
    }
  };
  const groups = new Map<number | undefined, number[]>();
  const runnersOf = new Map<number | undefined, number[]>();
  for (const kind of KINDS) for (const lane of ofKind(kind)) addTo(groups, ownerOf(lane), lane);
  for (const lane of natural)
    if (!KINDS.includes(kindOf(lane)) && kindOf(lane) !== RUNNER_KIND) addTo(groups, undefined, lane);
  for (const lane of ofKind(RUNNER_KIND)) {
    const name = names[lane] ?? '';
    addTo(
      runnersOf,
      longest(sets, names, (set) => name.startsWith(`${set}-runner-`)),
      lane,
    );
  }
  const depth = new Uint8Array(names.length);
  const lanes: number[] = [];
  for (const owner of [undefined, ...scaleSets]) {
    for (const lane of groups.get(owner) ?? []) {
      depth[lane] = owner === undefined || lane === owner ? 0 : 1;
      lanes.push(lane);
      for (const runner of kindOf(lane) === 'EphemeralRunnerSet' ? (runnersOf.get(lane) ?? []) : []) {
        depth[runner] = (depth[lane] ?? 0) + 1;
        lanes.push(runner);
      }
    }
  }
  lanes.push(...(runnersOf.get(undefined) ?? []));
  return { lanes: Uint32Array.from(lanes), depth };
}

/** Of the owners that may be meant the one with the longest name. */
function longest(owners: readonly number[], names: readonly string[], fits: (owner: string) => boolean) {
  let found: number | undefined;
  for (const owner of owners) {
    const name = names[owner] ?? '';
    if (fits(name) && (found === undefined || name.length > (names[found] ?? '').length)) found = owner;
  }
  return found;
}

function namespaceOf(name = ''): string {
  return name.slice(0, name.indexOf('/'));
}

function shortOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
