import { t } from '@vscode/l10n';
import { namesInWords, runnersText, thousands, timesText } from '../../base/count-words.ts';
import { groupBy } from '../../base/group.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { lengthUs, together, type Repeated, type Seen } from '../seen.ts';
import { githubAnswer } from '../service-trouble.ts';
import { clock, firstAndLast, names, timesOver, withNote, spanText, withoutPod, withStop } from '../words.ts';
import { errorKind } from '../failed-passes.ts';
import { heldSteps } from '../held-steps.ts';
import { spellsOf } from '../spells.ts';
import { overText } from '../over-text.ts';
import { adviceForError, isPassing, type ReportedBy } from './error-advice.ts';
import { isPodNameTaken } from './pod-name-taken.ts';
import { isQuota } from './quota.ts';
import { errorReason } from './error-reason.ts';

/** The next pass comes sooner than this: what fails at most this often is over in between. */
const APART_US = 30e6;
/** What fails no longer than this is a spell, and no state. */
const SPELL_US = 60e6;
/** Kubernetes kills a pod that has not ended after this. */
const SHUTDOWN_US = 60e6;
/** What a pass does at the end of a runner's life: at the service, and to its objects. */
const REMOVAL = /^failed to (?:remove|delete|clean up)\b.*\brunner\b/i;
/** The error of a line that reports a failed pod, which is counted elsewhere. */
const CONTAINER_FAILED = /runner container has failed/;

/** Passes that end with the same kind of error, once or again and again. */
export const repeatedErrors: Rule = (reading) => {
  const heldCalls = new Set(heldSteps(reading).map(({ error }) => error));
  const byKind = new Map<string, { readonly runners: RunnerHistory[]; readonly notes: Repeated[] }>();
  for (const { runner, note } of withNote(reading, 'error')) {
    const kind = errorKind(note.text, runner.name);
    const text = note.text.replaceAll(runner.name, '…');
    // What has its own finding, and a stale copy that the next pass repairs.
    const isTold =
      runner.notes.has('pod refused') ||
      runner.notes.has('quota') ||
      (isPodNameTaken(runner) && /already exists/.test(note.text)) ||
      isOfShutdown(reading, note) ||
      heldCalls.has(note.text) ||
      (runner.notes.has('name conflict') && /runner with the same name/i.test(note.text)) ||
      note.text.includes('exceeded quota') ||
      isOfPanic(reading, note.text, runner.name) ||
      (runner.notes.has('pod failed') && CONTAINER_FAILED.test(note.text));
    if (isTold || (isPassing(text) && isRare(note))) continue;
    const group = byKind.get(kind) ?? { runners: [], notes: [] };
    group.runners.push(runner);
    group.notes.push(note);
    byKind.set(kind, group);
  }
  const ofRunners = [...byKind.values()].map(({ runners, notes }) => ofKind(reading, runners, notes));
  const isWorthIt = (note: Repeated): boolean =>
    !isQuota(note.text) && !isOfShutdown(reading, note) && (!isPassing(note.text) || !isRare(note));
  const ofOthers = [...alikeOf(reading, isWorthIt).values()].map((alike) => ofObjects(reading, alike));
  const reported = [...reading.reportedErrors]
    .filter(([, note]) => isWorthIt(note))
    .map(([by, note]) => ofOther(reading, t('{0} reported an error', by), note, reporterOf(by)));
  return [...ofRunners, ...ofOthers, ...reported];
};

/** Whether each was over at once: they are few, or far apart. */
function isRare(note: Repeated): boolean {
  return note.count < 4 || lengthUs(note) >= (note.count - 1) * APART_US;
}

/** A controller that is asked to end breaks its passes off: they have not failed. */
function isOfShutdown({ processes }: Reading, { text, first, last }: Repeated): boolean {
  if (!/context canceled/.test(text)) return false;
  return processes.some(
    ({ stopping }) =>
      stopping !== undefined && first.at.us >= stopping.at.us && last.at.us - stopping.at.us <= SHUTDOWN_US,
  );
}

