/** A run could not be done; the message is one sentence. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
}

/** Nobody wants the run any more. */
export class SimulationCancelled extends Error {
  override readonly name = 'SimulationCancelled';
}
