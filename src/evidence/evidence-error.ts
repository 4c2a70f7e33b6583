/** The evidence could not be read. The message is one sentence that names the file. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
}
