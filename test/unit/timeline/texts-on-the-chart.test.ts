import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitEnds, fitStart, wrapText } from '../../../src/timeline/fit-text.ts';
import { naturalOrder } from '../../../src/timeline/lane-order.ts';
import { spread } from '../../../src/timeline/spread.ts';

const widthOf = (text: string): number => [...text].length * 7;

describe('names on the chart', () => {
  it('fit their room, and keep their beginning and their end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 21, max: 300 }), (text, room) => {
        const shown = fitEnds(text, room, widthOf);
        assert.ok(widthOf(shown) <= room, `${shown} is wider than ${room}`);
        if (shown === text) return;
        const [before = '', after = ''] = shown.split('…', 1).concat(shown.slice(shown.indexOf('…') + 1));
        assert.ok(text.startsWith(before) && text.endsWith(after), `${shown} is not made of ${text}`);
        assert.ok(widthOf(shown) > room - 7 || shown === '…', `${shown} leaves more room free than it need`);
      }),
    );
  });

  it('stay different where they differ at their ends', () => {
    const names = ['PATCH ephemeralrunners', 'PATCH ephemeralrunners/status', 'GET ephemeralrunners/status'];
    const shown = names.map((name) => fitEnds(name, 120, widthOf));
    assert.equal(new Set(shown).size, names.length, shown.join());
  });

  it('in a bar keep their beginning', () => {
    assert.equal(fitStart('POST generatejitconfig', 70, widthOf), 'POST gene…');
    assert.equal(fitStart('GET pods', 70, widthOf), 'GET pods');
  });

  it('in several lines lose nothing, and no line is wider than its room', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.integer({ min: 21, max: 300 }), (text, room) => {
        const lines = wrapText(text, room, widthOf);
        assert.equal(lines.join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
        for (const line of lines) assert.ok(widthOf(line) <= room, `${line} is wider than ${room}`);
      }),
    );
    assert.deepEqual(wrapText('the first pod came sooner', 77, widthOf), ['the first', 'pod came', 'sooner']);
    assert.deepEqual(wrapText('old had three, new 1.', 140, widthOf), ['old had three,', 'new 1.'], 'a lone 1.');
  });

  it('lie apart from one another, near to where they belong', () => {
    const wanted = fc
      .array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(wanted, fc.integer({ min: 20, max: 300 }), (places, end) => {
        const spreadOut = spread(places, 12, end);
        const gap = Math.min(12, end / Math.max(1, places.length - 1));
        spreadOut.forEach((place, at) => {
          assert.ok(place <= end + 1e-9 && place >= -1e-9, `${place} lies outside of ${end}`);
          if (at > 0) assert.ok(place - (spreadOut[at - 1] as number) >= gap - 1e-9, spreadOut.join());
        });
      }),
    );
    assert.deepEqual(spread([10, 40, 80], 12, 100), [10, 40, 80], 'what has room stays where it is');
  });

  it('are in the order in which people count, and as they came where they are the same', () => {
    const names = ['ns/runner-10', 'ns/runner-2', 'ns/runner-1', 'ns/runner-2'];
    assert.deepEqual([...naturalOrder(names)], [2, 1, 3, 0]);
    assert.deepEqual([...naturalOrder(['runner-1', 'runner-2', 'runner-10'])], [0, 1, 2]);
    assert.deepEqual([...naturalOrder([])], []);
    const drawn = [
      'b/lab-runner-x9nfc',
      'b/lab-runner-2kq7m',
      'a/lab-runner-zzzzz',
      'b/lab-runner-bcdfg',
      'b/lab-runner-4kq2m',
    ];
    assert.deepEqual([...naturalOrder(drawn)], [2, 0, 1, 3, 4], 'runners of one set stay as they were created');
    assert.deepEqual([...naturalOrder(['a-runner-24567', 'a-runner-2456'])], [1, 0], 'numbers are no drawn names');
  });
});
