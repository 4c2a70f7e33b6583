import { formatAge } from '../../base/duration.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { Metric, Reading } from '../reading.ts';
import { count } from '../words.ts';

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
    const isHeld = active !== undefined && most !== undefined && active.value >= most.value && most.value > 0;
    if (!isHeld || longest === undefined || longest.value < LONG_S) return [];
    const waiting = depths.reduce((sum, { value }) => sum + value, 0);
    const us = longest.value * 1e6;
    const [pending] = named(reading, 'gha_controller_pending_ephemeral_runners').sort((a, b) => b.value - a.value);
    return [
      {
        id: 'stalled-workers',
        severity: 'error',
        sentence: `${most.value === 1 ? `The only worker of ${controller} is held, for` : `All ${count(most.value, 'worker', 'workers')} of ${controller} are held, one for`} ${formatAge(us)}; ${count(waiting, 'object waits', 'objects wait')} in the queue.`,
        details: [
          ...priorities(depths),
          ...(pending === undefined || pending.value === 0
            ? []
            : [
                `${count(pending.value, 'runner')} of ${pending.labels['name'] ?? 'a set'} ${pending.value === 1 ? 'is' : 'are'} pending.`,
              ]),
          'One scrape says nothing of rates: a second one tells whether it is still the same pass.',
        ],
        runners: [],
        evidence: [
          line(active, 'the workers that are busy'),
          line(longest, 'the pass that has gone on the longest'),
          ...depths.map((depth) => line(depth, 'the queue')),
        ],
        confidence: 'sure',
        advice:
          "Read the last lines of the controller's log: the runner whose call to the Actions service has no end holds the worker (arc-lab why controller.log).",
        weightUs: us,
      },
    ];
  });
};

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
  return [
    `${count(last.value, 'object')} of priority ${last.priority}, as the first list has, ${last.value === 1 ? 'waits' : 'wait'} behind ${first.value} of priority ${first.priority}.`,
  ];
}
