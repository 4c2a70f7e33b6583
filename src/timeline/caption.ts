import { t } from '@vscode/l10n';
import { runnersText } from '../base/count-words.ts';
import { utcText } from '../base/utc-text.ts';
import { formatDuration } from '../base/duration.ts';
import { sourceOf } from '../trace/header.ts';
import type { MarkEvent, TraceHeader } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { settingsWords } from './settings-words.ts';

/** Nobody reads a longer list above a picture. */
const MOST_CHANGES = 8;

/**
 * What a trace says of a run, in words: its settings, when it was started, and what was changed while it went on. What it does
 * not say is left out.
 * @param originUs where the run's timeline begins
 */
export function aboutTrace({ header, marks }: TraceLog, originUs: number): string {
  const { seed } = header.settings;
  const startedMs = Date.parse(header.start);
  return [
    ...setupWords(header),
    ...(Number.isFinite(seed) ? [t('seed {0}', seed as number)] : []),
    ...(Number.isNaN(startedMs) ? [] : [t('started {0}', utcText(new Date(startedMs)))]),
    ...changesOf(marks, originUs),
  ].join(' · ');
}

function setupWords(header: TraceHeader): readonly string[] {
  const { runners } = header.settings;
  const isChosen = sourceOf(header) === 'embedded' && Number.isFinite(runners);
  return [...(isChosen ? [runnersText(runners as number)] : []), ...settingsWords(header)];
}

/** All that runs which are alike but for their modes have in common, to be compared. */
export function setupOf(trace: TraceLog): string {
  return [...setupWords(trace.header), ...changesIn(trace)].join(' · ');
}

/** What was changed about the cluster while the run went on, in words, one after the other. */
export function changesIn({ marks }: Pick<TraceLog, 'marks'>): readonly string[] {
  return marks.flatMap(({ what, text }) => (what === 'fault' && text !== undefined ? [text] : []));
}

/** What was changed about the cluster while the run went on: the first changes, and how many came after them. */
function changesOf(marks: readonly MarkEvent[], originUs: number): string[] {
  const changes = marks.filter(({ what, text }) => what === 'fault' && text !== undefined);
  const said = changes
    .slice(0, MOST_CHANGES)
    .map(({ at, text = '' }) => t('from {0} on: {1}', formatDuration(Math.max(0, Math.round(at - originUs))), text));
  const left = changes.length - said.length;
  return left === 0 ? said : [...said, left === 1 ? t('1 more change') : t('{0} more changes', left)];
}
