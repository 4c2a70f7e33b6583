import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Rule } from '../finding.ts';
import { names, spanText } from '../words.ts';

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
  if (first === undefined || created === undefined || reading.lastRunnerLine === undefined) return [];
  const us = last.at.us - created.at.us;
  const who = counted(waiting.length, t('1 runner was'), t('{0} runners were', thousands(waiting.length)));
  return [
    {
      id: 'never-touched',
      severity: 'error',
      sentence: reading.isLive
        ? t('{0} created and not looked at since, {1} for {2}.', who, names(waiting), spanText(reading, us))
        : t(
            '{0} created and not looked at since, {1} for {2} at the end of the log.',
            who,
            names(waiting),
            spanText(reading, us),
          ),
      details: [],
      runners: waiting.map(({ name }) => name),
      evidence: [
        { at: created, says: t('{0} is created', first.name) },
        { at: last, says: reading.isLive ? t('it goes on') : t('the log ends') },
      ],
      confidence: 'likely',
      advice: t('See which runner the last lines of the EphemeralRunner controller are about: it may hold the worker.'),
      weightUs: us,
    },
  ];
};
