import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Fit } from '../../../src/fit/fit.ts';
import { fitLog, type FittedSetting, type LogFit } from '../../../src/fit/log-fit.ts';
import { middle } from '../../../src/fit/observed.ts';
import { simulated } from '../../../src/fit/simulated.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import type { RunSettings } from '../../../src/run/settings.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { explainFiles } from '../../builders/evidence.ts';
import type { RecordedBurst } from '../../conformance/played-burst.ts';

/** No other threads: other tests need the cores. */
const HERE = { pool: new SimulationPool(0) };

const LOGS = fileURLToPath(new URL('../evidence/logs/', import.meta.url));

/** A fit is some fifty runs, which take seconds. */
const PATIENCE_MS = 120_000;

/** How far an estimate, or a prediction, may be from what was recorded. */
const NEAR = 0.1;
/**
 * Two recordings with the same settings lie up to 8 % apart, as their machine had other work: a few of the predicted times may
 * be this far.
 */
const [FAR, FEW] = [0.125, 2];
/** No more than this may be left open of a limit that was reached. */
const MOST_OPEN = 0.2;
const AS_LATEST = /^(?:0\.14\.2|latest)$/;
/** Up to a runner's pod these do the same. */
const AS_NEW = /^(?:new|0\.11\.0|0\.12\.1)$/;

/** Recorded logs, with what they were recorded with. Where the client's limit decides, whole seconds leave the JIT latency open. */
const RECORDED: readonly [log: string, mode: RegExp, workers: number, jitMs: number, isJitTold: boolean][] = [
  ['burst-100-workers-4-latest.controller', AS_LATEST, 4, 400, true],
  ['burst-300-workers-2-latest.controller', AS_LATEST, 2, 200, true],
  ['burst-300-workers-2-new.controller', AS_NEW, 2, 200, true],
  ['set-100-workers-2-latest.controller', AS_LATEST, 2, 200, true],
  ['set-30-json-latest.controller', AS_LATEST, 2, 200, true],
  ['set-30-latest.timestamps', AS_LATEST, 2, 200, true],
  ['set-100-workers-10-new.controller', AS_NEW, 10, 50, false],
  ['set-30-json-new.controller', AS_NEW, 2, 200, false],
];

