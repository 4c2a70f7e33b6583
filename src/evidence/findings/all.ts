import type { BurstCause, SlowBurst } from '../burst-cause.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { actionsLock } from './actions-lock.ts';
import { allBusy } from './all-busy.ts';
import { arcEvents } from './arc-events.ts';
import { assignedNotCounted } from './assigned-not-counted.ts';
import { askedToGo } from './asked-to-go.ts';
import { atMaximum } from './at-maximum.ts';
import { clientLimit } from './client-limit.ts';
import { controllerAway } from './controller-away.ts';
import { controllerDown } from './controller-down.ts';
import { corruptedSecret } from './corrupted-secret.ts';
import { countersWithoutObjects } from './counters-without-objects.ts';
import { crashed } from './crashed.ts';
import { deletionWaits } from './deletion-waits.ts';
import { endNotHandled } from './end-not-handled.ts';
import { existsAfterExit } from './exists-after-exit.ts';
import { endsAtOnce } from './ends-at-once.ts';
import { failedCalls } from './failed-calls.ts';
import { failedLists } from './failed-lists.ts';
import { heldCall } from './held-call.ts';
import { jobPods } from './job-pods.ts';
import { givenUp } from './given-up.ts';
import { keepsFailing } from './keeps-failing.ts';
import { keptAfterJob } from './kept-after-job.ts';
import { kubernetesSlow } from './kubernetes-slow.ts';
import { lateToRun } from './late-to-run.ts';
import { lateByEvents } from './late-by-events.ts';
import { limits } from './limits.ts';
import { listenerCutOff } from './listener-cut-off.ts';
import { listenerEnds } from './listener-ends.ts';
import { listenerGone } from './listener-gone.ts';
import { listenerMadeAgain } from './listener-made-again.ts';
import { listenerNotReady } from './listener-not-ready.ts';
import { listenerRestarts } from './listener-restarts.ts';
import { listenerWaits } from './listener-waits.ts';
import { lockOrWorkers } from './lock-or-workers.ts';
import { metricGauges } from './metric-gauges.ts';
import { nameConflict } from './name-conflict.ts';
import { neverRan } from './never-ran.ts';
import { neverTouched } from './never-touched.ts';
import { objectProblems } from './object-problems.ts';
import { outdated } from './outdated.ts';
import { nodeEvents } from './node-events.ts';
import { passesForNothing } from './passes-for-nothing.ts';
import { podEvents } from './pod-events.ts';
import { podNameTaken } from './pod-name-taken.ts';
import { podRefused } from './pod-refused.ts';
import { podStays } from './pod-stays.ts';
import { processEvents } from './process-events.ts';
import { quota } from './quota.ts';
import { quotaFull } from './quota-full.ts';
import { registrationsFirst } from './registrations-first.ts';
import { restarts } from './restarts.ts';
import { removalRefused } from './removal-refused.ts';
import { repeatedErrors } from './repeated-errors.ts';
import { satisfiedByExisting } from './satisfied-by-existing.ts';
import { scaleSetCall } from './scale-set-call.ts';
import { serviceSlow } from './service-slow.ts';
import { setCounts } from './set-counts.ts';
import { silentController } from './silent-controller.ts';
import { slowPod } from './slow-pod.ts';
import { stalledWorkers } from './stalled-workers.ts';
import { throttled } from './throttled.ts';
import { unknownMessage } from './unknown-message.ts';
import { unregistered } from './unregistered.ts';
import { versionDeletions } from './version-deletions.ts';
import { wantsMore } from './wants-more.ts';
import { workersBusy } from './workers-busy.ts';

/** What makes a burst slow; one of them applies to it. */
export const SLOW_START: Readonly<Record<BurstCause, (reading: Reading, slow: SlowBurst) => Finding>> = {
  'registrations first': registrationsFirst,
  'actions lock': actionsLock,
  'workers busy': workersBusy,
  'lock or workers': lockOrWorkers,
  'service slow': serviceSlow,
  'client limit': clientLimit,
  'kubernetes slow': kubernetesSlow,
};

/** What is concluded from lines that do not come, and not where lines are missing. */
export const FROM_SILENCE: ReadonlySet<Rule> = new Set([
  heldCall,
  scaleSetCall,
  silentController,
  neverTouched,
  neverRan,
  wantsMore,
]);

/** What keeps runners from starting or ending. */
export const STUCK: readonly Rule[] = [
  controllerDown,
  crashed,
  controllerAway,
  restarts,
  heldCall,
  scaleSetCall,
  versionDeletions,
  deletionWaits,
  failedCalls,
  silentController,
  neverTouched,
  neverRan,
  unknownMessage,
  quota,
  quotaFull,
  podRefused,
  podNameTaken,
  corruptedSecret,
  removalRefused,
  nameConflict,
  keepsFailing,
  givenUp,
  endsAtOnce,
  endNotHandled,
  keptAfterJob,
  podStays,
  existsAfterExit,
  outdated,
  satisfiedByExisting,
  assignedNotCounted,
  atMaximum,
  allBusy,
  listenerEnds,
  listenerCutOff,
  listenerGone,
  listenerRestarts,
  listenerWaits,
  listenerMadeAgain,
  listenerNotReady,
  passesForNothing,
  repeatedErrors,
  failedLists,
  processEvents,
  throttled,
  askedToGo,
  objectProblems,
  jobPods,
  podEvents,
  nodeEvents,
  arcEvents,
  stalledWorkers,
  setCounts,
  unregistered,
  metricGauges,
  wantsMore,
  countersWithoutObjects,
  lateToRun,
  lateByEvents,
  limits,
  slowPod,
];
