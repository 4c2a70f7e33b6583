import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Fit } from '../../../src/fit/fit.ts';
import { fitLog, type FittedSetting, type LogFit } from '../../../src/fit/log-fit.ts';
import { middle } from '../../../src/fit/observed.ts';
import { simulated } from '../../../src/fit/simulated.ts';
import type { RunSettings } from '../../../src/run/settings.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { explainFiles } from '../../builders/evidence.ts';

/** No other threads: other tests need the cores. */
const HERE = { pool: new SimulationPool(0) };

const LOGS = fileURLToPath(new URL('../evidence/logs/', import.meta.url));

/** A fit is some fifty runs, which take seconds. */
const PATIENCE_MS = 120_000;

/** How far an estimate, or a prediction, may be from what was recorded. */
const NEAR = 0.1;
/** No more than this may be left open of a limit that was reached. */
const MOST_OPEN = 0.2;
const AS_LATEST = /^(?:0\.14\.2|latest)$/;
/** Up to a runner's pod these do the same. */
const AS_NEW = /^(?:new|0\.11\.0|0\.12\.1)$/;

/** Recorded logs, with what they were recorded with; no JIT latency where the client's limit decides and whole seconds leave it open. */
const RECORDED: readonly [log: string, mode: RegExp, workers: number, jitMs: number | undefined][] = [
  ['burst-100-workers-4-latest.controller', AS_LATEST, 4, 400],
  ['burst-300-workers-2-latest.controller', AS_LATEST, 2, 200],
  ['burst-300-workers-2-new.controller', AS_NEW, 2, 200],
  ['set-100-workers-2-latest.controller', AS_LATEST, 2, 200],
  ['set-30-json-latest.controller', AS_LATEST, 2, 200],
  ['set-30-latest.timestamps', AS_LATEST, 2, 200],
  ['set-100-workers-10-new.controller', AS_NEW, 10, undefined],
  ['set-30-json-new.controller', AS_NEW, 2, undefined],
];

/** What the real controller did with other settings; milliseconds after the first runner was asked for. */
interface Other {
  readonly settings: Partial<RunSettings>;
  readonly median: number;
  readonly last: number;
}

const OF_300 = { runners: 300, workers: 2, jitLatencyUs: 200_000 };
const OF_100 = { runners: 100, workers: 4, jitLatencyUs: 400_000 };

/** Each log with recordings of other settings; what both have in common is left to the fit. */
const PREDICTIONS: readonly [log: string, others: Readonly<Record<string, Other>>][] = [
  [
    'burst-300-workers-2-new.controller',
    {
      'ARC latest': { settings: { mode: 'latest' }, median: 31_540, last: 64_084 },
      '100 runners': { settings: { ...OF_100 }, median: 13_928, last: 24_928 },
    },
  ],
  ['burst-300-workers-2-latest.controller', { 'ARC new': { settings: { mode: 'new' }, median: 53_423, last: 84_074 } }],
  [
    'burst-100-workers-4-latest.controller',
    {
      'no lock': { settings: { mode: '0.13.1' }, median: 7028, last: 14_425 },
      'ARC new': { settings: { mode: 'new' }, median: 13_928, last: 24_928 },
      '300 runners': { settings: OF_300, median: 31_540, last: 64_084 },
    },
  ],
];

/** Recorded logs of sets, with what they were recorded with: each predicts every other. */
const SETS: readonly [log: string, mode: string, workers: number, jitMs: number][] = [
  ['set-100-workers-2-latest.controller', 'latest', 2, 200],
  ['set-30-json-latest.controller', 'latest', 2, 200],
  ['set-30-latest.timestamps', 'latest', 2, 200],
  ['set-100-workers-10-new.controller', 'new', 10, 50],
  ['set-30-json-new.controller', 'new', 2, 200],
];

/** What a recording's audit log says; milliseconds. */
interface Truth {
  readonly runners: Readonly<Record<string, { readonly created: number; readonly podCreated?: number }>>;
}

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
  for (const [log, mode, workers, jitMs] of RECORDED) {
    it(`are those that it was recorded with, and the simulated burst is as long: ${log}`, async () => {
      const { settings } = await fitOf(log);
      const { run, medianOff, lastOff } = await simulationOf(log);
      const offs = `the median pod is ${medianOff} off, the last ${lastOff}`;
      assert.ok(Math.max(Math.abs(medianOff), Math.abs(lastOff)) <= NEAR, offs);
      assert.match(run.settings.mode, mode);
      assert.equal(settings.workers?.value, workers);
      assertNear('qps', settings.qps, 20);
      assertNear('burst', settings.burst, 30);
      if (jitMs !== undefined) assertNear('JIT latency', settings.jitMs, jitMs);
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
  for (const [log, others] of PREDICTIONS) {
    for (const [what, other] of Object.entries(others)) {
      it(`has its median and its last pod when the recorded one had them: ${log}, ${what}`, async () => {
        await assertPredicted(await simulationOf(log), other, false);
      }).timeout(PATIENCE_MS);
    }
  }

  for (const [log, , , jitMs] of SETS) {
    it(`has its median and its last pod when each other recorded set had them: ${log}`, async () => {
      const fit = await simulationOf(log);
      for (const other of SETS.filter(([one]) => one !== log))
        await assertPredicted(fit, recordedSet(other, jitMs), true);
    }).timeout(PATIENCE_MS);
  }
});

/** A recorded set with the settings in which it differs from that of a log; what both have in common is left to the fit. */
function recordedSet(
  [log, mode, workers, jitMs]: (typeof SETS)[number],
  fittedJitMs: number,
): Other & { readonly name: string } {
  const truth = JSON.parse(readFileSync(`${LOGS}${log.split('.')[0]}.truth.json`, 'utf8')) as Truth;
  const runners = Object.values(truth.runners).filter(({ podCreated }) => podCreated !== undefined);
  const firstMs = Math.min(...runners.map(({ created }) => created));
  const podsMs = runners.map(({ podCreated = NaN }) => podCreated - firstMs).sort((a, b) => a - b);
  const settings = {
    ...{ mode, workers, runners: runners.length },
    ...(jitMs === fittedJitMs ? {} : { jitLatencyUs: 1000 * jitMs }),
  };
  return { name: log, settings, median: middle(podsMs) ?? NaN, last: podsMs.at(-1) ?? NaN };
}

async function assertPredicted(
  { run }: Fit,
  other: Other & { readonly name?: string },
  throughSet: boolean,
): Promise<void> {
  const settings = { ...run.settings, ...other.settings };
  const { curves } = await simulated(HERE.pool, { settings, load: { throughSet }, horizonUs: 3600e6 });
  const { mode, runners, workers, qps, burst, jitLatencyUs, apiLatencyUs } = settings;
  const [jitMs, apiMs] = [jitLatencyUs, apiLatencyUs].map((us) => (us / 1000).toFixed(1));
  const simulatedAs = `simulated as ARC ${mode} with ${runners} runners, ${workers} workers, limit ${qps.toFixed(1)}/${burst.toFixed(0)}, JIT ${jitMs} ms, API ${apiMs} ms`;
  for (const [figure, us = NaN, recorded] of [
    ['median', middle(curves.pod), other.median],
    ['last', curves.pod.at(-1), other.last],
  ] as const) {
    const off = us / 1000 / recorded - 1;
    const times = `${figure} pod of ${other.name ?? 'the recording'} after ${Math.round(us / 1000)} ms, recorded ${Math.round(recorded)} ms`;
    assert.ok(Math.abs(off) <= NEAR, `${times}: ${(100 * off).toFixed(1)} % off; ${simulatedAs}`);
  }
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
