import { t } from '@vscode/l10n';

/**
 * What the timeline draws. A bar is a kind, a lane and a time; kinds of one track never hide those of another, and where
 * several bars of a track fall into one pixel the kind with the highest number is drawn.
 */
export const BarKind = {
  none: 0,
  // Flow: what a key does between being queued and the end of its pass.
  queued: 1,
  backoff: 2,
  /** A listener's long poll: the service answers when it has something to say. */
  polling: 3,
  /** Jobs that no runner has taken yet. */
  jobsWaiting: 4,
  /** Nobody says how it ended. */
  passUnknown: 5,
  pass: 6,
  passRequeued: 7,
  passFailed: 8,
  // Requests inside a pass, and the wait before one is repeated.
  retryWait: 9,
  throttled: 10,
  /** Nobody says to whom it went, or what the answer was. */
  requestUnknown: 11,
  kubernetes: 12,
  actions: 13,
  refused: 14,
  // Phases of a pass, in two shades that take turns.
  phaseEven: 15,
  phaseOdd: 16,
  // What the runner object says of itself, or the object above it.
  runnerPending: 17,
  runnerRunning: 18,
  runnerSucceeded: 19,
  runnerFailed: 20,
  // What the pod is.
  podCreated: 21,
  podPending: 22,
  podRunning: 23,
  podSucceeded: 24,
  podFailed: 25,
  // Moments. Trouble is what is tried again: a pass that failed, a pod that cannot start. A pod that failed may be made again;
  // a runner that failed has done so for good.
  markRunnerCreated: 26,
  markPodCreated: 27,
  markPodRunning: 28,
  markFinished: 29,
  markDeleted: 30,
  markFailure: 31,
  markTrouble: 32,
  markPodFailed: 33,
  // Of the chain above runners: a job waits for a runner, a listener wants another number of them.
  markJobQueued: 34,
  markDecision: 35,
  /** Its process has ended: it was killed or evicted, or exited by itself. */
  markListenerEnded: 36,
} as const;
export type BarKind = (typeof BarKind)[keyof typeof BarKind];

/** At least one more than the highest kind; kinds index tables of this length. */
export const KINDS = 64;

export const Track = { flow: 0, requests: 1, phases: 2, runner: 3, pod: 4, marks: 5 } as const;
export type Track = (typeof Track)[keyof typeof Track];
export const TRACKS = 6;

/** The track of each kind. */
export const TRACK_OF_KIND: Uint8Array = (() => {
  const tracks = new Uint8Array(KINDS);
  for (const kind of Object.values(BarKind)) {
    tracks[kind] =
      kind <= BarKind.passFailed
        ? Track.flow
        : kind <= BarKind.refused
          ? Track.requests
          : kind <= BarKind.phaseOdd
            ? Track.phases
            : kind <= BarKind.runnerFailed
              ? Track.runner
              : kind <= BarKind.podFailed
                ? Track.pod
                : Track.marks;
  }
  return tracks;
})();

/** What people call each kind, in the language of VS Code where it has been told. */
export function kindLabel(kind: BarKind): string {
  switch (kind) {
    case BarKind.none:
      return '';
    case BarKind.queued:
      return t('waiting for a worker');
    case BarKind.backoff:
      return t('back-off or delay');
    case BarKind.polling:
      return t('listener waiting for messages');
    case BarKind.jobsWaiting:
      return t('jobs waiting for a runner');
    case BarKind.passUnknown:
      return t('pass, result not known');
    case BarKind.pass:
      return t('pass');
    case BarKind.passRequeued:
      return t('pass, requeued');
    case BarKind.passFailed:
      return t('pass, failed');
    case BarKind.retryWait:
      return t('waiting to repeat a request');
    case BarKind.throttled:
      return t('held back by the client limiter');
    case BarKind.requestUnknown:
      return t('request, answer not known');
    case BarKind.kubernetes:
      return t('Kubernetes request');
    case BarKind.actions:
      return t('Actions service');
    case BarKind.refused:
      return t('request refused');
    case BarKind.phaseEven:
    case BarKind.phaseOdd:
      return t('phase');
    case BarKind.runnerPending:
      return t('runner pending');
    case BarKind.runnerRunning:
      return t('runner running');
    case BarKind.runnerSucceeded:
      return t('runner succeeded');
    case BarKind.runnerFailed:
      return t('runner failed');
    case BarKind.podCreated:
      return t('pod created');
    case BarKind.podPending:
      return t('pod pending');
    case BarKind.podRunning:
      return t('pod running');
    case BarKind.podSucceeded:
      return t('pod succeeded');
    case BarKind.podFailed:
      return t('pod failed');
    case BarKind.markRunnerCreated:
      return t('runner created');
    case BarKind.markPodCreated:
      return t('pod created');
    case BarKind.markPodRunning:
      return t('pod started');
    case BarKind.markFinished:
      return t('runner finished');
    case BarKind.markDeleted:
      return t('runner deleted');
    case BarKind.markFailure:
      return t('runner failed for good');
    case BarKind.markPodFailed:
      return t('pod failed');
    case BarKind.markTrouble:
      return t('in trouble, retrying');
    case BarKind.markJobQueued:
      return t('job queued');
    case BarKind.markDecision:
      return t('listener wants another number of runners');
    case BarKind.markListenerEnded:
      return t('listener ended');
  }
}

/** Of what holds a kind and a detail in one word: bits 0 to 5 are the kind's, the others the detail's. */
export const KIND_MASK = KINDS - 1;
export const DETAIL_SHIFT = 6;
export const MAX_DETAIL = 2 ** (32 - DETAIL_SHIFT) - 1;
export const NO_PASS = -1;
/** The worker of a pass where it is not known. */
export const NO_WORKER = 0xffff;

/** A request's answer, or the wait for it; without the part that the limiter held it back. */
export function isRequestKind(kind: number): boolean {
  return kind >= BarKind.requestUnknown && kind <= BarKind.refused;
}

export function isPassKind(kind: number): boolean {
  return kind >= BarKind.passUnknown && kind <= BarKind.passFailed;
}
