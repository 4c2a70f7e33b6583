import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { OpenPass, PassEvent } from '../trace/model.ts';
import { requestName } from '../trace/request-name.ts';
import { explainWaits, type Knobs } from './explain-pass.ts';
import type { LockHolder } from '../analysis/lock-holders.ts';
import type { WorkerHolder } from '../analysis/worker-holders.ts';

/**
 * Says in sentences what a pass that has not ended waits for, and since when.
 * @param nowUs the trace's time, or the time at which it ended
 */
export function explainOpenPass(
  pass: OpenPass,
  nowUs: number,
  before: PassEvent | undefined,
  workerHolders: readonly WorkerHolder[] = [],
  knobs: Knobs = {},
  holders: readonly LockHolder[] = [],
): string[] {
  return [openPassNow(pass, nowUs), ...explainWaits(pass, before, workerHolders, knobs, holders)];
}

function openPassNow({ started, worker, phases = [], requests = [] }: OpenPass, nowUs: number): string {
  const since = (us: number): string => formatDuration(Math.max(0, nowUs - us));
  const held =
    worker === undefined
      ? t('It has held its worker for {0}.', since(started))
      : t('Worker {0} has been held for {1}.', worker + 1, since(started));
  const last = requests.at(-1);
  if (last === undefined || last.ended !== undefined) {
    const phase = phases.at(-1);
    if (phase === undefined) return t('The pass is in progress. {0}', held);
    return t(
      'The pass has been in {0} for {1}, without a request in flight. {2}',
      phase.name,
      since(phase.started),
      held,
    );
  }
  const what = requestName(last);
  const { started: beganUs = nowUs, throttled = 0, locked = 0 } = last;
  const sentUs = beganUs + throttled + locked;
  if (sentUs > nowUs) {
    return t('The client-side limiter has held {0} back for {1}. {2}', what, since(beganUs), held);
  }
  return last.to === 'actions'
    ? t('The Actions service has not answered {0} for {1}. {2}', what, since(sentUs), held)
    : t('The API server has not answered {0} for {1}. {2}', what, since(sentUs), held);
}
