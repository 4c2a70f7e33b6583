import { t } from '@vscode/l10n';
import { BarKind, kindLabel } from './bars.ts';

/** What a colour, pattern or sign means. */
export interface LegendItem {
  readonly kind: BarKind;
  readonly label: string;
  /** Whether it is the sign of a moment, rather than how a bar is filled. */
  readonly isSign: boolean;
}

/**
 * Kinds that look the same, runners' and pods', have one item for both.
 * @param hasChain whether what lies above runners is shown too
 */
export function legend(hasChain = false): readonly LegendItem[] {
  const bars: readonly (readonly [BarKind, string])[] = [
    ...[
      BarKind.queued,
      BarKind.backoff,
      ...(hasChain ? [BarKind.polling, BarKind.jobsWaiting] : []),
      BarKind.pass,
      BarKind.passRequeued,
      BarKind.passFailed,
      BarKind.passUnknown,
    ].map(labelled),
    [BarKind.phaseEven, t('phase of a pass')],
    ...[
      BarKind.throttled,
      BarKind.kubernetes,
      BarKind.actions,
      BarKind.refused,
      BarKind.retryWait,
      BarKind.requestUnknown,
    ].map(labelled),
    [BarKind.podCreated, t('pod without a status')],
    [BarKind.podPending, t('runner or pod pending')],
    [BarKind.podRunning, t('runner or pod running')],
    [BarKind.podSucceeded, t('runner or pod succeeded')],
    [BarKind.podFailed, t('runner or pod failed')],
  ];
  const signs: readonly (readonly [BarKind, string])[] = [
    BarKind.markRunnerCreated,
    BarKind.markPodCreated,
    BarKind.markPodRunning,
    BarKind.markFinished,
    BarKind.markDeleted,
    BarKind.markTrouble,
    BarKind.markPodFailed,
    BarKind.markFailure,
    ...(hasChain ? [BarKind.markJobQueued, BarKind.markDecision, BarKind.markListenerEnded] : []),
  ].map(labelled);
  return [
    ...bars.map(([kind, label]) => ({ kind, label, isSign: false })),
    ...signs.map(([kind, label]) => ({ kind, label, isSign: true })),
  ];
}

function labelled(kind: BarKind): readonly [BarKind, string] {
  return [kind, kindLabel(kind)];
}
