import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { errorUs } from '../../../src/fit/gain.ts';
import { fitLog, type LogFit } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { SimulationPool } from '../../../src/run/simulation-pool.ts';
import { explainInputs } from '../../builders/evidence.ts';

const LOGS = new URL('../evidence/logs/', import.meta.url);
/** Differences of seconds are rounded to tenths. */
const ROUNDED_US = 50e3;
/** A fit is some fifty runs, which take seconds. */
const PATIENCE_MS = 120_000;

function linesOf(name: string): string[] {
  return gunzipSync(readFileSync(new URL(`${name}.controller.log.gz`, LOGS)))
    .toString()
    .trimEnd()
    .split('\n');
}

async function answer(files: Readonly<Record<string, readonly string[]>>): Promise<{ fit: LogFit; text: string }> {
  const explanation = await explainInputs(files);
  const fit = await fitLog(explanation, { pool: new SimulationPool(0) });
  return { fit, text: whyText(explanation, fit, { runner: undefined, isAll: false, isUnknownListed: false }) };
}

describe('the burst of a log that is simulated', () => {
  it('is that of the first finding, with the workers and the release of its controller, and is named', async () => {
    const later = linesOf('set-100-workers-10-new').map((line) =>
      line.replaceAll('"name":"', '"name":"late-').replace(/^\d{4}-\d\d-\d\d/, '2027-01-01'),
    );
    const { fit, text } = await answer({ 'a.log': linesOf('burst-100-workers-4-latest'), 'b.log': later });
    assert.equal(fit.simulation?.fit.run.settings.workers, 4);
    assert.match(fit.simulation.fit.run.settings.mode, /^(?:0\.14\.\d|latest)$/);
    assert.match(
      text,
      /\n(?:What would help|The simulation of) the burst of 100 runners from [\d:]+ to [\d:]+ \(ARC 0\.14[^)]*, 4 workers\)/,
    );
  }).timeout(PATIENCE_MS);

  for (const log of ['jobs-50-old', 'jobs-50-new']) {
    it(`has a row for the setting that is recommended, and none that is smaller than its error: ${log}`, async () => {
      const { fit, text } = await answer({ 'a.log': linesOf(log) });
      assert.ok(fit.simulation?.isClose);
      assert.match(text, /→ Raise flags\.k8sClientRateLimiterQPS/);
      assert.match(text, /\n {2}client limit \d+\/\d+ instead of (?:19|20|21)\/\d+.*last pod after/);
      assert.doesNotMatch(text, /more workers change nothing/);
      const least = errorUs(fit.simulation.fit);
      assert.ok(least >= 1e6, 'a clock of whole seconds hides up to a second');
      const told = [...text.matchAll(/, (\d+(?:\.\d+)?) (ms|s) sooner/g)];
      assert.ok(told.length > 0);
      for (const [all, number, unit] of told)
        assert.ok(Number(number) * (unit === 's' ? 1e6 : 1e3) >= least - ROUNDED_US, all);
    }).timeout(PATIENCE_MS);
  }

  it('has no lines in the answer where no finding is about a burst', async () => {
    const { fit, text } = await answer({ 'a.log': linesOf('jobs-max-old') });
    assert.equal(fit.simulation?.isFound ?? false, false);
    assert.doesNotMatch(text, /simulat/i);
  }).timeout(PATIENCE_MS);
});
