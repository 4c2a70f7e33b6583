/** An upgrade that cannot be checked. The message is one sentence: why, and what to do. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
}

/** Nothing that was read says which version runs, or two things differ: somebody has to say it. */
export class VersionNotSaidError extends UpgradeError {}

/** What somebody named is no version of ARC: the call was wrong. */
export class UnknownVersionError extends UpgradeError {}
