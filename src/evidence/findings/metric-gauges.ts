import { t } from '@vscode/l10n';
import { counted, runnersText, thousands } from '../../base/count-words.ts';
import { clean } from '../clean.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { Metric, Reading } from '../reading.ts';

/** What gauges of one scrape tell: the controller's of its listeners, a listener's of the jobs and runners of its scale set. */
export const metricGauges: Rule = (reading) => {
  const values = [...reading.metrics.values()];
  return [
    ...values.filter(({ name, value }) => name === 'gha_controller_running_listeners' && value === 0).map(noListener),
    ...values.filter(({ name }) => name === 'gha_assigned_jobs').flatMap((assigned) => jobsWait(reading, assigned)),
  ];
};

function noListener(metric: Metric): Finding {
  return {
    ...of(metric, [lineOf(metric)]),
    severity: 'error',
    sentence: t('The listener of scale set {0} does not run: no job becomes a runner.', setOf(metric)),
    confidence: 'likely',
    advice: t(
      "Look for its pod in the controller's namespace (kubectl get pods) and for why it is not made in the controller's log.",
    ),
  };
}

/** More jobs are assigned than run, and no runner is free for the others. */
function jobsWait(reading: Reading, assigned: Metric): Finding[] {
  const gauge = (name: string): Metric | undefined =>
    [...reading.metrics.values()].find(
      (metric) =>
        metric.name === `gha_${name}` &&
        metric.labels['name'] === assigned.labels['name'] &&
        metric.labels['namespace'] === assigned.labels['namespace'],
    );
  const [running, desired, max, registered] = ['running_jobs', 'desired_runners', 'max_runners', 'registered_runners'].map(gauge); // prettier-ignore
  const waiting = running === undefined ? 0 : assigned.value - running.value;
  if (running === undefined || waiting <= 0) return [];
  const lines = [assigned, running].map(lineOf);
  const wait = counted(waiting, t('1 job waits'), t('{0} jobs wait', thousands(waiting)));
  const set = setOf(assigned);
  if (max !== undefined && desired !== undefined && assigned.value > max.value && desired.value >= max.value) {
    return [
      {
        ...of(assigned, [...lines, lineOf(max)]),
        severity: 'warning',
        sentence: t(
          'Scale set {0} may have {1} and {2} assigned: {3}.',
          set,
          runnersText(thousands(max.value)),
          counted(assigned.value, t('1 job is'), t('{0} jobs are', thousands(assigned.value))),
          wait,
        ),
        confidence: 'sure',
        advice: t('Raise maxRunners of the scale set, where the nodes have room for more.'),
        knob: 'maxRunners',
      },
    ];
  }
  if (desired === undefined || registered === undefined || registered.value >= desired.value) return [];
  return [
    {
      ...of(assigned, [...lines, lineOf(desired), lineOf(registered)]),
      severity: 'warning',
      sentence: t(
        'Scale set {0} wants {1} and {2} registered at GitHub: {3}.',
        set,
        runnersText(thousands(desired.value)),
        counted(registered.value, t('1 is'), t('{0} are', thousands(registered.value))),
        wait,
      ),
      confidence: 'likely',
      advice: t(
        "A scrape shows one moment. Where it stays so, kubectl get ephemeralrunners,pods and the controller's log tell what the other runners wait for.",
      ),
    },
  ];
}

function of(
  { labels }: Metric,
  evidence: EvidenceLine[],
): Pick<Finding, 'id' | 'details' | 'runners' | 'evidence' | 'weightUs'> {
  const namespace = labels['namespace'];
  const details = namespace === undefined ? [] : [t('In namespace {0}.', clean(namespace))];
  return { id: 'metric-gauges', details, runners: [], evidence, weightUs: 0 };
}

function setOf({ labels }: Metric): string {
  return clean(labels['name'] ?? t('of an unknown name'));
}

function lineOf({ name, value, seen }: Metric): EvidenceLine {
  return { at: seen, says: `${name} ${value}` };
}
