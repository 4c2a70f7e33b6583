import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { accuracyPage } from '../../src/advice/accuracy-page.ts';
import { meanAbsolute, measured } from './measured.ts';
import { pageOf } from './page.ts';
import { plotOf } from './plot.ts';

const DOCS = new URL('../../docs/', import.meta.url);

describe('docs/accuracy.md', function () {
  this.timeout(300_000);

  it('is what npm run accuracy makes of the recordings, with its plot, and its errors are within 5 %', async () => {
    const all = measured();
    assert.equal(readFileSync(new URL('accuracy.md', DOCS), 'utf8'), await pageOf(all), 'npm run accuracy writes it');
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

  it('is where advice says it is', () => {
    assert.match(readFileSync(accuracyPage(), 'utf8'), /^# How near simulations come to real controllers\n/);
  });
});
