import { t } from '@vscode/l10n';
import { count } from '../evidence/words.ts';
import { partWords } from '../evidence/wait-words.ts';
import { newMessagesText } from '../evidence/nothing-found.ts';
import type { Explanation } from '../evidence/explain.ts';
import { inputName } from '../evidence/evidence-error.ts';
import type { Finding } from '../evidence/finding.ts';
import { MILESTONES } from '../evidence/messages.ts';
import type { RunnerAnswer } from '../evidence/milestones.ts';
import type { Process } from '../evidence/process.ts';
import type { Reading } from '../evidence/reading.ts';
import { releaseOfProcess, type Release } from '../evidence/release.ts';
import type { ReadFile } from '../evidence/read-evidence.ts';
import { counted, thousands } from '../base/count-words.ts';
import { visibleText } from '../base/visible-text.ts';
import type { LogFit } from '../fit/log-fit.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { textTable } from './table.ts';
import { settingsTexts, simulationLines } from './why-fit.ts';
import { timeTexts } from './why-times.ts';

export interface WhyChoice {
  /** The first of those that were asked for by name; undefined where none was. */
  readonly runner: string | undefined;
  /** Whether every finding and every runner is shown. */
  readonly isAll: boolean;
  /** Whether lines that were not understood are listed. */
  readonly isUnknownListed: boolean;
  /** Whether what is known of the controller stands behind what was found, which a reader sees first then. */
  readonly isAboutLast?: boolean;
}

const SIGNS: Readonly<Record<Finding['severity'], string>> = { error: '✗', warning: '!', note: '?' };
const FINDINGS = 3;
const RUNNERS = 20;
const PROCESSES = 4;
const UNKNOWN_RELEASE = 'ARC of an unknown release';

/** The answer of `arc-lab why` for a terminal. */
export function whyText(explanation: Explanation, fit: LogFit, choice: WhyChoice): string {
  const { findings, isHealthy, remarks } = explanation;
  const shown = choice.isAll ? findings : chosenFindings(explanation, choice);
  const known = about(explanation, fit);
  // Who asks about a runner reads first what it waited for.
  const waits = choice.runner === undefined ? [] : explanation.runners.map(({ wait }) => wait);
  const blocks = choice.isAboutLast === true ? [] : [waits.join('\n'), known];
  if (isHealthy) blocks.push(healthText(explanation));
  blocks.push(...shown.map((finding) => findingText(explanation, finding)));
  blocks.push(simulationLines(fit).join('\n'));
  blocks.push(...remarks.map((remark) => `i ${remark}`));
  if (shown.length < findings.length)
    blocks.push(t('arc-lab why --all shows {0} more.', findings.length - shown.length));
  if (choice.isAboutLast === true) blocks.push(known);
  blocks.push(...runnersText(explanation, choice), ...explanation.files.map(readText));
  if (choice.isUnknownListed) blocks.push(...explanation.files.map(unknownText).filter((text) => text !== ''));
  // Names come from the log as they are, and a terminal obeys what cannot be seen.
  return visibleText(`${blocks.filter((block) => block !== '').join('\n\n')}\n`);
}

/** The first ones; where runners are asked for, all that are about them come before. */
function chosenFindings({ findings, runners }: Explanation, { runner }: WhyChoice): readonly Finding[] {
  if (runner === undefined) return findings.slice(0, FINDINGS);
  const names = new Set(runners.map(({ name }) => name));
  const own = findings.filter((finding) => finding.runners.some((name) => names.has(name)));
  const others = findings.filter((finding) => !own.includes(finding));
  return [...own, ...others.slice(0, Math.max(0, FINDINGS - own.length))];
}

function healthText({ isJudged, verdict, lookedAt }: Explanation): string {
  return isJudged ? `✓ ${verdict}\n  ${t('Looked at: {0}', lookedAt)}` : `? ${verdict}`;
}

/** Where no line and no object is of a runner, those that events name. */
function runnersKnown({ runners, podEvents, arcEvents }: Reading): string {
  const named = new Set([
    ...[...podEvents.values()].flatMap(({ namespace, name }) => (/-runner-/.test(name) ? `${namespace}/${name}` : [])),
    ...[...arcEvents.values()].flatMap(({ kind, namespace, name }) =>
      kind === 'EphemeralRunner' ? `${namespace}/${name}` : [],
    ),
  ]);
  return runners.size === 0 && named.size > 0
    ? counted(named.size, t('1 runner in events'), t('{0} runners in events', thousands(named.size)))
    : count(runners.size, 'runner');
}

