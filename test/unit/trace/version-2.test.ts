import assert from 'node:assert/strict';
import fc from 'fast-check';
import { statisticsOf } from '../../../src/analysis/statistics.ts';
import { milestonesOf } from '../../../src/analysis/milestones.ts';
import { workerHoldersOf } from '../../../src/analysis/worker-holders.ts';
import { explainPass } from '../../../src/explain/explain-pass.ts';
import { parseTrace, traceLine, traceLines, TraceFormatError } from '../../../src/trace/jsonl.ts';
import { BASES, MARKS, POD_STATES, RESULTS, type TraceLine } from '../../../src/trace/model.ts';
import { A_HEADER } from '../../builders/traces.ts';
import { traceSchema } from '../../builders/trace-schema.ts';

const name = fc.constantFrom('ns/a', 'ns/b', 'other/a', 'ns/constructor', 'ns/\u202eevil');
/** The words by which a figure that nobody knows would show itself. */
const NO_FIGURE = /NaN|undefined|Infinity/;
/** fast-check draws `NaN` and `undefined` as texts too: a message may say so, and no test could tell it from a figure. */
const text = fc
  .oneof(fc.constantFrom('', 'x', 'runner-updated', 'pods', 'create', '__proto__', '17', '0017'), fc.string())
  .filter((value) => !NO_FIGURE.test(value));
const filled = text.filter((value) => value !== '');
const time = fc.oneof(fc.nat(1_000_000), fc.nat(30 * 86_400e6), fc.constantFrom(0, 2 ** 31, 2 ** 32, 2 ** 45));
const basis = fc.constantFrom(...BASES);

/** A beginning and an end; at least one is known. */
const span = fc
  .tuple(fc.boolean(), fc.boolean(), time, time)
  .filter(([hasStart, hasEnd]) => hasStart || hasEnd)
  .map(([hasStart, hasEnd, startUs, lengthUs]) => ({
    ...(hasStart ? { started: startUs } : {}),
    ...(hasEnd ? { ended: startUs + lengthUs } : {}),
  }));
const some = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> =>
  fc.record(fields, { requiredKeys: [] }) as unknown as fc.Arbitrary<Partial<T>>;

const request = fc
  .tuple(
    some({
      to: fc.constantFrom('kubernetes' as const, 'actions' as const),
      ...{ verb: text, resource: text, object: name, status: fc.constantFrom(0, 200, 201, 404, 409, 503) },
      ...{ message: text, throttled: time, locked: time, basis },
    }),
    span,
  )
  .map(([known, times]) => ({ ...known, ...times }));
const phase = fc.tuple(text, time, fc.option(time, { nil: undefined })).map(([word, started, lasted]) => ({
  name: word,
  started,
  ...(lasted === undefined ? {} : { ended: started + lasted }),
}));
const waited = { id: text, controller: text, trigger: text, queued: time, ready: time, basis };
const done = {
  worker: fc.nat(40_000),
  attempt: fc.nat(300),
  phases: fc.array(phase, { maxLength: 3 }),
  requests: fc.array(request, { maxLength: 3 }),
};
const pass = fc
  .tuple(name, some({ ...waited, ...done, after: time, error: fc.option(text) }), fc.constantFrom(...RESULTS), span)
  .map(([object, { after, error, ...known }, result, times]) => {
    const ended =
      'ended' in times
        ? { result, ...(after === undefined ? {} : { after }), ...(error === undefined ? {} : { error }) }
        : {};
    return { type: 'pass', object, ...known, ...ended, ...times };
  });
const object = fc
  .tuple(
    name,
    time,
    fc.option(time, { nil: undefined }),
    some({
      ...{ kind: fc.constantFrom('EphemeralRunner', 'Pod', 'EphemeralRunnerSet', ''), phase: text, runnerId: fc.nat() },
      ...{
        pod: fc.constantFrom(...POD_STATES),
        deleted: fc.boolean(),
        node: text,
        job: text,
        replicas: fc.nat(),
        patchID: fc.integer(),
      },
      ...{ reason: filled, message: filled, failures: fc.integer({ min: 1, max: 9 }), basis },
    }),
  )
  .map(([key, at, lasted, known]) => ({
    type: 'object',
    object: key,
    at,
    ...(lasted === undefined ? {} : { until: at + lasted }),
    ...known,
  }));
