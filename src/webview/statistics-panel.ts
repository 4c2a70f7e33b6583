import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { windowStatistics, type Cause, type WindowStatistics } from '../timeline/window-statistics.ts';
import { byId, element } from './dom.ts';
import { runNames } from './names.ts';
import type { SessionModel } from './session-model.ts';
import { shownRunners } from './shown-runners.ts';
import type { View } from './view.ts';

const CAUSES: readonly (readonly [Cause, string])[] = [
  ['worker', t('waiting for a worker')],
  ['backoff', t('back-off and delays')],
  ['retry', t('waiting to repeat requests')],
  ['limiter', t('client limiter')],
  ['kubernetes', t('Kubernetes API')],
  ['actions', t('Actions service')],
];

/** Shows figures of the bars that end in the stretch of time in view. */
export function showStatistics(view: View): void {
  const box = byId('statistics');
  const wasOpen = box.querySelector('details')?.open === true;
  const parts: Node[] = view.sessions.length === 0 ? [] : [element('h2', {}, t('Time in view'))];
  const names = runNames(view.sessions.map(({ info }) => info));
  const { fromUs, pixelsPerUs } = view.viewport;
  view.sessions.forEach((session, number) => {
    const { originUs } = session.info;
    const lanes = view.laneBy === 'runner' ? (view.rows.groups[number]?.lanes ?? []) : shownRunners(session);
    const toUs = fromUs + view.widthPx / pixelsPerUs;
    const figures = windowStatistics(session.runners, lanes, session.targets, fromUs + originUs, toUs + originUs);
    if (view.sessions.length > 1) parts.push(element('h3', {}, names[number] ?? ''));
    parts.push(figureList(figures));
    parts.push(element('p', { class: 'faint' }, t('Share of reconciling time:')), shareList(figures, session));
    if (figures.phases.length > 0) parts.push(phaseList(figures, session));
  });
  box.replaceChildren(...parts);
  if (wasOpen) box.querySelectorAll('details').forEach((details) => (details.open = true));
}

function figureList({ passes, failedPasses, requests, p50PassUs, p95PassUs }: WindowStatistics): HTMLElement {
  const list = element('dl');
  const row = (term: string, text: string): void => list.append(element('dt', {}, term), element('dd', {}, text));
  row(t('passes'), failedPasses > 0 ? t('{0}, {1} failed', passes, failedPasses) : String(passes));
  row(t('requests'), String(requests));
  row(t('p50 / p95 pass'), `${formatDuration(p50PassUs)} / ${formatDuration(p95PassUs)}`);
  return list;
}

function shareList({ shares, passes }: WindowStatistics, { isLimiterKnown }: SessionModel): HTMLElement {
  const list = element('dl');
  for (const [cause, label] of CAUSES) {
    const isKnown = cause !== 'limiter' || isLimiterKnown;
    const text = isKnown ? `${Math.round(shares[cause] * 100)} %` : passes === 0 ? '–' : t('not in a log');
    list.append(element('dt', {}, label), element('dd', {}, text));
  }
  return list;
}

function phaseList({ phases }: WindowStatistics, session: SessionModel): HTMLElement {
  const list = element('dl');
  for (const { word, p50Us, p95Us } of phases) {
    const text = `${formatDuration(p50Us)} / ${formatDuration(p95Us)}`;
    list.append(element('dt', {}, session.words[word] ?? ''), element('dd', {}, text));
  }
  return element('details', {}, element('summary', {}, t('p50 / p95 by phase')), list);
}
