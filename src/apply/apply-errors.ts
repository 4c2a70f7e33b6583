/** A run was not allowed to write, or nobody wanted it to; the message is one sentence. */
export class ApplyRefusedError extends Error {
  override readonly name = 'ApplyRefusedError';
}

/** Writing could not begin after the cluster had been changed for it; the message says what was undone and what was not. */
export class ApplyUndoneError extends Error {
  override readonly name = 'ApplyUndoneError';
}
