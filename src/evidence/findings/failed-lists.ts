import { t } from '@vscode/l10n';
import { timesOver, clock, firstAndLast, withStop } from '../words.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { lengthUs, type Repeated } from '../seen.ts';
import { adviceForError } from './error-advice.ts';
import { errorReason } from './error-reason.ts';

/** client-go asks again within about this time: where it says no more of it, it has its list. */
const AGAIN_US = 90e6;
/** Fewer are a matter of a moment, once they are over. */
const FEWEST = 4;
/** The API server or the way to it, which is mended by itself. */
const NO_ANSWER = /deadline exceeded|connection refused|i\/o timeout|EOF|no such host|no route|connection reset|TLS/i;

/** Objects that the controller cannot list: it starts no worker, or sees no change of them. */
export const failedLists: Rule = (reading) =>
  [...reading.failedLists].flatMap(([kind, failed]) => {
    const isOver = reading.latestUs - failed.last.at.us > AGAIN_US || worksAfter(reading, failed);
    return isOver && failed.count < FEWEST ? [] : [finding(reading, kind, failed, isOver)];
  });

/** Whether workers have started after it: they wait for all lists. */
function worksAfter({ processes }: Reading, { last }: Repeated): boolean {
  return processes.some(({ workers, firstRunnerLine }) =>
    [workers?.at, firstRunnerLine].some((seen) => seen !== undefined && seen.at.us > last.at.us),
  );
}

function finding(reading: Reading, kind: string, failed: Repeated, isOver: boolean): Finding {
  const us = lengthUs(failed);
  const hasWorked = reading.lastRunnerLine !== undefined || reading.process.workers !== undefined;
  return {
    id: 'failed-lists',
    severity: isOver ? 'warning' : 'error',
    sentence: withStop(
      t(
        "The controller's cache of {0} reported an error {1}: {2}",
        kind,
        timesOver(reading, failed.count, us),
        errorReason(failed.text),
      ),
    ),
    details: [
      isOver
        ? t('It is over: the last time was at {0}.', clock(failed.last))
        : hasWorked
          ? t('The controller sees no change of these objects since {0}.', clock(failed.first))
          : t('No worker starts before it has this list: no runner of any scale set is looked after.'),
    ],
    runners: [],
    evidence: firstAndLast(failed),
    confidence: 'sure',
    advice: NO_ANSWER.test(failed.text)
      ? t(
          "The API server did not answer the controller: look at the control plane, and at network policies and DNS between the controller's pod and it.",
        )
      : adviceForError(failed.text),
    weightUs: us,
  };
}
