import { t } from '@vscode/l10n';
import { capital } from '../base/capital.ts';
import { formatDuration } from '../base/duration.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { ScaleSetLoad } from '../run/job-load.ts';
import { troubleWords, type TimedTrouble } from '../run/listener-trouble.ts';
import { START_UP_US } from '../run/start-embedded.ts';
import type { MarkEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/**
 * A sentence for each thing that was to be done to the listener of a run: when it was done and since when the listener runs
 * again, or why nothing happened. Times are counted from when the AutoscalingRunnerSet was made, as those of `--listener`.
 * @param tableUs from when the times of a table are counted that stands beside the sentences; these say its times too
 */
export function listenerSentences(log: TraceLog, tableUs?: number): readonly string[] {
  const { listener = [] } = (log.header.settings['scaleSet'] ?? {}) as Partial<ScaleSetLoad>;
  const runs = listenerRuns(log);
  const marks = log.marks.filter(({ what }) => what === 'fault');
  return listener
    .toSorted((a, b) => a.atUs - b.atUs)
    .map((trouble) => {
      const texts = [troubleWords(trouble), troubleWords(trouble, 0)];
      const dueUs = START_UP_US + trouble.atUs;
      // Each is of one event, also where several are alike.
      const place = marks.findIndex(({ at, text = '' }) => at >= dueUs && texts.includes(text));
      const [mark] = place < 0 ? [] : marks.splice(place, 1);
      return mark === undefined ? missedText(log, trouble) : sentence(runs, trouble, mark, tableUs);
    });
}

/** From when the AutoscalingRunnerSet was made. */
function after(us: number): string {
  return formatDuration(Math.round(us - START_UP_US));
}

/** `, 10.80 s in the table`; nothing without a table. */
function placeText(atUs: number, tableUs: number | undefined): string {
  if (tableUs === undefined) return '';
  return atUs < tableUs
    ? t(', before the first job was queued')
    : t(', {0} in the table', formatDuration(Math.round(atUs - tableUs)));
}

function missedText({ endedUs }: TraceLog, trouble: TimedTrouble): string {
  const when = formatDuration(trouble.atUs);
  return endedUs === undefined
    ? t('Nothing has happened to the listener at {0} yet.', when)
    : t(
        'Nothing happened to the listener at {0}: the run was over after {1}. Give an earlier time, or jobs that take longer.',
        ...[when, after(endedUs)],
      );
}

function sentence(
  runs: readonly ListenerRuns[],
  trouble: TimedTrouble,
  { at: atUs, text }: MarkEvent,
  tableUs: number | undefined,
): string {
  const [when, nobody] = [after(atUs), troubleWords(trouble, 0)];
  const hit = runs.filter(({ spans }) => spans.some(({ fromUs, untilUs }) => fromUs <= atUs && untilUs >= atUs));
  if (text !== nobody && trouble.do !== 'slow' && runs.length > 1 && hit.length > 0) {
    return hit.map((one) => namedText(one, trouble, atUs, tableUs)).join(' ');
  }
  const nextUs = startsOf(hit.length > 0 ? hit : runs).find((us) => us > atUs);
  if (text !== nobody) {
    const what = capital(troubleWords(trouble));
    const place = placeText(atUs, tableUs);
    if (trouble.do === 'slow') return t('{0}, from {1} after the AutoscalingRunnerSet was made{2}.', what, when, place);
    return nextUs === undefined
      ? t(
          '{0} {1} after the AutoscalingRunnerSet was made{2}; it did not run again before the end of the run.',
          ...[what, when, place],
        )
      : t(
          '{0} {1} after the AutoscalingRunnerSet was made{2}; it ran again {3} later.',
          ...[what, when, place, formatDuration(Math.round(nextUs - atUs))],
        );
  }
  const nothing = t('Nothing happened at {0}: {1}', when, nobody);
  if (trouble.do === 'slow') return `${nothing}.`;
  if (nextUs === undefined) return t('{0}, and none ran later.', nothing);
  return startsOf(runs)[0] === nextUs
    ? t('{0}; the first one ran at {1}. Give a later time.', nothing, after(nextUs))
    : t('{0}; it ran again at {1}. Give a later time.', nothing, after(nextUs));
}

/** Of a listener that is not the only one of the run, so that it is named. */
function namedText(
  { name, spans }: ListenerRuns,
  trouble: TimedTrouble,
  atUs: number,
  tableUs: number | undefined,
): string {
  const what = trouble.do === 'evict' ? t('Listener {0} evicted', name) : t('Listener {0} killed', name);
  const place = placeText(atUs, tableUs);
  const nextUs = spans.find(({ fromUs }) => fromUs > atUs)?.fromUs;
  return nextUs === undefined
    ? t(
        '{0} {1} after the AutoscalingRunnerSet was made{2}; it did not run again before the end of the run.',
        ...[what, after(atUs), place],
      )
    : t(
        '{0} {1} after the AutoscalingRunnerSet was made{2}; it ran again {3} later.',
        ...[what, after(atUs), place, formatDuration(Math.round(nextUs - atUs))],
      );
}

/** From when to when a listener's container ran, each time. */
interface ListenerRuns {
  readonly name: string;
  readonly spans: { readonly fromUs: number; untilUs: number }[];
}

function startsOf(runs: readonly ListenerRuns[]): readonly number[] {
  return runs.flatMap(({ spans }) => spans.map(({ fromUs }) => fromUs)).sort((a, b) => a - b);
}

function listenerRuns({ rows: { objects, words, strings } }: TraceLog): readonly ListenerRuns[] {
  const found = new Map<number, ListenerRuns>();
  for (let row = 0; row < objects.object.length; row++) {
    if (words.textOf(objects.kind.get(row)) !== 'AutoscalingListener') continue;
    const [object, atUs] = [objects.object.get(row), objects.span.startedUs(row)];
    const runs = words.textOf(objects.phase.get(row)) === 'Running';
    const own = found.get(object) ?? { name: splitKey(strings.text(object)).name, spans: [] };
    found.set(object, own);
    const last = own.spans.at(-1);
    const ran = last?.untilUs === Infinity;
    if (runs && !ran) own.spans.push({ fromUs: atUs, untilUs: Infinity });
    else if (!runs && ran && last !== undefined) last.untilUs = atUs;
  }
  return [...found.values()];
}
