import assert from 'node:assert/strict';
import { ownNames, runNames } from '../../../src/webview/names.ts';
import { svgDocument } from '../../../src/webview/svg-document.ts';
import { VirtualSession } from '../../builders/virtual-session.ts';
import { both, shown, THEME } from './shown.ts';

const widthOf = (text: string, font: string): number => text.length * Number(/([\d.]+)px/.exec(font)?.[1] ?? 10) * 0.55;

function textsAt(widthPx: number, info: Parameters<typeof both>[1] = {}): string[] {
  const svg = svgDocument(shown(both(3, info), 3e6, widthPx), THEME, undefined, [], widthOf);
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
}

describe('the heads of groups', () => {
  it('do not repeat the name that all runs share, such as that of the file they were read from', () => {
    const name = 'burst-of-monday.arctrace.jsonl';
    const texts = textsAt(1200, { name });
    assert.ok(!texts.some((text) => text.includes(name)), texts.join(' | '));
    assert.ok(texts.some((text) => /3 runners · ended/.test(text)));
  });

  it('name the runs where they have different names', () => {
    const infos = [
      { mode: 'new', name: 'monday' },
      { mode: 'new', name: 'tuesday' },
    ];
    assert.deepEqual(ownNames(infos), ['monday', 'tuesday']);
    assert.deepEqual(runNames(infos), ['new · monday', 'new · tuesday']);
    assert.deepEqual(
      runNames([
        { mode: 'old', name: 'a' },
        { mode: 'new', name: 'a' },
      ]),
      ['old', 'new'],
    );
  });

  for (const widthPx of [742, 880, 1000, 1100, 1300]) {
    for (const kind of ['embedded', 'apply'] as const) {
      it(`have room for pods that were made again, at ${widthPx} pixels, ${kind}`, () => {
        const session = new VirtualSession({ mode: 'new', runners: 9, pods: 'fails-at-start' }, { id: 'new', kind });
        const svg = svgDocument(shown([session], 120e6, widthPx), THEME, undefined, [], widthOf);
        const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
        const said = [/^from pull request 3831 on · 9 runners · ended$/, /^runners’ first pods .* in all, .* passes$/];
        for (const pattern of said)
          assert.ok(
            texts.some((text) => pattern.test(text)),
            texts.join(' | '),
          );
      });
    }
  }

  for (const widthPx of [310, 450, 600, 760, 1100, 1600]) {
    for (const kind of ['embedded', 'shadow', 'apply'] as const) {
      it(`have their figures and what they are at ${widthPx} pixels, ${kind}`, () => {
        const texts = textsAt(widthPx, { kind });
        assert.equal(
          texts.filter((text) => /^3 runners · ended$|· 3 runners · ended$/.test(text)).length,
          2,
          texts.join(' | '),
        );
        const figures = texts.filter((text) => /^first pod .* · last .* · 3 pods · \d+ passes$/.test(text));
        if (widthPx >= 600) assert.equal(figures.length, 2, texts.join(' | '));
      });
    }
  }
});
