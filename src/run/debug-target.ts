import type { WriteRight } from '../apply/write-right.ts';
import type { Disposable } from '../base/disposable.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { Clock } from '../base/clock.ts';
import type { Controllers } from '../runtime/controllers.ts';
import type { OpenDriver } from '../runtime/open-driver.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** A run that goes on, as a debugger attaches to it. */
export interface DebugTarget {
  readonly trace: TraceLog;
  readonly controllers: Controllers;
  readonly clock: Clock;
  readonly secrets: SecretRegistry;
  /** Between passes and what performs their effects. */
  readonly driver: OpenDriver;
  /** Of a run that writes to a cluster: what it lets go of while it stands still. */
  readonly right?: Pick<WriteRight, 'letGo' | 'takeAgain' | 'giveUp'>;
  /** Hears once that the run is being stopped, before its passes are waited for. */
  readonly onStop: (listener: () => void) => Disposable;
  /** Since when the cluster cannot be reached, in the clock's time; undefined while it can. */
  readonly blindSinceUs: () => number | undefined;
}
