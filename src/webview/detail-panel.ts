import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { kindLabel } from '../timeline/bars.ts';
import { colourOf, LEGEND, onLine, type Paint } from '../timeline/palette.ts';
import { windowStatistics, type Cause } from '../timeline/window-statistics.ts';
import type { PassDetail } from '../protocol.ts';
import { byId, element } from './dom.ts';
import { host } from './host.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

const CAUSES: readonly (readonly [Cause, string])[] = [
  ['worker', t('waiting for a worker')],
  ['backoff', t('back-off and delays')],
  ['limiter', t('client limiter')],
  ['kubernetes', t('Kubernetes API')],
  ['actions', t('Actions service')],
];

/** The panel beside the chart: the selected pass, figures of the time in view, and what the colours mean. */
export class DetailPanel {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  showPass(detail: PassDetail | undefined): void {
    const box = byId('pass');
    if (detail === undefined) {
      box.replaceChildren(
        element('h2', {}, t('No pass selected')),
        element('p', { class: 'faint' }, t('Click a bar, or press n to go from pass to pass.')),
      );
      return;
    }
    const { event, ofRunner } = detail;
    const name = event.runner.slice(event.runner.indexOf('/') + 1);
    const rows: [string, string, string?][] = [
      [t('queued by'), event.trigger],
      [t('back-off'), formatDuration(event.ready - event.queued), event.ready > event.queued ? 'warn' : ''],
      [
        t('waited for worker'),
        formatDuration(event.started - event.ready),
        event.started - event.ready > 50_000 ? 'warn' : '',
      ],
      [t('held by limiter'), formatDuration(event.requests.reduce((sum, { throttled }) => sum + throttled, 0))],
      [t('took'), formatDuration(event.ended - event.started)],
      [t('worker'), String(event.worker + 1)],
      [t('try'), String(event.attempt)],
      [
        t('result'),
        event.after > 0 ? `${event.result}, ${formatDuration(event.after)}` : event.result,
        resultClass(event.result),
      ],
    ];
    const list = element('dl');
    for (const [term, text, style = ''] of rows)
      list.append(element('dt', {}, term), element('dd', { class: style }, text));
    const parts: Node[] = [
      element('h2', {}, t('{0} · pass {1} of {2} · {3}', name, ofRunner.index, ofRunner.count, event.mode)),
      list,
    ];
    if (event.error !== null) parts.push(element('p', { class: 'error' }, event.error));
    if (detail.why.length > 0) {
      parts.push(element('h3', {}, t('Why this wait')));
      for (const sentence of detail.why) parts.push(element('p', {}, sentence));
    }
    parts.push(element('h3', {}, t('Requests ({0})', event.requests.length)));
    const requests = element('ol', { class: 'requests' });
    for (const request of event.requests) {
      const held = request.throttled > 0 ? t(', held {0}', formatDuration(request.throttled)) : '';
      const took = formatDuration(request.ended - request.started - request.throttled);
      const status = request.status === 0 ? t('no answer') : String(request.status);
      requests.append(
        element(
          'li',
          { class: request.to },
          element('b', {}, request.verb.toUpperCase()),
          ` ${request.resource} · ${status} · ${took}${held}`,
        ),
      );
    }
    parts.push(requests, element('h3', {}, t('Phases')));
    const phases = element('ol', { class: 'phases' });
    for (const phase of event.phases) {
      phases.append(element('li', {}, `${phase.name} · ${formatDuration(phase.ended - phase.started)}`));
    }
    parts.push(phases);
    if (detail.hasManifest) {
      const button = element('vscode-button' as 'button', { secondary: '' }, t('Manifest before and after'));
      button.addEventListener('click', () => {
        const session = this.#view.selected?.session;
        if (session !== undefined) host.postMessage({ type: 'manifest', session, pass: detail.number });
      });
      parts.push(button);
    }
    box.replaceChildren(...parts);
  }

  /** Figures of the bars that end in the stretch of time in view. */
  showStatistics(): void {
    const view = this.#view;
    const fromUs = view.viewport.fromUs;
    const toUs = fromUs + view.widthPx / view.viewport.pixelsPerUs;
    const box = byId('statistics');
    const parts: Node[] = [element('h2', {}, t('Time in view'))];
    const { groups } = view.rows;
    view.sessions.forEach((session, number) => {
      const lanes = view.laneBy === 'runner' ? (groups[number]?.lanes ?? []) : { length: 0 };
      const origin = session.info.originUs;
      const store = session.runners;
      const all = view.laneBy === 'runner' ? lanes : Uint32Array.from({ length: store.lanes }, (_, lane) => lane);
      const figures = windowStatistics(store, all, fromUs + origin, toUs + origin);
      const list = element('dl');
      const row = (term: string, text: string): void => list.append(element('dt', {}, term), element('dd', {}, text));
      const { passes, failedPasses } = figures;
      row(t('passes'), failedPasses > 0 ? t('{0}, {1} failed', passes, failedPasses) : String(passes));
      row(t('requests'), String(figures.requests));
      row(t('p50 / p95 pass'), `${formatDuration(figures.p50PassUs)} / ${formatDuration(figures.p95PassUs)}`);
      for (const [cause, label] of CAUSES) row(label, `${Math.round(figures.shares[cause] * 100)} %`);
      if (view.sessions.length > 1) parts.push(element('h3', {}, `${session.info.mode} · ${session.info.name}`));
      parts.push(list);
      if (figures.phases.length > 0) {
        const phases = element('details', {}, element('summary', {}, t('p50 / p95 by phase')));
        const inner = element('dl');
        for (const { word, p50Us, p95Us } of figures.phases) {
          const text = `${formatDuration(p50Us)} / ${formatDuration(p95Us)}`;
          inner.append(element('dt', {}, session.words[word] ?? ''), element('dd', {}, text));
        }
        phases.append(inner);
        parts.push(phases);
      }
    });
    const wasOpen = box.querySelector('details')?.open === true;
    box.replaceChildren(...parts);
    if (wasOpen) box.querySelectorAll('details').forEach((details) => (details.open = true));
  }

  showLegend(theme: Theme): void {
    const items = LEGEND.map((kind) => {
      const swatch = element('canvas', { width: '22', height: '12', 'aria-hidden': 'true' });
      drawSwatch(swatch, theme.palette[kind] as Paint);
      return element('li', {}, swatch, kindLabel(kind));
    });
    const marks = [
      t('◆ pod created'),
      t('▶ pod running'),
      t('● finished'),
      t('✕ deleted or failed'),
      t('│ runner created'),
    ];
    byId('legend').replaceChildren(...items, ...marks.map((text) => element('li', {}, text)));
  }
}

function drawSwatch(canvas: HTMLCanvasElement, { colour, gap, pattern }: Paint): void {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  if (gap !== 0) {
    context.fillStyle = colourOf(gap);
    context.fillRect(0, 0, 22, 12);
  }
  context.fillStyle = colourOf(colour);
  for (let y = 0; y < 12; y++) {
    for (let x = 0; x < 22; x++) if (onLine(pattern, x, y)) context.fillRect(x, y, 1, 1);
  }
}

function resultClass(result: string): string {
  return result === 'error' ? 'error' : result === 'requeue' ? 'warn' : '';
}
