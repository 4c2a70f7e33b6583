import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { Switch } from '../reconciler/releases/switches.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { triggerWords } from '../timeline/trigger-words.ts';
import { kindOfController } from '../trace/kinds.ts';
import type { OpenPass, PassEvent, TraceHeader, TraceRequest } from '../trace/model.ts';
import { requestName } from '../trace/request-name.ts';
import { causeOf } from '../analysis/causality.ts';
import { kindOf } from '../analysis/kind-of.ts';
import { madeBy } from '../analysis/made.ts';
import { actionsLockText } from './actions-lock.ts';
import type { LockHolder } from '../analysis/lock-holders.ts';
import type { WorkerHolder } from '../analysis/worker-holders.ts';
import { ACTIONS_LOCK, hasActionsLock, LOCK_SINCE } from '../reconciler/releases/actions-lock.ts';

/** Waits shorter than this need no explanation. */
const WORTH_TELLING_US = 10_000;
/** Name at most this many of the runners that had the workers. */
const NAMED = 3;
/** A request that took this share of a pass took all of it. */
const ALL = 0.95;

/** The controller's release and settings that a trace names. */
export interface Knobs {
  readonly release?: string;
  readonly workers?: number;
  readonly qps?: number;
  readonly burst?: number;
}

export function knobsOf({ settings, release }: TraceHeader): Knobs {
  const number = (name: string): { readonly [key: string]: number } =>
    typeof settings[name] === 'number' ? { [name]: settings[name] } : {};
  return { ...(release === undefined ? {} : { release }), ...number('workers'), ...number('qps'), ...number('burst') };
}

/**
 * Explains in sentences what a pass waited for and how it spent its time.
 * @param before the runner's pass before it
 * @param workerHolders the runners that held the workers while it waited
 * @param holders whose calls had the Actions client's lock while it waited
 */
export function explainPass(
  pass: PassEvent,
  before: PassEvent | undefined,
  workerHolders: readonly WorkerHolder[] = [],
  knobs: Knobs = {},
  holders: readonly LockHolder[] = [],
): string[] {
  return [
    ...refusals(pass.requests ?? []),
    ...explainWaits(pass, before, workerHolders, knobs, holders),
    ...slowestRequest(pass),
  ];
}

/** What a pass waited for before and during its requests, whether or not it has ended. */
export function explainWaits(
  pass: PassEvent | OpenPass,
  before: PassEvent | undefined,
  workerHolders: readonly WorkerHolder[],
  knobs: Knobs,
  holders: readonly LockHolder[] = [],
): string[] {
  const { delayUs, workerUs } = waitsOf(pass);
  return [
    ...(delayUs > 0 ? [delay(pass, before, knobs)] : []),
    ...(workerUs >= WORTH_TELLING_US ? workerWait(pass, before, workerHolders, knobs) : []),
    ...limiterWait(pass, knobs),
    ...lockWait(pass, knobs, holders),
  ];
}

/** What is known of how long a pass waited for its delay and for a worker; NaN where it is not. */
function waitsOf({ queued = NaN, ready = NaN, started = NaN }: PassEvent | OpenPass) {
  return { delayUs: ready - queued, workerUs: started - ready };
}

/** Why a pass came: `because: the runner's status changed`. */
export function becauseOf(pass: PassEvent, before: PassEvent | undefined): string {
  const cause = causeOf(pass, before);
  const resource = cause?.by === 'request' ? cause.request.resource : undefined;
  if (pass.trigger === 'ephemeralrunner-updated' && resource === 'ephemeralrunners/status') {
    return t("because: the runner's status changed");
  }
  if (pass.trigger === 'ephemeralrunner-updated' && resource === 'ephemeralrunners') {
    return t("because: the runner's finalizers changed");
  }
  return t('because: {0}', triggerWords(pass.trigger ?? '', kindOfController(pass.controller)));
}

