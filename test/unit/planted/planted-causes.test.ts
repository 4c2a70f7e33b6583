import assert from 'node:assert/strict';
import { Random } from '../../../src/base/random.ts';
import { createRequest } from '../../../src/kubernetes/request.ts';
import { ResourceQuotas } from '../../../src/kubernetes/resource.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import type { RunSettings } from '../../../src/run/settings.ts';
import type { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { explainText } from '../../builders/evidence.ts';
import { writtenLog, type WrittenLogOptions } from '../../builders/written-log.ts';

/**
 * Causes planted in runs of our own, which are written as the logs of each release. `npm run planted:all` looks at
 * more of them than fit into every run of the tests.
 */
const SEEDS = Number(process.env['SEEDS'] ?? 1);
const HEALTHY = Number(process.env['HEALTHY'] ?? 30);
/** Of all planted causes this share is found as the main one. */
const RIGHT = 0.99;

const MINUTE_US = 60e6;
const ALL = ['0.9.3', 'old', 'new', '0.11.0', '0.12.1', '0.13.1', '0.14.0', '0.14.2', 'latest'];
const LOCKED = ['0.14.0', '0.14.2', 'latest'];
const ONE_STEP = ['0.9.3', 'old'];
const FREE = ['new', '0.11.0', '0.12.1', '0.13.1'];

interface Planted {
  readonly cause: string;
  readonly modes: readonly string[];
  readonly settings: (random: Random) => Partial<RunSettings>;
  readonly rest?: Omit<WrittenLogOptions, 'settings'>;
}

const between = (random: Random, low: number, high: number): number => Math.round(low + (high - low) * random.next());
const ms = (random: Random, low: number, high: number): number => 1000 * between(random, low, high);
const fault = (verb: string, resource: string, status: number) => (rig: EmbeddedRig) =>
  rig.conditions.change({ faults: [{ verb, resource, status, times: 1000 }] });

const PLANTED: readonly Planted[] = [
  {
    cause: 'registrations-first',
    modes: ONE_STEP,
    settings: (random) => ({ runners: between(random, 60, 120), workers: 1, jitLatencyUs: ms(random, 200, 600) }),
    // A set makes its runners more slowly than they register: then a first pod is not late.
    rest: { throughSet: false },
  },
  {
    cause: 'actions-lock',
    modes: LOCKED,
    settings: (random) => ({
      runners: between(random, 60, 120),
      workers: between(random, 2, 8),
      jitLatencyUs: ms(random, 250, 800),
    }),
  },
  {
    cause: 'workers-busy',
    modes: FREE,
    settings: (random) => ({
      runners: between(random, 60, 100),
      workers: between(random, 1, 2),
      jitLatencyUs: ms(random, 500, 900),
    }),
  },
  {
    cause: 'client-limit',
    modes: ['new', '0.11.0', '0.12.1'],
    settings: (random) => ({
      runners: between(random, 90, 150),
      workers: between(random, 6, 10),
      jitLatencyUs: ms(random, 40, 150),
    }),
  },
  {
    cause: 'service-slow',
    modes: [...FREE, ...LOCKED],
    settings: (random) => ({
      runners: between(random, 30, 60),
      workers: between(random, 1, 3),
      jitLatencyUs: ms(random, 1500, 5000),
    }),
  },
  {
    cause: 'kubernetes-slow',
    modes: [...FREE, ...LOCKED],
    settings: (random) => ({
      runners: between(random, 20, 40),
      workers: between(random, 1, 2),
      jitLatencyUs: ms(random, 50, 100),
      apiLatencyUs: ms(random, 500, 1000),
    }),
  },
  {
    cause: 'quota',
    modes: ALL,
    settings: (random) => ({ runners: between(random, 6, 12) }),
    rest: { before: (rig) => addQuota(rig), forUs: 5 * MINUTE_US },
  },
  {
    cause: 'pod-refused',
    modes: ALL,
    settings: (random) => ({ runners: between(random, 3, 10) }),
    rest: { before: fault('create', 'pods', 422), forUs: 5 * MINUTE_US },
  },
  {
    cause: 'keeps-failing',
    modes: ALL,
    settings: (random) => ({ runners: between(random, 2, 4), pods: 'fails-at-start' }),
    rest: { forUs: 30 * MINUTE_US },
  },
  {
    cause: 'removal-refused',
    modes: ALL,
    settings: (random) => ({ runners: between(random, 2, 4), pods: 'job-still-running', jobDurationUs: 20e6 }),
    rest: { forUs: 10 * MINUTE_US },
  },
  {
    cause: 'outdated',
    modes: LOCKED,
    settings: (random) => ({ runners: between(random, 2, 5), pods: 'outdated-runner' }),
    rest: { forUs: 10 * MINUTE_US },
  },
  {
    cause: 'exists-after-exit',
    modes: ['0.9.3', 'old', 'new', '0.11.0'],
    settings: (random) => ({ runners: between(random, 2, 4), pods: 'exits-unregistered', jobDurationUs: 20e6 }),
    rest: { forUs: 10 * MINUTE_US },
  },
];

function addQuota(rig: EmbeddedRig): void {
  const metadata = { name: 'runners-quota', namespace: LAB_NAMESPACE };
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '2' } } };
  rig.cluster.api.handle(createRequest(ResourceQuotas, quota));
}

describe('a cause planted in runs of our own', () => {
  for (const { cause, modes, settings, rest } of PLANTED) {
    it(`is the first finding in the log of each release: ${cause}`, async () => {
      const wrong: string[] = [];
      let planted = 0;
      for (const mode of modes) {
        for (let seed = 1; seed <= SEEDS; seed++) {
          const random = new Random(seed, `${cause} ${mode}`);
          const log = writtenLog({
            settings: { mode, seed, ...settings(random) },
            phaseUs: between(random, 0, 999_999),
            format: random.next() < 0.5 ? 'text' : 'timestamps',
            throughSet: rest === undefined && random.next() < 0.5,
            ...rest,
          });
          const { findings } = await explainText(log);
          planted++;
          if (findings[0]?.id !== cause) wrong.push(`${cause}, ${mode}, seed ${seed}: ${findings[0]?.sentence}`);
        }
      }
      assert.ok(wrong.length <= (1 - RIGHT) * planted, `${wrong.length} of ${planted} wrong:\n${wrong.join('\n')}`);
    }).timeout(MINUTE_US / 1000 + SEEDS * 30_000);
  }
});

describe('a healthy run', () => {
  it('has no finding, whatever its release, its workers and its jobs', async () => {
    const found: string[] = [];
    for (let seed = 1; seed <= HEALTHY; seed++) {
      const random = new Random(seed, 'healthy');
      const mode = ALL[seed % ALL.length] as string;
      const log = writtenLog({
        settings: {
          ...{ mode, seed, pods: 'jobs' },
          runners: between(random, 1, 15),
          workers: between(random, 1, 10),
          jitLatencyUs: ms(random, 50, 400),
          apiLatencyUs: ms(random, 2, 15),
          jobDurationUs: 1000 * ms(random, 5, 600),
        },
        format: (['text', 'json', 'timestamps'] as const)[seed % 3] ?? 'text',
        phaseUs: between(random, 0, 999_999),
        throughSet: false,
      });
      const { findings, isHealthy, isJudged } = await explainText(log);
      if (findings.length > 0 || !isHealthy || !isJudged) found.push(`seed ${seed}, ${mode}: ${findings[0]?.sentence}`);
    }
    assert.deepEqual(found, []);
  }).timeout(MINUTE_US / 1000 + HEALTHY * 1000);
});