/** What is known of the controller, in one line; where several ran one after the other, of each. */
export function about({ reading, release }: Explanation, fit: LogFit): string {
  const runners = runnersKnown(reading);
  const each = reading.processes.map((process) => processText(reading, process));
  if (new Set(each).size > 1) {
    const stretches = inARow(each);
    const shown =
      stretches.length > PROCESSES ? [...stretches.slice(0, PROCESSES - 1), '…', stretches.at(-1)] : stretches;
    return `${runners}, ${count(each.length, 'start')} of the controller: ${shown.join('; then ')}`;
  }
  return [runners, release === undefined ? UNKNOWN_RELEASE : releaseText(release), ...settingsTexts(fit)].join(', ');
}

/** What is the same several times in a row stands there once, with how often. */
function inARow(texts: readonly string[]): string[] {
  const stretches: { text: string; times: number }[] = [];
  for (const text of texts) {
    const last = stretches.at(-1);
    if (last?.text === text) last.times++;
    else stretches.push({ text, times: 1 });
  }
  return stretches.map(({ text, times }) => (times === 1 ? text : t('{0} ({1} starts)', text, times)));
}

function processText(reading: Reading, process: Process): string {
  const release = releaseOfProcess(reading, process);
  const { workers } = process;
  return [
    release === undefined ? UNKNOWN_RELEASE : releaseText(release),
    ...(workers === undefined ? [] : [count(workers.count, 'worker')]),
  ].join(', ');
}

/** With the releases known here, where a line names another. */
function releaseText(release: Release): string {
  const { published } = RELEASES;
  if (release.isFromMessages) return `${versionsText(release)} (from the messages)`;
  const isKnown = release.versions.every((version) => published.includes(version));
  if (isKnown) return versionsText(release);
  return t('{0} (known here are {1} to {2})', versionsText(release), published[0] ?? '', published.at(-1) ?? '');
}

/** `ARC 0.14.2 or later`: messages of the newest version are those of what comes after it too. */
export function versionsText({ text, versions, isFromMessages }: Release): string {
  const isOpen = isFromMessages && versions.at(-1) === RELEASES.published.at(-1);
  return `ARC ${isOpen ? `${versions[0]} or later` : text}`;
}

function findingText({ lineName }: Explanation, finding: Finding): string {
  const { severity, sentence, confidence, details, advice, evidence } = finding;
  return [
    `${SIGNS[severity]} ${sentence}${confidence === 'sure' ? '' : ` (${confidence})`}`,
    ...details.map((detail) => `  ${detail}`),
    `  → ${advice}`,
    ...evidence.map(({ at, says }) => `    ${lineName(at)}  ${says}`),
  ].join('\n');
}

function runnersText(explanation: Explanation, { runner: wanted, isAll }: WhyChoice): string[] {
  const chosen = explanation.runners;
  if (chosen.length === 0) return [];
  const calledOf = namesOf(chosen);
  if (wanted !== undefined) return chosen.map((runner) => runnerText(runner, calledOf(runner)));
  const shown = isAll ? chosen : foundFirst(explanation, slowestFirst(chosen)).slice(0, RUNNERS);
  const columns = MILESTONES.filter((milestone) => shown.some(({ milestones }) => milestones[milestone] !== undefined));
  const table = textTable(
    [t('runner'), ...columns],
    shown.map((runner) => [
      runner.startsInLife ? `${calledOf(runner)} …` : calledOf(runner),
      ...timeTexts(columns, runner.milestones),
    ]),
  );
  const left = chosen.length - shown.length;
  return [
    table +
      (shown.some(({ startsInLife }) => startsInLife) ? `\n${t('… the log begins in the middle of its life')}` : '') +
      (left > 0
        ? `\n${t(
            '{0} more with --all (first here: runners of the findings, then the longest waits for a pod); one of them: arc-lab why FILE RUNNER',
            left,
          )}`
        : ''),
  ];
}

