import { acquiresJobs } from '../../../src/reconciler/releases/acquires-jobs.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  RoleBindings,
  Roles,
  Secrets,
  ServiceAccounts,
  type Resource,
} from '../../../src/kubernetes/resource.ts';
import type { AutoscalingListener, AutoscalingRunnerSet } from '../../../src/kubernetes/scale-set-types.ts';
import type { ApiObject, EphemeralRunner, EphemeralRunnerSet, ObjectMeta, Pod } from '../../../src/kubernetes/types.ts';
import { SCALE_SET_ID_ANNOTATION } from '../../../src/reconciler/autoscaling-runner-set/names.ts';
import { unrest } from '../unrest.ts';
import type { ChainFlaw } from './flaws.ts';
import type { ChainWorld } from './world.ts';

/** Longer than the service holds a listener's poll open. */
const POLL_US = 55_000_000;

/** Nothing goes wrong any more, and time has passed: everything has got where it was going, or upstream keeps it from that. */
export function checkAlive(world: ChainWorld, isQuiet: boolean): void {
  const { witness, listenerWitness, actions, clock, controllers, limits, release } = world;
  const { violations } = witness;
  const flaw = whatBlocks(world);
  if (flaw !== undefined) {
    witness.flaw(flaw);
    return;
  }
  if (!isQuiet) violations.push('the controllers never become quiet');
  else if (controllers !== undefined) violations.push(...unrest(controllers, world.real.api.store));
  const listeners = all(world, AutoscalingListeners);
  if (listeners.length !== 1) violations.push(`there are ${listeners.length} listeners`);
  else if (listenerWitness.polledUs < clock.nowUs() - POLL_US) violations.push('the listener asks for no messages');
  const sets = all<EphemeralRunnerSet>(world, EphemeralRunnerSets);
  if (sets.length !== 1) violations.push(`there are ${sets.length} sets`);
  const runners = all<EphemeralRunner>(world, EphemeralRunners);
  const [scaleSet] = all<AutoscalingRunnerSet>(world, AutoscalingRunnerSets);
  const counts = [sets[0]?.status?.currentReplicas ?? 0, scaleSet?.status?.currentRunners ?? 0];
  if (counts.some((count) => count !== runners.length)) {
    violations.push(`set and scale set say that there are ${counts.join(' and ')} runners of ${runners.length}`);
  }
  for (const job of actions.jobs) {
    if (job.state === 'available' && !acquiresJobs(release)) witness.flaw('jobs-never-acquired');
    else if (job.state === 'available' && listenerWitness.lost.has(job.requestId)) witness.flaw('message-lost');
    else violations.push(`job ${job.requestId} is ${job.state}`);
  }
  const { minRunners } = limits.at(-1) as (typeof limits)[number];
  const shown = runners.map((runner) => describeRunner(world, runner)).join(', ');
  if (runners.length !== minRunners || runners.some(({ status }) => status?.phase !== 'Running'))
    violations.push(`${minRunners} runners are to be there and run; there are ${runners.length}: ${shown}`);
}

/** The scale set was deleted: nothing of it is left, on the cluster or in the service. */
export function checkGone(world: ChainWorld, isQuiet: boolean): void {
  const { witness, runnerWitness, actions } = world;
  const { violations } = witness;
  const flaw = whatBlocks(world);
  if (flaw !== undefined) {
    witness.flaw(flaw);
    return;
  }
  if (!isQuiet) violations.push('the controllers never become quiet after the deletion');
  for (const resource of [AutoscalingRunnerSets, EphemeralRunnerSets, AutoscalingListeners, EphemeralRunners]) {
    for (const { metadata } of all(world, resource as Resource)) {
      violations.push(`${resource.kind} ${metadata.name} is never gone: ${(metadata.finalizers ?? []).join(', ')}`);
    }
  }
  for (const resource of [Pods, Secrets, Roles, RoleBindings, ServiceAccounts]) {
    for (const { metadata } of all(world, resource)) {
      if (metadata.name === 'gh' || runnerWitness.orphans.has(metadata.name)) continue;
      // Whether the pass that let the listener go saw it, the witness has checked.
      if (isOfListener(world, resource, metadata)) witness.flaw('listener-part-behind-stale-cache');
      else violations.push(`the ${resource.kind} ${metadata.namespace}/${metadata.name} is left`);
    }
  }
  for (const { id } of actions.state.scaleSets.sets) {
    if (witness.notedScaleSets.has(id)) violations.push(`scale set ${id} is left in the service`);
    else witness.flaw('scale-set-without-id');
  }
  runnerWitness.checkRegistrations();
}