function refusals(requests: readonly TraceRequest[]): string[] {
  return requests.flatMap(({ to, status, message, ...request }) => {
    if (message === undefined) return [];
    const what = requestName(request);
    if (status === undefined) return [t('{0} was refused: {1}.', what, withoutStop(message))];
    if (status === 0) return [t('No answer came to {0}: {1}.', what, withoutStop(message))];
    return to === 'actions'
      ? [t('The Actions service answered {0} with {1}: {2}.', what, status, withoutStop(message))]
      : [t('The API server answered {0} with {1}: {2}.', what, status, withoutStop(message))];
  });
}

function workerWait(
  pass: PassEvent | OpenPass,
  before: PassEvent | undefined,
  workerHolders: readonly WorkerHolder[],
  { release, workers }: Knobs,
): string[] {
  const { workerUs } = waitsOf(pass);
  const waited = formatDuration(workerUs);
  const ownUs = workerHolders.find(({ runner }) => runner === pass.object)?.us ?? 0;
  if (ownUs * 2 > workerUs) {
    return [t('Waited {0} for its previous pass to end: two workers never reconcile one runner.', waited)];
  }
  const actionsUs = workerHolders.reduce((sum, holder) => sum + holder.actionsUs, 0);
  const advice = actionsLockText(release ?? '', actionsUs, workerUs) ?? moreWorkers(release, workers);
  const sentences = [`${busyWorkers(waited, workers)} ${advice}`];
  const others = workerHolders.filter(({ runner }) => runner !== pass.object);
  if (others.length > 0) sentences.push(t('Busy with {0}.', namesOf(others)));
  const registered = before?.requests?.some((request) => madeBy(request) === 'registration');
  const own = RELEASES.find(release ?? '');
  const later = RELEASES.firstWith(3831);
  if (registered === true && own?.switches.has(3831) === false && later !== undefined) {
    sentences.push(
      t(
        'In {0} mode a pass ends after the registration, so the runner went to the back of the queue before its pod could be made; {1} mode goes on in the same pass.',
        own.id,
        later.id,
      ),
    );
  }
  return sentences;
}

function busyWorkers(waited: string, workers: number | undefined): string {
  if (workers === undefined) return t('Waited {0} because every worker was busy.', waited);
  if (workers === 1) return t('Waited {0} because the only worker was busy.', waited);
  if (workers === 2) return t('Waited {0} because both workers were busy.', waited);
  return t('Waited {0} because all {1} workers were busy.', waited, workers);
}

function moreWorkers(release: string | undefined, workers: number | undefined): string {
  const flag = 'flags.runnerMaxConcurrentReconciles';
  if (workers === undefined) return t('More workers (Helm {0}) would shorten this.', flag);
  const version = comesWith(3832, release);
  return version === undefined
    ? t('More workers (Helm {0}, now {1}) would shorten this.', flag, workers)
    : t('More workers (Helm {0}, from ARC {1} on, now {2}) would shorten this.', flag, version, workers);
}

/** The version of ARC from which on there is what was not published with a release yet; undefined where it was. */
function comesWith(wanted: Switch, release: string | undefined): string | undefined {
  const first = RELEASES.firstWith(wanted);
  if (first === undefined || release === undefined) return undefined;
  return RELEASES.position(release) < RELEASES.position(first.id) ? first.versions[0] : undefined;
}

function limiterWait({ requests: all = [] }: PassEvent | OpenPass, { release, qps, burst }: Knobs): string[] {
  const requests = all.filter(({ ended }) => ended !== undefined);
  const heldUs = requests.reduce((sum, { throttled = 0 }) => sum + throttled, 0);
  if (heldUs < WORTH_TELLING_US) return [];
  const kinds = new Set(
    requests.filter(({ throttled = 0 }) => throttled > 0).map(({ resource }) => kindOf(resource) ?? ''),
  );
  const waited = t(
    "Waited {0} for the controller's own rate limit on requests for {1}: each kind of object has one.",
    formatDuration(heldUs),
    [...kinds].join(', '),
  );
  const now = (value: number | undefined): string => (value === undefined ? '' : `, ${t('now {0}', value)}`);
  const flags = [`flags.k8sClientRateLimiterQPS${now(qps)}`, `flags.k8sClientRateLimiterBurst${now(burst)}`];
  const version = comesWith(3848, release);
  const higher =
    version === undefined
      ? t('A higher rate and burst (Helm {0}; {1}) would shorten this.', ...flags)
      : t('A higher rate and burst (Helm {0}; {1}; from ARC {2} on) would shorten this.', ...flags, version);
  return [waited, higher];
}

