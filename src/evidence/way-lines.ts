/** Fewer may be missing by chance: passes that go on where a log begins or ends. */
const FEWEST = 5;

/**
 * What steps on the way to a pod say when they begin and when they end, in one release or another. What is missing of JIT
 * calls, secrets and pods is known by more than its number.
 */
const STEPS: readonly (readonly [begins: string, ends: string])[] = [
  ['Adding finalizer', 'Successfully added finalizer'],
  ['Adding finalizers', 'Successfully added finalizers'],
  ['Adding runner registration finalizer', 'Successfully added runner registration finalizer'],
  [
    'Updating ephemeral runner status with runnerId and runnerJITConfig',
    'Updated ephemeral runner status with runnerId and runnerJITConfig',
  ],
  [
    'Updating ephemeral runner status with runnerId and runnerName',
    'Updated ephemeral runner status with runnerId and runnerName',
  ],
];

const COUNTED: ReadonlySet<string> = new Set(STEPS.flat());

/** How often each of these lines is there. */
export type WayLines = Map<string, number>;

export function noteWayLine(lines: WayLines, message: string): void {
  if (COUNTED.has(message)) lines.set(message, (lines.get(message) ?? 0) + 1);
}

/** A line that every runner with a pod has and none has here, as where a search has left it out; otherwise undefined. */
export function missingWayLine({
  wayLines,
  steps,
}: {
  readonly wayLines: WayLines;
  readonly steps: { readonly podsMade: number };
}): string | undefined {
  if (steps.podsMade < FEWEST) return undefined;
  for (const [begins, ends] of STEPS) {
    const [begun, ended] = [wayLines.get(begins) ?? 0, wayLines.get(ends) ?? 0];
    if (begun >= FEWEST && ended === 0) return ends;
    if (ended >= FEWEST && begun === 0) return begins;
  }
  return undefined;
}
