import { wayStart } from '../bursts.ts';
import type { Rule } from '../finding.ts';
import { clock, names, spanText } from '../words.ts';

/** No line about any runner for a minute or more though runners wait, and no call that would explain it. */
export const silentController: Rule = (reading) =>
  reading.silences.flatMap(({ from, until }) => {
    const us = until.at.us - from.at.us;
    const isExplained = reading.longSteps.some(
      (step) => step.from.at.us <= from.at.us + us / 2 && (step.until?.at.us ?? until.at.us) >= until.at.us - us / 2,
    );
    if (isExplained) return [];
    const waiting = [...reading.runners.values()].filter((runner) => {
      const next = runner.way[1];
      return (
        runner.milestones.has('created') &&
        wayStart(runner).at.us <= from.at.us + us / 2 &&
        wayStart(runner).at.us >= from.at.us - 1e6 &&
        (next === undefined || next.at.us >= until.at.us)
      );
    });
    if (waiting.length === 0) return [];
    return [
      {
        id: 'silent-controller',
        severity: 'error' as const,
        sentence: `No runner was touched for ${spanText(reading, us)}, ${clock(from)} to ${clock(until)}, while ${names(waiting)} waited.`,
        details: ['The log does not say what held the workers.'],
        runners: waiting.map(({ name }) => name),
        evidence: [
          { at: from, says: 'the last line about a runner before' },
          { at: until, says: 'the first one after' },
        ],
        confidence: 'likely' as const,
        advice: 'Look at workqueue_longest_running_processor_seconds of the controller, and at its CPU limit.',
        weightUs: us,
      },
    ];
  });
