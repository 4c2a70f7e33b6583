import { escapeMarkup } from '../../base/escape-markup.ts';
import { formatDuration } from '../../base/duration.ts';
import { splitKey } from '../../kubernetes/types.ts';
import { BarFeed } from '../../timeline/bar-feed.ts';
import { BarStore } from '../../timeline/bar-store.ts';
import { BarKind, kindLabel } from '../../timeline/bars.ts';
import { DARK, LEGEND, LIGHT, paletteOf, type PaletteColours } from '../../timeline/palette.ts';
import type { Scene } from '../../timeline/painter.ts';
import { Rows } from '../../timeline/rows.ts';
import { SVG_AXIS_PX, svgPaints, svgPicture, type SvgPaint } from '../../timeline/svg.ts';
import { triggerWords } from '../../timeline/trigger-words.ts';
import { fitSpan, pixelAt, type Viewport } from '../../timeline/viewport.ts';
import type { PassEvent } from '../../trace/model.ts';
import type { FinishedRun } from '../embedded-run.ts';
import { podProblem, problemSentence } from '../pod-problem.ts';
import { gainText } from './compare-text.ts';

const LANE_HEIGHT_PX = 26;
const LABEL_WIDTH_PX = 110;
const CHART_WIDTH_PX = 1100;
/** More lanes than this make a file that no browser likes. */
const MAX_LANES = 400;

/** What the report needs of a run. */
export type ReportedRun = Pick<FinishedRun, 'trace' | 'originUs' | 'statistics'>;

/** A section of the report: runs to be shown one above the other on one time axis. */
export interface ReportSection<Run extends ReportedRun = ReportedRun> {
  readonly title: string;
  readonly runs: readonly Run[];
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
${LEGEND.map((kind) => `<span><i style="background:var(--k${kind})"></i>${escapeMarkup(kindLabel(kind))}</span>`).join('\n')}
</p>
${sections.map((section, index) => sectionHtml(section, index)).join('\n')}
</html>
`;
}

function sectionHtml({ title, runs }: ReportSection, section: number): string {
  const gain = gainText(runs);
  const endUs = Math.max(1, ...runs.map((run) => run.statistics.makespanUs));
  return `<section>
<h2>${escapeMarkup(title)}</h2>
${statisticsHtml(runs)}
${gain === '' ? '' : `<p class="gain">${escapeMarkup(gain)}</p>`}
${runs.map((run, index) => chartHtml(run, endUs, section * 10 + index)).join('\n')}
</section>`;
}

function statisticsHtml(runs: readonly ReportedRun[]): string {
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
    return `<tr><th scope="row">${escapeMarkup(s.mode)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<table><thead><tr><th>mode</th><th>pods</th><th>first pod</th><th>p50</th><th>p95</th><th>last pod</th>
<th>passes</th><th>Kubernetes requests</th><th>Actions calls</th><th>all done</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>`;
}

/** The same picture as the timeline's, with what each pass was for the pointer. */
function chartHtml(run: ReportedRun, endUs: number, number: number): string {
  const feed = new BarFeed(run.trace);
  const store = new BarStore();
  const { lanes: names, batches } = feed.take();
  for (const batch of batches) store.append(batch);
  const lanes = Array.from({ length: Math.min(MAX_LANES, names.length) }, (_, lane) => lane);
  const widthPx = CHART_WIDTH_PX - LABEL_WIDTH_PX;
  const scale = { lanePx: LANE_HEIGHT_PX, lanesAPixel: 1 };
  const rows = new Rows([{ lanes, collapsed: false }], scale, 0);
  const viewport = fitSpan(0, endUs, widthPx);
  const scene: Scene = {
    rows,
    stores: [store],
    viewport,
    scrollPx: 0,
    nowUs: [Math.min(store.endUs, endUs + run.originUs)],
    shiftUs: [-run.originUs],
  };
  const picture = svgPicture(scene, {
    names: [names],
    titles: [],
    paints: PAINTS,
    background: 'none',
    foreground: 'currentColor',
    grid: 'var(--grid)',
    widthPx,
    heightPx: rows.heightPx,
    gutterPx: LABEL_WIDTH_PX,
    idPrefix: `c${number}`,
    extra: lanes.map((lane) => passTitles(feed, names[lane] ?? '', lane, run.originUs, viewport)).join(''),
  });
  const { statistics: s } = run;
  const hidden = names.length - lanes.length;
  const label = `Reconcile passes of ${s.runners} runners in ${escapeMarkup(s.mode)} mode`;
  return `<h3>${escapeMarkup(s.mode)} <small>first pod ${formatDuration(s.firstPodUs ?? 0)} · last pod ${formatDuration(
    s.lastPodUs ?? 0,
  )} · ${s.passes} passes${hidden > 0 ? ` · ${hidden} more runners not drawn` : ''}</small></h3>
${picture.replace('<svg ', `<svg class="chart" role="img" aria-label="${label}" `)}
${problemsHtml(run, names)}`;
}

function passTitles(feed: BarFeed, runner: string, lane: number, originUs: number, viewport: Viewport): string {
  const y = SVG_AXIS_PX + lane * LANE_HEIGHT_PX;
  const { name } = splitKey(runner);
  return feed
    .passesOf(runner)
    .map((number, index) => {
      const pass = feed.pass(number) as PassEvent;
      const x = LABEL_WIDTH_PX + pixelAt(viewport, pass.started - originUs);
      const width = Math.max(2, (pass.ended - pass.started) * viewport.pixelsPerUs);
      const requests = pass.requests.map(({ verb, resource, status, throttled, started, ended, message }) => {
        const said = message === undefined ? '' : `: ${message}`;
        const held = throttled > 0 ? `, held back ${formatDuration(throttled)}` : '';
        return `${verb.toUpperCase()} ${resource}: ${status}${said}, ${formatDuration(ended - started - throttled)}${held}`;
      });
      const title =
        `${name}, pass ${index + 1}: ${pass.result}${pass.error === null ? '' : ` (${pass.error})`}, ` +
        `because: ${triggerWords(pass.trigger)}, waited ${formatDuration(pass.started - pass.ready)}, ` +
        `took ${formatDuration(pass.ended - pass.started)}\n${requests.join('\n')}`;
      return (
        `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${LANE_HEIGHT_PX - 8}" fill="transparent">` +
        `<title>${escapeMarkup(title)}</title></rect>`
      );
    })
    .join('');
}

