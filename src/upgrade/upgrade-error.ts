/** An upgrade that cannot be checked. The message is one sentence: why, and what to do. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
}
