import { t } from '@vscode/l10n';
import { requestsText, runnersText, workersText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { utcText } from '../base/utc-text.ts';
import { visibleText } from '../base/visible-text.ts';
import { sourceOf } from '../trace/header.ts';
import type { TraceHeader } from '../trace/model.ts';

/** What a trace's header says of a run, in words: its settings, and when it was started. What it does not say is left out. */
export function aboutTrace(header: TraceHeader): string {
  const { settings, start } = header;
  const number = (field: string): number | undefined => {
    const value = settings[field];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const parts: string[] = [];
  const add = (field: string, words: (value: number) => string): void => {
    const value = number(field);
    if (value !== undefined) parts.push(words(value));
  };
  if (sourceOf(header) === 'embedded') add('runners', runnersText);
  add('workers', workersText);
  add('qps', (qps) =>
    qps > 0 ? t('{0} a second for each kind of object', requestsText(qps)) : t('no client limiter'),
  );
  if ((number('qps') ?? 0) > 0) add('burst', (burst) => t('{0} at once', burst));
  add('jitLatencyUs', (us) => t('registration takes {0}', formatDuration(us)));
  add('apiLatencyUs', (us) => t('API request takes {0}', formatDuration(us)));
  if (typeof settings['pods'] === 'string') parts.push(t('pods: {0}', visibleText(settings['pods'])));
  add('podStartUs', (us) => t('pods start after {0}', formatDuration(us)));
  add('jobDurationUs', (us) => t('jobs last {0}', formatDuration(us)));
  add('seed', (seed) => t('seed {0}', seed));
  const startedMs = Date.parse(start);
  if (!Number.isNaN(startedMs)) {
    parts.push(t('started {0}', utcText(new Date(startedMs))));
  }
  return parts.join(' · ');
}
