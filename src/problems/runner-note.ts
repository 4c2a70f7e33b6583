import type { EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { RUNNER_CONTAINER } from '../reconciler/names.ts';
import type { ObjectEvent, PodState, PodTrouble, RunnerWhy } from '../trace/model.ts';
import { whyOf } from '../trace/why.ts';
import { podTrouble } from './pod-trouble.ts';

/** What a runner's event in the trace says, but for its name and time: all of it is known. */
export type RunnerNote = Required<Pick<ObjectEvent, 'phase' | 'runnerId' | 'pod'>> & RunnerWhy;

/** Times in objects are whole seconds: one that is this near to what was seen is that. */
const OBJECT_TIME_US = 2_000_000;

/** When and by whom a runner is looked at. */
interface Look {
  readonly nowUs: number;
  /** Whether nobody has looked before, and `nowUs` is no time of this object: what has no time of its own then has none. */
  readonly isOnce?: boolean;
  /** Wall-clock time of microsecond 0. */
  readonly epochMs: number;
  /** Clears a text of credentials. */
  readonly redact: (text: string) => string;
}

/**
 * What a runner and its pod say of themselves, cleared of credentials.
 * @param known what was noted of the runner before
 */
export function runnerNote(
  runner: EphemeralRunner,
  pod: Pod | undefined,
  known: RunnerNote | undefined,
  look: Look,
): RunnerNote {
  const { phase = '', runnerId = 0, reason = '', message = '' } = runner.status ?? {};
  const failures = Object.keys(runner.status?.failures ?? {}).length;
  const said = { reason: look.redact(reason), message: look.redact(message), failures };
  const isCounted = failures > (known?.failures ?? 0) && known !== undefined;
  const trouble =
    pod === undefined ? troubleOfGone(known?.trouble, isCounted, look) : noteOf(pod, runner, known?.trouble, look);
  return {
    phase,
    runnerId,
    pod: stateOf(pod, known),
    ...whyOf(trouble === undefined ? said : { ...said, trouble }),
  };
}

/** The same without why: what figures are made of. */
export function figuresNote(
  { status }: EphemeralRunner,
  pod: Pod | undefined,
  known: RunnerNote | undefined,
): RunnerNote {
  return { phase: status?.phase ?? '', runnerId: status?.runnerId ?? 0, pod: stateOf(pod, known) };
}

function stateOf(pod: Pod | undefined, known: RunnerNote | undefined): PodState {
  if (pod !== undefined) return podState(pod);
  return known !== undefined && known.pod !== 'none' ? 'deleted' : 'none';
}

/**
 * How the pod that is gone failed. Every other failure can be seen of the pod before it goes; one that is counted for a
 * pod that ended well is that the service still knew its runner.
 */
function troubleOfGone(known: PodTrouble | undefined, isCounted: boolean, { nowUs }: Look): PodTrouble | undefined {
  if (known?.ended === true) return known;
  if (!isCounted) return undefined;
  return { code: 'exit 0', container: RUNNER_CONTAINER, exitCode: 0, since: nowUs, ended: true };
}

/** The objects' times where they tell of what was before; what begins as it is looked at begins now. */
function noteOf(
  pod: Pod,
  runner: EphemeralRunner,
  known: PodTrouble | undefined,
  { nowUs, isOnce = false, epochMs, redact }: Look,
): PodTrouble | undefined {
  const trouble = podTrouble(pod, runner, epochMs);
  if (trouble === undefined) return undefined;
  const isKnown = trouble.code === known?.code && trouble.container === known.container;
  const since = isOnce ? trouble.since : nearest(trouble.since, isKnown ? (known.since ?? nowUs) : nowUs);
  const noted = {
    ...trouble,
    ...(since === undefined ? {} : { since }),
    ...(trouble.message === undefined ? {} : { message: redact(trouble.message) }),
  };
  if (trouble.due === undefined) return noted;
  const graceUs = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1e6;
  return { ...noted, due: isOnce ? trouble.due : (known?.due ?? nearest(trouble.due, nowUs + graceUs)) };
}

function nearest(objectUs: number | undefined, seenUs: number): number {
  return objectUs === undefined || Math.abs(seenUs - objectUs) < OBJECT_TIME_US ? seenUs : objectUs;
}

const STATE_OF_PHASE: Readonly<Record<string, PodState>> = {
  Running: 'running',
  Succeeded: 'succeeded',
  Failed: 'failed',
};

function isReady({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'Ready' && status === 'True';
}

function podState({ status }: Pod): PodState {
  const known = STATE_OF_PHASE[status?.phase ?? ''];
  if (known === 'running' && status?.conditions?.some(isReady) === true) return 'ready';
  return known ?? (status?.containerStatuses === undefined ? 'created' : 'pending');
}
