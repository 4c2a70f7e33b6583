import { t } from '@vscode/l10n';
import { groupBy } from '../base/group.ts';
import { runnersText, timesText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { PassEvent, TraceRequest } from '../trace/model.ts';
import { requestName } from '../trace/request-name.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** Passes of one object that come round in the same way: the same outcome, and the same request refused. */
export interface Loop {
  /** namespace/name, of a runner as a rule. */
  readonly runner: string;
  /** What does not succeed, as a resource or an operation of the Actions service; undefined where no request failed. */
  readonly request: { readonly verb: string; readonly resource: string; readonly status: number } | undefined;
  /** What the pass ended with; null if it only requested a requeue. */
  readonly error: string | null;
  /** How many times in a row. */
  readonly times: number;
  /** The time between the last two of them. */
  readonly everyUs: number;
  /** Whether that time grows, as a back-off does. */
  readonly isBackoff: boolean;
}

/** How a run ended. Times are microseconds after the first runner's creation. */
export type RunEnd =
  /** Nothing was left to do. */
  | { readonly kind: 'quiet' }
  /** Nothing was left but passes that come round in the same way and change nothing. */
  | {
      readonly kind: 'not-quiet';
      readonly loops: readonly Loop[];
      /** Of a scale set with jobs that are not done: for how long no runner had changed. */
      readonly unchangedUs?: number;
      /** That is for how long no job had started or ended, while runners came and went. */
      readonly comeAndGo?: boolean;
    }
  /** It was ended at its horizon, or because it had made more passes than any run needs. */
  | {
      readonly kind: 'cut-off';
      readonly by: 'horizon' | 'passes';
      readonly afterUs: number;
      readonly loops: readonly Loop[];
    }
  | { readonly kind: 'interrupted'; readonly afterUs: number };

/** Fewer than these in a row are no loop yet. */
const ROUNDS_OF_A_LOOP = 3;

/** The loops at the end of the trace, of those objects that are asked about. */
export function loopsOf(trace: TraceLog, isAskedAbout: (key: string) => boolean): Loop[] {
  const current = new Map<string, { last: PassEvent; loop: Loop }>();
  for (const pass of trace.passes()) {
    // A scale set and its runner set may have the same name.
    const key = `${pass.controller ?? ''} ${pass.object}`;
    const before = current.get(key);
    current.set(key, { last: pass, loop: roundOf(pass, before?.last, before?.loop) });
  }
  return [...current.values()]
    .map(({ loop }) => loop)
    .filter(({ runner, times }) => times >= ROUNDS_OF_A_LOOP && isAskedAbout(runner));
}

function roundOf(pass: PassEvent, before: PassEvent | undefined, loop: Loop | undefined): Loop {
  const refused = pass.requests?.findLast(isRefused);
  const isSame =
    before !== undefined && pass.result !== 'done' && before.result === pass.result && before.error === pass.error;
  const { verb = '', resource = '', status = 0 } = refused ?? {};
  const request = refused === undefined ? undefined : { verb, resource, status };
  const isSameRequest = JSON.stringify(loop?.request) === JSON.stringify(request);
  return {
    runner: pass.object,
    request,
    error: pass.error ?? null,
    times: pass.result === 'done' ? 0 : isSame && isSameRequest ? (loop?.times ?? 0) + 1 : 1,
    everyUs: everyUs(pass, before),
    isBackoff: pass.result !== 'requeue-after',
  };
}

/** The delay that was asked for, or the time between the beginnings; 0 where neither is known. */
function everyUs({ result, after, started }: PassEvent, before: PassEvent | undefined): number {
  if (result === 'requeue-after') return after ?? 0;
  return started === undefined || before?.started === undefined ? 0 : started - before.started;
}

/** That something is not there yet is how passes look for it. */
function isRefused({ verb, status = 200 }: TraceRequest): boolean {
  return status === 0 || (status >= 400 && !(verb === 'get' && status === 404));
}

/** Why the run did not come to rest, in a sentence; empty where it did. */
export function endText(end: RunEnd): string {
  switch (end.kind) {
    case 'quiet':
      return '';
    case 'not-quiet':
      return end.unchangedUs === undefined
        ? t('Not quiet: {0}; nothing else is left to happen.', loopsText(end.loops))
        : end.comeAndGo === true
          ? inVainText(end.unchangedUs)
          : unchangedText(end.unchangedUs, end.loops);
    case 'interrupted':
      return t('Interrupted after {0}.', shortDuration(end.afterUs));
    case 'cut-off': {
      const after = shortDuration(end.afterUs);
      const what =
        end.by === 'horizon'
          ? t('Not quiet: ended at the horizon of {0}', after)
          : t('Not quiet: ended after {0}, when it had made more passes than a run needs', after);
      return end.loops.length === 0 ? `${what}.` : `${what}: ${loopsText(end.loops)}.`;
    }
  }
}

function inVainText(us: number): string {
  return t(
    'Not quiet: ended with jobs that are not done, as none had started or ended for {0}, while runners came and went.',
    shortDuration(us),
  );
}

function unchangedText(us: number, loops: readonly Loop[]): string {
  const what = t('Not quiet: ended with jobs that are not done, as no runner had changed for {0}', shortDuration(us));
  return loops.length === 0 ? `${what}.` : `${what}: ${loopsText(loops)}.`;
}

/** A run that has ended, as far as its end goes. */
interface Ended {
  readonly end: RunEnd;
  readonly settings: { readonly runners: number };
  readonly statistics: { readonly runnersWithPod: number };
}

/** The same, with how many runners had no pod when a run was cut off. */
export function cutOffText({ end, settings: { runners }, statistics: { runnersWithPod } }: Ended): string {
  const without = runners - runnersWithPod;
  if (end.kind !== 'cut-off' || without <= 0) return endText(end);
  const pods = t('Without a pod: {0} of {1}.', without, runnersText(runners));
  return `${endText(end)} ${pods}`;
}

/** A sentence where no run came as far as a first pod before its end; empty otherwise. */
export function noPodText(runs: readonly Ended[]): string {
  const ends = runs.flatMap(({ end, statistics }) =>
    end.kind === 'cut-off' && statistics.runnersWithPod === 0 ? [end.afterUs] : [],
  );
  if (ends.length === 0 || ends.length < runs.length) return '';
  return t('No runner got a pod within {0}.', shortDuration(Math.max(...ends)));
}

/** What keeps coming round though something may still end it. */
export function waitingText(loops: readonly Loop[]): string {
  return t('Still waiting: {0}.', loopsText(loops));
}

/** One clause for all runners to whom the same happens. */
export function loopsText(loops: readonly Loop[]): string {
  const groups = groupBy(loops, ({ request, error }) => JSON.stringify([request, error]));
  return [...groups.values()].map(groupText).join('; ');
}

function groupText(group: readonly Loop[]): string {
  const longest = group.reduce((a, b) => (b.times > a.times ? b : a));
  const { request, error, everyUs, isBackoff, times } = longest;
  const { name } = splitKey(group[0]?.runner ?? '');
  const who = group.length === 1 ? name : t('{0} and {1} more', name, group.length - 1);
  const every = isBackoff
    ? t('with a back-off of now {0}', shortDuration(everyUs))
    : t('every {0}', shortDuration(everyUs));
  const what = t('{0} {1}, {2}', outcomeText(request, who), every, timesText(times));
  const told = [
    ...(request === undefined || request.status === 0 ? [] : [String(request.status)]),
    ...(error === null ? [] : [error.replace(/\.$/, '')]),
    ...(isJobStillRunning(longest) ? [t('the Actions service says that its job still runs')] : []),
  ];
  return told.length === 0 ? what : `${what} (${told.join(': ')})`;
}

function outcomeText(request: Loop['request'], who: string): string {
  if (request === undefined) return t('pass of {0} did not finish it and was repeated', who);
  const { verb, resource, status } = request;
  const subject =
    resource === 'delete-runner'
      ? t('removal of {0}', who)
      : resource === 'generatejitconfig'
        ? t('registration of {0}', who)
        : resource === 'pods' && verb === 'create'
          ? t('creation of the pod of {0}', who)
          : t('{0} for {1}', requestName({ verb, resource }), who);
  if (status === 0) return t('{0} not answered', subject);
  return status >= 500 ? t('{0} failed', subject) : t('{0} refused', subject);
}

/** The one answer that upstream's controller waits for with a fixed delay after a removal. */
function isJobStillRunning({ request, isBackoff }: Loop): boolean {
  return request?.resource === 'delete-runner' && request.status === 400 && !isBackoff;
}

/** `30 s`, `2 min` and `24 h` where figures in a column say `30.00 s` and so on. */
function shortDuration(us: number): string {
  const hours = us / 3600e6;
  if (hours >= 1 && Number.isInteger(hours)) return `${hours} h`;
  return formatDuration(us).replace(/\.0+ /, ' ').replace(/ 0 s$/, '');
}
