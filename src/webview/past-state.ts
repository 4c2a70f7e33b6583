import { t } from '@vscode/l10n';
import { capital } from '../base/capital.ts';
import { formatDuration } from '../base/duration.ts';
import type { RunnerDetail } from '../protocol.ts';
import type { Bar } from '../timeline/bar-store.ts';
import { BarKind } from '../timeline/bars.ts';
import { barLabel, RUNNER_KIND } from '../timeline/chain-words.ts';
import { barWords } from './bar-words.ts';
import type { SessionModel } from './session-model.ts';

/**
 * What a bar says of a state that a runner or its pod was in, where it is over or the runner has failed since: what VS Code
 * says of the runner is about now. Undefined for other bars.
 */
export function pastState(session: SessionModel, bar: Bar): RunnerDetail | undefined {
  const { kind, lane, startUs, endUs } = bar;
  if (kind < BarKind.runnerPending || kind > BarKind.podFailed) return undefined;
  const isOver = endUs < Infinity || (kind === BarKind.podFailed && hasFailed(session, lane));
  if (!isOver) return undefined;
  const after = (us: number): string => formatDuration(Math.max(0, Math.round(us - session.info.originUs)));
  const lasted = { label: t('lasted'), value: formatDuration(Math.round(endUs - startUs)) };
  return {
    runner: session.names('runner')[lane] ?? '',
    ...(session.kindOf(lane) === RUNNER_KIND ? {} : { kind: session.kindOf(lane) }),
    state: barLabel(kind, session.kindOf(lane)),
    happened: `${capital(barWords(session, bar))}.${kind === BarKind.podFailed ? ` ${nextPod(session, bar)}` : ''}`,
    sinceUs: undefined,
    advice: '',
    facts: [{ label: t('at'), value: after(startUs) }, ...(endUs < Infinity ? [lasted] : [])],
  };
}

/** The state of a pod that began with a sign; undefined for signs of other things. */
export function stateOfSign({ runners }: SessionModel, sign: Bar): Bar | undefined {
  let state: Bar | undefined;
  runners.forEach(sign.lane, sign.startUs, sign.startUs, (bar) => {
    const isPods = bar.kind >= BarKind.podCreated && bar.kind <= BarKind.podFailed;
    if (isPods && bar.startUs === sign.startUs) state = bar;
  });
  return state;
}

function nextPod({ runners }: SessionModel, { lane, startUs }: Bar): string {
  let nextUs = Infinity;
  runners.forEach(lane, startUs, Infinity, (bar) => {
    if (bar.kind === BarKind.markPodCreated && bar.startUs >= startUs) nextUs = Math.min(nextUs, bar.startUs);
  });
  if (nextUs === Infinity) return t('No pod was made after it.');
  return t('The next pod was made {0} later.', formatDuration(Math.round(nextUs - startUs)));
}

function hasFailed({ runners }: SessionModel, lane: number): boolean {
  let failed = false;
  runners.forEach(lane, -Infinity, Infinity, ({ kind }) => {
    if (kind === BarKind.runnerFailed) failed = true;
  });
  return failed;
}
