import { t } from '@vscode/l10n';
import { accuracyPage } from '../advice/accuracy-page.ts';
import type { Ratio } from '../analysis/ratio.ts';
import type { Spread } from '../analysis/spread.ts';
import { runnersText, thousands } from '../base/count-words.ts';
import { coarseSpan } from '../base/coarse-span.ts';
import { formatDuration } from '../base/duration.ts';
import { escapeMarkdown } from '../base/escape-markdown.ts';
import { visibleText } from '../base/visible-text.ts';
import type { BenchSection, BenchSide } from '../bench/bench.ts';
import type { BenchEvidence } from '../bench/evidence.ts';
import { MEASURES, NAMED_FIRST, type Measure, type MeasureId } from '../bench/measures.ts';
import { isRealDifference } from '../explain/real-difference.ts';
import { describedSentences } from '../explain/release-words.ts';
import { remedyText, wasteSentence } from '../explain/waste-words.ts';
import type { Waste } from '../analysis/waste/waste.ts';
import { endText } from '../run/run-end.ts';
import { factorText, pText, ratioText, spreadText } from './spread-text.ts';
import { markdownTable, textTable } from './table.ts';

/** A difference that seeds alone make this often, or more, is none. */
const CHANCE = 0.05;
/** Of counts a smaller part than this stands in the table alone; of times what is no real difference. */
const LEAST = 0.02;
/** Where the end of a band is this many times the other one, a note says what makes it wide. */
const WIDE = 1.5;

/** What a benchmark says, for a terminal or for a pull request. */
export function benchText(
  sections: readonly BenchSection[],
  against: readonly BenchEvidence[],
  form: 'text' | 'markdown',
): string {
  const isText = form === 'text';
  const plain = (text: string): string => (isText ? text : escapeMarkdown(text));
  const items = (texts: readonly string[]): string =>
    texts.map((text) => `${isText ? '  ' : '- '}${plain(text)}\n`).join('');
  const blocks = sections.flatMap((section) => {
    const { name, sides, seeds } = section;
    const title = t('{0}, {1} seeds', name, seeds);
    const table = (isText ? textTable : markdownTable)(...tableOf(section, against));
    const wastes = sides.flatMap(({ settings, waste }) =>
      wasteBlock(t('{0}, in the run of the first seed', settings.mode), waste, plain, items, settings.mode),
    );
    return [
      `${isText ? title : `### ${plain(title)}`}\n`,
      ...verdicts(section).map((sentence) => `${plain(sentence)}\n`),
      `${table}\n`,
      ...wastes,
      ...sides.flatMap(({ settings, unfinished: [end] }) =>
        end === undefined ? [] : [`${plain(`${settings.mode}: ${endText(end)}`)}\n`],
      ),
    ];
  });
  const modes = sections.flatMap(({ sides }) => sides.map(({ settings }) => settings.mode));
  const foot = [
    t(
      'Figures: the median of the seeds, and where a run with another seed lies 19 times of 20. Factors: the middle one of those between each run of one and each run of the other, which need not be that between the medians, with its band of 95 %; p by the rank test of Mann and Whitney.',
    ),
    t('Requests, calls and passes are those of all controllers and of the listener.'),
    ...(sections.some(hasJobs)
      ? [
          t(
            'Jobs a second: the jobs that were done, over the time from the first one in the queue to the end of the last.',
          ),
        ]
      : []),
    ...(sections.some((section) => hasJobs(section) && hasWideDrain(section))
      ? [
          t(
            'All done and removed takes up to a minute longer with seeds that leave a runner without a job: the listener takes that down after its next poll, which lasts up to 50 s.',
          ),
        ]
      : []),
    isText
      ? t('How near simulations come to recorded controllers, and to which: {0}', accuracyPage())
      : t('How near simulations come to recorded controllers: docs/accuracy.md of ARC Reconciler Lab.'),
    ...describedSentences(modes),
  ];
  const evidence = against.flatMap(({ name, release, runners, waste, isFromLines }) => {
    const its = release === undefined ? name : `${name} (${release})`;
    // Lines do not show every request: what is not found in them may be there all the same.
    const where = isFromLines ? t('the lines of {0}', its) : its;
    return [
      `${plain(t('{0} shows {1}, whatever the load of the runs beside it.', its, runnersText(runners)))}\n`,
      ...wasteBlock(where, waste, plain, items, release),
    ];
  });
  return visibleText([...blocks, ...evidence, ...foot.map((line) => `${plain(line)}\n`)].join('\n'));
}

