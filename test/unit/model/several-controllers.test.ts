import assert from 'node:assert/strict';
import { SecretRegistry } from '../../../src/base/redact.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EphemeralRunners, Pods } from '../../../src/kubernetes/resource.ts';
import { ControllerMetrics } from '../../../src/model/metrics.ts';
import { ManifestHistory } from '../../../src/model/manifest-history.ts';
import { TraceRecorder } from '../../../src/model/trace-recorder.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { Controller } from '../../../src/runtime/controller.ts';
import { done, find, type Reconcile } from '../../../src/runtime/effects.ts';
import type { Driver } from '../../../src/runtime/pass.ts';
import { RequestInProgress } from '../../../src/runtime/pass-record.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { aController, aControllerHost } from '../../builders/controller-host.ts';
import { knownPasses } from '../../builders/traces.ts';

describe('what is noted of the passes of several controllers', () => {
  it('is kept apart, though their workers have the same numbers and their passes go on at the same time', async () => {
    const clock = new VirtualClock();
    const tookUs: Readonly<Record<string, number>> = { one: 10_000, other: 25_000 };
    const host = aControllerHost({
      clock,
      driver: {
        perform: (effect, pass, reply) => {
          if (effect.kind !== 'kubernetes') return;
          const request = new RequestInProgress(
            'kubernetes',
            'get',
            effect.request.resource.plural,
            effect.request.namespace,
            effect.request.name,
            clock.nowUs(),
            0,
          );
          host.observers.requestStarted.tell(pass, request);
          const answered = (): void => {
            request.status = 200;
            request.endedUs = clock.nowUs();
            host.observers.requestEnded.tell(pass, request);
            reply.resume(undefined);
          };
          clock.schedule(tookUs[pass.controller] ?? 0, answered, undefined);
        },
      } satisfies Driver,
    });
    function* reconcile(key: string): Reconcile {
      yield* find(Pods, 'ns', key);
      return done;
    }
    const all = ['one', 'other'].map((name) => new Controller(aController(reconcile, { name }), host));
    host.caches.inform(EphemeralRunners);
    host.caches.inform(Pods);

    const { trace: template } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', runners: 1 });
    const log = new TraceLog(template.header);
    const metrics = new ControllerMetrics();
    metrics.observe({ all }, () => clock.nowUs(), 'embedded', 20);
    const manifests = new ManifestHistory(() => host.caches);
    const recorder = new TraceRecorder({ clock, log, secrets: new SecretRegistry() });
    for (const observer of [recorder, metrics, manifests]) host.observers.add(observer);

    for (const controller of all) {
      controller.start();
      controller.queue.add(`ns/of-${controller.name}`, 'pod-added');
    }
    clock.run(12_000);
    assert.match(await metrics.text(), /workqueue_unfinished_work_seconds\{name="one",controller="one"\} 0\n/);
    assert.match(await metrics.text(), /workqueue_unfinished_work_seconds\{name="other",controller="other"\} 0\.012\n/);
    clock.run();

    const passes = knownPasses(log).map(({ object, started, ended, requests }) => [
      object,
      ended - started,
      requests.length,
    ]);
    assert.deepEqual(passes.sort(), [
      ['ns/of-one', 10_000, 1],
      ['ns/of-other', 25_000, 1],
    ]);
    assert.deepEqual(
      [0, 1].map((pass) => [manifests.get(pass)?.key, manifests.get(pass)?.endedUs]),
      [
        ['ns/of-one', 10_000],
        ['ns/of-other', 25_000],
      ],
    );
    const text = await metrics.text();
    assert.match(text, /controller_runtime_reconcile_time_seconds_sum\{controller="one"\} 0\.01\n/);
    assert.match(text, /controller_runtime_reconcile_time_seconds_sum\{controller="other"\} 0\.025\n/);
  });
});
