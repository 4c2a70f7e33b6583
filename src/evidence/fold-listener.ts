import { numberField, textField } from './fields.ts';
import { hasSession } from './fold-reported.ts';
import { runnerOf } from './fold-runner.ts';
import { decisionIn } from './listener-decision.ts';
import { ListenerHistory } from './listener-history.ts';
import { LAST_WORDS } from './own-line.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import { atLatest, type Seen } from './seen.ts';

/** Where Go's structured logger says that a line is from; the controller writes none of these. */
const FROM_LISTENER = /"source":.*(?:\bghalistener\b|actions\/scaleset|go-retryablehttp)/;

/** A line of a listener: what it decided, and which runner got which job. */
export function foldListenerLine(reading: Reading, record: LogRecord, seen: Seen): void {
  listenerOf(reading, seen).take(record, seen);
  switch (record.message) {
    case 'Calculated target runner count':
      noteDecision(reading, record, seen);
      return;
    case 'Job assigned message received':
    case 'Job assigned message received.':
      reading.assignments.count++;
      reading.assignments.first ??= seen;
      return;
    case 'New runner scale set statistics':
    case 'New runner scale set statistics.':
      reading.assignments.counted = numberField(record.fields, 'totalAssignedJobs');
      return;
    case 'Getting next message':
      reading.askedUs = seen.at.us;
      hasSession(reading);
      return;
    case 'Updating job info for the runner':
    case 'Job started message received.':
    case 'Job started message received': {
      const name = textField(record.fields, 'runnerName');
      if (name === undefined) return;
      const runner = runnerOf(reading, '', name, seen, true);
      if (!runner.milestones.has('jobStarted')) runner.milestones.set('jobStarted', atLatest(seen, reading.askedUs));

      return;
    }
    case 'Job completed message received.':
    case 'Job completed message received': {
      // A job that was canceled before it had a runner names none.
      const name = textField(record.fields, 'RunnerName') ?? textField(record.fields, 'runnerName') ?? '';
      if (name !== '') runnerOf(reading, '', name, seen, true).jobEnded ??= seen;
      return;
    }
    default:
  }
}

/** The one that writes the file of a line; the first line of it makes it known. */
function listenerOf({ listeners }: Reading, seen: Seen): ListenerHistory {
  const known = listeners.get(seen.source);
  if (known !== undefined) return known;
  const listener = new ListenerHistory(seen);
  listeners.set(seen.source, listener);
  return listener;
}

/** A line of a listener that names no logger: its HTTP client's, and its last words. */
export function isOfListener({ logger, message, fields }: LogRecord): boolean {
  if (logger === 'go') return LAST_WORDS.test(message);
  return logger === '' && FROM_LISTENER.test(fields);
}

function noteDecision(reading: Reading, record: LogRecord, seen: Seen): void {
  const { assigned, decision, min, max, current } = decisionIn(record);
  if (assigned === undefined || decision === undefined || current === undefined) return;
  noteUncounted(reading, assigned, seen);
  const before = reading.decision;
  const isSame = before !== undefined && before.assigned === assigned && before.decision === decision;
  reading.decision = {
    ...seen,
    assigned,
    decision,
    min: min ?? 0,
    max: max ?? decision,
    current,
    since: isSame ? before.since : seen,
    times: isSame ? before.times + 1 : 1,
  };
}

function noteUncounted(reading: Reading, assigned: number, seen: Seen): void {
  const { assignments, uncounted } = reading;
  const { count, first } = assignments;
  [assignments.count, assignments.first, assignments.counted] = [0, undefined, undefined];
  if (first !== undefined && assigned < count) {
    reading.uncounted = { first, messages: count, decision: seen, counted: assigned };
  } else if (uncounted !== undefined && assigned >= uncounted.messages) reading.uncounted = undefined;
}