function wasteBlock(
  name: string,
  waste: readonly Waste[],
  plain: (text: string) => string,
  items: (texts: readonly string[]) => string,
  mode: string | undefined,
): string[] {
  if (waste.length === 0) return [`${plain(t('Waste in {0}: none was found.', name))}\n`];
  const texts = waste.map((each) => [wasteSentence(each), remedyText(each, mode)].filter(Boolean).join(' '));
  return [`${plain(t('Waste in {0}:', name))}\n${items(texts)}`];
}

/** A function, as texts are translated when they are needed. */
function titleOf(id: MeasureId): string {
  const titles: Readonly<Record<MeasureId, string>> = {
    removalP50Us: t('job done to runner removed, p50'),
    removalP95Us: t('job done to runner removed, p95'),
    removalP99Us: t('job done to runner removed, p99'),
    drainUs: t('all done and removed after'),
    jobsASecond: t('jobs a second'),
    firstPodUs: t('first pod after'),
    lastPodUs: t('last pod after'),
    requests: t('requests to Kubernetes a runner'),
    writes: t('writes to Kubernetes a runner'),
    actionsCalls: t('calls to GitHub a runner'),
    passes: t('passes a runner'),
    jitCallsAtOnce: t('JIT calls at once'),
  };
  return titles[id];
}

function tableOf({ sides }: BenchSection, against: readonly BenchEvidence[]): [string[], string[][]] {
  const header = [
    t('measure'),
    ...sides.flatMap(({ settings }, index) => (index === 0 ? [settings.mode] : [settings.mode, t('factor'), 'p'])),
    ...against.map(({ name }) => name),
  ];
  const rows = MEASURES.map((measure) => [
    titleOf(measure.id),
    ...sides.flatMap(({ measures, ratios }, index) => {
      const value = spreadText(measures[measure.id], (each) => valueText(measure, each));
      const ratio = ratios[measure.id];
      if (index === 0) return [value];
      return [value, ...(ratio === undefined ? ['–', '–'] : [ratioText(ratio), pText(ratio.p)])];
    }),
    ...against.map((evidence) => evidenceText(measure, evidence)),
  ]);
  return [header, rows];
}

/** Of sides that have not done all jobs, how many they did. What they made meanwhile is compared with no side that did more. */
function undoneText(side: BenchSide, seeds: number): string[] {
  const { undone } = side;
  const texts = undoneCount(side, seeds);
  return undone === undefined ? texts : texts.map((text) => text.replace(/\.$/, `: ${undone}.`));
}

function undoneCount({ settings: { mode }, jobs: { all, done } }: BenchSide, seeds: number): string[] {
  if (done === all) return [];
  const jobs = thousands(all);
  if (done > 0) return [t('{0} did {1} of {2} jobs with {3} seeds.', mode, thousands(done), jobs, seeds)];
  return [
    all === 1 ? t('{0} did not do the job.', mode) : t('{0} did none of {1} jobs with {2} seeds.', mode, jobs, seeds),
  ];
}

/**
 * Who has not done all jobs, and what the first side and each other one really differ in, by how much it is, in a sentence
 * for each.
 */
function verdicts({ sides, seeds }: BenchSection): string[] {
  return [...sides.flatMap((side) => undoneText(side, seeds)), ...differencesOf(sides)];
}

