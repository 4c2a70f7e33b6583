import { formatDuration } from '../../base/duration.ts';
import { splitKey } from '../../kubernetes/types.ts';
import type { PassEvent } from '../../trace/model.ts';
import type { FinishedRun } from '../embedded-run.ts';
import { gainText } from './compare-text.ts';

const LANE_HEIGHT_PX = 22;
const BAR_HEIGHT_PX = 12;
const LABEL_WIDTH_PX = 110;
const CHART_WIDTH_PX = 1100;
/** More lanes than this make a file that no browser likes. */
const MAX_LANES = 400;

/** A section of the report: runs to be shown one above the other on one time axis. */
export interface ReportSection {
  readonly title: string;
  readonly runs: readonly FinishedRun[];
}

/** One self-contained HTML page: no script, nothing loaded from elsewhere. */
export function htmlReport(sections: readonly ReportSection[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>ARC Reconciler Lab: old and new mode compared</title>
<style>${STYLE}</style>
<h1>Old and new mode compared</h1>
<p class="legend">
<span><i class="q"></i>waiting in the queue</span><span><i class="b"></i>back-off or delay</span>
<span><i class="t"></i>held back by the client limiter</span><span><i class="p"></i>pass</span>
<span><i class="k"></i>Kubernetes request</span><span><i class="a"></i>Actions service</span>
<span><svg width="12" height="12"><path class="pod" d="M6 0l6 6-6 6-6-6z"/></svg>pod created</span>
</p>
${sections.map(sectionHtml).join('\n')}
</html>
`;
}

function sectionHtml({ title, runs }: ReportSection): string {
  const gain = gainText(runs);
  const endUs = Math.max(1, ...runs.map((run) => run.statistics.makespanUs));
  return `<section>
<h2>${escape(title)}</h2>
${statisticsHtml(runs)}
${gain === '' ? '' : `<p class="gain">${escape(gain)}</p>`}
${runs.map((run) => chartHtml(run, endUs)).join('\n')}
</section>`;
}

function statisticsHtml(runs: readonly FinishedRun[]): string {
  const time = (us: number | null): string => (us === null ? '–' : formatDuration(us));
  const rows = runs.map(({ statistics: s }) => {
    const cells = [
      s.pods,
      time(s.firstPodUs),
      time(s.p50PodUs),
      time(s.p95PodUs),
      time(s.lastPodUs),
      s.passes,
      s.kubernetesRequests,
      s.actionsRequests,
      time(s.makespanUs),
    ];
    return `<tr><th scope="row">${escape(s.mode)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<table><thead><tr><th>mode</th><th>pods</th><th>first pod</th><th>p50</th><th>p95</th><th>last pod</th>
<th>passes</th><th>Kubernetes requests</th><th>Actions calls</th><th>all done</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`;
}

function chartHtml(run: FinishedRun, endUs: number): string {
  const lanes = new Map<string, PassEvent[]>();
  for (const pass of run.trace.passes()) {
    const lane = lanes.get(pass.runner);
    if (lane === undefined) lanes.set(pass.runner, [pass]);
    else lane.push(pass);
  }
  const shown = [...lanes].slice(0, MAX_LANES);
  const x = (us: number): number =>
    LABEL_WIDTH_PX + Math.round(((us - run.originUs) / endUs) * (CHART_WIDTH_PX - LABEL_WIDTH_PX - 10) * 10) / 10;
  const height = shown.length * LANE_HEIGHT_PX + 24;
  const ticks = tickStepUs(endUs);
  const axis: string[] = [];
  for (let us = 0; us <= endUs; us += ticks) {
    const at = x(us + run.originUs);
    axis.push(`<line class="grid" x1="${at}" x2="${at}" y1="18" y2="${height}"/>`);
    axis.push(`<text class="tick" x="${at}" y="12">${escape(formatDuration(us))}</text>`);
  }
  const rows = shown.map(([key, passes], index) => laneSvg(splitKey(key).name, passes, 24 + index * LANE_HEIGHT_PX, x));
  const { statistics: s } = run;
  const hidden = lanes.size - shown.length;
  return `<h3>${escape(run.settings.mode)} <small>first pod ${formatDuration(s.firstPodUs ?? 0)} · last pod ${formatDuration(
    s.lastPodUs ?? 0,
  )} · ${s.passes} passes${hidden > 0 ? ` · ${hidden} more runners not drawn` : ''}</small></h3>
<svg class="chart" role="img" aria-label="Reconcile passes of ${s.runners} runners in ${escape(run.settings.mode)} mode"
 viewBox="0 0 ${CHART_WIDTH_PX} ${height}" width="${CHART_WIDTH_PX}" height="${height}">${axis.join('')}${rows.join('')}</svg>`;
}

function laneSvg(name: string, passes: readonly PassEvent[], top: number, x: (us: number) => number): string {
  const y = top + (LANE_HEIGHT_PX - BAR_HEIGHT_PX) / 2;
  const bar = (kind: string, from: number, to: number, inset: number, title: string): string => {
    const left = x(from);
    const width = Math.max(0.6, Math.round((x(to) - left) * 10) / 10);
    return `<rect class="${kind}" x="${left}" y="${y + inset}" width="${width}" height="${BAR_HEIGHT_PX - 2 * inset}"><title>${escape(
      title,
    )}</title></rect>`;
  };
  const parts = [`<text class="lane" x="${LABEL_WIDTH_PX - 8}" y="${y + 10}">${escape(name)}</text>`];
  const titles = passes.map((pass, index) => {
    const waited = formatDuration(pass.started - pass.ready);
    return (
      `${name}, pass ${index + 1}: ${pass.result}${pass.error === null ? '' : ` (${pass.error})`}, ` +
      `queued by ${pass.trigger}, waited ${waited}, took ${formatDuration(pass.ended - pass.started)}`
    );
  });
  // A key may be queued while its pass goes on: waits lie under passes.
  for (const [index, pass] of passes.entries()) {
    const title = titles[index] ?? '';
    if (pass.ready > pass.queued) parts.push(bar('b', pass.queued, pass.ready, 4, title));
    if (pass.started > pass.ready) parts.push(bar('q', pass.ready, pass.started, 4, title));
  }
  for (const [index, pass] of passes.entries()) {
    parts.push(bar('p', pass.started, pass.ended, 0, titles[index] ?? ''));
    for (const request of pass.requests) {
      const sent = request.started + request.throttled;
      const what = `${request.verb.toUpperCase()} ${request.resource} ${request.name}: ${request.status}`;
      const held = request.throttled > 0 ? `, held back ${formatDuration(request.throttled)}` : '';
      const detail = `${what}, ${formatDuration(request.ended - sent)}${held}`;
      if (request.throttled > 0) parts.push(bar('t', request.started, sent, 1, detail));
      parts.push(bar(request.to === 'actions' ? 'a' : 'k', sent, request.ended, 1, detail));
      if (request.resource === 'pods' && request.verb === 'create' && request.status === 201) {
        const at = x(request.ended);
        parts.push(
          `<path class="pod" d="M${at} ${y - 4}l5 5-5 5-5-5z"><title>pod of ${escape(name)} created</title></path>`,
        );
      }
    }
  }
  return parts.join('');
}

/** 1, 2 or 5 times a power of ten that gives at most ten ticks. */
function tickStepUs(endUs: number): number {
  const rough = endUs / 10;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root{color-scheme:light dark;--k:#1a73c7;--a:#9a4fd0;--t:#c77700;--q:#b4b8bd;--b:#d9c58a;--p:#dfe3e8;--pod:#111;--grid:#8884;--gain:#157f3b}
@media(prefers-color-scheme:dark){:root{--k:#4ea1ff;--a:#c586f0;--t:#e5a13a;--q:#5c6066;--b:#7a6a33;--p:#3a3d42;--pod:#fff;--gain:#4cc26b}}
body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:${CHART_WIDTH_PX + 40}px;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1rem;margin:1.2rem 0 .2rem}small{font-weight:400;opacity:.75}
table{border-collapse:collapse}th,td{padding:.25rem .8rem;text-align:right;border-bottom:1px solid var(--grid)}th:first-child{text-align:left}
.gain{color:var(--gain);font-weight:600}.chart{max-width:100%;height:auto}
.legend span{margin-right:1.2rem;white-space:nowrap}.legend i{display:inline-block;width:16px;height:10px;margin-right:.4rem;background:var(--p)}
.legend .q{background:var(--q)}.legend .b{background:var(--b)}.legend .t{background:var(--t)}.legend .k{background:var(--k)}.legend .a{background:var(--a)}
.k{fill:var(--k)}.a{fill:var(--a)}.t{fill:var(--t)}.q{fill:var(--q)}.b{fill:var(--b)}.p{fill:var(--p)}.pod{fill:var(--pod);stroke:var(--p)}
.grid{stroke:var(--grid)}.tick{font-size:10px;fill:currentColor;opacity:.7;text-anchor:middle}.lane{font-size:11px;fill:currentColor;text-anchor:end}
`;
