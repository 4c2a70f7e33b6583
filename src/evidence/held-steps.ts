import type { LongStep, Reading, ServiceCall } from './reading.ts';

const LONG_US = 30e6;

/** Steps that held a worker for long and are over; those too whose first line the log does not have. */
export function heldSteps(reading: Reading): readonly LongStep[] {
  const known = new Set(reading.longSteps.map(({ runner }) => runner));
  const calls = failedRemovals(reading);
  const [only] = calls;
  if (only === undefined || calls.length > 1) return reading.longSteps;
  const cut = [...reading.runners.values()].flatMap((runner): LongStep[] => {
    if (known.has(runner) || !runner.startsInLife) return [];
    const end = runner.failed.find(({ text }) => /giving up after \d+ attempt/.test(text));
    const isLong = end !== undefined && end.first.at.us - only.started.at.us >= LONG_US;
    return isLong ? [{ runner, doing: 'service', from: only.started, until: end.first, error: end.text }] : [];
  });
  return cut.length === 1 ? [...reading.longSteps, ...cut] : reading.longSteps;
}

/** Calls that remove a registration and failed, where no line names the runner. */
export function failedRemovals({ calls, runners }: Reading): ServiceCall[] {
  const failed = calls.filter(({ failures, runnerId }) => failures > 0 && runnerId !== undefined);
  if (failed.length === 0) return [];
  const known = new Set([...runners.values()].map(({ runnerId }) => runnerId));
  return failed.filter(({ runnerId }) => !known.has(runnerId));
}
