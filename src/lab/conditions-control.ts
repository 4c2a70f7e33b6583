import type { ActionsLatency } from '../actions/embedded-transport.ts';
import { ACTIONS_OPERATIONS, type ActionsOperation, type EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { Conditions, Fault } from '../kubernetes/embedded/conditions.ts';

/** Latencies and faults of an embedded cluster and its Actions service, as they are asked for and told over HTTP. */
export interface ConditionsDocument {
  readonly apiLatencyUs: number;
  readonly jitLatencyUs: number;
  readonly otherActionsLatencyUs: number;
  /** Replaces the faults that wait at the API server. */
  readonly faults: readonly Fault[];
  /** Adds answers that the Actions service gives next. */
  readonly actionsFaults?: readonly { readonly operation: string; readonly status: number; readonly times: number }[];
}

type MutableLatency = { -readonly [K in keyof ActionsLatency]: ActionsLatency[K] };

export function conditionsOf(conditions: Conditions, latency: ActionsLatency): ConditionsDocument {
  const { latencyUs, faults } = conditions.state;
  return { apiLatencyUs: latencyUs, jitLatencyUs: latency.jitUs, otherActionsLatencyUs: latency.otherUs, faults };
}

/** Applies a document whose parts may be absent. Answers with the conditions as they are then, or with what is wrong. */
export function changeConditions(
  body: Buffer,
  conditions: Conditions,
  latency: MutableLatency,
  service: EmbeddedActionsService,
): { status: number; body: object } {
  let wanted: Partial<ConditionsDocument>;
  try {
    wanted = JSON.parse(body.toString('utf8')) as Partial<ConditionsDocument>;
  } catch {
    return refuse('the conditions must be JSON');
  }
  if (typeof wanted !== 'object' || wanted === null) return refuse('the conditions must be an object');
  const { apiLatencyUs, jitLatencyUs, otherActionsLatencyUs, faults, actionsFaults = [] } = wanted;
  for (const [name, value] of Object.entries({ apiLatencyUs, jitLatencyUs, otherActionsLatencyUs })) {
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value < 3_600_000_000)) {
      return refuse(`${name} must be a number of microseconds, an hour at most`);
    }
  }
  if (faults !== undefined && !(Array.isArray(faults) && faults.every(isFault))) {
    return refuse('each fault needs verb, resource, status (0 cuts the connection) and times');
  }
  const serviceFaults: unknown = actionsFaults;
  if (!Array.isArray(serviceFaults)) return refuse('actionsFaults must be a list');
  for (const { operation, status, times } of actionsFaults) {
    if (!isOperation(operation) || !isStatus(status) || !isCount(times)) {
      return refuse(
        `each fault of the service needs status, times and one of the operations ${ACTIONS_OPERATIONS.join(', ')}`,
      );
    }
  }
  conditions.change({
    ...(apiLatencyUs === undefined ? {} : { latencyUs: apiLatencyUs }),
    ...(faults === undefined ? {} : { faults }),
  });
  if (jitLatencyUs !== undefined) latency.jitUs = jitLatencyUs;
  if (otherActionsLatencyUs !== undefined) latency.otherUs = otherActionsLatencyUs;
  for (const { operation, status, times } of actionsFaults) {
    const message = 'this fault was asked for in the lab';
    service.answerNext(operation as ActionsOperation, { status, body: { message }, times });
  }
  return { status: 200, body: conditionsOf(conditions, latency) };
}

function refuse(message: string): { status: number; body: object } {
  return { status: 400, body: { message } };
}

function isFault(fault: unknown): fault is Fault {
  const { verb, resource, status, times } = (fault ?? {}) as Partial<Fault>;
  return (
    typeof verb === 'string' && typeof resource === 'string' && (status === 0 || isStatus(status)) && isCount(times)
  );
}

function isStatus(status: unknown): status is number {
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600;
}

function isCount(times: unknown): times is number {
  return typeof times === 'number' && Number.isInteger(times) && times >= 1;
}

function isOperation(operation: string): operation is ActionsOperation {
  return (ACTIONS_OPERATIONS as readonly string[]).includes(operation);
}
