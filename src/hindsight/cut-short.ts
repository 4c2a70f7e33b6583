import type { Fate, FateWord } from '../run/fate.ts';
import type { Chronicle } from './chronicle.ts';
import { roundOf, type Round } from './round.ts';

/** Of these a scale set may still come out: it is on its way to something else as a rule. */
const OF_A_SCALE_SET: readonly FateWord[] = ['jobs-left', 'no-listener', 'scale-set-gone', 'goes-round'];
/** The same for a runner, and for a scale set that is to be deleted. */
const UNSETTLED: readonly FateWord[] = [
  ...OF_A_SCALE_SET,
  ...(['not-made', 'held', 'no-pod', 'pod-pending', 'pod-over', 'unregistered'] as const),
];

/** What only waits does so for about this long where all is well: a pod starts, a listener is taken down. */
const USUAL_WAIT_US = 60_000_000;

/** Whether a run was ended at its horizon while its subject was on its way, so that nobody can say how it would have ended. */
export function isCutShort(chronicle: Chronicle, { word, key }: Fate): boolean {
  const { end } = chronicle.finished;
  if (end.kind !== 'cut-off' || end.by !== 'horizon' || !UNSETTLED.includes(word)) return false;
  if (unchangedUs(chronicle) >= USUAL_WAIT_US) return false;
  const ofScaleSet = OF_A_SCALE_SET.includes(word);
  const round = roundOf(chronicle, (each) => ofScaleSet || each === key);
  return round === undefined || isUsualWait(round);
}

/** For how long nothing had changed in the cluster when the run was ended. */
function unchangedUs({ changes, finished: { trace, originUs } }: Chronicle): number {
  return (trace.endedUs ?? originUs) - (changes.at(-1)?.atUs ?? originUs);
}

function isUsualWait(round: Round): boolean {
  if (round.kind === 'made again') return false;
  const { request, error, times, everyUs } = round.loop;
  return request === undefined && error === null && times * everyUs < USUAL_WAIT_US;
}
