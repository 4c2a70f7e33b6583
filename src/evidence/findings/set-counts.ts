import { t } from '@vscode/l10n';
import { counted, runnersText, thousands } from '../../base/count-words.ts';
import { setCalled } from '../belongs-to.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { Found, Metric, Reading, ScaleSet, SetHistory } from '../reading.ts';
import { withNote } from '../words.ts';

const advice = (): string =>
  t(
    'List them (kubectl get ephemeralrunners): Failed ones are counted and not replaced. Read why each failed, correct that, and delete them.',
  );

/** Sets that count runners which do no work: failed ones take the place of others, and a set counts runners, not pods. */
export const setCounts: Rule = (reading) => {
  // Where the log shows how the runners failed, that says more.
  const isShown = (['pod refused', 'failed for good', 'outdated'] as const).some(
    (note) => withNote(reading, note).length > 0,
  );
  return isShown
    ? []
    : [
        ...[...reading.sets.values()].flatMap(ofSet),
        ...ofMetrics(reading),
        ...reading.objects.sets.flatMap((set) => ofObject(reading, set)),
      ];
};

function ofSet({ name, counts, compared, current, desired }: SetHistory): Finding[] {
  const failed = counts?.of['failed'] ?? 0;
  if (failed > 0 && counts !== undefined) {
    const { pending = 0, running = 0 } = counts.of;
    return [failedFinding(name, { failed, pending, running }, { at: counts.at, says: `${failed} failed` })];
  }
  if (counts !== undefined || compared === undefined || current === undefined || desired === undefined) return [];
  if (current <= desired) return [];
  return [
    {
      id: 'set-counts',
      severity: 'note',
      sentence: t(
        'Set {0} counts {1} and wants {2}: it makes none until fewer are left.',
        name,
        runnersText(thousands(current)),
        desired,
      ),
      details: [
        t('Each scale-down looks like this until idle runners are gone.'),
        t('It counts runners, not pods: those that failed, or whose job still runs, are among them.'),
      ],
      runners: [],
      evidence: [{ at: compared, says: `Scaling comparison: current ${current}, desired ${desired}` }],
      confidence: 'likely',
      advice: t(
        'Where it stays so, list them (kubectl get ephemeralrunners): Failed ones are counted and not replaced. Read why each failed, correct that, and delete them.',
      ),
      weightUs: 0,
    },
  ];
}

/** Each of them: the scale set above has the same counters. */
function ofObject(reading: Reading, { object, seen }: Found<ScaleSet>): Finding[] {
  if (object.kind !== 'EphemeralRunnerSet') return [];
  const of = (name: string): number => {
    const value = object.status?.[name];
    return typeof value === 'number' ? value : 0;
  };
  const failed = of('failedEphemeralRunners');
  if (failed === 0) return [];
  const [pending, running] = [of('pendingEphemeralRunners'), of('runningEphemeralRunners')];
  const line = { at: seen, says: `status.failedEphemeralRunners ${failed}` };
  return [failedFinding(setCalled(reading, object), { failed, pending, running }, line)];
}

function ofMetrics({ metrics }: Reading): Finding[] {
  const values = [...metrics.values()];
  const of = (state: string, { labels }: Metric): number =>
    values.find(
      (metric) =>
        metric.name === `gha_controller_${state}_ephemeral_runners` &&
        metric.labels['name'] === labels['name'] &&
        metric.labels['namespace'] === labels['namespace'],
    )?.value ?? 0;
  return values
    .filter(({ name, value }) => name === 'gha_controller_failed_ephemeral_runners' && value > 0)
    .map((metric) =>
      failedFinding(
        metric.labels['name'] ?? t('of an unknown name'),
        { failed: metric.value, pending: of('pending', metric), running: of('running', metric) },
        { at: metric.seen, says: `${metric.name} ${metric.value}` },
      ),
    );
}

function failedFinding(
  name: string,
  { failed, pending, running }: Readonly<Record<'failed' | 'pending' | 'running', number>>,
  line: EvidenceLine,
): Finding {
  const all = runnersText(thousands(failed + pending + running));
  return {
    id: 'set-counts',
    severity: pending + running === 0 ? 'error' : 'warning',
    sentence: counted(
      failed,
      t('1 of {0} of set {1} has failed: a set counts it as there and makes none in its place.', all, name),
      t(
        '{0} of {1} of set {2} have failed: a set counts them as there and makes none in their place.',
        failed,
        all,
        name,
      ),
    ),
    details: [t('The others: {0} pending, {1} running.', pending, running)],
    runners: [],
    evidence: [line],
    confidence: 'sure',
    advice: advice(),
    weightUs: 0,
  };
}
