import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { fitLog, type LogFit } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { explainInputs } from '../../builders/evidence.ts';

const LOGS = new URL('../evidence/logs/', import.meta.url);
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
  const fit = await fitLog(explanation);
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

  it('has no lines in the answer where no finding is about a burst', async () => {
    const { fit, text } = await answer({ 'a.log': linesOf('jobs-max-old') });
    assert.equal(fit.simulation?.isFound ?? false, false);
    assert.doesNotMatch(text, /simulat/i);
  }).timeout(PATIENCE_MS);
});
