import type { TraceLog } from '../trace/trace-log.ts';
import { isRequest } from './waste/requests-of.ts';

/**
 * How long each generatejitconfig call that was answered took, in microseconds, without its wait for the client's lock.
 * @param isLocked whether the client makes one call at a time: where a trace does not say for how long calls waited for each
 *   other, one begins when the one before it ends
 */
export function jitDurations(log: TraceLog, isLocked: boolean): number[] {
  const { requests } = log.rows;
  const calls: { readonly sentUs: number; readonly endedUs: number; readonly isKnown: boolean }[] = [];
  for (let row = 0; row < requests.to.length; row++) {
    if (!isRequest(log, row, 'post', 'generatejitconfig') || requests.status.get(row) !== 200) continue;
    const [sentUs, endedUs] = [requests.sentUs(row), requests.span.endedUs(row)];
    if (endedUs > sentUs) calls.push({ sentUs, endedUs, isKnown: !Number.isNaN(requests.locked.get(row)) });
  }
  calls.sort((a, b) => a.endedUs - b.endedUs);
  return calls.flatMap(({ sentUs, endedUs, isKnown }, index) => {
    const beforeUs = isLocked && !isKnown ? (calls[index - 1]?.endedUs ?? 0) : 0;
    const us = endedUs - Math.max(sentUs, beforeUs);
    return us > 0 ? [us] : [];
  });
}
