import assert from 'node:assert/strict';
import { likelyWord } from '../../../src/base/likely-word.ts';

const WORDS = ['compare', 'conditions', 'restore', 'run', 'serve', 'sweep', 'why', 'workers', 'mode', 'modes', 'yes'];

describe('the word that was meant', () => {
  const cases: [typed: string, meant: string | undefined][] = [
    ['comapre', 'compare'],
    ['compair', 'compare'],
    ['swep', 'sweep'],
    ['rnu', 'run'],
    ['ru', 'run'],
    ['condition', 'conditions'],
    ['cond', 'conditions'],
    ['worker', 'workers'],
    ['serves', 'serve'],
    ['frobnicate', undefined],
    ['colour', undefined],
    ['x', undefined],
    ['', undefined],
  ];
  for (const [typed, meant] of cases) {
    it(`for ${JSON.stringify(typed)} is ${meant ?? 'not known'}`, () => assert.equal(likelyWord(typed, WORDS), meant));
  }

  it('is none for a word of a million letters', () => assert.equal(likelyWord('w'.repeat(1e6), WORDS), undefined));

  it('is none where several begin in the same way and none is near', () => {
    assert.equal(likelyWord('tr', ['trace-file', 'trace-dir']), undefined);
  });
});