function differencesOf([base, ...others]: readonly BenchSide[]): string[] {
  if (base === undefined) return [];
  return others.flatMap((side) => {
    const { all, done } = side.jobs;
    if (base.jobs.done !== done || (all > 0 && done === 0)) return [];
    const differences = MEASURES.flatMap((measure) => {
      const [from, to, ratio] = [base.measures[measure.id], side.measures[measure.id], side.ratios[measure.id]];
      return from === undefined ||
        to === undefined ||
        ratio === undefined ||
        !isSure(measure, ratio) ||
        !isShown(measure, from, to)
        ? []
        : [{ measure, from, to, ratio }];
    }).sort((a, b) => NAMED_FIRST.indexOf(a.measure.id) - NAMED_FIRST.indexOf(b.measure.id));
    const [name, against] = [side.settings.mode, base.settings.mode];
    if (differences.length === 0) return t('{0} and {1} differ in nothing that seeds do not explain.', name, against);
    const named = (wanted: Effect): string => {
      const own = differences.filter(({ measure, ratio }) => effectOf(measure, ratio) === wanted);
      const firsts = own.filter(
        (one, index) => own.findIndex(({ measure }) => measure.of === one.measure.of) === index,
      );
      return firsts
        .map(({ measure, from, to, ratio }) =>
          t(
            '{0} {1} → {2} (run against run × {3})',
            titleOf(measure.id),
            valueText(measure, from.median),
            valueText(measure, to.median),
            factorText(ratio.factor),
          ),
        )
        .join('; ');
    };
    const [better, worse, neither] = [named('better'), named('worse'), named('neither')];
    return [
      ...(better === '' ? [] : [t('{0} does better than {1}: {2}.', name, against, better)]),
      ...(worse === '' ? [] : [t('{0} does worse than {1}: {2}.', name, against, worse)]),
      ...(neither === '' ? [] : [t('{0} against {1}, neither better nor worse: {2}.', name, against, neither)]),
    ];
  });
}

type Effect = 'better' | 'worse' | 'neither';

function effectOf({ better }: Measure, { factor }: Ratio): Effect {
  if (better === undefined) return 'neither';
  return factor < 1 === (better === 'less') ? 'better' : 'worse';
}

function hasJobs({ sides }: BenchSection): boolean {
  return sides.some(({ jobs }) => jobs.all > 0);
}

function hasWideDrain({ sides }: BenchSection): boolean {
  return sides.some(({ measures: { drainUs } }) => drainUs !== undefined && drainUs.high > WIDE * drainUs.low);
}

/** What is no difference to anybody is none that a verdict names, however sure it is. */
function isSure({ unit }: Measure, { p, low, high, factor }: Ratio): boolean {
  const isLarge = unit === 'time' ? isRealDifference(1, factor) : Math.abs(factor - 1) >= LEAST;
  return p < CHANCE && (high < 1 || low > 1) && isLarge;
}

/** Whether a reader sees in the medians that they differ. */
function isShown(measure: Measure, from: Spread, to: Spread): boolean {
  return valueText(measure, from.median) !== valueText(measure, to.median);
}

function valueText({ unit }: Measure, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'time') return formatDuration(Math.round(value));
  return unit === 'count' ? String(Number(value.toFixed(1))) : String(Number(value.toPrecision(3)));
}

/** Lines of a log do not show every request and pass, and their times are no finer than its clock. */
function evidenceText(measure: Measure, { figures, isFromLines, clockUs }: BenchEvidence): string {
  const value = figures[measure.id];
  if (measure.unit === 'time' && value !== null) return coarseSpan(value, clockUs);
  const isLeast = isFromLines && measure.unit === 'count' && value !== null;
  return `${isLeast ? '≥ ' : ''}${valueText(measure, value)}`;
}

/** Everything, for programs. */
export function benchJson(sections: readonly BenchSection[], against: readonly BenchEvidence[]): string {
  const wasteJson = (waste: readonly Waste[], mode: string | undefined) =>
    waste.map((each) => ({ ...each, sentence: wasteSentence(each), remedy: remedyText(each, mode) }));
  const sideJson = ({ waste, ...side }: BenchSide) => ({ ...side, waste: wasteJson(waste, side.settings.mode) });
  const results = sections.map(({ sides, ...section }) => ({ ...section, sides: sides.map(sideJson) }));
  const evidence = against.map(({ waste, ...each }) => ({ ...each, waste: wasteJson(waste, each.release) }));
  return `${JSON.stringify({ results, against: evidence }, null, 2)}\n`;
}
