import { t } from '@vscode/l10n';
import { milestonesOf } from '../analysis/milestones.ts';
import { refusedRequests, type RefusedRequests } from '../analysis/refused-requests.ts';
import type { ScaleSetFigures } from '../analysis/scale-set-figures.ts';
import { inWords, runnersText, thousands } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { codeWords } from '../problems/code-words.ts';
import { RUNNER_KIND } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { refusedText } from './refused-words.ts';

/** Kinds of refusals that are named; what comes after them hardly explains anything. */
const MOST_KINDS = 3;
/** A pod that runs sooner after it was made is not what jobs waited for. */
const LONG_US = 5e6;

/**
 * What may have made jobs start late that are all done, in sentences: requests that were refused until they were tried
 * again, and pods that took long to run. Times are counted from when the first job was queued.
 */
export function lateJobsSentences(log: TraceLog, { jobs }: ScaleSetFigures): readonly string[] {
  const [first] = jobs;
  if (first === undefined || jobs.some(({ completedUs }) => completedUs === undefined)) return [];
  return [
    ...refusedRequests(log)
      .slice(0, MOST_KINDS)
      .map((refused) => lateText(log, refused, first.queuedUs)),
    ...slowPods(log),
  ];
}

function lateText(log: TraceLog, refused: RefusedRequests, fromUs: number): string {
  const { count, firstUs, lastUs } = refused;
  const after = (us: number): string =>
    us < fromUs
      ? t('{0} before the first job was queued', formatDuration(Math.round(fromUs - us)))
      : t('{0} after the first job was queued', formatDuration(Math.round(us - fromUs)));
  const how = refusedText(refused, isOfListener(log, refused) ? t(' for the listener') : '');
  const when =
    count === 1 || firstUs === lastUs
      ? after(firstUs)
      : t('the first {0}, the last {1} later', after(firstUs), formatDuration(Math.round(lastUs - firstUs)));
  if (refused.resource === 'create-session' && refused.status === 409)
    return t('{0}, {1}. Another listener had the session of the scale set.', how, when);
  return count === 1
    ? t('{0}, {1}. It was tried again, and what needed its answer waited.', how, when)
    : t('{0}, {1}. They were tried again, and what needed their answers waited.', how, when);
}

/** Whether all of these requests were about the listener's objects, which are called after it. */
function isOfListener({ rows }: TraceLog, refused: RefusedRequests): boolean {
  const { requests, words, strings } = rows;
  if (refused.to !== 'kubernetes') return false;
  for (let row = 0; row < requests.status.length; row++) {
    if (requests.status.get(row) !== refused.status) continue;
    if (words.textOf(requests.verb.get(row)) !== refused.verb) continue;
    if (words.textOf(requests.resource.get(row)) !== refused.resource) continue;
    if (strings.textOf(requests.object.get(row))?.endsWith('-listener') !== true) return false;
  }
  return true;
}

/** Of pods that had a trouble before they ran, and no longer had it then. */
function slowPods(log: TraceLog): readonly string[] {
  const codes = troublesOfRunners(log);
  const waited = [...milestonesOf(log)].flatMap(([runner, { pod, running }]) => {
    const code = codes.get(runner);
    const us = (running?.atUs ?? NaN) - (pod?.atUs ?? NaN);
    return code !== undefined && us > LONG_US ? [{ code, us }] : [];
  });
  if (waited.length === 0) return [];
  const longestText = formatDuration(Math.round(Math.max(...waited.map(({ us }) => us))));
  const reasons = inWords([...new Set(waited.map(({ code }) => codeWords(code)))]);
  return [
    waited.length === 1
      ? t(
          'The pod of 1 runner took {0} from when it was made until it ran: {1}. Its job waited for it.',
          longestText,
          reasons,
        )
      : t(
          'Pods of {0} took up to {1} from when they were made until they ran: {2}. Their jobs waited for them.',
          ...[runnersText(thousands(waited.length)), longestText, reasons],
        ),
  ];
}

/** What runners' pods waited for most before they ran, by the runner. */
function troublesOfRunners({ rows: { objects, words, strings, whys } }: TraceLog): ReadonlyMap<string, string> {
  const waits = new Map<string, Map<string, number>>();
  const open = new Map<string, { readonly code: string; readonly sinceUs: number }>();
  for (let row = 0; row < objects.object.length; row++) {
    if (words.textOf(objects.kind.get(row)) !== RUNNER_KIND) continue;
    const runner = strings.text(objects.object.get(row));
    const atUs = objects.span.startedUs(row);
    const before = open.get(runner);
    if (before !== undefined) {
      const times = waits.get(runner) ?? new Map<string, number>();
      times.set(before.code, (times.get(before.code) ?? 0) + atUs - before.sinceUs);
      waits.set(runner, times);
    }
    const trouble = whys[objects.why.get(row)]?.trouble;
    if (trouble === undefined || trouble.ended === true) open.delete(runner);
    else open.set(runner, { code: trouble.code, sinceUs: atUs });
  }
  return new Map([...waits].map(([runner, times]) => [runner, longest(times)]));
}

function longest(times: ReadonlyMap<string, number>): string {
  return [...times].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}
