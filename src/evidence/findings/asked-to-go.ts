import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { keptBy } from '../../problems/deleted-runner.ts';
import { belongsTo, setCalled } from '../belongs-to.ts';
import { clean } from '../clean.ts';
import type { Finding, OfOne, Rule } from '../finding.ts';
import { readStamp, timeOfDay } from '../moment.ts';
import { keyOf, type Reading } from '../reading.ts';
import { sameWords } from '../same-words.ts';
import { shortened } from '../words.ts';

/** ARC asks the service again after this time: who is there for longer was refused, or nobody works on it. */
const LONG_US = 30e6;

/** Runners and sets that somebody has deleted and whose finalizers keep them. */
export const askedToGo: Rule = (reading) => [...runnersThatStay(reading), ...setsThatStay(reading)];

function runnersThatStay(reading: Reading): OfOne[] {
  const { runners, pods, latestUs } = reading.objects;
  return runners.flatMap(({ object, seen }): OfOne[] => {
    const { name, deletionTimestamp, finalizers = [] } = object.metadata;
    const since = readStamp(deletionTimestamp ?? '')?.moment;
    if (since === undefined) return [];
    const pod = pods.get(keyOf(object));
    const { why, advice } = keptBy(object, pod?.object);
    const podSince = pod?.object.metadata.deletionTimestamp;
    return [
      {
        id: 'asked-to-go',
        severity: latestUs - since.us >= LONG_US ? ('error' as const) : ('warning' as const),
        sentence: t(
          '{0} was asked to go at {1} and is still there: {2}.',
          name,
          timeOfDay(since.us),
          shortened(clean(why), 14),
        ),
        details: [t('Its finalizers: {0}.', finalizers.length === 0 ? 'none' : clean(finalizers.join(', ')))],
        runners: [name],
        evidence: [
          { at: seen, says: `deletionTimestamp ${clean(deletionTimestamp ?? '')}` },
          ...(pod === undefined || podSince === undefined
            ? []
            : [{ at: pod.seen, says: t('its pod: deletionTimestamp {0}', clean(podSince)) }]),
        ],
        confidence: 'likely' as const,
        advice: clean(advice),
        weightUs: Math.max(0, latestUs - since.us),
        alike: {
          cause: sameWords(why, name),
          sentence: (who) => t('{0} were asked to go and are still there: {1}.', who, shortened(clean(why), 14)),
          sinceUs: since.us,
        },
      },
    ];
  });
}

/** A set goes when its runners have gone, a scale set when its sets and its listener have. */
function setsThatStay(reading: Reading): Finding[] {
  const { sets, runners, latestUs } = reading.objects;
  return sets.flatMap(({ object, seen }) => {
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    const since = readStamp(deletionTimestamp ?? '')?.moment;
    if (since === undefined || finalizers.length === 0) return [];
    const left = [...runners, ...sets].filter(
      (one) => one.object.kind !== 'AutoscalingRunnerSet' && belongsTo(object, one.object),
    );
    const [first] = left;
    const why =
      first === undefined
        ? t('its finalizer {0} is not removed', clean(finalizers[0] ?? ''))
        : counted(
            left.length,
            t('1 object of it must go first, {0}', first.object.metadata.name),
            t('{0} objects of it must go first, {1} among them', thousands(left.length), first.object.metadata.name),
          );
    return [
      {
        id: 'asked-to-go',
        severity: latestUs - since.us >= LONG_US ? ('error' as const) : ('warning' as const),
        sentence: t(
          'Set {0} was asked to go at {1} and is still there: {2}.',
          setCalled(reading, object),
          timeOfDay(since.us),
          why,
        ),
        details: [t('Its finalizers: {0}.', clean(finalizers.join(', ')))],
        runners: [],
        evidence: [
          { at: seen, says: `deletionTimestamp ${clean(deletionTimestamp ?? '')}` },
          ...left.slice(0, 1).map((one) => ({ at: one.seen, says: t('{0} is still there', one.object.metadata.name) })),
        ],
        confidence: 'likely' as const,
        advice:
          first === undefined
            ? t(
                "Read the controller's log for what it could not clean up; a finalizer that is not ARC's is its owner's to remove.",
              )
            : t('See why the runners do not go: the findings about them say what each waits for.'),
        // Who must go first stands first.
        weightUs: first === undefined ? Math.max(0, latestUs - since.us) : 0,
      },
    ];
  });
}