/** The end of a pass that has panicked, which is said of the panic itself. */
function isOfPanic({ processEvents }: Reading, error: string, object: string): boolean {
  if (!/^panic: /.test(error)) return false;
  const name = object.slice(Math.max(object.lastIndexOf('/'), object.lastIndexOf(' ')) + 1);
  return processEvents.some(({ panicOf }) => panicOf?.slice(panicOf.lastIndexOf('/') + 1) === name);
}

function ofKind(reading: Reading, runners: readonly RunnerHistory[], notes: readonly Repeated[]): Finding {
  const total = notes.reduce((sum, note) => sum + note.count, 0);
  const all = together(notes);
  const worst = [...notes].sort((a, b) => b.count - a.count)[0] as Repeated;
  const nameOfWorst = runners[notes.indexOf(worst)]?.name ?? '';
  const isRemoval = REMOVAL.test(worst.text);
  const isOfGithub = githubAnswer(worst.text) !== undefined;
  const spells = isOfGithub && !isRemoval ? spellsOf(reading, notes) : [all];
  const lengthsUs = spells.map(lengthUs);
  const us = lengthsUs.reduce((sum, each) => sum + each, 0);
  const often =
    spells.length === 1
      ? timesOver(reading, total, us)
      : t(
          '{0}, in {1} spells of up to {2}',
          timesText(total),
          thousands(spells.length),
          spanText(reading, Math.max(...lengthsUs)),
        );
  const isOver = runners.every(({ hasPod, milestones }) => {
    if (isRemoval) return milestones.has('gone');
    const registered = milestones.get('registered');
    const isTaken = isOfGithub && registered !== undefined && registered.at.us > all.last.at.us;
    return hasPod || milestones.has('deleted') || isTaken;
  });
  const waiting =
    isRemoval || isOver ? 0 : runners.filter((runner) => !runner.hasPod && !runner.milestones.has('deleted')).length;
  const who = runners.length <= 2 ? names(runners) : runnersText(thousands(runners.length));
  return {
    id: 'repeated-errors',
    severity: isOver && total < 10 ? 'warning' : 'error',
    sentence: sentence(
      isRemoval ? t('The removal of {0} failed', who) : t('Passes of {0} failed', who),
      often,
      runners.length === 1 ? worst.text : worst.text.replaceAll(nameOfWorst, '…'),
    ),
    details: [
      ...(spells.length > 1 ? [t('Between them GitHub registered runners.')] : []),
      ...(isOver && !isRemoval ? [overText(reading, runners, all)] : []),
      ...(isRemoval && !isOver ? [t('Until it succeeds, such a runner stays and keeps its place in its set.')] : []),
      ...(total > runners.length
        ? [t('Each failure doubles the wait before the next pass, 5 ms up to 17 minutes.')]
        : []),
      ...withoutPod(waiting),
    ],
    runners: runners.map(({ name }) => name),
    evidence: firstAndLast(all),
    confidence: 'sure',
    advice: adviceForError(worst.text),
    weightUs: isOver && total < 10 ? 0 : us,
  };
}

/** Passes of an object that is no runner, which failed in one way. */
interface FailedOther {
  /** `AutoscalingRunnerSet ci/linux` */
  readonly object: string;
  readonly hasEnded: boolean;
  readonly note: Repeated;
}

/** Those of several objects that fail for one reason, such as one token that all of them use. */
function alikeOf(reading: Reading, isWorthIt: (note: Repeated) => boolean): ReadonlyMap<string, FailedOther[]> {
  const all = [...reading.otherErrors].flatMap(([object, { kinds, hasEnded }]) =>
    [...kinds]
      .filter((note) => isWorthIt(note) && !isOfPanic(reading, note.text, object))
      .map((note) => ({ object, hasEnded, note })),
  );
  return groupBy(all, ({ object, hasEnded, note }) => {
    const [kind = '', key = ''] = object.split(' ');
    return `${kind} ${hasEnded} ${errorKind(errorReason(note.text), key.replace(/^.*\//, ''))}`;
  });
}

