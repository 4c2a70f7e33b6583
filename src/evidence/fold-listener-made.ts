import { copyOf } from './clean.ts';
import { objectField } from './fields.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import { again, type Seen } from './seen.ts';

/** A pass looks again at least this often: what comes after a longer silence is another stretch. */
export const APART_US = 150e6;

const REMADE = 'Listener pod dependency changed, recreating listener pod';

/** A line of a scale set whose listener is made, or of a listener whose pod is made again, or is not ready. */
export function noteListenerMade(reading: Reading, record: LogRecord, seen: Seen): void {
  if (record.message === 'Creating a new AutoscalingListener for the runner set') {
    const set = objectField(record.fields, 'autoscalingrunnerset');
    if (set === undefined) return;
    const key = copyOf(`${set.namespace}/${set.name}`);
    reading.listenersMade.set(key, again(reading.listenersMade.get(key), seen, ''));
  } else if (record.message === REMADE) {
    const listener = objectField(record.fields, 'autoscalinglistener');
    if (listener === undefined) return;
    const key = copyOf(`${listener.namespace}/${listener.name}`);
    reading.listenersRemade.set(key, again(reading.listenersRemade.get(key), seen, ''));
    // The next pod is another one.
    reading.listenersNotReady.delete(key);
  } else if (record.message === 'Listener pod is not ready') {
    const listener = objectField(record.fields, 'autoscalinglistener');
    if (listener === undefined) return;
    const key = copyOf(`${listener.namespace}/${listener.name}`);
    const before = reading.listenersNotReady.get(key);
    const goesOn = before !== undefined && seen.at.us - before.last.at.us <= APART_US;
    reading.listenersNotReady.set(key, again(goesOn ? before : undefined, seen, ''));
  }
}
