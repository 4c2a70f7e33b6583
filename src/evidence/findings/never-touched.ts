import type { Rule } from '../finding.ts';
import { names, spanText, count } from '../words.ts';

const LONG_US = 30e6;

/** Runners that were created and never looked at, up to the log's end. */
export const neverTouched: Rule = (reading) => {
  const { last } = reading;
  if (last === undefined) return [];
  const waiting = [...reading.runners.values()].filter((runner) => {
    const created = runner.milestones.get('created');
    return created !== undefined && !runner.isTouched && last.at.us - created.at.us >= LONG_US;
  });
  const [first] = waiting;
  const created = first?.milestones.get('created');
  // A log that holds no line of the runners' controller at all was filtered.
  if (created === undefined || reading.lastRunnerLine === undefined) return [];
  const us = last.at.us - created.at.us;
  return [
    {
      id: 'never-touched',
      severity: 'error',
      sentence: `${count(waiting.length, 'runner was', 'runners were')} created and not looked at since, ${names(waiting)} for ${spanText(reading, us)}${reading.isLive ? '' : ' at the end of the log'}.`,
      details: [],
      runners: waiting.map(({ name }) => name),
      evidence: [
        { at: created, says: 'Created new ephemeral runner' },
        { at: last, says: reading.isLive ? 'it goes on' : 'the log ends' },
      ],
      confidence: 'likely',
      advice: 'See which runner the last lines of the EphemeralRunner controller are about: it may hold the worker.',
      weightUs: us,
    },
  ];
};
