import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Column, TimeColumn } from '../../../src/trace/columns.ts';

const numbers = fc.oneof(
  fc.integer({ min: -200, max: 200 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-128, -129, 127, 128, -32_768, 32_768, -(2 ** 31), 2 ** 31, 0.5, NaN, Infinity),
);

describe('columns of a trace', () => {
  for (const make of [Int8Array, Int16Array, Int32Array]) {
    it(`give back any number that ${make.name} holds or does not hold, also after it was replaced`, () => {
      const replacements = fc.array(fc.tuple(fc.nat(), numbers));
      fc.assert(
        fc.property(fc.array(numbers, { minLength: 1 }), replacements, (pushed, replaced) => {
          const column = new Column(make);
          for (const value of pushed) column.push(value);
          const expected = [...pushed];
          for (const [at, value] of replaced) {
            column.set(at % expected.length, value);
            expected[at % expected.length] = value;
          }
          const read = expected.map((_, index) => column.get(index));
          assert.deepEqual([column.length, read], [expected.length, expected]);
        }),
      );
    });
  }

  it('know nothing of rows that nothing was written to, whatever was written behind them', () => {
    const rows = fc.uniqueArray(fc.nat(40_000)).map((some) => some.sort((a, b) => a - b));
    fc.assert(
      fc.property(rows, fc.infiniteStream(numbers), (written, values) => {
        const column = new Column(Int16Array);
        const expected = new Map(written.map((row) => [row, values.next().value as number]));
        for (const [row, value] of expected) column.put(row, value);
        for (const row of [0, 1, 16_384, 40_001]) if (!expected.has(row)) expected.set(row, NaN);
        const copy = new Column(Int16Array);
        copy.take(column.parts());
        for (const [row, value] of expected) assert.deepEqual([column.get(row), copy.get(row)], [value, value]);
      }),
    );
  });

  it('give back runs of the same number over more than one chunk, with rows that are left out or replaced', () => {
    const runs = fc.array(fc.tuple(fc.constantFrom(0, -1, 7, 200, NaN), fc.integer({ min: 1, max: 20_000 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(runs, fc.array(fc.tuple(fc.nat(60_000), fc.constantFrom(0, 5, 300, NaN))), (pushed, later) => {
        const column = new Column(Int8Array);
        const expected: number[] = [];
        for (const [value, times] of pushed) {
          for (let time = 0; time < times; time++) {
            column.push(value);
            expected.push(value);
          }
        }
        for (const [at, value] of later) {
          const row = Number.isNaN(value) ? at % expected.length : at;
          if (row < expected.length) column.set(row, value);
          else column.put(row, value);
          while (expected.length < row) expected.push(NaN);
          expected[row] = value;
        }
        const copy = new Column(Int8Array);
        copy.take(column.parts());
        assert.equal(column.length, expected.length);
        const wrong = expected.findIndex(
          (value, row) => ![column, copy].every((one) => Object.is(one.get(row), value)),
        );
        assert.equal(wrong, -1, `row ${wrong} came back as another`);
        assert.ok(Number.isNaN(column.get(expected.length)));
      }),
    );
  });

  it('that are all the same take no memory for each row', () => {
    const column = new Column(Int32Array);
    for (let row = 0; row < 100_000; row++) column.push(0);
    assert.deepEqual(new Set(column.parts().chunks), new Set([0]));
  });

  it('of a few rows take little memory: a search makes thousands of short runs', () => {
    const column = new Column(Int32Array);
    for (let row = 0; row < 100; row++) column.push(row);
    const [chunk] = column.parts().chunks;
    assert.ok(chunk instanceof ArrayBuffer);
    assert.ok(chunk.byteLength <= 1_024, `${chunk.byteLength} bytes for 100 rows`);
  });

  it('give back the times of more than one chunk, in order or not', () => {
    const column = new TimeColumn();
    const times = Array.from({ length: 40_000 }, (_, index) =>
      index % 1000 === 7 ? 9_000_000_000_000 - index : index * 2_000_000,
    );
    for (const time of times) column.push(time);
    const wrong = times.findIndex((time, index) => column.get(index) !== time);
    assert.equal(wrong, -1, `time ${wrong} came back as another`);
  });
});
