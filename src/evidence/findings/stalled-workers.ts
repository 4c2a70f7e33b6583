import { t } from '@vscode/l10n';
import { counted, thousands, workersText } from '../../base/count-words.ts';
import { formatAge } from '../../base/duration.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { Metric, Reading } from '../reading.ts';

/** A pass that takes longer is held by something. */
const LONG_S = 60;

/** By the controller's metrics: all workers are busy, the longest for minutes, and others wait. */
export const stalledWorkers: Rule = (reading) => {
  const controllers = new Set(
    named(reading, 'controller_runtime_active_workers').map(({ labels }) => labels['controller']),
  );
  return [...controllers].flatMap((controller = ''): Finding[] => {
    const of = (name: string): Metric[] =>
      named(reading, name).filter(({ labels }) => controllerOf(labels) === controller);
    const [active] = of('controller_runtime_active_workers');
    const [most] = of('controller_runtime_max_concurrent_reconciles');
    const [longest] = of('workqueue_longest_running_processor_seconds');
    const depths = of('workqueue_depth');
    if (active === undefined || active.value === 0 || longest === undefined || longest.value < LONG_S) return [];
    const isHeld = most !== undefined && active.value >= most.value && most.value > 0;
    const waiting = depths.reduce((sum, { value }) => sum + value, 0);
    if (!isHeld && waiting === 0) return [];
    const us = longest.value * 1e6;
    const [pending] = named(reading, 'gha_controller_pending_ephemeral_runners').sort((a, b) => b.value - a.value);
    return [
      {
        id: 'stalled-workers',
        severity: 'error',
        sentence: t(
          '{0}; {1} in the queue.',
          isHeld
            ? heldText(most.value, controller, formatAge(us))
            : t('A worker of {0} is held, for {1}, and {2} busy', controller, formatAge(us), busyText(active, most)),
          waitText(waiting),
        ),
        details: [
          ...priorities(depths),
          ...(pending === undefined || pending.value === 0
            ? []
            : [
                counted(
                  pending.value,
                  t('1 runner of {0} is pending.', pending.labels['name'] ?? t('a set')),
                  t('{0} runners of {1} are pending.', thousands(pending.value), pending.labels['name'] ?? t('a set')),
                ),
              ]),
          t('One scrape says nothing of rates: a second one tells whether it is still the same pass.'),
        ],
        runners: [],
        evidence: [
          line(active, t('the workers that are busy')),
          line(longest, t('the pass that has gone on the longest')),
          ...depths.map((depth) => line(depth, t('the queue'))),
        ],
        confidence: 'sure',
        advice: t(
          "Read the last lines of the controller's log: the runner whose call to the Actions service has no end holds the worker (arc-lab why controller.log).",
        ),
        weightUs: us,
      },
    ];
  });
};

function heldText(workers: number, controller: string, span: string): string {
  if (workers === 1) return t('The only worker of {0} is held, for {1}', controller, span);
  return workers === 2
    ? t('Both workers of {0} are held, one for {1}', controller, span)
    : t('All {0} of {1} are held, one for {2}', workersText(workers), controller, span);
}

/** `1 of 2 are`: where the metric of the most is missing, without that. */
function busyText({ value }: Metric, most: Metric | undefined): string {
  if (most === undefined) return counted(value, t('1 is'), t('{0} are', thousands(value)));
  return counted(value, t('1 of {0} is', thousands(most.value)), t('{1} of {0} are', thousands(most.value), value));
}

function waitText(objects: number): string {
  return counted(objects, t('1 object waits'), t('{0} objects wait', thousands(objects)));
}

function named(reading: Reading, name: string): Metric[] {
  return [...reading.metrics.values()].filter((metric) => metric.name === name);
}

function controllerOf(labels: Metric['labels']): string | undefined {
  return labels['controller'] ?? labels['name'];
}

function line({ name, value, seen }: Metric, what: string): EvidenceLine {
  return { at: seen, says: `${name} ${value}: ${what}` };
}

/** Since controller-runtime 0.23 the first list has a lower priority: it waits behind everything that changes. */
function priorities(depths: readonly Metric[]): string[] {
  const by = depths
    .map(({ labels, value }) => ({ priority: Number(labels['priority']), value }))
    .filter(({ priority, value }) => !Number.isNaN(priority) && value > 0)
    .sort((a, b) => b.priority - a.priority);
  const [first, last] = [by[0], by.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const behind = [last.priority, first.value, first.priority] as const;
  return [
    counted(
      last.value,
      t('1 object of priority {0}, as the first list has, waits behind {1} of priority {2}.', ...behind),
      t('{3} objects of priority {0}, as the first list has, wait behind {1} of priority {2}.', ...behind, last.value),
    ),
  ];
}