function lockWait(
  { requests = [] }: PassEvent | OpenPass,
  { release = '' }: Knobs,
  holders: readonly LockHolder[],
): string[] {
  const lockedUs = requests.reduce((sum, { locked = 0 }) => sum + locked, 0);
  if (lockedUs < WORTH_TELLING_US) return [];
  const waited = formatDuration(lockedUs);
  if (hasActionsLock(release) === false) return [t('Waited {0} for a token that another pass was requesting.', waited)];
  return [
    holders.length === 0
      ? t('Waited {0} for the lock of the Actions client.', waited)
      : t('Waited {0} for the lock of the Actions client, held by calls for {1}.', waited, namesOf(holders)),
    t('Since ARC {0} one call to the Actions service runs at a time (#{1}).', LOCK_SINCE, ACTIONS_LOCK),
  ];
}

function slowestRequest({ requests = [], started = NaN, ended }: PassEvent): string[] {
  const slowest = [...requests].sort((a, b) => serviceUs(b) - serviceUs(a))[0];
  const tookUs = ended - started;
  if (slowest === undefined || !(serviceUs(slowest) > tookUs / 2) || tookUs < WORTH_TELLING_US) return [];
  const [spent, took, what] = [formatDuration(serviceUs(slowest)), formatDuration(tookUs), requestName(slowest)];
  const isAll = serviceUs(slowest) >= tookUs * ALL;
  if (slowest.to === 'actions') {
    return isAll
      ? [t('Spent all {0} waiting for the Actions service ({1}), blocking the worker.', took, what)]
      : [t('Spent {0} of {1} waiting for the Actions service ({2}), blocking the worker.', spent, took, what)];
  }
  return isAll
    ? [t('Spent all {0} waiting for the API server ({1}).', took, what)]
    : [t('Spent {0} of {1} waiting for the API server ({2}).', spent, took, what)];
}

function namesOf(workerHolders: readonly Pick<WorkerHolder, 'runner' | 'us'>[]): string {
  const named = workerHolders
    .slice(0, NAMED)
    .map(({ runner, us }) => `${splitKey(runner).name} (${formatDuration(us)})`);
  const left = workerHolders.length - named.length;
  return [...named, ...(left > 0 ? [t('{0} more', left)] : [])].join(', ');
}

function delay(pass: PassEvent | OpenPass, before: PassEvent | undefined, { release }: Knobs): string {
  const { delayUs } = waitsOf(pass);
  const length = formatDuration(delayUs);
  if (pass.trigger === 'requeue-after') {
    return t('Waited {0} because the previous pass requested a requeue after that time.', length);
  }
  const why =
    pass.trigger !== 'error'
      ? t('the previous pass requested a requeue')
      : typeof before?.error !== 'string'
        ? t('the previous pass failed')
        : t('the previous pass failed: {0}', withoutStop(before.error));
  if (pass.attempt === undefined) return t('Waited {0}, a back-off, because {1}.', length, why);
  const { baseUs, perSecond } = (RELEASES.find(release ?? '') ?? RELEASES.default).backoff;
  const backoffUs = baseUs * 2 ** Math.max(0, pass.attempt - 2);
  if (delayUs > backoffUs * 1.5) {
    return t(
      'Waited {0} because {1}. Its back-off is {2}; the rest is the limit of {3} requeues a second that all runners share.',
      length,
      why,
      formatDuration(backoffUs),
      perSecond,
    );
  }
  return t('Waited {0}, the back-off before try {1}, because {2}.', length, pass.attempt, why);
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}

/** Without the parts that the limiter and the lock held it; 0 where it is not known. */
function serviceUs({ started = NaN, ended = NaN, throttled = 0, locked = 0 }: TraceRequest): number {
  return ended - started - throttled - locked || 0;
}
