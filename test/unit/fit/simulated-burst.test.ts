import assert from 'node:assert/strict';
import { errorUs } from '../../../src/fit/gain.ts';
import { fitLog, type LogFit } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { explainInputs, explainText } from '../../builders/evidence.ts';
import { writtenLog } from '../../builders/written-log.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

/** Differences of seconds are rounded to tenths. */
const ROUNDED_US = 50e3;
/** A fit is some fifty runs, which take seconds. */
const PATIENCE_MS = 120_000;

async function answer(files: Readonly<Record<string, readonly string[]>>): Promise<{ fit: LogFit; text: string }> {
  const explanation = await explainInputs(files);
  const fit = await fitLog(explanation, { pool: new SimulationPool(0) });
  return { fit, text: whyText(explanation, fit, { runner: undefined, isAll: false, isUnknownListed: false }) };
}

describe('the burst of a log that is simulated', () => {
  it('is that of the first finding, with the workers and the release of its controller, and is named', async () => {
    const later = recordedLines('set-100-workers-10-new.controller').map((line) =>
      line.replaceAll('"name":"', '"name":"late-').replace(/^\d{4}-\d\d-\d\d/, '2027-01-01'),
    );
    const { fit, text } = await answer({
      'a.log': recordedLines('burst-100-workers-4-latest.controller'),
      'b.log': later,
    });
    assert.equal(fit.simulation?.fit.run.settings.workers, 4);
    assert.match(fit.simulation.fit.run.settings.mode, /^(?:0\.14\.\d|latest)$/);
    assert.match(
      text,
      /\n(?:What would help|The simulation of) the burst of 100 runners from [\d:]+ to [\d:]+ \(ARC 0\.14[^)]*, 4 workers\)/,
    );
  }).timeout(PATIENCE_MS);

  for (const log of ['jobs-50-old', 'jobs-50-new']) {
    it(`has a row for the setting that is recommended, and none that is smaller than its error: ${log}`, async () => {
      const { fit, text } = await answer({ 'a.log': recordedLines(`${log}.controller`) });
      assert.ok(fit.simulation?.isClose);
      assert.match(text, /→ Raise flags\.k8sClientRateLimiterQPS/);
      assert.match(text, /\n {2}client limit \d+\/\d+ instead of (?:19|20|21)\/\d+.*last pod after/);
      assert.doesNotMatch(text, /more workers change nothing/);
      const least = errorUs(fit.simulation.fit);
      assert.ok(least >= 1e6, 'a clock of whole seconds hides up to a second');
      const told = [...text.matchAll(/, (\d+(?:\.\d+)?) (ms|s) sooner/g)];
      assert.ok(told.length > 0);
      assert.match(text, / s sooner \(\d[^)]* to \d[^)]*\)/, 'a gain says both ends');
      assert.match(text, /\nIn brackets: with JIT calls and client limit at the ends of what the log leaves open\.\n/);
      for (const [all, number, unit] of told)
        assert.ok(Number(number) * (unit === 's' ? 1e6 : 1e3) >= least - ROUNDED_US, all);
    }).timeout(PATIENCE_MS);
  }

  const planted = [
    { mode: 'new', runners: 60, workers: 2, jitLatencyUs: 300_000, qps: 20, burst: 30, apiLatencyUs: 6_000 },
    { mode: '0.13.1', runners: 90, workers: 3, jitLatencyUs: 120_000, qps: 12, burst: 20, apiLatencyUs: 4_000 },
    { mode: '0.14.2', runners: 40, workers: 2, jitLatencyUs: 500_000, qps: 20, burst: 30, apiLatencyUs: 5_000 },
  ];
  for (const settings of planted) {
    it(`has gains between two ends, within which those of its own settings lie: ${settings.mode}`, async () => {
      const explanation = await explainText(writtenLog({ settings }));
      const { simulation } = await fitLog(explanation, { pool: new SimulationPool(0) });
      assert.ok(simulation !== undefined && simulation.gains.length > 0, 'nothing would help');
      const { fit, gains } = simulation;
      const lastOf = async (changed: object): Promise<number> =>
        (await fit.search.run({ ...fit.run.settings, ...settings, ...changed })).podsUs.at(-1) ?? NaN;
      const wasUs = await lastOf({});
      const least = errorUs(fit);
      for (const { text, changed, soonerUs, soonerWithinUs } of gains) {
        const [fewest, most] = soonerWithinUs;
        const ownUs = wasUs - (await lastOf(changed));
        const told = `${text}: ${soonerUs / 1e6} s, ${fewest / 1e6} s to ${most / 1e6} s; with its own settings ${ownUs / 1e6} s`;
        assert.ok(fewest <= soonerUs && soonerUs <= most, told);
        assert.ok(fewest - least <= ownUs && ownUs <= most + least, told);
      }
    }).timeout(PATIENCE_MS);
  }

  it('has no lines in the answer where no finding is about a burst', async () => {
    const { fit, text } = await answer({ 'a.log': recordedLines('jobs-max-old.controller') });
    assert.equal(fit.simulation?.isFound ?? false, false);
    assert.doesNotMatch(text, /simulat/i);
  }).timeout(PATIENCE_MS);
});
