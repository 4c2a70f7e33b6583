import { t } from '@vscode/l10n';
import { passesText, runnersText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import type { SessionInfo } from '../protocol.ts';
import { tickLabel } from '../timeline/ticks.ts';
import { spanUs } from '../timeline/viewport.ts';
import { blindText } from './blind-times.ts';
import type { View } from './view.ts';

function debugged({ cursors }: View, { id, originUs }: SessionInfo): string {
  const cursor = cursors.get(id);
  if (cursor === undefined) return '';
  return `, ${t('the debugger stands at {0}: {1}, {2}', formatDuration(cursor.atUs - originUs), cursor.object, cursor.text)}`;
}

function markedMoment({ marked }: View, { id, originUs }: SessionInfo): string {
  const moment = marked.get(id);
  if (moment === undefined) return '';
  return `, ${t('marked is {0}: {1}, {2}', formatDuration(moment.atUs - originUs), moment.object, moment.text)}`;
}

/** What the picture shows, in words, for those who do not see it. */
export function describe(view: View): string {
  const parts = view.sessions.map(({ info, pods, passes, runnerCount }) => {
    const figures = pods === undefined ? t('no pod yet') : t('first pod after {0}', formatDuration(pods.firstUs));
    const { mode, name } = info;
    const blind = (info.blind ?? []).map((time) => `, ${blindText({ info }, time)}`).join('');
    const lanes = runnersText(runnerCount);
    return (
      t('{0} mode, {1}: {2}, {3}, {4}', mode, name, lanes, passesText(passes), figures) +
      blind +
      debugged(view, info) +
      markedMoment(view, info)
    );
  });
  const { fromUs } = view.viewport;
  const toUs = fromUs + spanUs(view.viewport, view.widthPx);
  return t(
    'Timeline of reconcile passes. {0}. Shown is the time from {1} to {2}. The Table button shows the same as a table.',
    parts.join('. '),
    tickLabel(fromUs, 1_000),
    tickLabel(toUs, 1_000),
  );
}
