import type { Switch, Switches } from '../reconciler/releases/switches.ts';
import type { ArcVersion } from './arc-version.ts';

/** From one version of ARC to another; the later one may be the earlier. */
export class Crossing {
  readonly from: ArcVersion;
  readonly to: ArcVersion;

  constructor(from: ArcVersion, to: ArcVersion) {
    this.from = from;
    this.to = to;
  }

  /** What the version that runs does. */
  get had(): Switches {
    return this.from.release.switches;
  }

  /** What the version that is wanted does. */
  get has(): Switches {
    return this.to.release.switches;
  }

  gains(pullRequest: Switch): boolean {
    return this.has.has(pullRequest) && !this.had.has(pullRequest);
  }

  loses(pullRequest: Switch): boolean {
    return this.had.has(pullRequest) && !this.has.has(pullRequest);
  }
}
