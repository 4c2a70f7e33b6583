import { t } from '@vscode/l10n';
import { wayStart } from '../bursts.ts';
import type { Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import { clock, names, spanBetween } from '../words.ts';

/** Half of the shortest silence: who has waited through more than half of one has waited this long. */
const LONG_US = 30e6;

/** No line about any runner for a minute or more though runners wait, and no call that would explain it. */
export const silentController: Rule = (reading) => {
  const late = takenLate(reading);
  return reading.silences.flatMap(({ from, until }) => {
    const us = until.at.us - from.at.us;
    const isExplained = reading.longSteps.some(
      (step) => step.from.at.us <= from.at.us + us / 2 && (step.until?.at.us ?? until.at.us) >= until.at.us - us / 2,
    );
    if (isExplained) return [];
    const waiting = late
      .filter(
        ({ startUs, takenUs }) =>
          startUs <= from.at.us + us / 2 && startUs >= from.at.us - 1e6 && takenUs >= until.at.us,
      )
      .map(({ runner }) => runner);
    if (waiting.length === 0) return [];
    return [
      {
        id: 'silent-controller',
        severity: 'error' as const,
        sentence: t(
          'No runner was touched for {0}, {1} to {2}, while {3} waited.',
          spanBetween(reading, from, until),
          clock(from),
          clock(until),
          names(waiting),
        ),
        details: [t('The log does not say what held the workers.')],
        runners: waiting.map(({ name }) => name),
        evidence: [
          { at: from, says: t('the last line about a runner before') },
          { at: until, says: t('the first one after') },
        ],
        confidence: 'likely' as const,
        advice: t('Look at workqueue_longest_running_processor_seconds of the controller, and at its CPU limit.'),
        weightUs: us,
      },
    ];
  });
};

interface Late {
  readonly runner: RunnerHistory;
  readonly startUs: number;
  /** Infinite where no worker has done anything for it. */
  readonly takenUs: number;
}

function takenLate({ runners }: Reading): Late[] {
  return [...runners.values()].flatMap((runner) => {
    if (!runner.milestones.has('created')) return [];
    const [startUs, takenUs] = [wayStart(runner).at.us, runner.taken?.at.us ?? Number.POSITIVE_INFINITY];
    return takenUs - startUs >= LONG_US ? [{ runner, startUs, takenUs }] : [];
  });
}
