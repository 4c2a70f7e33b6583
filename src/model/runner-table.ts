import { visibleText } from '../base/visible-text.ts';
import { t } from '@vscode/l10n';
import { messageOf } from '../base/message.ts';
import { formatDuration } from '../base/duration.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import type { ContainerState, EphemeralRunner, Pod } from '../kubernetes/types.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { Controllers } from '../runtime/controllers.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { AnsweredRequest, Outcome, PassRecord, RequestRecord } from '../runtime/pass-record.ts';
import { EPHEMERAL_RUNNER } from '../reconciler/controller.ts';
import { SCALE_SET_NAMESPACE_LABEL } from '../reconciler/labels.ts';
import { RUNNER_CONTAINER } from '../reconciler/names.ts';
import type { KeyState } from '../runtime/work-queue.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { reasonFirst } from '../problems/code-words.ts';
import { podProblem, type PodProblem } from '../problems/pod-problem.ts';
import { delayWords } from './queue-wait.ts';
import { groupLabelOf, groupOfRunner } from './runner-group.ts';
import { RunnerIndex, type ReadonlyRunnerIndex } from './runner-index.ts';
import { stateOfRunner, type RunnerState } from './runner-state.ts';

/** How the last pass for a runner ended. */
interface LastPass {
  /** Which of the runner's passes it was, from 1. */
  readonly number: number;
  readonly result: Outcome['kind'];
  readonly error: string | undefined;
  /** What the last refused request of the pass was answered, cleared of credentials; empty where none was refused. */
  readonly refusal: string;
  readonly afterUs: number;
  readonly tookUs: number;
  readonly endedUs: number;
}

/** Who reconciles the runners: our own controllers, or one that is watched. */
export interface Reconciling {
  readonly caches: Controllers['caches'];
  /** Our own controllers, by name. */
  readonly named?: Controllers['named'];
  /** Of one that is watched: when a runner was created, in the session's time; for others it is when it was seen. */
  readonly createdUs?: (runner: EphemeralRunner) => number;
  /** What one that is watched does for a runner, or is to do next; undefined where that is not known. */
  readonly waitOf?: (key: string) => Wait | undefined;
}

interface Wait {
  readonly text: string;
  /** When it ends, in the session's time, where that is known. */
  readonly untilUs?: number;
}

/** What the table keeps of a runner that its objects do not say. */
interface Row {
  readonly seenUs: number;
  passes: number;
  last: LastPass | undefined;
  hasSecret: boolean;
  refusal: string;
  /** The request that its pass waits for. */
  request: RequestRecord | undefined;
}

/** What a runner is made of and what it waits for, in words. */
export interface RunnerDescription {
  readonly key: string;
  readonly state: RunnerState;
  readonly set: string;
  /** For example `back-off 40 ms, 3rd try`; empty when nothing is left to wait for. */
  readonly waits: string;
  /** When the wait ends, where that is known. */
  readonly waitsUntilUs: number | undefined;
  readonly ageUs: number;
  readonly finalizers: readonly string[];
  readonly deleting: boolean;
  readonly runnerId: number;
  readonly hasJitConfig: boolean;
  readonly hasSecret: boolean;
  readonly pod: { readonly phase: string; readonly reason: string; readonly container: string } | undefined;
  readonly failures: number;
  /** The runner's `status.reason` and `status.message`, cleared of credentials. */
  readonly reason: string;
  readonly message: string;
  /** What is wrong with the runner or its pod; undefined where nothing is. */
  readonly problem: PodProblem | undefined;
  readonly passes: number;
  readonly last: LastPass | undefined;
  readonly longestUs: number;
}

/**
 * The runners that a controller knows, their latest state. Objects stay in the controller's caches: a row
 * keeps what they do not say, and descriptions are made when somebody looks.
 */
export class RunnerTable implements PassObserver {
  readonly #nowUs: () => number;
  readonly #redact: (text: string) => string;
  readonly #index = new RunnerIndex<Row>();
  /** By the groups of the index. */
  readonly #groupLabels = new Map<string, string>();
  #changed = new Set<string>();
  #controllers: Reconciling | undefined;
  #trace: TraceLog | undefined;
  /** Grows when runners come, go or change their state: when groups have to be asked for their children again. */
  #version = 0;
  #firstSeenUs = 0;
  #gone = 0;

  constructor(nowUs: () => number, redact: (text: string) => string) {
    this.#nowUs = nowUs;
    this.#redact = redact;
  }

  /** When the first runner came into the cache; 0 before. */
  get firstSeenUs(): number {
    return this.#firstSeenUs;
  }

  /** How many runners there were that are gone. */
  get gone(): number {
    return this.#gone;
  }

  /** What runners are counted and selected by. */
  get index(): ReadonlyRunnerIndex {
    return this.#index;
  }

  /** A group of the index as people know it: scale set and EphemeralRunnerSet. */
  groupLabel(group: string): string {
    return this.#groupLabels.get(group) ?? group;
  }

  get version(): number {
    return this.#version;
  }

