import assert from 'node:assert/strict';
import { join } from 'node:path';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { WallClock } from '../../src/base/wall-clock.ts';
import { textTable } from '../../src/report/table.ts';
import { ADMIN, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool, which } from '../apiserver/tools.ts';
import { inFolder } from '../builders/arc-lab.ts';
import { serving } from '../builders/serving.ts';
import { skipWithout } from '../builders/skip.ts';
import { delaysInProcess, delaysOverHttp, quantile, REPLICAS, type WatchDelays } from './watch-delay.ts';

/** Each server is measured so often, in turn, so that what else the machine does falls on all alike. */
const ROUNDS = 2;
const REAL = 'kube-apiserver';

describe('watch events of the embedded cluster, beside those of a real kube-apiserver', function () {
  this.timeout(180_000);

  it('come about as often before the answer to the write, no later, and mislead a controller no more', async function () {
    skipWithout(this, missingTool() ?? (which('go') === undefined ? 'Go is not installed' : undefined));
    const measured = new Map<string, WatchDelays[]>();
    const note = (where: string, delays: WatchDelays): unknown =>
      measured.set(where, [...(measured.get(where) ?? []), delays]);
    const server = await RealApiServer.start();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        note(REAL, await delaysOverHttp(server.kubeconfig(ADMIN), 'default'));
        note('over HTTP', await servedDelays());
      }
    } finally {
      server.stop();
    }
    // The real server's latency on this machine, so that in process the delays are compared in parts of the same.
    const latencyUs = quantile(answersOf(measured.get(REAL) ?? []), 0.5);
    const virtual = new VirtualClock();
    note('virtual time', await delaysInProcess(virtual, () => Promise.resolve(void virtual.run()), latencyUs));
    const wall = new WallClock();
    note('in process', await delaysInProcess(wall, () => wall.idle(), latencyUs));
    wall.close();

    const rows = [...measured].map(([where, all]) => ({ where, ...figuresOf(all) }));
    const cells = rows.map(({ where, firstShare, p10, median, p90, p99, most, made }) => [
      ...[where, share(firstShare), ms(p10), ms(median), ms(p90), ms(p99), ms(most)],
      made.join(' '),
    ]);
    const header = ['events', 'before the answer', 'p10', 'median', 'p90', 'p99', 'last', `made for ${REPLICAS}`];
    process.stdout.write(`${textTable(header, cells)}\n`);
    const real = rows[0];
    assert.ok(real?.where === REAL);
    for (const { where, firstShare, p90, made } of rows.slice(1)) {
      const shares = `${where}: ${share(firstShare)} of the events came before the answer, ${REAL}: ${share(real.firstShare)}`;
      assert.ok(firstShare >= 0.6 * real.firstShare && firstShare <= 1.6 * real.firstShare, shares);
      assert.ok(p90 <= 1.5 * real.p90, `${where}: p90 is ${ms(p90)}, ${REAL}: ${ms(real.p90)}`);
      if (made.length === 0) continue;
      const surplus = `${where}: ${made.join(' ')} runners for ${REPLICAS}, ${REAL}: ${real.made.join(' ')}`;
      assert.ok(mean(made) <= mean(real.made) + 0.6, surplus);
    }
  });
});

/** `arc-lab serve` in a process of its own, as its users run it. */
function servedDelays(): Promise<WatchDelays> {
  return inFolder(async (folder) => {
    const kubeconfig = join(folder, 'kubeconfig');
    let delays: WatchDelays | undefined;
    const { stderr } = await serving(['--kubeconfig', kubeconfig, '--without-controllers'], async () => {
      delays = await delaysOverHttp(kubeconfig, 'default');
    });
    assert.ok(delays !== undefined, stderr);
    return delays;
  });
}

interface Figures {
  readonly firstShare: number;
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
  readonly made: readonly number[];
}

function figuresOf(all: readonly WatchDelays[]): Figures {
  const delays = all.flatMap((one) => one.delays);
  assert.ok(delays.length > 0 && delays.every(Number.isFinite), 'each event belongs to an answer');
  return {
    firstShare: delays.filter((us) => us < 0).length / delays.length,
    p10: quantile(delays, 0.1),
    median: quantile(delays, 0.5),
    p90: quantile(delays, 0.9),
    p99: quantile(delays, 0.99),
    most: quantile(delays, 1),
    made: all.flatMap((one) => one.made),
  };
}

function answersOf(all: readonly WatchDelays[]): number[] {
  return all.flatMap(({ answers }) => answers);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share(value: number): string {
  return `${Math.round(value * 100)} %`;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(2)} ms`;
}
