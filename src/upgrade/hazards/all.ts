import type { HazardRule } from '../hazard.ts';
import { definitionFailures } from './definition-failures.ts';
import { definitionJobId } from './definition-job-id.ts';
import { definitionPhase } from './definition-phase.ts';
import { exitCode7 } from './exit-code-7.ts';
import { failuresType } from './failures-type.ts';
import { initContainer } from './init-container.ts';
import { jobWithoutId } from './job-without-id.ts';
import { listenerMetrics } from './listener-metrics.ts';
import { listenerNames } from './listener-name.ts';
import { registeredWithoutSecret } from './registered-without-secret.ts';
import { runnersReplaced } from './runners-replaced.ts';
import { secondSet } from './second-set.ts';
import { secretBeforeStatus } from './secret-before-status.ts';
import { setFinalizer } from './set-finalizer.ts';
import { unknownFlag } from './unknown-flag.ts';
import { versionLabel } from './version-label.ts';

/** A hazard is one file here and one place in this list; of the same severity the earlier comes first. */
export const HAZARDS: readonly HazardRule[] = [
  failuresType,
  versionLabel,
  definitionFailures,
  definitionJobId,
  definitionPhase,
  setFinalizer,
  listenerNames,
  listenerMetrics,
  unknownFlag,
  registeredWithoutSecret,
  secretBeforeStatus,
  jobWithoutId,
  runnersReplaced,
  secondSet,
  exitCode7,
  initContainer,
];
