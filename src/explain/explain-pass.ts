import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { Switch } from '../reconciler/releases/release.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { triggerWords } from '../timeline/trigger-words.ts';
import type { OpenPass, PassEvent, TraceHeader, TraceRequest } from '../trace/model.ts';
import type { Occupant } from '../analysis/occupants.ts';

/** Waits shorter than this need no explanation. */
const WORTH_TELLING_US = 10_000;
/** Name at most this many of the runners that had the workers. */
const NAMED = 3;
/** A request that took this share of a pass took all of it. */
const ALL = 0.95;

/** The controller's knobs, as far as a trace's settings name them. */
export interface Knobs {
  readonly workers?: number;
  readonly qps?: number;
  readonly burst?: number;
}

export function knobsOf({ settings }: TraceHeader): Knobs {
  const number = (name: string): { readonly [key: string]: number } =>
    typeof settings[name] === 'number' ? { [name]: settings[name] } : {};
  return { ...number('workers'), ...number('qps'), ...number('burst') };
}

/**
 * Says in sentences what a pass waited for, and what it spent its time with.
 * @param before the runner's pass before it
 * @param occupants whom the workers were with while it waited
 */
export function explainPass(
  pass: PassEvent,
  before: PassEvent | undefined,
  occupants: readonly Occupant[] = [],
  knobs: Knobs = {},
): string[] {
  return [...refusals(pass.requests), ...explainWaits(pass, before, occupants, knobs), ...slowestRequest(pass)];
}

/** What a pass waited for before and during its requests, whether or not it has ended. */
export function explainWaits(
  pass: PassEvent | OpenPass,
  before: PassEvent | undefined,
  occupants: readonly Occupant[],
  knobs: Knobs,
): string[] {
  return [
    ...(pass.ready > pass.queued ? [delay(pass, before)] : []),
    ...(pass.started - pass.ready >= WORTH_TELLING_US ? workerWait(pass, before, occupants, knobs) : []),
    ...limiterWait(pass, knobs),
  ];
}

/** Why a pass came: `because: the runner's status changed`. */
export function becauseOf(pass: PassEvent, before: PassEvent | undefined): string {
  const cause = causeOf(pass, before);
  if (pass.trigger === 'ephemeralrunner-updated' && cause?.resource === 'ephemeralrunners/status') {
    return t("because: the runner's status changed");
  }
  if (pass.trigger === 'ephemeralrunner-updated' && cause?.resource === 'ephemeralrunners') {
    return t("because: the runner's finalizers changed");
  }
  return t('because: {0}', triggerWords(pass.trigger));
}

function refusals(requests: readonly TraceRequest[]): string[] {
  return requests.flatMap(({ to, status, message, ...request }) => {
    if (message === undefined) return [];
    const what = nameOf(request);
    if (status === 0) return [t('No answer came to {0}: {1}.', what, withoutStop(message))];
    return to === 'actions'
      ? [t('The Actions service answered {0} with {1}: {2}.', what, status, withoutStop(message))]
      : [t('The API server answered {0} with {1}: {2}.', what, status, withoutStop(message))];
  });
}

