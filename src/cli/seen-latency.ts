import { existsSync } from 'node:fs';
import { jitDurations } from '../analysis/jit-durations.ts';
import { empirical, latencyArgument } from '../base/latency.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { hasActionsLock } from '../reconciler/releases/actions-lock.ts';
import { clockStepUs } from '../trace/header.ts';
import { evidenceInput, isWebAddress } from './evidence-input.ts';
import type { Values } from './options.ts';
import { RunError } from './usage.ts';

/** Fewer calls are no distribution. */
const FEWEST = 10;
/** A coarser clock does not show how long a call took. */
const COARSEST_US = 100_000;

/**
 * `--jit-latency` may name a trace or a log: then it is the distribution of the calls in it.
 * @throws RunError, EvidenceError
 */
export async function withSeenLatency(values: Values, signal: AbortSignal): Promise<Values> {
  const file = values['jit-latency'];
  if (typeof file !== 'string' || !(existsSync(file) || isWebAddress(file))) return values;
  // Reading logs is much code, which most calls need nothing of.
  const { traceOf } = await import('../evidence/trace-of.ts');
  const { name, bytes } = evidenceInput(file, signal);
  const trace = await unlessAborted(traceOf({ name, bytes }), signal);
  const coarsestUs = clockStepUs(trace.header);
  if (coarsestUs > COARSEST_US) {
    throw new RunError(`${name} has a clock too coarse for latencies; a log of kubectl logs --timestamps is finer`);
  }
  const seenUs = jitDurations(trace, hasActionsLock(trace.header.release ?? '') === true);
  const latency = seenUs.length < FEWEST ? undefined : empirical(seenUs);
  if (latency === undefined)
    throw new RunError(`${name} shows fewer than ${FEWEST} JIT calls, which are no distribution`);
  return { ...values, 'jit-latency': latencyArgument(latency.medianUs, latency.shape) };
}
