import { addTo } from '../base/group.ts';
import { t } from '@vscode/l10n';
import { passesText, runnersText } from '../base/count-words.ts';
import { FIGURES, figureText, podTimesNote, type Figure } from './figures.ts';
import { escapeMarkup } from '../base/escape-markup.ts';
import { formatDuration } from '../base/duration.ts';
import { utcText } from '../base/utc-text.ts';
import { splitKey } from '../kubernetes/types.ts';
import { BarFeed } from '../timeline/bar-feed.ts';
import { BarStore } from '../timeline/bar-store.ts';
import { BarKind } from '../timeline/bars.ts';
import { aboutModes } from '../explain/release-words.ts';
import { aboutTrace } from '../timeline/caption.ts';
import { legend } from '../timeline/legend.ts';
import { podWords } from '../timeline/pod-words.ts';
import { DARK, LIGHT, paletteOf, type PaletteColours } from '../timeline/palette.ts';
import type { Scene } from '../timeline/painter.ts';
import { Rows } from '../timeline/rows.ts';
import {
  SVG_AXIS_PX,
  SWATCH_PX,
  svgPaints,
  svgPatterns,
  svgPicture,
  svgSign,
  svgSignColours,
  svgSwatch,
  type SvgPaint,
} from '../timeline/svg.ts';
import { triggerWords } from '../timeline/trigger-words.ts';
import { fitSpan, pixelAt, type Viewport } from '../timeline/viewport.ts';
import { hasChain } from '../analysis/has-chain.ts';
import { chainOrder } from '../timeline/chain-order.ts';
import { nameWithKind } from '../timeline/chain-words.ts';
import { RUNNER_KIND, type OpenPass, type PassEvent, type TraceRequest } from '../trace/model.ts';
import { requestName } from '../trace/request-name.ts';
import type { FinishedRun } from '../run/embedded-run.ts';
import { podProblem, problemSentence } from '../problems/pod-problem.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { inWords } from '../base/count-words.ts';
import { endText } from '../run/run-end.ts';
import { isRealDifference } from '../explain/real-difference.ts';
import { hasJobs, jobsVerdict } from '../explain/jobs-verdict.ts';
import { apartText, baselineOf, haveOwnModes, judgedRun, verdict } from '../explain/verdict.ts';
import type { RunTroubles } from '../explain/run-troubles.ts';

const LANE_HEIGHT_PX = 26;
/** Names with their kinds are longer. */
const LABEL_WIDTH_PX = { runners: 110, chain: 210 } as const;
const CHART_WIDTH_PX = 1100;
/** More lanes than this make a file that no browser likes. */
const MAX_LANES = 400;

/** What the report needs of a run. */
type ReportedRun = Pick<FinishedRun, 'trace' | 'originUs' | 'statistics'> & Partial<Pick<FinishedRun, 'end'>>;

/** A section of the report: runs to be shown one above the other on one time axis. */
interface ReportSection<Run extends ReportedRun = ReportedRun> {
  readonly title: string;
  readonly runs: readonly Run[];
  /** Mode that the others are compared with; the earliest release where none is given. */
  readonly baseline?: string;
  /** Which pull requests make the runs differ, a sentence for each pair. */
  readonly why?: readonly string[];
}