function workerWait(
  pass: PassEvent | OpenPass,
  before: PassEvent | undefined,
  occupants: readonly Occupant[],
  { workers }: Knobs,
): string[] {
  const waited = formatDuration(pass.started - pass.ready);
  const ownUs = occupants.find(({ runner }) => runner === pass.runner)?.us ?? 0;
  if (ownUs * 2 > pass.started - pass.ready) {
    return [t('Waited {0} until its own pass before had ended: a runner is never with two workers.', waited)];
  }
  const sentences = [`${busyWorkers(waited, workers)} ${moreWorkers(pass.mode, workers)}`];
  const others = occupants.filter(({ runner }) => runner !== pass.runner);
  if (others.length > 0) sentences.push(t('Busy with {0}.', namesOf(others)));
  const registered = before?.requests.some(
    ({ resource, status }) => resource === 'generatejitconfig' && status === 200,
  );
  const release = RELEASES.find(pass.mode);
  const later = RELEASES.firstWith(3831);
  if (registered === true && release?.switches.has(3831) === false && later !== undefined) {
    sentences.push(
      t(
        'In {0} mode a pass ends after the registration, so the runner went to the back of the queue before its pod could be made; {1} mode goes on in the same pass.',
        release.id,
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

function moreWorkers(mode: string, workers: number | undefined): string {
  const flag = 'flags.runnerMaxConcurrentReconciles';
  if (workers === undefined) return t('More workers (Helm `{0}`) would shorten this.', flag);
  const version = comesWith(3832, mode);
  return version === undefined
    ? t('More workers (Helm `{0}`, now {1}) would shorten this.', flag, workers)
    : t('More workers (Helm `{0}`, from ARC {1} on, now {2}) would shorten this.', flag, version, workers);
}

/** The version of ARC from which on there is what a release does not have yet; undefined where it has it. */
function comesWith(wanted: Switch, mode: string): string | undefined {
  const isMissing = RELEASES.find(mode)?.switches.has(wanted) === false;
  return isMissing ? RELEASES.firstWith(wanted)?.since : undefined;
}

function limiterWait({ requests: all, mode }: PassEvent | OpenPass, { qps, burst }: Knobs): string[] {
  const requests = all.filter(({ ended }) => ended !== undefined);
  const heldUs = requests.reduce((sum, { throttled }) => sum + throttled, 0);
  if (heldUs < WORTH_TELLING_US) return [];
  const kinds = new Set(requests.filter(({ throttled }) => throttled > 0).map(({ resource }) => baseKind(resource)));
  const waited = t(
    "Waited {0} for the controller's own rate limit on requests for {1}: each kind of object has one.",
    formatDuration(heldUs),
    [...kinds].join(', '),
  );
  const now = (value: number | undefined): string => (value === undefined ? '' : `, ${t('now {0}', value)}`);
  const flags = [`\`flags.k8sClientRateLimiterQPS\`${now(qps)}`, `\`flags.k8sClientRateLimiterBurst\`${now(burst)}`];
  const version = comesWith(3848, mode);
  const higher =
    version === undefined
      ? t('A higher rate and burst (Helm {0}; {1}) would shorten this.', ...flags)
      : t('A higher rate and burst (Helm {0}; {1}; from ARC {2} on) would shorten this.', ...flags, version);
  return [waited, higher];
}

function slowestRequest({ requests, started, ended }: PassEvent): string[] {
  const slowest = [...requests].sort((a, b) => serviceUs(b) - serviceUs(a))[0];
  const tookUs = ended - started;
  if (slowest === undefined || serviceUs(slowest) <= tookUs / 2 || tookUs < WORTH_TELLING_US) return [];
  const [spent, took, what] = [formatDuration(serviceUs(slowest)), formatDuration(tookUs), nameOf(slowest)];
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

function namesOf(occupants: readonly Occupant[]): string {
  const named = occupants.slice(0, NAMED).map(({ runner, us }) => `${splitKey(runner).name} (${formatDuration(us)})`);
  const left = occupants.length - named.length;
  return [...named, ...(left > 0 ? [t('{0} more', left)] : [])].join(', ');
}

function delay(pass: PassEvent | OpenPass, before: PassEvent | undefined): string {
  const length = formatDuration(pass.ready - pass.queued);
  if (pass.trigger === 'requeue-after') {
    return t('Waited {0} because the pass before asked to be called again after that time.', length);
  }
  const why =
    pass.trigger !== 'error'
      ? t('the pass before asked for a requeue')
      : before?.error == null
        ? t('the pass before failed')
        : t('the pass before failed: {0}', withoutStop(before.error));
  const { baseUs, perSecond } = (RELEASES.find(pass.mode) ?? RELEASES.default).backoff;
  const backoffUs = baseUs * 2 ** Math.max(0, pass.attempt - 2);
  if (pass.ready - pass.queued > backoffUs * 1.5) {
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

/** Requests of this pass that changed something, and when the pass that each of them caused was queued. */
export function arrowsOf(pass: PassEvent, next: PassEvent | OpenPass | undefined): { fromUs: number; toUs: number }[] {
  if (next === undefined) return [];
  const isOwnRequeue = next.trigger === 'requeue' || next.trigger === 'requeue-after' || next.trigger === 'error';
  if (isOwnRequeue) return [{ fromUs: pass.ended, toUs: next.queued }];
  const cause = causeOf(next, pass);
  return cause === undefined ? [] : [{ fromUs: cause.ended, toUs: next.queued }];
}

/** The write of the pass before whose effect queued this one. */
function causeOf({ trigger, queued }: PassEvent | OpenPass, before: PassEvent | undefined): TraceRequest | undefined {
  const wanted = trigger.startsWith('pod') ? 'pods' : 'ephemeralrunners';
  return before?.requests.findLast(
    ({ verb, resource, started }) =>
      verb !== 'get' && verb !== 'list' && baseKind(resource) === wanted && started <= queued,
  );
}

function nameOf({ verb, resource }: Pick<TraceRequest, 'verb' | 'resource'>): string {
  return `${verb.toUpperCase()} ${resource}`;
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '');
}

function baseKind(resource: string): string {
  return resource.replace(/\/.*$/, '');
}

function serviceUs({ started, ended, throttled }: TraceRequest): number {
  return ended - started - throttled;
}
