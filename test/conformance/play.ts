import type { EphemeralRunnerStatus, PodStatus } from '../../src/kubernetes/types.ts';
import { lineOf, type Observed } from './compare.ts';
import {
  runnerNames,
  runnersOf,
  type ModeRecording,
  type RecordedRequest,
  type Recording,
  type ScriptStep,
} from './recording.ts';

/** A cluster with a controller under test in it, as the one who plays a scenario needs it. */
export interface World {
  startController(): Promise<void>;
  /** Creates runners back to back. */
  createRunners(names: readonly string[], finalizers?: readonly string[]): Promise<void>;
  deleteRunner(name: string): Promise<void>;
  patchPodStatus(name: string, status: PodStatus): Promise<void>;
  /** What the listener does when the runner gets a job. */
  patchRunnerStatus(name: string, status: EphemeralRunnerStatus): Promise<void>;
  touchPod(name: string): Promise<void>;
  podExists(name: string): Promise<boolean>;
  deletePod(name: string): Promise<void>;
  createGitHubSecret(name: string): Promise<void>;
  deleteSecret(name: string): Promise<void>;
  createPodQuota(name: string, pods: number): Promise<void>;
  forgetRunner(name: string): void;
  /** Requests of the controller so far, as the witness saw them. */
  requests(): readonly RecordedRequest[];
  nowMs(): number;
  /** Time at which the last request was seen. */
  lastRequestMs(): number;
  /** Lets time pass. */
  wait(ms: number): Promise<void>;
  finish(): Promise<Observed>;
}

const QUIET_MS = 400;
/**
 * The sixth pod of a runner waits 80 s after the fifth has failed; a fifth that a pass on a stale cache made at once is
 * looked at when 40 s of its own have passed.
 */
const LONGEST_BACK_OFFS_MS = 120_000;
const CUT_MS = 60;

/** Plays a scenario: creates its runners, follows its script and ends when the recording ended. */
export async function play(recording: Recording, mode: string, world: World, patienceMs: number): Promise<Observed> {
  const recorded = recording.modes[mode] as ModeRecording;
  const { timing } = recording.input;
  const steps = [...(recording.input.podScript?.[mode] ?? [])];
  const isCut = steps.some((step) => CUT.test(step.do));
  const runners = runnerNames(recording, mode);
  const secret = runnersOf(recording)[0]?.spec.githubConfigSecret ?? '';
  const takeSteps = (at: string): ScriptStep[] =>
    steps.splice(0, steps.findIndex((step) => step.at !== at) < 0 ? steps.length : steps.findIndex((s) => s.at !== at));

  const createsBefore = timing.includes('created with both finalizers');
  for (const step of takeSteps('before the runner is created')) await perform(step, world, runners);
  if (createsBefore) {
    const finalizers = recorded.final.runners[runners[0] as string]?.finalizers ?? BOTH_FINALIZERS;
    await world.createRunners(runners, finalizers.length === 2 ? finalizers : BOTH_FINALIZERS);
    for (const step of takeSteps('before the manager starts')) await perform(step, world, runners);
  }
  await world.startController();
  if (!createsBefore) await world.createRunners(runners);

  for (const step of steps) {
    await waitFor(step, world, secret);
    await perform(step, world, runners);
    if (step !== steps.at(-1) || !step.at.startsWith('pod ')) continue;
    // A pass on a stale cache may make one pod more than the script has; it fares like the one before.
    await quiet(world);
    if (world.requests().filter(isPodCreated).length > steps.length && (await world.podExists(runners[0] as string))) {
      await perform(step, world, runners);
    }
  }
  const effects = recorded.requests.filter(isEffect).length;
  const limitMs = world.nowMs() + (recorded.tMs.at(-1) ?? 0) + patienceMs;
  while (world.requests().filter(isEffect).length < effects && world.nowMs() < limitMs) await world.wait(5);
  if (timing.startsWith('cut') || isCut) await world.wait(CUT_MS);
  else await quiet(world);
  return world.finish();
}

/** A remark of the script: the recording ends while the controller would go on. */
const CUT = /; cut \d+ ms after /;

const BOTH_FINALIZERS = [
  'ephemeralrunner.actions.github.com/finalizer',
  'ephemeralrunner.actions.github.com/runner-registration-finalizer',
];

