import type { ObjectEvent } from '../../trace/model.ts';
import { copyOf } from '../clean.ts';
import { numberField, textField } from '../fields.ts';
import type { LogRecord } from '../log-record.ts';

type State = Partial<Pick<ObjectEvent, 'phase' | 'runnerId' | 'pod' | 'deleted'>>;

const STATES: ReadonlyMap<string, State> = new Map<string, State>([
  ['Created ephemeral runner pod', { pod: 'created' }],
  ['Ephemeral runner has finished successfully, deleting ephemeral runner', { pod: 'succeeded' }],
  ['Ephemeral runner has finished since it does not exist in the service anymore', { pod: 'succeeded' }],
  ['EphemeralRunner status is marked as Finished', { phase: 'Succeeded' }],
  ['Ephemeral runner container failed', { pod: 'failed' }],
  ['EphemeralRunner is marked as Failed and deleted from the service', { phase: 'Failed' }],
  ['Pod is deleted', { pod: 'deleted' }],
  ['Runner pod is deleted', { pod: 'deleted' }],
  ['Deleted the runner pod', { pod: 'deleted' }],
  ['Successfully removed finalizer after cleanup', { deleted: true }],
]);

/** What lines say of the state that a runner and its pod have reached. */
export class RunnerStates {
  /** Phases that are being written, by runner: the line after the write does not repeat them. */
  readonly #phases = new Map<string, string>();

  /** @returns undefined where a line says nothing of it */
  after(object: string, { message, fields }: LogRecord): State | undefined {
    switch (message) {
      case 'Created ephemeral runner JIT config': {
        const runnerId = numberField(fields, 'runnerId');
        return runnerId === undefined ? undefined : { runnerId };
      }
      case 'Updating ephemeral runner status with pod phase':
      case 'Updating ephemeral runner status': {
        const phase = textField(fields, 'statusPhase') ?? textField(fields, 'phase');
        if (phase !== undefined) this.#phases.set(object, copyOf(phase));
        return undefined;
      }
      case 'Updated ephemeral runner status with pod phase':
      case 'Updated ephemeral runner status': {
        const phase = this.#phases.get(object);
        this.#phases.delete(object);
        return phase === undefined ? undefined : { phase, ...podOf(phase) };
      }
      default:
        return STATES.get(message);
    }
  }
}

function podOf(phase: string): State {
  if (phase === 'Running') return { pod: 'running' };
  return phase === 'Pending' ? { pod: 'pending' } : {};
}
