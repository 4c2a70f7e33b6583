import { t } from '@vscode/l10n';
import { escapeMarkup } from '../base/escape-markup.ts';
import { adviceText, clockText, estimateRows, hindsightText } from './hindsight-text.ts';
import type { Estimate, Hindsight } from './point-of-no-return.ts';

interface HindsightPage {
  readonly title: string;
  readonly language: string;
  readonly nonce: string;
  /** What was changed during the run and is not repeated, in a sentence; empty where nothing was. */
  readonly note: string;
  /** Where a link to a moment leads. @param atUs of the run's clock */
  readonly linkTo: (atUs: number) => string;
}

/** The answer as a page without scripts: the sentences, a chart of the futures that end well by when they begin, and its table. */
export function hindsightPage(hindsight: Hindsight, page: HindsightPage): string {
  const { title, language, nonce, note } = page;
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'`;
  const advice = adviceText(hindsight);
  return `<!doctype html>
<html lang="${escapeMarkup(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeMarkup(title)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(title)}</h1>
<p id="answer">${escapeMarkup(hindsightText(hindsight))}</p>
${advice === '' ? '' : `<p id="advice">${escapeMarkup(advice)}</p>`}
${note === '' ? '' : `<p id="note">${escapeMarkup(note)}</p>`}
${hindsight.estimates.length === 0 ? '' : `${chart(hindsight, page)}\n${table(hindsight, page)}`}
<p class="faint">${escapeMarkup(
    t('A future: from that moment on nothing goes wrong any more, and times are drawn by another seed.'),
  )}</p>
</main>
</body>
</html>`;
}

/** Of the chart, without the room for its labels; pixels. */
const [WIDTH, HEIGHT] = [640, 180] as const;
const [LEFT, TOP, BOTTOM, RIGHT] = [48, 26, 26, 16] as const;

function chart({ estimates, verdict, chronicle }: Hindsight, { linkTo }: HindsightPage): string {
  const { originUs } = chronicle.finished;
  const timeOf = ({ atUs }: Estimate): number => Math.max(0, atUs - originUs);
  const lastUs = Math.max(1, ...estimates.map(timeOf));
  const x = (us: number): number => LEFT + (us / lastUs) * WIDTH;
  const y = (share: number): number => TOP + (1 - share) * HEIGHT;
  const places = estimates.map((one): [number, number] => [x(timeOf(one)), y(one.well / one.of)]);
  // Nothing changes between events: steps, no slopes.
  const steps = places.flatMap(([px, py], index): [number, number][] => [
    [px, places[index - 1]?.[1] ?? py],
    [px, py],
  ]);
  const line = steps.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
  const dots = places.map(([px, py], index) =>
    // Told apart by their shape too: where none ends well, the dot is hollow.
    dot(px, py, estimates[index]?.well === 0 ? 'none' : 'some'),
  );
  const grid = [0, 0.5, 1].map(
    (share) =>
      `<line class="grid" x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y(share)}" y2="${y(share)}"/>` +
      `<text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end">${share * 100} %</text>`,
  );
  const ends = [
    `<text x="${LEFT}" y="${TOP + HEIGHT + 18}">${clockText(0)}</text>`,
    `<text x="${LEFT + WIDTH}" y="${TOP + HEIGHT + 18}" text-anchor="end">${clockText(lastUs)}</text>`,
  ];
  const label = t('Futures that end well, by the moment at which they begin; the table below has the same');
  return `<svg role="group" aria-label="${escapeMarkup(label)}" viewBox="0 0 ${LEFT + WIDTH + RIGHT} ${TOP + HEIGHT + BOTTOM}">
${[...grid, ...ends].join('\n')}
<polyline points="${line}"/>
${dots.join('')}
${verdict.kind === 'event' ? event(timeOf(verdict.first), x(timeOf(verdict.first)), linkTo(verdict.first.atUs)) : ''}
</svg>`;
}

function dot(x: number, y: number, kind: 'some' | 'none'): string {
  return `<circle class="${kind}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5"/>`;
}

/** The line at the event, which leads to it in the timeline. */
function event(us: number, x: number, link: string): string {
  const isLeft = x > LEFT + WIDTH / 2;
  const text = t('too late from {0} on', clockText(us));
  return `<a href="${escapeMarkup(link)}" aria-label="${escapeMarkup(t('{0}: show it in the timeline', text))}">
<rect class="hit" x="${(x - 8).toFixed(1)}" y="${TOP}" width="16" height="${HEIGHT}"/>
<line class="event" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${TOP - 8}" y2="${TOP + HEIGHT}"/>
<text x="${(x + (isLeft ? -6 : 6)).toFixed(1)}" y="${TOP - 12}" text-anchor="${isLeft ? 'end' : 'start'}">${escapeMarkup(text)}</text>
</a>`;
}

function table(hindsight: Hindsight, { linkTo }: HindsightPage): string {
  const rows = estimateRows(hindsight).map(
    ([time, , figures, atUs]) =>
      `<tr><th scope="row"><a href="${escapeMarkup(linkTo(atUs))}">${time}</a></th><td>${escapeMarkup(figures)}</td></tr>`,
  );
  const heads = [t('from then on'), t('futures that end well')].map(
    (head) => `<th scope="col">${escapeMarkup(head)}</th>`,
  );
  return `<table><thead><tr>${heads.join('')}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

/** Colours are VS Code's; without it, as in a test, those of a light page. */
const STYLE = `
body { color: var(--vscode-foreground, #1f1f1f); background: var(--vscode-editor-background, #fff); font-family: var(--vscode-font-family, sans-serif); }
main { max-width: 52rem; padding: 0 1rem 1rem; }
h1 { font-size: 1.3em; font-weight: 600; }
#answer { font-size: 1.1em; line-height: 1.5; }
svg { width: 100%; }
svg text { fill: var(--vscode-foreground, #1f1f1f); font-size: 12px; }
polyline { fill: none; stroke: var(--vscode-foreground, #1f1f1f); stroke-width: 1.5; }
.grid { stroke: var(--vscode-foreground, #1f1f1f); stroke-opacity: .25; }
circle { stroke: var(--vscode-foreground, #1f1f1f); stroke-width: 1.5; }
.some { fill: var(--vscode-foreground, #1f1f1f); }
.none { fill: var(--vscode-editor-background, #fff); }
.hit { fill: transparent; }
.event { stroke: var(--vscode-errorForeground, #b5200d); stroke-width: 3; stroke-dasharray: 6 3; }
a { color: var(--vscode-textLink-foreground, #005fb8); text-decoration: underline; }
svg a text { fill: var(--vscode-textLink-foreground, #005fb8); text-decoration: underline; }
a:focus-visible { outline: 2px solid var(--vscode-focusBorder, #005fb8); outline-offset: 2px; }
table { border-collapse: collapse; }
th, td { padding: .2em 1.5em .2em 0; text-align: start; font-weight: normal; font-variant-numeric: tabular-nums; }
thead th { font-weight: 600; border-bottom: 1px solid var(--vscode-foreground, #1f1f1f); }
`;
