import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { ControllerMetrics } from '../../../src/model/metrics.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import type { Controller } from '../../../src/runtime/controller.ts';
import { LOW_PRIORITY, PRIORITY_QUEUE } from '../../../src/runtime/queue-kind.ts';
import { WorkQueue } from '../../../src/runtime/work-queue.ts';

const QUEUE = ['name'];

/** What controller-runtime 0.16 exports for one controller, and client-go for its client: name, kind and labels. */
const UPSTREAM: readonly (readonly [name: string, kind: string, labels: readonly string[]])[] = [
  ['controller_runtime_active_workers', 'gauge', ['controller']],
  ['controller_runtime_max_concurrent_reconciles', 'gauge', ['controller']],
  ['controller_runtime_reconcile_errors_total', 'counter', ['controller']],
  ['controller_runtime_reconcile_time_seconds', 'histogram', ['controller']],
  ['controller_runtime_reconcile_total', 'counter', ['controller', 'result']],
  ['rest_client_requests_total', 'counter', ['code', 'host', 'method']],
  ['workqueue_adds_total', 'counter', QUEUE],
  ['workqueue_depth', 'gauge', QUEUE],
  ['workqueue_longest_running_processor_seconds', 'gauge', QUEUE],
  ['workqueue_queue_duration_seconds', 'histogram', QUEUE],
  ['workqueue_retries_total', 'counter', QUEUE],
  ['workqueue_unfinished_work_seconds', 'gauge', QUEUE],
  ['workqueue_work_duration_seconds', 'histogram', QUEUE],
];

function aMeasuredRig(workers: number, version = 16) {
  const clock = new VirtualClock();
  const metrics = new ControllerMetrics();
  const settings = { ...DEFAULT_SETTINGS, mode: 'new' as const, workers };
  const rig = new EmbeddedRig({ clock, settings, epochMs: VIRTUAL_EPOCH_MS, observers: [metrics] });
  rig.start();
  metrics.observe(rig.controllers, () => clock.nowUs(), 'embedded', version);
  clock.run(50_000);
  const valueOf = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(await metrics.text())?.[1]);
  return { clock, rig, metrics, valueOf };
}

describe('the metrics of a controller', () => {
  for (const [version, added] of [
    [16, []],
    [20, ['reconcile_panics_total', 'terminal_reconcile_errors_total', 'webhook_panics_total']],
    [22, ['conversion_webhook_panics_total']],
    [23, ['reconcile_timeouts_total']],
    [24, []],
  ] as const) {
    it(`are those of controller-runtime 0.${version}, with their labels`, async () => {
      const { clock, rig, metrics } = aMeasuredRig(1, version);
      rig.runnerSet.create(1, () => undefined);
      clock.run();
      const text = await metrics.text();
      const all = [...text.matchAll(/^# TYPE controller_runtime_(\S+)/gm)].map(([, name]) => name);
      for (const name of added) assert.ok(all.includes(name), name);
      const later = [20, 22, 23].filter((one) => one > version);
      const missing = {
        20: 'webhook_panics_total',
        22: 'conversion_webhook_panics_total',
        23: 'reconcile_timeouts_total',
      };
      for (const one of later) assert.ok(!all.includes(missing[one as 20]), missing[one as 20]);
      const queue = version < 20 ? '{name="ephemeralrunner"' : '{name="ephemeralrunner",controller="ephemeralrunner"';
      assert.ok(text.includes(`workqueue_adds_total${queue}}`), version.toString());
      assert.ok(text.includes(`workqueue_queue_duration_seconds_count${queue}}`), version.toString());
      // The queue of this rig is one without priorities.
      assert.ok(text.includes(`workqueue_depth${queue}${version < 22 ? '' : ',priority=""'}} 0`), version.toString());
    });
  }

  it('are those of upstream, with their kinds and labels, and no others', async () => {
    const { clock, rig, metrics } = aMeasuredRig(1);
    rig.runnerSet.create(3, () => undefined);
    clock.run();
    const text = await metrics.text();
    const found = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => {
      const line = new RegExp(`^${name}(?:_bucket)?\\{([^}]*)\\}`, 'm').exec(text)?.[1] ?? '';
      const labels = [...line.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le');
      return [name, kind, labels.sort()] as const;
    });
    assert.deepEqual(found.sort(), UPSTREAM);
    assert.match(text, /controller_runtime_reconcile_total\{controller="ephemeralrunner",result="success"\} 12/);
    assert.match(text, /workqueue_depth\{name="ephemeralrunner"\} 0/);
  });

  it('of a priority queue tell its depth by priority, of those that something was queued with', async () => {
    const clock = new VirtualClock();
    const metrics = new ControllerMetrics();
    const queue = new WorkQueue(clock, () => undefined, PRIORITY_QUEUE);
    const one = { name: 'one', queue, workers: 1, activeWorkers: 0 } as Controller;
    metrics.observe({ all: [one] }, () => clock.nowUs(), 'embedded', 24);
    const depths = async (): Promise<string[]> =>
      [...(await metrics.text()).matchAll(/^workqueue_depth(\{.*)$/gm)].map(([, line = '']) => line);
    const at = (priority: number, depth: number): string =>
      `{name="one",controller="one",priority="${priority}"} ${depth}`;
    assert.deepEqual(await depths(), []);
    queue.add('ns/a', 'pod-added', LOW_PRIORITY);
    queue.add('ns/b', 'pod-added', LOW_PRIORITY);
    assert.deepEqual(await depths(), [at(-100, 2)]);
    queue.add('ns/b', 'pod-updated');
    assert.deepEqual(await depths(), [at(-100, 1), at(0, 1)]);
    const taken = queue.take();
    assert.deepEqual(await depths(), [at(-100, 1), at(0, 0)]);
    queue.add('ns/b', 'pod-updated');
    assert.deepEqual(await depths(), [at(-100, 1), at(0, 1)], 'a key that is added during its pass counts');
    assert.equal(taken?.key, 'ns/b');
  });

  it('show the passes in progress: how long all of them take, and the longest', async () => {
    const { clock, rig, valueOf } = aMeasuredRig(2);
    rig.runnerSet.create(2, () => undefined);
    clock.run(clock.nowUs() + 150_000);
    const [all, longest] = [
      await valueOf('workqueue_unfinished_work_seconds'),
      await valueOf('workqueue_longest_running_processor_seconds'),
    ];
    assert.ok(longest > 0.1 && longest < 0.15, `the longest pass has taken ${longest} s of 0.15`);
    assert.ok(all > longest && all < 2 * longest + 1e-9, `both have taken ${all} s`);
    clock.run(clock.nowUs() + 1_000_000);
    assert.equal(await valueOf('workqueue_unfinished_work_seconds'), 0);
    assert.equal(await valueOf('workqueue_longest_running_processor_seconds'), 0);
  });
});