/** The flaw of upstream that keeps a scale set as it is, if one does. */
export function whatBlocks(world: ChainWorld): ChainFlaw | undefined {
  const { actions, release, process, strategies } = world;
  const { switches } = release;
  const runners = all<EphemeralRunner>(world, EphemeralRunners);
  const isKnown = ({ status }: EphemeralRunner): boolean =>
    [...actions.runners.values()].some(({ id }) => id === status?.runnerId);
  if (strategies.has('removal-not-found') && !runners.every(isKnown)) return 'removal-refused';
  const [scaleSet] = all<AutoscalingRunnerSet>(world, AutoscalingRunnerSets);
  const [listener] = all<AutoscalingListener>(world, AutoscalingListeners);
  const sets = all<EphemeralRunnerSet>(world, EphemeralRunnerSets);
  const isOrphan = ({ metadata }: EphemeralRunner): boolean =>
    metadata.ownerReferences?.some(({ uid }) => sets.some((set) => set.metadata.uid === uid)) !== true;
  const ofRunners = runners.some(isOrphan) ? 'runner-of-a-gone-set' : undefined;
  if (scaleSet === undefined) {
    const isLeft = [listener, ...sets].some((one) => one !== undefined && one.metadata.deletionTimestamp === undefined);
    return isLeft ? 'made-for-a-gone-scale-set' : ofRunners;
  }
  const id = scaleSet.metadata.annotations?.[SCALE_SET_ID_ANNOTATION];
  if (id !== undefined && !actions.state.scaleSets.sets.some((set) => set.id === Number(id))) return 'scale-set-gone';
  if (scaleSet.metadata.deletionTimestamp !== undefined) return ofRunners;
  if (scaleSet.status?.phase === 'Outdated') return 'outdated-for-ever';
  if (world.runnersAreTooOld && switches.has(4516)) return 'outdated-made-again';
  const isDraining = switches.has(4516) ? strategies.has('spec-changed') : process.updateStrategy === 'eventual';
  if (listener === undefined && isDraining && runners.length > 0) return 'no-listener-while-runners-run';
  if (!switches.has(4332) && isEvicted(world)) return 'listener-evicted-before-start';
  const setName = listener?.spec.ephemeralRunnerSetName;
  if (listener !== undefined && !sets.some(({ metadata }) => metadata.name === setName) && !switches.has(4502)) {
    return 'listener-of-a-deleted-set';
  }
  return ofRunners;
}

function all<T extends ApiObject>({ real }: ChainWorld, resource: Resource<T>): T[] {
  return [...real.api.store.of(resource as Resource).entries()].map(({ object }) => object as T);
}

function isEvicted(world: ChainWorld): boolean {
  const pods = all<Pod>(world, Pods).filter(({ metadata }) => metadata.namespace === world.process.namespace);
  return pods.some(({ status }) => {
    const hasEnded = status?.containerStatuses?.some(({ state }) => state?.terminated !== undefined) === true;
    return status?.reason === 'Evicted' && !hasEnded;
  });
}

function isOfListener({ process }: ChainWorld, resource: Resource, { namespace }: ObjectMeta): boolean {
  return resource !== (Pods as Resource) && resource !== (Secrets as Resource) ? true : namespace === process.namespace;
}

function describeRunner(world: ChainWorld, { metadata, status }: EphemeralRunner): string {
  const pod = all<Pod>(world, Pods).find((one) => one.metadata.name === metadata.name);
  const isGoing = metadata.deletionTimestamp === undefined ? '' : ', being deleted';
  return `${metadata.name} is ${status?.phase ?? 'without a phase'} with ${pod?.status?.phase ?? 'no'} pod${isGoing}`;
}
