import assert from 'node:assert/strict';
import { Random } from '../../../src/base/random.ts';
import { readStamp } from '../../../src/evidence/moment.ts';

/** A stamp as clocks and damaged files have them: most are right. */
function stamp(random: Random): string {
  const digits = (count: number, below: number): string =>
    String(Math.floor(random.next() * below)).padStart(count, '0');
  const fraction = random.next() < 0.3 ? '' : `.${digits(9, 1e9).slice(0, Math.floor(random.next() * 11))}`;
  const zone = ['Z', 'Z', 'Z', '+02:00', '', 'z'][Math.floor(random.next() * 6)] ?? '';
  const text = `2026-03-02T${digits(2, 25)}:${digits(2, 61)}:${digits(2, 62)}${fraction}${zone}`;
  const damaged = Math.floor(random.next() * text.length);
  return random.next() < 0.2 ? `${text.slice(0, damaged)}x${text.slice(damaged + 1)}` : text;
}

describe('a stamp on the day of the stamp before', () => {
  it('is the same moment as one on another day', () => {
    const random = new Random(18);
    let read = 0;
    for (let index = 0; index < 5000; index++) {
      const text = stamp(random);
      readStamp('2027-01-01T00:00:00Z');
      const alone = readStamp(text);
      readStamp('2026-03-02T00:00:00Z');
      assert.deepEqual(readStamp(text), alone, text);
      if (alone !== undefined) read++;
    }
    assert.ok(read > 1000 && read < 4500, `${read} of 5000 are stamps`);
  });

  it('has the fraction as its clock tells it', () => {
    readStamp('2026-03-02T00:00:00Z');
    assert.deepEqual(readStamp('2026-03-02T12:00:01.25Z rest')?.moment, {
      us: Date.UTC(2026, 2, 2, 12, 0, 1, 250) * 1000,
      withinUs: 9999,
    });
    assert.deepEqual(readStamp('2026-03-02T12:00:01.123456789Z')?.moment, {
      us: Date.UTC(2026, 2, 2, 12, 0, 1, 123) * 1000 + 456,
      withinUs: 0,
    });
  });
});