const mark = fc
  .tuple(time, fc.option(fc.nat(), { nil: undefined }), some({ what: fc.constantFrom(...MARKS), text, basis }))
  .map(([at, lasted, known]) => ({
    type: 'mark',
    at,
    ...(lasted === undefined ? {} : { until: at + lasted }),
    ...known,
  }));
const line = some({ source: fc.nat(200), line: fc.nat(), pass: text }).map((known) => ({ type: 'line', ...known }));
const free = fc.tuple(some({ pass: text }), request).map(([known, asked]) => ({ type: 'request', ...known, ...asked }));
const events = fc.array(fc.oneof(pass, free, object, mark, line), { maxLength: 12 });

const HEADER = traceLine(A_HEADER);
const fileOf = (lines: readonly object[]): string => HEADER + lines.map((one) => traceLine(one as TraceLine)).join('');

/** A text as it may be shown, in all that a line says. */
function visible(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('\u202e', '\\\\u{202e}'));
}

describe('traces of version 2', () => {
  const validate = traceSchema();

  it('read back as they were written, whatever of them is not known', () => {
    fc.assert(
      fc.property(events, (lines) => {
        for (const one of lines) assert.ok(validate(one), `${JSON.stringify(one)}\n${JSON.stringify(validate.errors)}`);
        const read = parseTrace(fileOf(lines));
        const written = [...traceLines(read)];
        for (const one of written) assert.ok(validate(JSON.parse(one)), `${one}\n${JSON.stringify(validate.errors)}`);
        assert.deepEqual(
          [...traceLines(parseTrace(written.join('')))],
          written,
          'written, read and written is another file',
        );
      }),
      { numRuns: 150 },
    );
  });

  it('hold what each line says and no more, in the order of the lines', () => {
    fc.assert(
      fc.property(events, (lines) => {
        const plain = lines.filter(
          (one) =>
            !/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202d\u2060-\u2069\ufeff\u061c]/.test(
              JSON.stringify(one),
            ) && !JSON.stringify(one).includes('\\\\u'),
        );
        const read = parseTrace(fileOf(plain));
        const isOpen = (one: object): boolean => (one as { type: string }).type === 'pass' && !('ended' in one);
        assert.deepEqual([...read.events()], plain.filter((one) => !isOpen(one)).map(visible));
        assert.deepEqual([...read.open()], plain.filter(isOpen).map(visible));
      }),
      { numRuns: 150 },
    );
  });

  it('are counted and explained without a figure that nobody knows', () => {
    fc.assert(
      fc.property(events, (lines) => {
        const trace = parseTrace(fileOf(lines));
        const told = JSON.stringify([statisticsOf(trace, 0), [...milestonesOf(trace)]]);
        for (const one of trace.passes()) {
          const sentences = explainPass(one, undefined, workerHoldersOf(trace, one, trace.length));
          assert.doesNotMatch(sentences.join(' '), NO_FIGURE);
        }
        // JSON has no NaN: it would be null, which figures are where there is nothing to count.
        assert.doesNotMatch(
          told,
          /undefined|"(?:workerUs|delayUs|otherUs|actionsUs|kubernetesUs|makespanUs|heldBackMaxUs)":null/,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('tell a pass that did nothing from one whose actions are unknown', () => {
    const base = { type: 'pass', object: 'ns/a', started: 1, ended: 2, result: 'done' };
    const trace = parseTrace(fileOf([base, { ...base, phases: [], requests: [], error: null, after: 0 }]));
    const [unknown, nothing] = [...trace.passes()];
    assert.deepEqual(unknown, base);
    assert.deepEqual(nothing, { ...base, phases: [], requests: [], error: null, after: 0 });
  });

  it('take a pass that has ended without a result for one that ended nobody knows how', () => {
    const [read] = [...parseTrace(fileOf([{ type: 'pass', object: 'ns/a', ended: 2 }])).passes()];
    assert.equal(read?.result, 'unknown');
  });

  it('find the pass that a request on its own belongs to', () => {
    const trace = parseTrace(
      fileOf([
        { type: 'pass', id: 'e5c1', object: 'ns/a', started: 1, ended: 9, result: 'done' },
        { type: 'request', pass: 'e5c1', verb: 'create', resource: 'pods', status: 201, started: 2, ended: 3 },
        { type: 'request', pass: 'another', started: 2 },
        { type: 'request', started: 2 },
      ]),
    );
    assert.deepEqual(
      [1, 2, 3].map((index) => trace.passOfRequest(trace.requestAt(index))),
      [0, undefined, undefined],
    );
  });

  const refused: readonly (readonly [object, RegExp])[] = [
    [{ type: 'pass', started: 1 }, /line 2 has no text for object$/],
    [{ type: 'pass', object: 'ns/a' }, /line 2 has no time$/],
    [{ type: 'pass', object: 'ns/a', started: 5, ended: 4 }, /line 2 has an end before its beginning$/],
    [{ type: 'pass', object: 'ns/a', started: 5, result: 'done' }, /line 2 has result but no end$/],
    [{ type: 'pass', object: 'ns/a', queued: 5, worker: 1 }, /line 2 has worker but neither beginning nor end$/],
    [{ type: 'pass', object: 'ns/a', started: 5, ended: 6, result: 'well' }, /line 2 has an unknown result: well$/],
    [{ type: 'pass', object: 'ns/a', started: 5, worker: -1 }, /line 2 has no whole number for worker$/],
    [{ type: 'pass', object: 'ns/a', started: 5, requests: [{ verb: 'get' }] }, /line 2 has a request without a time$/],
    [{ type: 'pass', object: 'ns/a', started: 5, phases: [null] }, /line 2 has no list of phases$/],
    [{ type: 'request', started: 1, to: 'github' }, /line 2 has an unknown to: github$/],
    [{ type: 'request', started: 1, basis: 'guess' }, /line 2 has an unknown basis: guess$/],
    [{ type: 'object', object: 'ns/a', at: 5, until: 4 }, /line 2 has an until before its at$/],
    [{ type: 'object', object: 'ns/a', at: 5, deleted: 'yes' }, /line 2 has neither true nor false for deleted$/],
    [{ type: 'mark', at: 5, until: 4, what: 'gap' }, /line 2 has an until before its at$/],
    [{ type: 'mark', at: 1, what: 'x' }, /line 2 has an unknown what: x$/],
    [{ type: 'runner', runner: 'ns/a', at: 1 }, /line 2 has an unknown type: runner$/],
  ];
  for (const [one, message] of refused) {
    it(`are refused with the line and what is wrong with it: ${JSON.stringify(one)}`, () => {
      // A schema cannot compare two fields.
      assert.ok(!validate(one) || /before its/.test(String(message)), 'the schema accepts it');
      assert.throws(
        () => parseTrace(fileOf([one])),
        (error) => error instanceof TraceFormatError && message.test(error.message),
      );
    });
  }

  it('with fields of other types, missing, negative, huge or of the prototype are read and written, or refused', () => {
    const values = [null, '', 'x', -1, 1.5, 1e300, true, [], [null], {}, { name: 1 }, '\u0000', '__proto__'];
    const whole = [
      {
        type: 'pass',
        id: 'a',
        controller: 'c',
        object: 'ns/a',
        worker: 0,
        attempt: 1,
        trigger: 't',
        queued: 1,
        ready: 2,
        started: 3,
        ended: 4,
        result: 'done',
        after: 0,
        error: null,
        phases: [],
        requests: [],
        basis: 'seen',
      },
      {
        type: 'request',
        pass: 'a',
        to: 'actions',
        verb: 'get',
        resource: 'pods',
        object: 'ns/a',
        status: 200,
        message: 'm',
        throttled: 1,
        locked: 1,
        started: 1,
        ended: 9,
        basis: 'run',
      },
      {
        type: 'object',
        kind: 'Pod',
        object: 'ns/a',
        at: 1,
        until: 2,
        phase: 'Running',
        runnerId: 1,
        pod: 'ready',
        deleted: false,
        node: 'n',
        job: 'j',
        replicas: 1,
        patchID: 1,
        reason: 'r',
        message: 'm',
        trouble: { code: 'x' },
        failures: 1,
        basis: 'run',
      },
      { type: 'mark', at: 1, until: 2, what: 'gap', text: 't', basis: 'seen' },
      { type: 'line', source: 0, line: 1, pass: 'a' },
    ] as const;
    for (const one of whole) {
      assert.ok(validate(one), JSON.stringify(validate.errors));
      for (const field of Object.keys(one)) {
        for (const value of values) {
          let trace;
          try {
            trace = parseTrace(fileOf([{ ...one, [field]: value }]));
          } catch (error) {
            assert.ok(error instanceof TraceFormatError, String(error));
            assert.match(error.message, /^line 2 /);
            continue;
          }
          const written = [...traceLines(trace)];
          assert.deepEqual([...traceLines(parseTrace(written.join('')))], written);
        }
      }
    }
  });
});
