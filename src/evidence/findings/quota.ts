import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import { clean } from '../clean.ts';
import { overText } from '../over-text.ts';
import { amountOf, quantitiesIn } from '../quantity.ts';
import { mayBeUpTo } from '../release.ts';
import { quotaCause } from '../quota-cause.ts';
import type { Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { lengthUs, once, together, type Repeated } from '../seen.ts';
import { firstAndLast, shortened, spanText, withNote, withoutPod } from '../words.ts';

const EXCEEDED = /exceeded quota: ([\w.-]+), requested: (.+?), used: (.+?), limited: ([^\s:;"]+)/;

/** The name of a quota, also where nothing follows it. */
const NAMED = /exceeded quota: ([\w.-]+)/;

/** What a quota refuses, before its name: `pods "lark-1" is forbidden`. */
const WHAT = /([a-z]+)(?:\.[\w.-]+)? "[^"]*" is forbidden: exceeded quota/;

/** A runner whose pod a quota has refused. */
interface Refused {
  readonly name: string;
  /** The refusals, with the last text. */
  readonly note: Repeated;
}

interface RefusedInLog extends Refused {
  readonly runner: RunnerHistory;
}

/** Pods and other objects that a resource quota refuses, with its arithmetic: by lines of a log or by events. */
export const quota: Rule = (reading) => [...ofRunners(reading), ...ofOthers(reading)];

function ofRunners(reading: Reading): Finding[] {
  const inLog = refusedInLog(reading);
  const known = new Set(inLog.map(({ name }) => name));
  const all = [...inLog, ...refusedInEvents(reading).filter(({ name }) => !known.has(name))];
  const first = all.find(({ note }) => EXCEEDED.test(note.text)) ?? all[0];
  if (first === undefined) return [];
  const waiting = inLog.filter(({ runner, note }) => !hasPodAfter(runner, note)).length;
  // Its events and its log may be of other times.
  const isOver = waiting === 0 && inLog.length === all.length;
  const note = { ...together(all.map((each) => each.note)), text: first.note.text };
  const runners = inLog.map(({ runner }) => runner);
  return [
    {
      ...finding(reading, note, runnersText(thousands(all.length))),
      runners: all.map(({ name }) => name),
      ...(isOver ? { severity: 'warning' as const } : {}),
      details: [
        ...detailsOf(reading, note),
        ...(isOver ? [overText(reading, runners, note)] : []),
        ...withoutPod(waiting),
      ],
      advice: [
        t("Raise the quota, lower the requests of the runner's containers, or set maxRunners to what fits."),
        ...failsForGood(reading),
      ].join(' '),
    },
  ];
}

/** Objects of sets and listeners: a quota may count runners, secrets or any other kind. */
function ofOthers(reading: Reading): Finding[] {
  const passes = [...reading.otherErrors].flatMap(([object, { kinds }]) =>
    [...kinds].map((note) => [object, note] as const),
  );
  return [...passes, ...reading.reportedErrors].flatMap(([by, note]) =>
    isQuota(note.text) ? [finding(reading, note, by)] : [],
  );
}

/** Whether an error is that of a quota, which has a finding of its own. */
export function isQuota(text: string): boolean {
  return NAMED.test(text);
}

/** What a refused runner comes to in the releases that may have written the log. */
export function failsForGood(reading: Reading): string[] {
  return mayBeUpTo(reading, '0.13.0')
    ? [t('Up to ARC 0.13.0 such a runner fails for good and must be deleted by hand.')]
    : [];
}

function finding(reading: Reading, note: Repeated, who: string): Finding {
  const match = EXCEEDED.exec(note.text);
  const cause = quotaCause(note.text);
  const what = WHAT.exec(note.text)?.[1] ?? 'pods';
  return {
    id: 'quota',
    severity: 'error',
    sentence:
      match === null
        ? refusedBy(note.text, who)
        : t('Quota {0} refused the {1} of {2}: {3}.', match[1] ?? '', what, who, shortened(sum(match), 12)),
    details: detailsOf(reading, note),
    runners: [],
    evidence: firstAndLast(note, note.text === '' ? t('the quota is exceeded') : undefined),
    confidence: 'sure',
    advice: t('Raise the quota, remove what it counts and nobody needs, or set maxRunners to what fits.'),
    weightUs: lengthUs(note),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Where a text has no arithmetic it may have the name of the quota, and which step it refused. */
function refusedBy(text: string, who: string): string {
  const name = NAMED.exec(text)?.[1];
  if (name === undefined) return t('A resource quota refused the pods of {0}.', who);
  return /make ephemeral runner/.test(text)
    ? t('Quota {0} refused the runners of {1}.', name, who)
    : t('Quota {0} refused what {1} makes.', name, who);
}

function detailsOf(reading: Reading, note: Repeated): string[] {
  const { text } = note;
  const us = lengthUs(note);
  return [
    ...(EXCEEDED.test(text)
      ? []
      : [
          NAMED.test(text)
            ? t('The log does not say by how much.')
            : t('The log does not say which quota and by how much.'),
        ]),
    ...(us > 0 ? [t('It was tried for {0}.', spanText(reading, us))] : []),
  ];
}

function refusedInLog(reading: Reading): RefusedInLog[] {
  const refused = new Map<RunnerHistory, Repeated>();
  for (const kind of ['quota', 'pod refused', 'error'] as const) {
    for (const { runner, note } of withNote(reading, kind)) {
      if (kind === 'quota' || EXCEEDED.test(note.text)) refused.set(runner, note);
    }
  }
  return [...refused].map(([runner, note]) => ({ name: runner.name, runner, note }));
}

/** A pod that was made after the last refusal. */
function hasPodAfter({ milestones, hasPod }: RunnerHistory, { last }: Repeated): boolean {
  const pod = milestones.get('podCreated');
  return pod === undefined ? hasPod : pod.at.us >= last.at.us;
}

function refusedInEvents({ arcEvents }: Reading): Refused[] {
  return [...arcEvents.values()].flatMap(({ kind, name, events, seen }) => {
    const last = events.findLast(({ message = '' }) => EXCEEDED.test(message));
    if (kind !== 'EphemeralRunner' || last === undefined) return [];
    const text = clean(last.message ?? '');
    return [{ name, note: once(seen, text) }];
  });
}

/** `used cpu=38 + requested cpu=4 > 40`: of several resources those that are over; where these are several, each limit has its name. */
function sum([, , requested = '', used = '', limited = '']: RegExpExecArray): string {
  const [asked, before, limits] = [requested, used, limited].map(quantitiesIn) as [Amounts, Amounts, Amounts];
  const over = [...limits.keys()].filter(
    (name) => amountOf(before.get(name) ?? '') + amountOf(asked.get(name) ?? '') > amountOf(limits.get(name) ?? ''),
  );
  const shown = over.length === 0 ? [...limits.keys()] : over;
  const of = (amounts: Amounts): string => shown.map((name) => `${name}=${amounts.get(name) ?? '?'}`).join(',');
  const [first = ''] = shown;
  return t(
    'used {0} + requested {1} > {2}',
    of(before),
    of(asked),
    shown.length === 1 ? (limits.get(first) ?? '') : of(limits),
  );
}

type Amounts = ReadonlyMap<string, string>;