  /** Follows the controllers' caches, and the trace in which it is noted what is wrong with pods. */
  follow(controllers: Reconciling, trace: TraceLog): void {
    this.#controllers = controllers;
    this.#trace = trace;
    const { caches } = controllers;
    caches.of(EphemeralRunners).listen((event, key, runner) => {
      if (event === 'deleted') this.#drop(key);
      else this.#put(key, runner);
    });
    // A watch may lack the right to see pods.
    if (caches.kinds.includes(Pods)) caches.of(Pods).listen((_event, key) => this.#touch(key));
  }

  /** Other controllers have taken the place of those that were followed; their caches are in sync. */
  goOnWith(controllers: Reconciling, trace: TraceLog): void {
    this.follow(controllers, trace);
    const runners = controllers.caches.of(EphemeralRunners);
    for (const key of [...this.#index.columns.keys]) if (runners.get(key) === undefined) this.#drop(key);
    for (const [key, runner] of runners.entries()) this.#put(key, runner);
  }

  /** The trace goes on in another one with the same start. */
  goOnIn(trace: TraceLog): void {
    this.#trace = trace;
  }

  /** Runners that changed since the last call. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  runner(key: string): EphemeralRunner | undefined {
    return this.#controllers?.caches.of(EphemeralRunners).get(key);
  }

  pod(key: string): Pod | undefined {
    const { caches } = this.#controllers ?? {};
    return caches?.kinds.includes(Pods) === true ? caches.of(Pods).get(key) : undefined;
  }

  /** How many runners workers take before this one; undefined when it does not wait for a worker. */
  aheadOf(key: string): number | undefined {
    return this.#controllers?.named?.(EPHEMERAL_RUNNER).queue.ahead(key);
  }

  describe(key: string): RunnerDescription | undefined {
    const row = this.#index.rowOf(key);
    const runner = this.runner(key);
    if (row === undefined || runner === undefined) return undefined;
    const { status } = runner;
    const pod = this.pod(key);
    const noted = this.#trace?.lastRunnerEvent(key);
    const problem = noted === undefined ? undefined : podProblem(noted, this.#nowUs(), this.#trace?.header);
    const wait = this.#waitOf(key, row, runner, pod, problem);
    return {
      key,
      state: this.#index.stateOf(key) ?? 'pending',
      set: this.groupLabel(this.#index.setOf(key) ?? ''),
      waits: wait.text,
      waitsUntilUs: wait.untilUs,
      ageUs: this.#nowUs() - row.seenUs,
      finalizers: runner.metadata.finalizers ?? [],
      deleting: runner.metadata.deletionTimestamp !== undefined,
      runnerId: status?.runnerId ?? 0,
      hasJitConfig: (status?.runnerJITConfig ?? '') !== '',
      hasSecret: row.hasSecret,
      pod: pod === undefined ? undefined : describePod(pod),
      failures: Object.keys(status?.failures ?? {}).length,
      reason: noted?.reason ?? '',
      message: noted?.message ?? '',
      problem,
      passes: row.passes,
      last: row.last,
      longestUs: this.#index.longestUsOf(key),
    };
  }

  passStarted({ key }: PassRecord): void {
    const row = this.#index.rowOf(key);
    if (row === undefined) return;
    row.passes++;
    row.refusal = '';
    this.#touch(key);
  }

  requestStarted({ key }: PassRecord, request: RequestRecord): void {
    const row = this.#index.rowOf(key);
    if (row === undefined) return;
    row.request = request;
    this.#touch(key);
  }

  requestEnded({ key }: PassRecord, request: AnsweredRequest): void {
    const row = this.#index.rowOf(key);
    if (row === undefined) return;
    const { to, verb, resource, status, message } = request;
    // The last answer to an aborted pass may come during the next one.
    if (row.request === request) row.request = undefined;
    if (message !== '' && status !== 404) row.refusal = this.#redact(message);
    if (to === 'kubernetes' && resource === 'secrets') {
      if (verb === 'create' && status === 201) row.hasSecret = true;
      else if (verb === 'delete' && status < 400) row.hasSecret = false;
      else if (verb === 'get') row.hasSecret ||= status === 200;
    }
  }

  passEnded({ key, startedUs }: PassRecord, outcome: Outcome, atUs: number): void {
    const row = this.#index.rowOf(key);
    if (row === undefined) return;
    const tookUs = atUs - startedUs;
    row.last = {
      number: row.passes,
      result: outcome.kind,
      error: outcome.kind === 'error' ? this.#redact(messageOf(outcome.error)) : undefined,
      refusal: row.refusal,
      afterUs: outcome.kind === 'requeue-after' ? outcome.afterUs : 0,
      tookUs,
      endedUs: atUs,
    };
    this.#index.passTook(key, tookUs);
    row.request = undefined;
    this.#touch(key);
  }

  passAborted({ key }: PassRecord): void {
    const row = this.#index.rowOf(key);
    if (row === undefined) return;
    row.request = undefined;
    this.#touch(key);
  }

  #put(key: string, runner: EphemeralRunner): void {
    const state = stateOfRunner(runner);
    if (this.#index.rowOf(key) === undefined) {
      const seenUs = this.#controllers?.createdUs?.(runner) ?? this.#nowUs();
      if (this.#index.size === 0 && this.#firstSeenUs === 0) this.#firstSeenUs = seenUs;
      const group = groupOfRunner(runner.metadata);
      if (!this.#groupLabels.has(group)) this.#groupLabels.set(group, groupLabelOf(runner.metadata));
      this.#index.add(key, group, state, {
        seenUs,
        passes: 0,
        last: undefined,
        hasSecret: false,
        refusal: '',
        request: undefined,
      });
      this.#version++;
    } else if (this.#index.setState(key, state)) this.#version++;
    this.#changed.add(key);
  }

  #drop(key: string): void {
    // Nobody may ask for a long time: what is gone is not kept for them.
    this.#changed.delete(key);
    if (!this.#index.remove(key)) return;
    this.#version++;
    this.#gone++;
  }

  #touch(key: string): void {
    if (this.#index.rowOf(key) !== undefined) this.#changed.add(key);
  }

  #waitOf(key: string, row: Row, runner: EphemeralRunner, pod: Pod | undefined, problem: PodProblem | undefined): Wait {
    const watched = this.#controllers?.waitOf?.(key);
    if (watched !== undefined) return watched;
    const controller = this.#controllers?.named?.(EPHEMERAL_RUNNER);
    const queue = controller?.queue;
    const state = queue?.stateOf(key);
    const nowUs = this.#nowUs();
    if (state !== undefined && this.#trace?.endedUs !== undefined) {
      return { text: atEnd(state, this.#trace.endedUs) };
    }
    if (state?.kind === 'processing') {
      const { request } = row;
      if (request === undefined) return { text: t('in a pass') };
      const what = requestWords(request);
      const sentUs = request.startedUs + request.throttledUs + request.lockedUs;
      if (sentUs > nowUs) return { text: t('throttled by client limiter: {0}', what), untilUs: sentUs };
      return { text: what };
    }
    if (state?.kind === 'queued') return { text: t('waiting for a worker, {0} in the queue', queue?.length ?? 0) };
    if (state?.kind === 'delayed') {
      const why = row.last?.error ?? row.last?.refusal ?? '';
      return { text: delayWords(state, controller?.failures(key) ?? 0, why), untilUs: state.untilUs };
    }
    if (runner.metadata.deletionTimestamp !== undefined) return { text: t('being deleted') };
    if (problem !== undefined) return { text: reasonFirst(problem.code, problem.what) };
    if (runner.status?.phase === 'Succeeded') return { text: '' };
    if (pod === undefined) {
      const isSeen = controller === undefined || row.passes > 0;
      return { text: isSeen ? t('no pod yet') : t('not seen by a pass yet') };
    }
    const { phase, container } = describePod(pod);
    if (phase === 'Running') return { text: jobWords(runner) };
    const inPhase = t('pod {0}', phase.toLowerCase());
    return { text: container === '' ? inPhase : `${inPhase}: ${container}` };
  }
}

function requestWords({ to, verb, resource }: RequestRecord): string {
  return to === 'actions' ? t('Actions service: {0}', resource) : `${verb} ${resource}`;
}

/** A runner of a scale set has the job that its listener wrote into its status; of others nobody says which they run. */
function jobWords({ metadata, status = {} }: EphemeralRunner): string {
  const { jobDisplayName = '', jobRequestId = 0 } = status;
  if (jobDisplayName !== '') return t('running {0}', visibleText(jobDisplayName));
  if (jobRequestId > 0) return t('running job {0}', jobRequestId);
  const hasListener = metadata.labels?.[SCALE_SET_NAMESPACE_LABEL] !== undefined;
  return hasListener ? t('running, waits for a job') : t('job running');
}

function describePod({ status }: Pod): { phase: string; reason: string; container: string } {
  const state = status?.containerStatuses?.find(({ name }) => name === RUNNER_CONTAINER)?.state;
  return { phase: status?.phase ?? 'Pending', reason: status?.reason ?? '', container: containerWords(state) };
}

function containerWords(state: ContainerState | undefined): string {
  if (state?.terminated !== undefined) return t('exited {0}', state.terminated.exitCode);
  return state?.running !== undefined ? t('running') : (state?.waiting?.reason ?? '');
}

/** The name that people see: without the namespace. */
export function shortName(key: string): string {
  return visibleText(splitKey(key).name);
}

/** What the work queue had of a runner when its run was stopped. */
function atEnd(state: KeyState, endedUs: number): string {
  if (state.kind === 'processing') return t('was in a pass when stopped');
  const lasted = formatDuration(Math.max(0, endedUs - state.sinceUs));
  if (state.kind === 'queued') return t('for a worker {0} when stopped', lasted);
  return t('{0} of {1} when stopped', lasted, formatDuration(state.untilUs - state.sinceUs));
}