/** @param secret name of the GitHub secret */
async function waitFor(step: ScriptStep, world: World, secret: string): Promise<void> {
  const { at } = step;
  if (at === 'then') return;
  if (at === 'quiet' || at === 'just before the next step') return quiet(world);
  const pod = /^pod (?:(\d+) )?created, quiet$/.exec(at);
  if (pod !== null) {
    const count = Number(pod[1] ?? 1);
    await until(world, () => world.requests().filter(isPodCreated).length >= count);
    return quiet(world);
  }
  const intoCall = /^(\d+) s into (\S+)$/.exec(at);
  if (intoCall !== null) {
    await until(world, () => world.requests().some(({ kind }) => kind === 'runner-registration'));
    return world.wait(Number(intoCall[1]) * 1000);
  }
  const afterReads = /^(\d+) ms after the (\d+)th failed read$/.exec(at);
  if (afterReads !== null) {
    const count = Number(afterReads[2]);
    await until(
      world,
      () =>
        world.requests().filter(({ verb, name, code }) => verb === 'get' && name === secret && code === 404).length >=
        count,
    );
    return world.wait(Number(afterReads[1]));
  }
  const later = /^(\d+(?:\.\d+)?) (s|ms) later$/.exec(at);
  if (later !== null) return world.wait(Number(later[1]) * (later[2] === 's' ? 1000 : 1));
  throw new Error(`the script says ${JSON.stringify(at)}, which the player does not understand`);
}

async function perform(step: ScriptStep, world: World, runners: readonly string[]): Promise<void> {
  const action = step.do;
  const runner = runners[0] as string;
  if (action === 'PATCH pods/status (merge)') {
    // After a failure the next pod may take its back-off to come.
    await until(world, () => world.podExists(runner));
    return world.patchPodStatus(runner, step.body ?? {});
  }
  const status = /^PATCH ephemeralrunners\/(\S+)\/status (\{.*\})$/.exec(action);
  if (status !== null) {
    return world.patchRunnerStatus(status[1] as string, JSON.parse(status[2] as string) as EphemeralRunnerStatus);
  }
  if (CUT.test(action)) return;
  if (action === 'user deletes the EphemeralRunner') return world.deleteRunner(runner);
  if (action.startsWith('service forgets the runner')) return world.forgetRunner(runner);
  if (action.startsWith('delete pod ')) return world.deletePod(action.slice('delete pod '.length));
  if (action.startsWith('delete secret ')) return world.deleteSecret(action.slice('delete secret '.length));
  if (action.startsWith('create secret ')) return world.createGitHubSecret(action.slice('create secret '.length));
  if (action.startsWith('annotate pod ')) return world.touchPod(action.split(' ')[2] as string);
  if (action.startsWith('wait ')) return waitInPeace(world, Number(action.split(' ')[1]));
  const quota = /^ResourceQuota (\S+) \{spec\.hard\.pods: (\d+)\}/.exec(action);
  if (quota !== null) return world.createPodQuota(quota[1] as string, Number(quota[2]));
  throw new Error(`the script says to ${JSON.stringify(action)}, which the player cannot do`);
}

/** The real controllers made no request while the script waited, resyncs or not: one would count as a repeated read. */
async function waitInPeace(world: World, seconds: number): Promise<void> {
  const before = world.requests().length;
  await world.wait(seconds * 1000);
  const made = world.requests().slice(before);
  if (made.length > 0) {
    throw new Error(
      `${made.length} requests in ${seconds} s of waiting, such as ${lineOf(made[0] as RecordedRequest)}`,
    );
  }
}

/** Waits until neither the controller nor the player has done anything for a while. */
async function quiet(world: World): Promise<void> {
  const sinceMs = world.nowMs();
  while (world.nowMs() - Math.max(sinceMs, world.lastRequestMs()) < QUIET_MS || world.requests().length === 0)
    await world.wait(10);
}

async function until(world: World, condition: () => boolean | Promise<boolean>): Promise<void> {
  const limitMs = world.nowMs() + LONGEST_BACK_OFFS_MS + 30_000;
  while (!(await condition())) {
    if (world.nowMs() > limitMs) throw new Error('the controller did not get to where the script goes on');
    await world.wait(5);
  }
}

export function isEffect(request: RecordedRequest): boolean {
  return request.via === 'actions' || (request.verb !== 'get' && request.verb !== 'list');
}

function isPodCreated(request: RecordedRequest): boolean {
  return request.verb === 'create' && request.resource === 'pods' && request.code === 201;
}