function ofObjects(reading: Reading, alike: readonly FailedOther[]): Finding {
  const [{ object, hasEnded }] = alike as readonly [FailedOther];
  const keys = alike.map((each) => each.object.replace(/^\S+ /, ''));
  const who = `${object.replace(/ .*/, '')} ${namesInWords(keys)}`;
  const what = hasEnded ? t('Passes of {0} failed', who) : t('{0} reported an error', who);
  const note = together(alike.map((each) => each.note));
  const over = overSince(reading, object, keys, note);
  const finding = ofOther(reading, what, note);
  if (over === undefined) {
    const isHanging = hasEnded && note.count > 1 && alike.some((each) => reading.deleting.has(each.object));
    return isHanging ? { ...finding, severity: 'error', details: [deletionHangs()] } : finding;
  }
  return {
    ...finding,
    severity: 'warning',
    details: [over.detail],
    evidence: [...finding.evidence, over.line],
    weightUs: 0,
  };
}

function deletionHangs(): string {
  return t(
    'It is being deleted: until this succeeds it stays, and its namespace and its Helm release stay in Terminating.',
  );
}

/**
 * What shows that passes no longer fail: of GitHub's answers that it has taken a runner of each scale set since, of a short spell of
 * sets that each has made one. Undefined where one of them has not.
 */
function overSince(
  reading: Reading,
  object: string,
  keys: readonly string[],
  note: Repeated,
): { readonly line: EvidenceLine; readonly detail: string } | undefined {
  if (githubAnswer(note.text) !== undefined) {
    const at = firstSince(reading, keys, 'registered', note.last);
    if (at === undefined) return undefined;
    const detail = t('It was over at {0}: a runner was registered then.', clock(at));
    return { line: { at, says: t('a runner was registered') }, detail };
  }
  const isSpell = lengthUs(note) <= SPELL_US && reading.latestUs - note.last.at.us > SPELL_US;
  if (!isSpell || !object.startsWith('EphemeralRunnerSet ')) return undefined;
  const at = firstSince(reading, keys, 'created', note.last);
  if (at === undefined) return undefined;
  return {
    line: { at, says: t('a runner was made') },
    detail: t('It was over at {0}: a runner was made then.', clock(at)),
  };
}

/** The first milestone of a kind after a line, of the set that came to it last; undefined where one has none. */
function firstSince(
  reading: Reading,
  keys: readonly string[],
  milestone: 'registered' | 'created',
  last: Seen,
): Seen | undefined {
  const firsts = keys.map((key) => {
    const [namespace = '', name = ''] = key.split('/');
    return [...reading.runners.values()]
      .filter((runner) => runner.namespace === namespace && runner.name.startsWith(`${name}-`))
      .flatMap(({ milestones }) => milestones.get(milestone) ?? [])
      .filter(({ at }) => at.us > last.at.us)
      .sort((a, b) => a.at.us - b.at.us)[0];
  });
  const known = firsts.flatMap((each) => each ?? []).sort((a, b) => b.at.us - a.at.us);
  return known.length === keys.length ? known[0] : undefined;
}

/** Whose way to GitHub an error is about, by who reports it. */
function reporterOf(by: string): ReportedBy {
  return by.includes('container') ? 'container' : by.includes('listener') ? 'listener' : 'controller';
}

function ofOther(reading: Reading, what: string, note: Repeated, by?: ReportedBy): Finding {
  const us = lengthUs(note);
  return {
    id: 'repeated-errors',
    severity: note.count > 3 ? 'error' : 'warning',
    sentence: sentence(what, timesOver(reading, note.count, us), note.text),
    details: [],
    runners: [],
    evidence: firstAndLast(note),
    confidence: 'sure',
    advice: adviceForError(note.text, by),
    weightUs: note.count > 3 ? us : 0,
  };
}

/** `Passes of lark-1 failed 12 times over 3 min 0 s: no such host.` */
function sentence(what: string, often: string, error: string): string {
  return withStop(t('{0} {1}: {2}', what, often, errorReason(error)));
}
