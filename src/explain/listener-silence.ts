import { troubleSaid } from '../run/listener-trouble.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** Polls follow one another sooner while a listener is well: it has a message to act on in between. */
const SHORT_US = 500_000;
const POLL = 'get-message';

/** A time in which no listener asked for messages, and so none heard of jobs. Times are the trace's microseconds. */
export interface Silence {
  readonly fromUs: number;
  /** Undefined for one that goes on. */
  readonly untilUs: number | undefined;
  /** What was done to the listener, that it ended by itself, that it was refused a message or acted on one; none where the trace does not say. */
  readonly why: 'kill' | 'evict' | 'slow' | 'deleted' | 'ended' | 'refused' | 'busy' | 'none';
  /** Whether a long poll was broken off by it. */
  readonly wasPolling: boolean;
}

/** Of a scale set that should have a listener. @param nowUs until when the trace tells what happened */
export function silencesOf(log: TraceLog, nowUs: number): readonly Silence[] {
  const polls = pollsOf(log);
  const silences: Silence[] = [];
  let [heardUs, last]: [number, Poll | undefined] = [NaN, undefined];
  for (const [place, poll] of polls.entries()) {
    if (poll.fromUs - heardUs >= SHORT_US) silences.push(silence(log, heardUs, poll.fromUs, last));
    // Two listeners of one scale set, or of several, poll at the same time.
    if (place > 0 && poll.untilUs <= heardUs) continue;
    [heardUs, last] = [poll.untilUs, poll];
  }
  const isOver = nowUs - heardUs >= SHORT_US || (last?.isBrokenOff === true && heardUs < nowUs);
  if (isOver && !isShutDown(log)) silences.push({ ...silence(log, heardUs, nowUs, last), untilUs: undefined });
  return silences;
}

/** Since pull request 4404 a scale set whose runners GitHub does not take has no listener, until it is changed. */
function isShutDown({ rows: { objects, words } }: TraceLog): boolean {
  for (let row = objects.object.length - 1; row >= 0; row--) {
    if (words.textOf(objects.kind.get(row)) === 'AutoscalingRunnerSet')
      return words.textOf(objects.phase.get(row)) === 'Outdated';
  }
  return false;
}

interface Poll {
  readonly fromUs: number;
  /** Infinity for one that goes on. */
  readonly untilUs: number;
  readonly isBrokenOff: boolean;
  readonly isRefused: boolean;
}

function pollsOf({ rows: { requests, words } }: TraceLog): readonly Poll[] {
  const polls: Poll[] = [];
  for (let row = 0; row < requests.status.length; row++) {
    if (Number.isNaN(requests.listener.get(row)) || words.textOf(requests.resource.get(row)) !== POLL) continue;
    const endedUs = requests.span.endedUs(row);
    const isOpen = Number.isNaN(endedUs);
    const status = requests.status.get(row);
    polls.push({
      fromUs: requests.span.startedUs(row),
      untilUs: isOpen ? Infinity : endedUs,
      isBrokenOff: !isOpen && Number.isNaN(status),
      isRefused: status >= 400,
    });
  }
  return polls.sort((a, b) => a.fromUs - b.fromUs);
}

function silence(log: TraceLog, fromUs: number, untilUs: number, last: Poll | undefined): Silence {
  const wasPolling = last?.isBrokenOff === true;
  const other = last?.isRefused === true ? 'refused' : wasPolling ? 'none' : 'busy';
  let slow = false;
  let why: Silence['why'] = 'none';
  for (const { at, what, text = '' } of log.marks) {
    const said = what === 'fault' && at <= untilUs ? troubleSaid(text) : undefined;
    // A listener that is slow stays so after a message, and one that no longer is has the last answer to wait for.
    if (said === 'slow') slow = true;
    else if (said === 'fast' && at <= fromUs) slow = false;
    else if ((said === 'kill' || said === 'evict') && at >= fromUs) why = said;
  }
  if (why === 'none') why = slow ? 'slow' : (endIn(log, fromUs, untilUs) ?? other);
  return { fromUs, untilUs, why, wasPolling };
}

/** Whether a listener's pod has ended in this time, because its AutoscalingListener was deleted or by itself. */
function endIn({ rows }: TraceLog, fromUs: number, untilUs: number): 'deleted' | 'ended' | undefined {
  const { objects, words, whys } = rows;
  let hasEnded = false;
  for (let row = 0; row < objects.object.length; row++) {
    const atUs = objects.span.startedUs(row);
    if (atUs < fromUs || atUs > untilUs || words.textOf(objects.kind.get(row)) !== 'AutoscalingListener') continue;
    if (objects.deleted.get(row) === 1) return 'deleted';
    hasEnded ||= whys[objects.why.get(row)]?.trouble?.ended === true;
  }
  return hasEnded ? 'ended' : undefined;
}
