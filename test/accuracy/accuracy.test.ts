import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { accuracyPage } from '../../src/advice/accuracy-page.ts';
import { measuredChains } from './chains.ts';
import { meanAbsolute, measured } from './measured.ts';
import { pageOf } from './page.ts';
import { plotOf } from './plot.ts';

const DOCS = new URL('../../docs/', import.meta.url);

describe('docs/accuracy.md', function () {
  this.timeout(300_000);

  it('is what npm run accuracy makes of the recordings, with its plot, and its errors are within 5 %', async () => {
    const [all, chains] = [measured(), measuredChains()];
    assert.equal(
      readFileSync(new URL('accuracy.md', DOCS), 'utf8'),
      await pageOf(all, chains),
      'npm run accuracy writes it',
    );
    assert.equal(readFileSync(new URL('accuracy.svg', DOCS), 'utf8'), plotOf(all), 'npm run accuracy writes it');
    for (const figure of ['median', 'last'] as const) {
      assert.ok(
        meanAbsolute(
          all.map(({ errors }) => errors),
          figure,
        ) < 0.05,
        figure,
      );
    }
  });

  it('has every recording of a scale set with jobs, and says how far off the simulation is', async () => {
    const chains = measuredChains();
    assert.ok(chains.length >= 12, `${chains.length} recordings`);
    const page = readFileSync(new URL('accuracy.md', DOCS), 'utf8');
    for (const { scenario, release, errors } of chains) {
      assert.ok(page.includes(scenario), scenario);
      assert.ok(Math.max(Math.abs(errors.lastPod), Math.abs(errors.gone)) < 0.2, `${scenario}, ${release}`);
    }
    for (const figure of ['lastPod', 'gone'] as const) {
      const errors = chains.map((each) => each.errors);
      assert.ok(meanAbsolute(errors, figure) < 0.055, `${figure}: ${meanAbsolute(errors, figure)}`);
    }
  });

  it('is where advice says it is', () => {
    assert.match(readFileSync(accuracyPage(), 'utf8'), /^# How near simulations come to real controllers\n/);
  });
});
