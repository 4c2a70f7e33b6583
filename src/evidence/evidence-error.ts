/** The evidence could not be read. The message is one sentence that names the file. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}

/** One file could not be read; others beside it may be. */
export class UnreadableError extends EvidenceError {
  /** Why, as the end of a sentence. */
  readonly reason: string;

  constructor(file: string, reason: string) {
    super(`${inputName(file)} cannot be read: ${reason}`);
    this.reason = reason;
  }
}

/** As sentences call an input. */
export function inputName(file: string): string {
  return file === '-' ? 'standard input' : file;
}