/** What real controllers did with other settings: bursts of 30, 100 and 300 runners, one by one and through a set. */
const OTHERS: readonly Other[] = ['bursts.json', 'recordings/thirty-runners.json'].flatMap((file) => {
  const text = readFileSync(new URL(`../../conformance/${file}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { results: readonly Other[] }).results;
});

/** Milliseconds after the first runner was asked for. */
type Other = Pick<RecordedBurst, 'mode' | 'workers' | 'jitMs' | 'n' | 'median' | 'last'> & {
  /** None where only bursts of runners made one by one were recorded. */
  readonly load?: RecordedBurst['load'];
};

/** What both have in common is left to the fit. Which runner has its turn when is chance: the middle one of some runs counts. */
const SEEDS = [1, 2, 3];

/** Each log is fitted once. */
const fits = new Map<string, Promise<LogFit>>();

function fitOf(log: string): Promise<LogFit> {
  let fit = fits.get(log);
  if (fit === undefined) fits.set(log, (fit = explainFiles(`${LOGS}${log}.log.gz`).then((read) => fitLog(read, HERE))));
  return fit;
}

async function simulationOf(log: string): Promise<Fit> {
  const { simulation } = await fitOf(log);
  assert.ok(simulation !== undefined, `${log} is not simulated`);
  return simulation.fit;
}

describe('settings fitted to a recorded log', () => {
  for (const [log, mode, workers, jitMs, isJitTold] of RECORDED) {
    it(`are those that it was recorded with, and the simulated burst is as long: ${log}`, async () => {
      const { settings } = await fitOf(log);
      const { run, medianOff, lastOff } = await simulationOf(log);
      const offs = `the median pod is ${medianOff} off, the last ${lastOff}`;
      assert.ok(Math.max(Math.abs(medianOff), Math.abs(lastOff)) <= NEAR, offs);
      assert.match(run.settings.mode, mode);
      assert.equal(settings.workers?.value, workers);
      assertNear('qps', settings.qps, 20);
      assertNear('burst', settings.burst, 30);
      if (isJitTold) assertNear('JIT latency', settings.jitMs, jitMs);
    }).timeout(PATIENCE_MS);
  }

  for (const [log, , workers] of RECORDED.slice(-3)) {
    it(`have as many workers where no line says how many there are: ${log}`, async () => {
      const explanation = await explainFiles(`${LOGS}${log}.log.gz`);
      explanation.reading.process.workers = undefined;
      const { settings } = await fitLog(explanation, HERE);
      assert.deepEqual([settings.workers?.value, settings.workers?.basis], [workers, 'run']);
    }).timeout(PATIENCE_MS);
  }
});

describe('a burst predicted from the log of another', () => {
  for (const [log, , , jitMs] of RECORDED) {
    it(`has its median and its last pod when each recorded one had them: ${log}`, async () => {
      const { run } = await simulationOf(log);
      const differences: Difference[] = [];
      for (const other of OTHERS) differences.push(...(await differencesTo(other, run.settings, jitMs)));
      const [beyond, far] = [NEAR, FAR].map((most) => differences.filter(({ off }) => !(off <= most)));
      const list = (some: readonly Difference[] = []): string => some.map(({ what }) => what).join('\n');
      assert.equal(far?.length, 0, list(far));
      assert.ok((beyond?.length ?? 0) <= FEW, list(beyond));
    }).timeout(PATIENCE_MS);
  }
});

interface Difference {
  readonly what: string;
  /** As a part of what was recorded. */
  readonly off: number;
}

async function differencesTo(other: Other, fitted: RunSettings, fittedJitMs: number): Promise<Difference[]> {
  const { mode, workers, n, jitMs, load = 'runners made one by one' } = other;
  const settings = {
    ...{ ...fitted, mode: RELEASES.listedOf(mode), workers, runners: n },
    ...(jitMs === fittedJitMs ? {} : { jitLatencyUs: 1000 * jitMs }),
  };
  const throughSet = load === 'one EphemeralRunnerSet';
  const runs = await Promise.all(
    SEEDS.map((seed) =>
      simulated(HERE.pool, { settings: { ...settings, seed }, load: { throughSet }, horizonUs: 3600e6 }),
    ),
  );
  const middleOf = (time: (pods: readonly number[]) => number | undefined): number =>
    middle(runs.map(({ curves }) => time(curves.pod) ?? NaN)) ?? NaN;
  const limits = `limit ${settings.qps.toFixed(1)}/${settings.burst.toFixed(0)}`;
  const [jit, api] = [settings.jitLatencyUs, settings.apiLatencyUs].map((each) => (each / 1000).toFixed(1));
  const figures = [
    ['median', middleOf((pods) => pods[pods.length >> 1]), other.median],
    ['last', middleOf((pods) => pods.at(-1)), other.last],
  ] as const;
  return figures.map(([figure, us, recorded]) => ({
    what: `ARC ${mode}, ${n} ${load}, ${workers} workers, JIT ${jitMs} ms: ${figure} pod after ${Math.round(us / 1000)} ms, recorded ${recorded} ms; simulated with ${limits}, JIT ${jit} ms, API ${api} ms`,
    off: Math.abs(us / 1000 / recorded - 1),
  }));
}

function assertNear(what: string, fitted: FittedSetting | null, truth: number): void {
  const text = `${what} is ${JSON.stringify(fitted)}, recorded with ${truth}`;
  assert.ok(fitted !== null, text);
  // What the log leaves open is an interval.
  const open = ((fitted.high ?? Number.POSITIVE_INFINITY) - fitted.low) / 2 / fitted.value;
  assert.ok(Math.abs(fitted.value / truth - 1) <= Math.max(NEAR, Math.min(open, MOST_OPEN)), text);
  const isWithin = fitted.low <= truth * (1 + NEAR) && truth * (1 - NEAR) <= (fitted.high ?? Infinity);
  assert.ok(isWithin, `outside: ${text}`);
}
