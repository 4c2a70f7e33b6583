import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { OpenPass, PassEvent, TraceRequest } from '../trace/model.ts';
import type { Occupant } from './occupants.ts';
import { DEFAULT_BACKOFF } from '../runtime/rate-limiter.ts';

/** Waits shorter than this need no explanation. */
const WORTH_TELLING_US = 10_000;
/** Of the runners that had the workers so many are named. */
const NAMED = 3;

/**
 * Says in sentences why a pass came when it came, and what held it.
 * @param before the runner's pass before it
 * @param occupants whom the workers were with while it waited
 */
export function explainPass(
  pass: PassEvent,
  before: PassEvent | undefined,
  occupants: readonly Occupant[] = [],
): string[] {
  const sentences = [...explainWaits(pass, before, occupants), ...explainLimiter(pass.requests)];
  const slowest = [...pass.requests].sort((a, b) => serviceUs(b) - serviceUs(a))[0];
  const tookUs = pass.ended - pass.started;
  if (slowest !== undefined && serviceUs(slowest) > tookUs / 2 && tookUs >= WORTH_TELLING_US) {
    const words = [
      formatDuration(serviceUs(slowest)),
      formatDuration(tookUs),
      `${slowest.verb.toUpperCase()} ${slowest.resource}`,
    ];
    sentences.push(
      slowest.to === 'actions'
        ? t(
            "{0} of its {1} went by until the Actions service's answer to {2}; the worker was held all that time.",
            ...words,
          )
        : t(
            "{0} of its {1} went by until the API server's answer to {2}; the worker was held all that time.",
            ...words,
          ),
    );
  }
  return sentences;
}

/**
 * Says in sentences what a pass that has not ended waits for, and since when.
 * @param nowUs the trace's time, or the time at which it ended
 */
export function explainOpenPass(
  pass: OpenPass,
  nowUs: number,
  before: PassEvent | undefined,
  occupants: readonly Occupant[] = [],
): string[] {
  const ended = pass.requests.filter((request) => request.ended !== undefined);
  return [openPassNow(pass, nowUs), ...explainWaits(pass, before, occupants), ...explainLimiter(ended)];
}

function openPassNow({ started, worker, phases, requests }: OpenPass, nowUs: number): string {
  const since = (us: number): string => formatDuration(Math.max(0, nowUs - us));
  const held = t('Worker {0} has been held for {1}.', worker + 1, since(started));
  const last = requests.at(-1);
  if (last === undefined || last.ended !== undefined) {
    const phase = phases.at(-1);
    if (phase === undefined) return t('The pass has not ended. {0}', held);
    return t(
      'The pass has been in {0} for {1}, without a request in flight. {2}',
      phase.name,
      since(phase.started),
      held,
    );
  }
  const what = `${last.verb.toUpperCase()} ${last.resource}`;
  const sentUs = last.started + last.throttled;
  if (sentUs > nowUs) {
    return t('The client-side limiter has held {0} back for {1}. {2}', what, since(last.started), held);
  }
  return last.to === 'actions'
    ? t('The Actions service has not answered {0} for {1}. {2}', what, since(sentUs), held)
    : t('The API server has not answered {0} for {1}. {2}', what, since(sentUs), held);
}

function explainWaits(
  pass: PassEvent | OpenPass,
  before: PassEvent | undefined,
  occupants: readonly Occupant[],
): string[] {
  const sentences: string[] = [];
  const delayUs = pass.ready - pass.queued;
  const workerUs = pass.started - pass.ready;
  if (delayUs > 0) sentences.push(explainDelay(pass, before, delayUs));
  if (workerUs < WORTH_TELLING_US) return sentences;
  sentences.push(t('It waited {0} in the queue: every worker was busy with other runners.', formatDuration(workerUs)));
  if (occupants.length > 0) sentences.push(t('They were with {0}.', namesOf(occupants, pass.runner)));
  const registered = before?.requests.some(
    ({ resource, status }) => resource === 'generatejitconfig' && status === 200,
  );
  if (pass.mode === 'old' && registered === true) {
    sentences.push(
      t(
        'In old mode a pass ends after the registration, so the runner went to the back of the queue before its pod could be made; new mode goes on in the same pass.',
      ),
    );
  }
  return sentences;
}

function explainLimiter(requests: readonly TraceRequest[]): string[] {
  const throttledUs = requests.reduce((sum, { throttled }) => sum + throttled, 0);
  if (throttledUs < WORTH_TELLING_US) return [];
  const kinds = new Set(requests.filter(({ throttled }) => throttled > 0).map(({ resource }) => baseKind(resource)));
  return [
    t(
      'The client-side limiter held its requests on {0} back for {1}; each kind of object has a bucket of its own, and a higher QPS and burst would shorten this.',
      [...kinds].join(', '),
      formatDuration(throttledUs),
    ),
  ];
}

/** A key that is added during a pass for it waits for that pass first. */
function namesOf(occupants: readonly Occupant[], own: string): string {
  const named = occupants.slice(0, NAMED).map(({ runner, us }) => {
    const name = runner === own ? t('its own pass before') : splitKey(runner).name;
    return `${name} (${formatDuration(us)})`;
  });
  const left = occupants.length - named.length;
  return [...named, ...(left > 0 ? [t('{0} more', left)] : [])].join(', ');
}

function explainDelay(pass: PassEvent | OpenPass, before: PassEvent | undefined, delayUs: number): string {
  const length = formatDuration(delayUs);
  if (pass.trigger === 'requeue-after') return t('The pass before asked to be called again after {0}.', length);
  const why =
    pass.trigger === 'error'
      ? before?.error == null
        ? t('The pass before failed')
        : t('The pass before failed ({0})', before.error)
      : t('The pass before asked for a requeue');
  const backoffUs = DEFAULT_BACKOFF.baseUs * 2 ** Math.max(0, pass.attempt - 2);
  if (delayUs > backoffUs * 1.5) {
    return t(
      "{0}: its back-off is {1}, but the queue's bucket of {2} requeues a second was empty and held it for {3}.",
      why,
      formatDuration(backoffUs),
      DEFAULT_BACKOFF.perSecond,
      length,
    );
  }
  return t('{0}: back-off of {1} before try {2}.', why, length, pass.attempt);
}

/** Requests of this pass that changed something, and when the pass that each of them caused was queued. */
export function arrowsOf(pass: PassEvent, next: PassEvent | OpenPass | undefined): { fromUs: number; toUs: number }[] {
  if (next === undefined) return [];
  const isOwnRequeue = next.trigger === 'requeue' || next.trigger === 'requeue-after' || next.trigger === 'error';
  if (isOwnRequeue) return [{ fromUs: pass.ended, toUs: next.queued }];
  const wanted = next.trigger.startsWith('pod') ? 'pods' : 'ephemeralrunners';
  const cause = pass.requests.findLast(
    ({ verb, resource, started }) =>
      verb !== 'get' && verb !== 'list' && baseKind(resource) === wanted && started <= next.queued,
  );
  return cause === undefined ? [] : [{ fromUs: cause.ended, toUs: next.queued }];
}

function baseKind(resource: string): string {
  return resource.replace(/\/.*$/, '');
}

function serviceUs({ started, ended, throttled }: PassEvent['requests'][number]): number {
  return ended - started - throttled;
}