/** One self-contained HTML page: no script, nothing loaded from elsewhere. What the runs show comes first. */
export function htmlReport(sections: readonly ReportSection[], madeAt = new Date(), releases = RELEASES): string {
  const modes = [...new Set(sections.flatMap(({ runs }) => runs.map(({ trace }) => trace.header.release ?? '')))];
  const heading = modes.length > 1 ? t('{0} compared', inWords(modes)) : t('{0} mode', modes.join(''));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>ARC Reconciler Lab: ${escapeMarkup(heading)}</title>
<style>${STYLE}</style>
<h1>${escapeMarkup(heading)}</h1>
<p>${escapeMarkup(aboutModes(modes, releases))}</p>
<p class="about">${escapeMarkup(t('Report of {0}', utcText(madeAt)))}</p>
${sections.map((section, index) => sectionHtml(section, index)).join('\n')}
<h2>${escapeMarkup(t('What colours, patterns and signs mean'))}</h2>
<p class="legend">
${legendHtml(sections.some(({ runs }) => runs.some(({ trace }) => hasChain(trace))))}
</p>
</html>
`;
}

/** What CSS calls the page's own colour. */
const PAGE = 'Canvas';

/** Samples are filled as bars are, and signs drawn as in the pictures. */
function legendHtml(hasChain: boolean): string {
  const sample = (shape: string, label: string): string =>
    `<span><svg width="${SWATCH_PX.width}" height="14" aria-hidden="true">${shape}</svg>${escapeMarkup(label)}</span>`;
  const fills = { paints: PAINTS, idPrefix: 'legend' };
  const colours = svgSignColours({ foreground: 'currentColor', background: PAGE, paints: PAINTS });
  return [
    `<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>${svgPatterns(fills)}</defs></svg>`,
    ...legend(hasChain).map(({ kind, label, isSign }) =>
      sample(isSign ? svgSign(kind, SWATCH_PX.width / 2, 7, colours) : svgSwatch(kind, 0, 2, fills), label),
    ),
  ].join('\n');
}

function sectionHtml({ title, runs, baseline, why = [] }: ReportSection, section: number): string {
  const judged = runs.map(({ trace, originUs }) => judgedRun(trace, originUs));
  const sentence = runs.every(({ trace }) => hasJobs(trace))
    ? jobsVerdict(
        runs.map(({ trace }) => ({ name: trace.header.release ?? '', trace })),
        baseline,
      )
    : verdict(judged, baseline);
  const endUs = Math.max(1, ...runs.map((run, index) => lastedUs(run, judged[index]?.troubles)));
  return `<section>
<h2>${escapeMarkup(title)}</h2>
${sentence === '' ? '' : `<p class="verdict">${escapeMarkup(sentence)}</p>`}
${why.map((one) => `<p>${escapeMarkup(one)}</p>`).join('\n')}
${runs.map(endHtml).join('')}
${settingsOf(runs)
  .map((line) => `<p class="about">${escapeMarkup(line)}</p>`)
  .join('\n')}
${statisticsHtml(runs, baseline, apartText(judged) !== '')}
${runs.map((run, index) => chartHtml(run, endUs, section * 10 + index)).join('\n')}
</section>`;
}

/** The settings of each run, once where all have the same. */
function settingsOf(runs: readonly ReportedRun[]): readonly string[] {
  const all = runs.map(({ trace, originUs }) => aboutTrace(trace, originUs));
  if (new Set(all).size < 2) return all.slice(0, 1);
  return all.map((line, index) => `${runs[index]?.statistics.mode ?? ''}: ${line}`);
}

/** Why the run did not come to rest. */
function endHtml({ trace, end }: ReportedRun): string {
  if (end === undefined || end.kind === 'quiet') return '';
  return `<p>${escapeMarkup(`${trace.header.release ?? ''}: ${endText(end)}`)}</p>`;
}

/** Until its last pass, or its end where something was still open then, or a pod had trouble: nothing happens to such a one. */
function lastedUs({ trace, originUs, statistics }: ReportedRun, troubles: RunTroubles | undefined): number {
  const { makespanUs } = statistics;
  const isStuck = troubles !== undefined && troubles.notStarted.count + troubles.stuck.count > 0;
  const isOpen = isStuck || !trace.open().next().done;
  return isOpen ? Math.max(makespanUs, (trace.endedUs ?? 0) - originUs) : makespanUs;
}

/** @param areApart whether the runs differ in more than their modes */
function statisticsHtml(runs: readonly ReportedRun[], baseline: string | undefined, areApart: boolean): string {
  const row = (name: string, cells: readonly string[]): string =>
    `<tr><th scope="row">${escapeMarkup(name)}</th>${cells.join('')}</tr>`;
  const rows = runs.map((run) =>
    row(
      run.statistics.mode,
      FIGURES.map((figure) => `<td>${figureText(figure, run)}</td>`),
    ),
  );
  const before = baselineOf(runs, baseline);
  if (before !== undefined && (runs.length === 2 || haveOwnModes(runs))) {
    for (const run of runs) {
      if (run === before) continue;
      const { mode } = run.statistics;
      const difference = runs.length === 2 ? 'difference' : `${mode}, difference to ${before.statistics.mode}`;
      const name = areApart && haveOwnModes(runs) ? `${difference}, not of the mode alone` : difference;
      const cells = FIGURES.map((figure) => differenceCell(figure, before, run));
      rows.push(row(name, cells));
    }
  }
  const note = podTimesNote(runs);
  const whose = note === '' ? '' : `\n<p class="about">${escapeMarkup(note)}</p>`;
  return `<table><thead><tr><th>mode</th>${FIGURES.map(({ title }) => `<th>${title}</th>`).join('')}</tr></thead>
<tbody>${rows.join('')}</tbody></table>${whose}`;
}

/** In words and with a sign, so that it does not take the colour to know which way it goes. */
function differenceCell({ of, isTime }: Figure, before: ReportedRun, after: ReportedRun): string {
  const [from, to] = [of(before), of(after)];
  if (from === null || to === null || !Number.isFinite(from - to)) return '<td>–</td>';
  const by = Math.abs(to - from);
  if (by === 0) return '<td>no difference</td>';
  if (isTime && !isRealDifference(from, to)) return '<td>no real difference</td>';
  if (!isTime) return `<td>${to < from ? '−' : '+'}${by}</td>`;
  const [style, words] = to < from ? ['better', '▼ earlier by'] : ['worse', '▲ later by'];
  return `<td class="${style}">${words} ${formatDuration(by)}</td>`;
}

/** The same picture as the timeline's, with what each pass was for the pointer. */
function chartHtml(run: ReportedRun, endUs: number, number: number): string {
  const feed = new BarFeed(run.trace);
  const store = new BarStore();
  const { lanes: names, laneKinds, bars } = feed.take();
  store.append(bars);
  const kinds = new Map(laneKinds.map(({ lane, kind }) => [lane, kind]));
  const scaleSets = new Map(laneKinds.map(({ lane, scaleSet }) => [lane, scaleSet]));
  const kindOf = (lane: number): string => kinds.get(lane) ?? RUNNER_KIND;
  const all =
    kinds.size === 0
      ? names.map((_, lane) => lane)
      : [...chainOrder(names, kindOf, (lane) => scaleSets.get(lane)).lanes];
  const lanes = all.slice(0, MAX_LANES);
  const labelPx = kinds.size === 0 ? LABEL_WIDTH_PX.runners : LABEL_WIDTH_PX.chain;
  const widthPx = CHART_WIDTH_PX - labelPx;
  const scale = { lanePx: LANE_HEIGHT_PX, lanesAPixel: 1 };
  const rows = new Rows([{ lanes, collapsed: false }], scale, 0);
  const viewport = fitSpan(0, endUs, widthPx);
  const scene: Scene = {
    rows,
    stores: [store],
    viewport,
    scrollPx: 0,
    nowUs: [endUs + run.originUs],
    shiftUs: [-run.originUs],
  };
  const picture = svgPicture(scene, {
    names: [names.map((name, lane) => shownName(kindOf(lane), name))],
    paints: PAINTS,
    background: PAGE,
    foreground: 'currentColor',
    grid: 'var(--grid)',
    widthPx,
    heightPx: rows.heightPx,
    gutterPx: labelPx,
    idPrefix: `c${number}`,
    extra: lanes
      .map((lane, row) => passTitles(feed, names[lane] ?? '', kindOf(lane), row, run, viewport, labelPx))
      .join(''),
  });
  const { statistics: s } = run;
  const hidden = all.slice(MAX_LANES).filter((lane) => kindOf(lane) === RUNNER_KIND).length;
  const label = `Reconcile passes of ${runnersText(s.runners)} in ${escapeMarkup(s.mode)} mode`;
  return `<h3>${escapeMarkup(s.mode)} <small>${escapeMarkup(podsOf(s))} · ${passesText(s.passes)}${hidden > 0 ? ` · ${runnersText(hidden)} more not drawn` : ''}</small></h3>
${picture.replace('<svg ', `<svg class="chart" role="img" aria-label="${label}" `)}
${problemsHtml(run, names)}`;
}

function podsOf({ pods: count, firstPodUs, lastPodUs, lastMadeUs }: ReportedRun['statistics']): string {
  if (firstPodUs === null || lastPodUs === null || lastMadeUs === null) return t('no pod');
  return podWords({ count, firstUs: firstPodUs, lastUs: lastPodUs, lastMadeUs });
}

/** The namespace is left out. */
function shownName(kind: string, name: string): string {
  return kind === RUNNER_KIND ? name : nameWithKind(kind, splitKey(name).name);
}

/** @param row of the lane, from the top */
function passTitles(
  feed: BarFeed,
  object: string,
  kind: string,
  row: number,
  run: ReportedRun,
  viewport: Viewport,
  labelPx: number,
): string {
  const y = SVG_AXIS_PX + row * LANE_HEIGHT_PX;
  const name = shownName(kind, splitKey(object).name);
  const nowUs = run.trace.endedUs ?? 0;
  return feed
    .passesOf(object, kind)
    .map((number, index) => {
      const pass = feed.pass(number) as PassEvent | OpenPass;
      const { ready = NaN, started = pass.ended ?? nowUs } = pass;
      const { ended = Math.max(nowUs, started) } = pass;
      const x = labelPx + pixelAt(viewport, started - run.originUs);
      const width = Math.max(2, (ended - started) * viewport.pixelsPerUs);
      const result =
        pass.ended === undefined
          ? 'not ended'
          : `${pass.result}${typeof pass.error === 'string' ? ` (${pass.error})` : ''}`;
      const title =
        `${name}, pass ${index + 1}: ${result}, because: ${triggerWords(pass.trigger ?? '', kind)}, ` +
        `waited ${spanText(started - ready)}, took ${spanText(ended - (pass.started ?? NaN))}\n` +
        (pass.requests ?? []).map((request) => requestText(request, nowUs)).join('\n');
      return (
        `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${LANE_HEIGHT_PX - 8}" fill="transparent">` +
        `<title>${escapeMarkup(title)}</title></rect>`
      );
    })
    .join('');
}

