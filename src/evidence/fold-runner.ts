import { clean } from './clean.ts';
import { numberField, objectField, textField } from './fields.ts';
import { ENDLESS_US, noteBreak, noteEndless, noteJump } from './holes.ts';
import { JIT_BEGIN, JIT_END, notePair } from './filtered.ts';
import { isCutShort, type LogRecord } from './log-record.ts';
import { RUNNER_MESSAGES, type Doing, type Meaning, type Note } from './messages.ts';
import { isNameTaken } from './name-taken.ts';
import { countRequests, type Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';
import { atLatest, type Seen } from './seen.ts';
import { leaveStandby } from './start-process.ts';
import { noteWayLine } from './way-lines.ts';

/** A step that lasts this long holds a worker for long; a pass that comes again after 30 s is another. */
const LONG_US = 31e6;
/** A silence worth telling of. */
const SILENT_US = 60e6;
/** A way to a pod has about twenty lines; one that fails over and over must not grow without end. */
const LONGEST_WAY = 64;
/** After its pod these take from the client's limit what others on their way want. */
const MOST_AFTER_POD = 16;
/** From a change of a pod to the first line of the pass that it leads to, while the controller is idle. */
const NOTICED_US = 500e3;
/** Lines closer than this belong to one busy stretch. */
const IDLE_US = 1e6;
/** Between a line and the error that its pass ends with. */
const SAME_PASS_US = 1e6;
/** The line that gives a runner up says it where its pods failed. */
const FAILED_PODS = /has failed more than \d+ times/;
const EXISTS = 'Runner exists in GitHub service';
const NOTHING: Meaning = {};

const FIRST_MESSAGES: ReadonlySet<string> = new Set([
  'Adding finalizer',
  'Adding finalizers',
  'Adding runner registration finalizer',
  JIT_BEGIN,
]);

/** A line of the EphemeralRunner controller about one runner. */
export function foldRunnerLine(reading: Reading, record: LogRecord, seen: Seen): void {
  const object = objectField(record.fields, 'ephemeralrunner');
  if (object === undefined) {
    if (isCutShort(record)) reading.cutBeforeName++;
    return;
  }
  const runner = runnerOf(reading, object.namespace, object.name, seen, !FIRST_MESSAGES.has(record.message));
  noteSilence(reading, seen);
  const meaning = RUNNER_MESSAGES.get(record.message) ?? NOTHING;
  if (record.isNewMessage === true) runner.note('new message', seen, clean(record.message));
  noteStep(reading.steps, record);
  noteWayLine(reading.wayLines, record.message);
  const asked = record.message === EXISTS ? runner.open : undefined;
  const isUnasked = !isAnswerAgain(runner, record, seen) && notePair(reading.jitPairs, record.message, seen, runner);
  if (isUnasked && !runner.startsInLife) {
    reading.process.foreign++;
    noteBreak(reading, seen);
  }
  step(reading, runner, meaning, seen, '');
  if (meaning.secretRequests !== undefined) countRequests(reading.requests, 'secrets', seen, meaning.secretRequests);
  runner.isTouched = true;
  if (runner.pods === 0) runner.process = reading.process;
  if (meaning.milestone !== undefined) noteMilestone(reading, runner, meaning.milestone, seen);
  if (meaning.note !== undefined && !isSaidAgain(runner, meaning.note, record, seen)) {
    runner.note(meaning.note, seen, detailOf(meaning.note, record));
  }
  if (meaning.isPodThere === true) notePod(reading, runner, meaning, seen);
  if (meaning.always !== undefined) runner.say(meaning.always);
  switch (record.message) {
    case JIT_END:
      noteRegistration(reading, runner, numberField(record.fields, 'runnerId'));
      break;
    case 'Found the runner with the same name': {
      const holder = numberField(record.fields, 'runnerScaleSetId');
      if (holder !== undefined) reading.nameHolders.set(runner, holder);
      break;
    }
    case 'Removing the runner with the same name':
      reading.nameHolders.delete(runner);
      break;
    case EXISTS:
      if (asked?.doing === 'service') runner.checked = { asked, answered: seen };
      break;
    case 'Created ephemeral runner pod':
      reading.steps.podsMade++;
      runner.madePod(seen);
      break;
    case 'Ephemeral runner has finished successfully, deleting ephemeral runner':
      if (!runner.milestones.has('deleted')) runner.milestones.set('deleted', seen);
      break;
    case 'Ephemeral runner container is still running':
    case 'Runner container is still running; updating ephemeral runner status':
      runner.lookedAtUs = noticedSince(reading, runner);
      // Passes log it while the container is not terminated, so also of one that waits for its image.
      if (!runner.isPodPending) runner.isContainerMissing = false;
      break;
    case 'Waiting for runner container status to be available':
      runner.isContainerMissing = true;
      break;
    case 'Cleaning up resources after after ephemeral runner termination':
      if (textField(record.fields, 'phase') === 'Succeeded') noteMilestone(reading, runner, 'finished', seen);
      break;
    case 'Pod is in failed phase, inspecting runner container status': {
      // A pod whose containers failed has no reason of its own.
      const reason = textField(record.fields, 'podReason') ?? '';
      if (reason !== '') runner.note('pod ended', seen, endedText(reason, textField(record.fields, 'podMessage')));
      break;
    }
    case 'Updating ephemeral runner status with pod phase':
    case 'Updating ephemeral runner status':
      notePhase(reading, runner, record, seen);
      break;
    default:
      if (runner.runnerId === undefined) runner.runnerId = numberField(record.fields, 'runnerId');
  }
  noteIdlePass(runner, record.message, seen);
  if (record.level !== 'error') runner.goOnWithoutError();
  else if (meaning.note === undefined) {
    const error = errorOf(record);
    noteError(runner, seen, error, () => runner.reportError(seen, error));
  }
  runner.last = seen;
}

/** One whose pod was made before the log began: its first line may be that of a finalizer that is added again. */
function notePod(reading: Reading, runner: RunnerHistory, { note }: Meaning, seen: Seen): void {
  if (!runner.hasPod && !runner.milestones.has('created')) runner.startsInLife = true;
  else if (!runner.hasPod && !runner.startsInLife && note !== 'pod exists') noteJump(reading, runner, seen);
  runner.isPodShown = true;
}

/** Lines of passes that look at a pod; where no other line follows, that was all. */
const LOOKS: ReadonlySet<string> = new Set([
  'Waiting for runner container status to be available',
  'Ephemeral runner container is still running',
  'Runner container is still running; updating ephemeral runner status',
]);
/** A pod's start and its events bring fewer in a row. */
const MANY_PASSES = 30;

function noteIdlePass(runner: RunnerHistory, message: string, seen: Seen): void {
  runner.idlePasses = LOOKS.has(message) ? runner.idlePasses + 1 : 0;
  if (runner.idlePasses > MANY_PASSES) runner.note('nothing new', seen, '');
}

/** Since 0.14.0 a pass says in two ways that the service refuses a removal; the next one comes 30 s later. */
function isSaidAgain({ notes }: RunnerHistory, note: Note, { message }: LogRecord, seen: Seen): boolean {
  const before = note === 'removal refused' ? notes.get(note) : undefined;
  return before !== undefined && before.text !== message && seen.at.us - before.last.at.us <= SAME_PASS_US;
}

/** One that is registered again has met its own name at the service before; otherwise several bear it. */
function noteRegistration(reading: Reading, runner: RunnerHistory, id: number | undefined): void {
  const isOther = id !== undefined && runner.runnerId !== undefined && runner.runnerId !== id;
  if (isOther && !runner.notes.has('name conflict') && !runner.startsInLife) reading.madeTwice.add(runner);
  runner.runnerId = id ?? runner.runnerId;
}

/** What a pass says while it waits begins no step. */
const GOES_ON = /^(?:Cleaning|Deleting|Waiting)/;
const BEGINS = /^(?:Adding|Checking|Cleaning|Creating|Deleting|Finalizing|Removing|Trying|Updating|Waiting)\b/;

/** Once a line says anything else, it does not matter how many say that a step begins. */
function noteStep(steps: Reading['steps'], { level, message }: LogRecord): void {
  if (steps.hasOthers) return;
  if (level === 'error' || !BEGINS.test(message)) steps.hasOthers = true;
  else if (!GOES_ON.test(message)) steps.begun++;
}

/** A pass of a runner ended with an error, as controller-runtime tells it. */
export function endWithError(reading: Reading, runner: RunnerHistory, seen: Seen, error: string): void {
  noteSilence(reading, seen);
  reading.steps.hasOthers = true;
  step(reading, runner, { doing: 'back-off' }, seen, error);
  noteError(runner, seen, error, () => runner.endWithError(seen, error));
  runner.last = seen;
}

/** An error that says that the name is taken is the end of a pass that has said so in a line before. */
function noteError(runner: RunnerHistory, seen: Seen, error: string, asError: () => void): void {
  if (!isNameTaken(error)) {
    asError();
    return;
  }
  const before = runner.notes.get('name conflict');
  if (before === undefined || seen.at.us - before.last.at.us > SAME_PASS_US) runner.note('name conflict', seen, error);
  else before.text = error;
}

/** @param namespace empty where it is not known */
export function runnerOf(
  reading: Reading,
  namespace: string,
  name: string,
  seen: Seen,
  startsInLife: boolean,
): RunnerHistory {
  const { runners } = reading;
  return (
    runners.get(namespace, name) ??
    runners.adoptable(namespace, name) ??
    runners.add(namespace, name, seen, startsInLife, reading.process)
  );
}

/** The line of an answer that has been read: two collectors of a store give each line twice. */
function isAnswerAgain({ milestones }: RunnerHistory, { message }: LogRecord, seen: Seen): boolean {
  return message === JIT_END && milestones.get('registered')?.at.us === seen.at.us;
}

function step(
  reading: Reading,
  runner: RunnerHistory,
  { doing, secretRequests }: Meaning,
  seen: Seen,
  error: string,
): void {
  if (runner.doing === undefined) waitForStart(reading, runner);
  const before = runner.doing;
  const us = seen.at.us - runner.doingSinceUs;
  if (before !== undefined && us >= ENDLESS_US && isHeldBy(before) && runner.last.source === seen.source) {
    noteEndless(reading, runner, seen);
  } else if (before !== undefined && us >= LONG_US && isHeldBy(before)) {
    reading.longSteps.push({ runner, doing: before, from: runner.open ?? seen, until: seen, error });
  }
  if (doing === undefined) {
    // It goes on with what its last line said; the way keeps the line for its time.
    if (before !== undefined) runner.begin(before);
    return;
  }
  if (doing === 'runners' && before !== 'runners') countRequests(reading.requests, 'ephemeralrunners', seen, 1);
  noteJitCall(reading, before, doing, seen);
  runner.begin(doing);
  // Between two that do nothing there may be a read.
  const isLook = doing === 'rest' && secretRequests !== undefined;
  if (before === doing && runner.wayLength > 0 && !isLook) return;
  const isOnWay = runner.pods === 0 ? runner.wayLength < LONGEST_WAY : runner.stepsAfterPod < MOST_AFTER_POD;
  if (isOnWay && !runner.milestones.has('deleted')) runner.goOn(doing, seen);
}

/** What a process had begun ended with it: its runners waited for the next one from then on. */
function waitForStart({ process: { start, before } }: Reading, runner: RunnerHistory): void {
  if (start === undefined || before === undefined || runner.wayLength === 0 || runner.pods > 0) return;
  if (runner.lastUs <= before.at.us && before.at.us <= start.at.us) runner.goOn('queue', before);
}

function noteJitCall(reading: Reading, before: Doing | undefined, doing: Doing, seen: Seen): void {
  if (before === 'jit') reading.process.jitCallsOpen--;
  if (doing !== 'jit') return;
  reading.process.jitCallsOpen++;
  noteTooMany(reading, seen);
  const { process } = reading;
  process.mostJitCallsAtOnce = Math.max(process.mostJitCallsAtOnce, process.jitCallsOpen);
}

/** More calls at once than there are workers. */
function noteTooMany(reading: Reading, seen: Seen): void {
  const { process } = reading;
  if (process.workers !== undefined && process.jitCallsOpen > process.workers.count) {
    process.foreign++;
    noteBreak(reading, seen);
    process.jitCallsOpen = Math.min(process.jitCallsOpen, process.workers.count);
  }
}

/** Whether a worker is busy while this goes on. */
function isHeldBy(doing: Doing): boolean {
  return doing === 'jit' || doing === 'service' || doing === 'secrets' || doing === 'pods' || doing === 'runners';
}

function noteMilestone(
  reading: Reading,
  runner: RunnerHistory,
  milestone: NonNullable<Meaning['milestone']>,
  seen: Seen,
): void {
  const { milestones } = runner;
  // A runner whose pod was made again finishes with its last pod; everything else counts when it first happened.
  const isLaterFinish = milestone === 'finished' && runner.pods > 1 && !milestones.has('deleted');
  if (milestones.has(milestone) && !isLaterFinish) return;
  const isDoneByOthers = milestone === 'finished' || milestone === 'deleted';
  milestones.set(milestone, isDoneByOthers ? atLatest(seen, noticedSince(reading, runner)) : seen);
}

/**
 * The earliest time of an outside event that a pass reports: after the runner's line before, and not
 * while the workers were idle, as the pass would have come at once.
 */
function noticedSince(reading: Reading, runner: RunnerHistory): number {
  return Math.max(runner.lastUs, reading.busySinceUs - NOTICED_US);
}

function notePhase(reading: Reading, runner: RunnerHistory, record: LogRecord, seen: Seen): void {
  const phase = textField(record.fields, 'statusPhase') ?? textField(record.fields, 'phase');
  if (phase === undefined) return;
  runner.isPodPending = phase === 'Pending';
  runner.isContainerMissing = runner.isPodPending;
  if (phase === 'Running' && !runner.milestones.has('running')) {
    runner.milestones.set('running', atLatest(seen, runner.lookedAtUs ?? noticedSince(reading, runner)));
  }
}

function detailOf(note: Note, record: LogRecord): string {
  const { fields } = record;
  if (note === 'container failed') {
    const code = numberField(fields, 'exitCode');
    return code === undefined ? '' : String(code);
  }
  if (note === 'removal refused') return record.message;
  if (note === 'pod ended') return endedText(textField(fields, 'PodReason'), textField(fields, 'PodMessage'));
  if (FAILED_PODS.test(record.message)) return record.message;
  return note === 'backs off' ? '' : errorOf(record);
}

/** Why a pod as a whole was ended: `Evicted: The node was low on resource: memory.` */
function endedText(reason = '', message = ''): string {
  return `${clean(reason)}: ${clean(message)}`;
}

export function errorOf(record: LogRecord): string {
  const error = textField(record.fields, 'error');
  return error === undefined ? (record.level === 'error' ? clean(record.message) : '') : clean(error);
}

function noteSilence(reading: Reading, seen: Seen): void {
  const before = reading.lastRunnerLine;
  reading.lastRunnerLine = seen;
  leaveStandby(reading);
  reading.process.firstRunnerLine ??= seen;
  reading.process.lastRunnerLine = seen;
  const idleUs = before === undefined ? IDLE_US : seen.at.us - before.at.us - before.at.withinUs;
  if (idleUs >= IDLE_US) reading.busySinceUs = seen.at.us;
  if (before !== undefined && before.source === seen.source && seen.at.us - before.at.us >= SILENT_US) {
    reading.silences.push({ from: before, until: seen });
  }
}
