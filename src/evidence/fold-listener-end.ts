import { clean } from './clean.ts';
import { objectField, textField } from './fields.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import { noteIn, type Seen } from './seen.ts';

/** A line of the controller of listeners about one whose pod ended by itself, which it makes again. */
export function noteListenerEnd(reading: Reading, record: LogRecord, seen: Seen): void {
  const isEvicted = record.message === 'Listener pod is evicted';
  if (!isEvicted && record.message !== 'Listener pod is terminated') return;
  const listener = objectField(record.fields, 'autoscalinglistener');
  if (listener === undefined) return;
  const key = clean(`${listener.namespace}/${listener.name}`);
  const reason = clean(textField(record.fields, 'reason') ?? (isEvicted ? 'Evicted' : ''));
  noteIn(reading.listenerEnds, key, seen, reason);
}