function requestText(request: TraceRequest, nowUs: number): string {
  const { throttled = 0, locked = 0, started = NaN, ended = nowUs, status, message } = request;
  const said = message === undefined ? '' : `: ${message}`;
  const answer = request.ended === undefined ? 'no answer yet' : `${status ?? 'answer not known'}${said}`;
  const held = throttled > 0 ? `, held back ${formatDuration(throttled)}` : '';
  const waited = locked > 0 ? `, waited ${formatDuration(locked)} for the lock` : '';
  return `${requestName(request)}: ${answer}, ${spanText(ended - started - throttled - locked)}${held}${waited}`;
}

/** NaN is a time that is not known. */
function spanText(us: number): string {
  return Number.isNaN(us) ? 'a time that is not known' : formatDuration(Math.max(0, us));
}

/** Runners that are stuck at the run's end, each with why; what to do is said once of all that need the same. */
function problemsHtml({ trace }: ReportedRun, names: readonly string[]): string {
  const byAdvice = new Map<string, string[]>();
  for (const name of names.slice(0, MAX_LANES)) {
    const last = trace.lastRunnerEvent(name);
    const nowUs = trace.endedUs ?? last?.at ?? 0;
    const problem = last === undefined || last.deleted === true ? undefined : podProblem(last, nowUs, trace.header);
    if (problem === undefined) continue;
    const advice = `${problem.next} ${problem.advice}`;
    const runner = `<b>${escapeMarkup(splitKey(name).name)}</b> ${escapeMarkup(problemSentence(problem, nowUs))}`;
    addTo(byAdvice, advice, runner);
  }
  const items = Array.from(byAdvice, ([advice, runners]) => {
    const [between, before] = runners.length > 1 ? ['<br>', '<br>'] : ['', ' '];
    return `<li>${runners.join(between)}${before}${escapeMarkup(advice)}</li>`;
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
:root{color-scheme:light dark;--grid:#8884;--better:#157f3b;--worse:#b3261e;${variables(LIGHT)}}
@media(prefers-color-scheme:dark){:root{--better:#4cc26b;--worse:#ff8a80;${variables(DARK)}}}
body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:${CHART_WIDTH_PX + 40}px;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}h3{font-size:1rem;margin:1.2rem 0 .2rem}small{font-weight:400;opacity:.75}
table{border-collapse:collapse}th,td{padding:.25rem .35rem;text-align:right;border-bottom:1px solid var(--grid)}th:first-child{text-align:left}
.verdict{font-size:1.1rem;font-weight:600}.about{opacity:.8}.better,.worse{min-width:5rem}.better{color:var(--better)}.worse{color:var(--worse)}.chart{max-width:100%;height:auto}
.legend span{margin-right:1.2rem;white-space:nowrap}.legend svg{margin-right:.4rem;vertical-align:-2px}
`;
