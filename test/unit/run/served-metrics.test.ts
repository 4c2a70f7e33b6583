import assert from 'node:assert/strict';
import type { Address } from '../../../src/base/address.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { MetricsServer } from '../../../src/model/metrics-server.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import type { EmbeddedRun } from '../../../src/run/start-embedded.ts';
import { startRun } from '../../../src/run/start-run.ts';

const ANY_PORT: Address = { host: '127.0.0.1', port: 0 };

function start(metrics: MetricsServer, clock: VirtualClock, settings: Partial<RunSettings> = {}): EmbeddedRun {
  return startRun(
    { kind: 'embedded' },
    { ...DEFAULT_SETTINGS, mode: 'new', runners: 3, ...settings },
    {
      ...{ clock, metrics },
      onCreationFailed: (error) => assert.fail(error),
    },
  );
}

async function figures({ host, port }: Address): Promise<string> {
  return (await fetch(`http://${host}:${port}/metrics`, { headers: { connection: 'close' } })).text();
}

describe('the metrics of a run', () => {
  it('count every pass from the first on, and are served until the run ends', async () => {
    const clock = new VirtualClock();
    const metrics = await MetricsServer.listen(ANY_PORT);
    const run = start(metrics, clock);
    clock.run();
    const passes = [...run.trace.passes()].length;
    const text = await figures(metrics.address);
    const counted = [...text.matchAll(/^controller_runtime_reconcile_total\{.*\} (\d+)$/gm)];
    assert.equal(
      counted.reduce((sum, [, value]) => sum + Number(value), 0),
      passes,
    );
    assert.match(text, /^rest_client_requests_total\{[^}]*host="embedded"\} \d+$/m);
    await run.stop();
    await assert.rejects(figures(metrics.address), 'they are served though the run has ended');
  });

  it('are refused in a sentence where something else listens, and nothing has begun yet', async () => {
    const first = await MetricsServer.listen(ANY_PORT);
    const { port } = first.address;
    await assert.rejects(MetricsServer.listen(first.address), {
      message: new RegExp(`^metrics cannot be served at 127\\.0\\.0\\.1:${port}: `),
    });
    first.dispose();
  });

  it('leave the address free when the run cannot start', async () => {
    const metrics = await MetricsServer.listen(ANY_PORT);
    assert.throws(() => start(metrics, new VirtualClock(), { pods: '/there/is/no/such-file.yaml' }));
    const again = await MetricsServer.listen(metrics.address);
    again.dispose();
  });
});
