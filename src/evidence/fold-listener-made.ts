import { copyOf } from './clean.ts';
import { objectField } from './fields.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import { again, noteIn, type Seen } from './seen.ts';

/** A pass looks again at least this often: what comes after a longer silence is another stretch. */
export const APART_US = 150e6;

/** A line of a scale set whose listener is made, or of a listener whose pod is made again, or is not ready. */
export function noteListenerMade(reading: Reading, record: LogRecord, seen: Seen): void {
  const { listenersMade, listenersRemade, listenersNotReady } = reading;
  switch (record.message) {
    case 'Creating a new AutoscalingListener for the runner set': {
      const set = keyIn(record, 'autoscalingrunnerset');
      if (set !== undefined) noteIn(listenersMade, set, seen, '');
      return;
    }
    case 'Listener pod dependency changed, recreating listener pod': {
      const listener = keyIn(record, 'autoscalinglistener');
      if (listener === undefined) return;
      noteIn(listenersRemade, listener, seen, '');
      // The next pod is another one.
      listenersNotReady.delete(listener);
      return;
    }
    case 'Listener pod is not ready': {
      const listener = keyIn(record, 'autoscalinglistener');
      if (listener === undefined) return;
      const before = listenersNotReady.get(listener);
      const goesOn = before !== undefined && seen.at.us - before.last.at.us <= APART_US;
      listenersNotReady.set(listener, again(goesOn ? before : undefined, seen, ''));
    }
  }
}

function keyIn({ fields }: LogRecord, field: 'autoscalingrunnerset' | 'autoscalinglistener'): string | undefined {
  const object = objectField(fields, field);
  return object === undefined ? undefined : copyOf(`${object.namespace}/${object.name}`);
}