/** Runners that are stuck at the run's end, each with why and what to do. */
function problemsHtml({ trace }: ReportedRun, names: readonly string[]): string {
  const items = names.slice(0, MAX_LANES).flatMap((name) => {
    const last = trace.lastRunnerEvent(name);
    const nowUs = trace.endedUs ?? last?.at ?? 0;
    const problem = last === undefined || last.deleted ? undefined : podProblem(last, nowUs);
    if (problem === undefined) return [];
    const text = `${problemSentence(problem, nowUs)} ${problem.next} ${problem.advice}`;
    return [`<li><b>${escapeMarkup(splitKey(name).name)}</b> ${escapeMarkup(text)}</li>`];
  });
  return items.length === 0 ? '' : `<ul class="problems">${items.join('')}</ul>`;
}

/** Colours are the page's variables, so that one file fits light and dark screens. */
const PAINTS: readonly SvgPaint[] = svgPaints(paletteOf(LIGHT)).map(({ gap, pattern }, kind) => ({
  colour: `var(--k${kind})`,
  gap: gap === '' ? '' : `var(--g${kind})`,
  pattern,
}));

const KINDS_IN_USE: ReadonlySet<number> = new Set(Object.values(BarKind));

function variables(colours: PaletteColours): string {
  return svgPaints(paletteOf(colours))
    .map(({ colour, gap }, kind) => {
      if (!KINDS_IN_USE.has(kind)) return '';
      return `--k${kind}:${colour};${gap === '' ? '' : `--g${kind}:${gap};`}`;
    })
    .join('');
}

const STYLE = `
:root{color-scheme:light dark;--grid:#8884;--gain:#157f3b;${variables(LIGHT)}}
@media(prefers-color-scheme:dark){:root{--gain:#4cc26b;${variables(DARK)}}}
body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:${CHART_WIDTH_PX + 40}px;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1rem;margin:1.2rem 0 .2rem}small{font-weight:400;opacity:.75}
table{border-collapse:collapse}th,td{padding:.25rem .8rem;text-align:right;border-bottom:1px solid var(--grid)}th:first-child{text-align:left}
.gain{color:var(--gain);font-weight:600}.chart{max-width:100%;height:auto}
.legend span{margin-right:1.2rem;white-space:nowrap}.legend i{display:inline-block;width:16px;height:10px;margin-right:.4rem}
`;