/** With the namespace where runners of two have the same name. */
function namesOf(runners: readonly RunnerAnswer[]): (runner: RunnerAnswer) => string {
  const times = new Map<string, number>();
  for (const { name } of runners) times.set(name, (times.get(name) ?? 0) + 1);
  return ({ name, namespace }) => (times.get(name) === 1 || namespace === '' ? name : `${namespace}/${name}`);
}

/** The runners that findings name stand before all others, in the findings' order. */
function foundFirst({ findings }: Explanation, runners: readonly RunnerAnswer[]): RunnerAnswer[] {
  const place = new Map<string, number>();
  for (const [index, { severity, runners: named }] of findings.entries()) {
    if (severity !== 'note') for (const name of named) if (!place.has(name)) place.set(name, index);
  }
  const placeOf = ({ name }: RunnerAnswer): number => place.get(name) ?? Number.MAX_SAFE_INTEGER;
  return [...runners].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Where a pod was long in coming, or has not come, stands first. */
function slowestFirst(runners: readonly RunnerAnswer[]): RunnerAnswer[] {
  const waitedUs = Float64Array.from(runners, (runner) => runner.waitedUs);
  return [...runners.keys()]
    .sort((a, b) => Math.sign((waitedUs[b] ?? 0) - (waitedUs[a] ?? 0)) || 0)
    .map((index) => runners[index] as RunnerAnswer);
}

function runnerText(runner: RunnerAnswer, called: string): string {
  const { milestones, evidence, path, startsInLife, idle } = runner;
  const rows = MILESTONES.flatMap((milestone) => {
    const time = milestones[milestone];
    if (time === undefined) return [];
    return [
      [
        milestone,
        withoutZeros(time.until === undefined ? time.at : `${time.at} to ${time.until.slice(11)}`),
        evidence[milestone] ?? '',
      ],
    ];
  });
  const parts = path.map((part) => `  ${partWords(part)}  ${part.evidence.join(' to ')}`);
  return [
    called,
    ...(startsInLife ? [t('The log begins in the middle of its life.')] : []),
    ...(rows.length === 0
      ? [t('No milestone of it is in the log.')]
      : [textTable([t('milestone'), t('at'), t('line')], rows)]),
    ...(idle === undefined ? [] : [idle]),
    ...(parts.length === 0 ? [] : [t('What it waited for until its pod was made:'), ...parts]),
  ].join('\n');
}

/** A clock shows no more digits than it has. */
function withoutZeros(times: string): string {
  return times.replace(/\.(\d*?)0*Z/g, (_, digits: string) => (digits === '' ? 'Z' : `.${digits}Z`));
}

export function readText({
  file,
  format,
  lines,
  unknown,
  newMessages,
  sampledAway,
  isNewestFirst,
  problems,
  formats,
  zoneUs,
}: ReadFile): string {
  if (format === undefined) return `not used: ${inputName(file)}, ${problems.join(', ') || nothingKnown(lines)}`;
  const others = [...formats.keys()].filter((other) => other !== format);
  return [
    `read: ${inputName(file)}`,
    format,
    ...(others.length === 0 ? [] : [`with lines of ${others.join(', ')}`]),
    count(lines, 'line'),
    understoodText(unknown, newMessages),
    ...(isNewestFirst ? ['newest first'] : []),
    ...(zoneUs === undefined
      ? []
      : [`the store's clock is UTC${zoneUs < 0 ? '-' : '+'}${formatZone(Math.abs(zoneUs))}`]),
    ...(sampledAway === 0 ? [] : [`sampled: about ${count(sampledAway, 'line')} missing`]),
    ...problems,
  ].join(', ');
}

function understoodText(unknown: number, newMessages: number): string {
  if (unknown + newMessages === 0) return 'all understood';
  return [
    ...(unknown === 0 ? [] : [`${unknown.toLocaleString('en')} not understood`]),
    ...(newMessages === 0 ? [] : [newMessagesText(newMessages)]),
  ]
    .join(', ')
    .concat(' (--unknown lists them)');
}

function nothingKnown(lines: number): string {
  return lines === 0 ? 'it is empty' : `none of its ${count(lines, 'line')} is known (--unknown lists them)`;
}

function unknownText({ file, unknownLines }: ReadFile): string {
  return unknownLines.map(({ line, text }) => `${file}:${line}  ${text}`).join('\n');
}

function formatZone(us: number): string {
  const minutes = Math.round(us / 60e6);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
