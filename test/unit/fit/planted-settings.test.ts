import assert from 'node:assert/strict';
import { Random } from '../../../src/base/random.ts';
import { fitLog, type FittedSetting } from '../../../src/fit/log-fit.ts';
import { fitting } from '../../../src/run/fitting-settings.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { explainText } from '../../builders/evidence.ts';
import { writtenLog, type WrittenLogOptions } from '../../builders/written-log.ts';

/** No other threads: other tests need the cores. */
const HERE = { pool: new SimulationPool(0) };

/**
 * Runs of our own with settings drawn at random, written as logs of their releases, one half with whole seconds and one with
 * stamps of nanoseconds. SEEDS=60 looks at more of them.
 */
const SEEDS = Number(process.env['SEEDS'] ?? 9);
/** A setting that the log tells is this near. */
const NEAR = 0.1;
/** Of all intervals this share holds the truth; of a few runs one may miss it. */
const HELD = 0.95;
/** An interval this narrow is one value. */
const NARROW = 0.1;
const PATIENCE_MS = 60_000 + 15_000 * SEEDS;

const RELEASES = ['0.9.3', 'old', 'new', '0.11.0', '0.12.1', '0.13.1', '0.14.0', '0.14.2', 'latest'];

type Drawn = WrittenLogOptions & { readonly settings: RunSettings };

function drawn(seed: number): Drawn {
  const random = new Random(seed, 'fit');
  const mode = RELEASES[seed % RELEASES.length] as string;
  const between = (low: number, high: number): number => Math.round(low + (high - low) * random.next());
  const scaled = (low: number, high: number): number => Math.exp(Math.log(low) + Math.log(high / low) * random.next());
  const isUsual = random.next() < 0.3;
  const qps = isUsual ? DEFAULT_SETTINGS.qps : Math.round(scaled(5, 80));
  const burst = isUsual ? DEFAULT_SETTINGS.burst : Math.round(qps * scaled(0.5, 3));
  const settings = fitting({
    ...{ ...DEFAULT_SETTINGS, mode, seed, qps, burst },
    runners: between(10, 150),
    workers: between(1, 8),
    jitLatencyUs: Math.round(scaled(30e3, 800e3)),
    apiLatencyUs: Math.round(scaled(2e3, 20e3)),
  });
  return {
    settings,
    format: random.next() < 0.5 ? 'text' : 'timestamps',
    throughSet: random.next() < 0.5,
    saysWorkers: random.next() < 0.7,
    phaseUs: between(0, 999_999),
  };
}

interface Judged {
  readonly what: string;
  readonly isHeld: boolean;
  /** Whether it is near, where it is one value. */
  readonly isNear: boolean | undefined;
}

function judged(what: string, fitted: FittedSetting | null, truth: number): Judged {
  const text = `${what}: ${JSON.stringify(fitted)}, truth ${truth}`;
  if (fitted === null) return { what: text, isHeld: false, isNear: false };
  const { value, low, high } = fitted;
  const isOneValue = high !== null && high - low <= 2 * NARROW * value;
  return {
    what: text,
    isHeld: low <= truth && truth <= (high ?? Number.POSITIVE_INFINITY),
    isNear: isOneValue ? Math.abs(value / truth - 1) <= NEAR : undefined,
  };
}

describe('settings fitted to runs of our own with settings drawn at random', () => {
  it('are near where the log tells them, and within their intervals everywhere', async () => {
    const found: Judged[] = [];
    const wrongWorkers: string[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const options = drawn(seed);
      const { mode, qps, burst, jitLatencyUs, workers } = options.settings;
      const { settings } = await fitLog(await explainText(writtenLog(options)), HERE);
      const of = `seed ${seed}, ${mode}, ${options.format}`;
      found.push(
        judged(`${of}, qps`, settings.qps, qps),
        judged(`${of}, burst`, settings.burst, burst),
        judged(`${of}, JIT ms`, settings.jitMs, jitLatencyUs / 1000),
      );
      for (const end of [settings.burst?.low, settings.burst?.high ?? 1])
        assert.ok(Number.isInteger(end), `${of}: no burst is ${end}`);
      if (settings.workers?.value !== workers)
        wrongWorkers.push(`${of}: ${JSON.stringify(settings.workers)}, ${workers}`);
    }
    const list = (some: readonly Judged[]): string => some.map(({ what }) => what).join('\n');
    const [missed, far] = [found.filter(({ isHeld }) => !isHeld), found.filter(({ isNear }) => isNear === false)];
    const allowed = Math.max(1, (1 - HELD) * found.length);
    assert.ok(missed.length <= allowed, `outside of ${missed.length} of ${found.length} intervals:\n${list(missed)}`);
    assert.ok(
      far.length <= Math.max(1, allowed / 2),
      `${far.length} of ${found.length} told and not near:\n${list(far)}`,
    );
    assert.ok(wrongWorkers.length <= SEEDS / 20, `wrong numbers of workers:\n${wrongWorkers.join('\n')}`);
  }).timeout(PATIENCE_MS);

  it('are intervals without an end where the bucket of tokens was never empty', async () => {
    const settings = { mode: '0.14.2', runners: 12, workers: 2, jitLatencyUs: 300_000 };
    const fit = await fitLog(await explainText(writtenLog({ settings, format: 'timestamps' })), HERE);
    const { qps, jitMs } = fit.settings;
    assert.ok(qps !== null && qps.high === null && qps.low <= 20, JSON.stringify(qps));
    assert.equal(qps.basis, 'usual');
    assert.ok(jitMs !== null && Math.abs(jitMs.value / 300 - 1) <= NEAR, JSON.stringify(jitMs));
  }).timeout(PATIENCE_MS);
});
