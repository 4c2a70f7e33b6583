import { keptBy } from '../../problems/deleted-runner.ts';
import { clean } from '../clean.ts';
import type { Rule } from '../finding.ts';
import { formatUs, readStamp } from '../moment.ts';
import { shortened } from '../words.ts';

/** ARC asks the service again after this time: who is there for longer was refused, or nobody works on it. */
const LONG_US = 30e6;

/** Runners that somebody has deleted and whose finalizers keep them. */
export const askedToGo: Rule = (reading) => {
  const { runners, latestUs } = reading.objects;
  return runners.flatMap(({ object, seen }) => {
    const { name, deletionTimestamp, finalizers = [] } = object.metadata;
    const since = readStamp(deletionTimestamp ?? '')?.moment;
    if (since === undefined) return [];
    const { why, advice } = keptBy(object);
    return [
      {
        id: 'asked-to-go',
        severity: latestUs - since.us >= LONG_US ? ('error' as const) : ('warning' as const),
        sentence: `${name} was asked to go at ${formatUs(since.us).slice(11, 19)} and is still there: ${shortened(clean(why), 14)}.`,
        details: [`Its finalizers: ${finalizers.length === 0 ? 'none' : clean(finalizers.join(', '))}.`],
        runners: [name],
        evidence: [{ at: seen, says: `deletionTimestamp ${clean(deletionTimestamp ?? '')}` }],
        confidence: 'likely' as const,
        advice: clean(advice),
        weightUs: Math.max(0, latestUs - since.us),
      },
    ];
  });
};
