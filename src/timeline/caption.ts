import { t } from '@vscode/l10n';
import { runnersText } from '../base/count-words.ts';
import { utcText } from '../base/utc-text.ts';
import { sourceOf } from '../trace/header.ts';
import type { TraceHeader } from '../trace/model.ts';
import { settingsWords } from './settings-words.ts';

/** What a trace's header says of a run, in words: its settings, and when it was started. What it does not say is left out. */
export function aboutTrace(header: TraceHeader): string {
  const { seed } = header.settings;
  const startedMs = Date.parse(header.start);
  return [
    ...setupWords(header),
    ...(Number.isFinite(seed) ? [t('seed {0}', seed as number)] : []),
    ...(Number.isNaN(startedMs) ? [] : [t('started {0}', utcText(new Date(startedMs)))]),
  ].join(' · ');
}

/** What runs that are alike but for their modes have in common. */
export function setupWords(header: TraceHeader): readonly string[] {
  const { runners } = header.settings;
  const isChosen = sourceOf(header) === 'embedded' && Number.isFinite(runners);
  return [...(isChosen ? [runnersText(runners as number)] : []), ...settingsWords(header)];
}
