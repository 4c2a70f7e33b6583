import { numberField, textField } from './fields.ts';
import { hasSession } from './fold-reported.ts';
import { runnerOf } from './fold-runner.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import { atLatest, type Seen } from './seen.ts';

/** A line of a listener: what it decided, and which runner got which job. */
export function foldListenerLine(reading: Reading, record: LogRecord, seen: Seen): void {
  switch (record.message) {
    case 'Calculated target runner count':
      noteDecision(reading, record, seen);
      return;
    case 'Job assigned message received':
    case 'Job assigned message received.':
      reading.assignments.count++;
      reading.assignments.first ??= seen;
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

function noteDecision(reading: Reading, record: LogRecord, seen: Seen): void {
  const number = (name: string): number | undefined => numberField(record.fields, name);
  const [assigned, decision, min, max] = ['assigned job', 'decision', 'min', 'max'].map(number);
  const current = number('currentRunnerCount');
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
  [assignments.count, assignments.first] = [0, undefined];
  if (first !== undefined && assigned < count) {
    reading.uncounted = { first, messages: count, decision: seen, counted: assigned };
  } else if (uncounted !== undefined && assigned >= uncounted.messages) reading.uncounted = undefined;
}
