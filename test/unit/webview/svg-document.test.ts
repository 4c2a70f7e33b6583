import assert from 'node:assert/strict';
import { legend } from '../../../src/timeline/legend.ts';
import { pictureTexts } from '../../../src/webview/picture.ts';
import { svgDocument } from '../../../src/webview/svg-document.ts';
import { VirtualSession } from '../../builders/virtual-session.ts';
import { both, shown, THEME } from './shown.ts';

const widthOf = (text: string, font: string): number => text.length * fontPx(font) * 0.55;

function fontPx(font: string): number {
  return Number(/([\d.]+)px/.exec(font)?.[1] ?? 10);
}

/** The texts of an SVG document, with where each begins and ends. */
function textsOf(svg: string): { text: string; from: number; to: number }[] {
  return [...svg.matchAll(/<text x="([\d.-]+)" y="[\d.-]+" font-size="([\d.]+)"([^>]*)>([^<]*)<\/text>/g)].map(
    ([, x, size, rest, escaped]) => {
      const text = (escaped ?? '').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
      const width = widthOf(text, `${size}px`);
      const isCentred = rest?.includes('middle') === true;
      const from = Number(x) - (isCentred ? width / 2 : 0);
      return { text, from, to: from + width };
    },
  );
}

const HEADLINE =
  'With 1 worker and 3 runners, new made the first pod 428 ms sooner (709 ms → 281 ms), the median one 212 ms sooner ' +
  '(715 ms → 503 ms) and the last at about the same time: before its first pod old had registered 3 runners, new 1.';

describe('a saved SVG', () => {
  for (const widthPx of [420, 700, 1400]) {
    it(`of ${widthPx} pixels has all texts of the page, none of them cut`, () => {
      const view = shown(both(3), 3e6, widthPx);
      const infos = view.sessions.map(({ info }) => ({
        ...info,
        about: '3 runners · 1 worker · 20 requests a second for each kind of object',
      }));
      const captions = pictureTexts('Timeline: old and new · embedded 1', HEADLINE, infos, '26/11/2026');
      const svg = svgDocument(view, THEME, undefined, captions, widthOf);
      const texts = textsOf(svg);
      for (const [, size] of svg.matchAll(/font-size="([^"]+)"/g))
        assert.ok(Number(size) >= 9, `${size} px are unreadable`);
      for (const { text, from, to } of texts) assert.ok(from >= 0 && to <= widthPx, `${text}: ${from} to ${to}`);
      const all = texts.map(({ text }) => text);
      for (const name of ['runner-1', 'runner-2', 'runner-3']) {
        assert.equal(all.filter((text) => text === name).length, 2, `${name} of both modes`);
      }
      for (const { label } of legend()) assert.equal(all.filter((text) => text === label).length, 1, label);
      for (const caption of captions) assert.ok(all.join(' ').includes(caption), caption);
      assert.ok(
        all.some((text) => /first pod .* → .* earlier in new mode/.test(text)),
        'the bracket with the gain',
      );
      assert.ok(all.some((text) => /^0$/.test(text)) && all.some((text) => / s$/.test(text)), 'the axis');
    });
  }

  it('has no frame around what happens to be selected', () => {
    const view = shown(both(3), 3e6);
    const before = svgDocument(view, THEME, undefined, [], widthOf);
    view.selected = { session: 'old', lane: 0, pass: 0, startUs: 1e5, endUs: 1e6 };
    assert.equal(svgDocument(view, THEME, undefined, [], widthOf), before);
  });

  it('has names of requests on a ground of their own where bars have a pattern', () => {
    const held = new VirtualSession({ mode: 'new', runners: 8, workers: 4, qps: 1, burst: 1 });
    const svg = svgDocument(shown([held], 20e6, 1400), THEME, undefined, [], widthOf);
    const labels = svg.match(/>client limiter</g) ?? [];
    assert.ok(labels.length > 0, 'no request was held back for long enough to have a name');
    const ground = `<path d="[^"]+" fill="${THEME.background}"/>`;
    const onGround = new RegExp(`${ground}<text [^>]*fill="${THEME.foreground}"[^>]*>client limiter<`, 'g');
    assert.equal(svg.match(onGround)?.length, labels.length);
  });

  it('is well formed, and its clips and patterns are there', () => {
    const svg = svgDocument(shown(both(30), 20e6), THEME, undefined, ['Title'], widthOf);
    const open: string[] = [];
    for (const [, slash, tag, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)[^>]*?(\/?)>/g)) {
      if (slash === '/') assert.equal(open.pop(), tag);
      else if (self !== '/') open.push(tag ?? '');
    }
    assert.deepEqual(open, []);
    const ids = new Set([...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) assert.ok(ids.has(id), `nothing is called ${id}`);
    assert.ok(!svg.includes('NaN') && !svg.includes('undefined'));
  });
});

describe('what stands above a picture', () => {
  it('says nothing twice', () => {
    const about = '3 runners · 1 worker';
    const infos = ['old', 'new'].map((mode) => ({ mode, about }));
    assert.deepEqual(pictureTexts('Title', '', infos, 'today'), ['Title', about, 'Picture of today']);
  });

  it('names the run of its settings where these differ', () => {
    const infos = ['old', 'new'].map((mode, at) => ({ mode, about: `${at + 1} workers` }));
    const texts = pictureTexts('Title', 'Sentence.', infos, 'today');
    assert.deepEqual(texts, ['Title', 'Sentence.', 'old: 1 workers', 'new: 2 workers', 'Picture of today']);
  });
});
