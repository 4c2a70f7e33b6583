import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { milestonesOf } from '../../../src/analysis/milestones.ts';
import { statisticsOf } from '../../../src/analysis/statistics.ts';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';
import type { TraceRequest } from '../../../src/trace/model.ts';
import type { TraceLog } from '../../../src/trace/trace-log.ts';
import { knownPasses } from '../../builders/traces.ts';
import { traceSchema } from '../../builders/trace-schema.ts';

type Line = Record<string, unknown>;

/** Traces as an earlier release wrote them: both modes, and a run that was cut off. */
function fixture(name: string): { readonly lines: readonly Line[]; readonly trace: TraceLog } {
  const text = readFileSync(new URL(`version-1/${name}.arctrace.jsonl`, import.meta.url), 'utf8');
  return {
    lines: text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line),
    trace: parseTrace(text),
  };
}

describe('traces of version 1', () => {
  const validate = traceSchema();

  for (const name of ['old', 'new', 'cut-off']) {
    it(`are read whole: ${name}`, () => {
      const { lines, trace } = fixture(name);
      const [header] = lines;
      assert.equal(trace.header.release, header?.['mode']);
      assert.deepEqual(trace.header.sources, [{ kind: header?.['source'] }]);
      assert.deepEqual(trace.header.settings, header?.['settings']);
      const ended = lines.filter((line) => line['type'] === 'pass' && line['ended'] !== undefined);
      const passes = knownPasses(trace);
      assert.equal(passes.length, ended.length);
      for (const [index, line] of ended.entries()) {
        const { object, basis, controller, requests, id, ...pass } = passes[index] ?? assert.fail('a pass is lost');
        const { runner, mode, requests: asked, ...rest } = line;
        assert.deepEqual(
          [object, mode, basis, controller, id],
          [runner, header?.['mode'], 'run', 'ephemeralrunner', undefined],
        );
        // It had a word of its own for runners.
        const trigger = String(line['trigger']).replace(/^runner-/, 'ephemeralrunner-');
        assert.deepEqual(pass, { ...rest, trigger });
        assert.deepEqual(requests.map(withName), asked);
      }
      const runners = lines.filter(({ type }) => type === 'runner');
      const events = [...trace.events()].filter(({ type }) => type === 'object');
      assert.deepEqual(
        events.map((event) => {
          const { kind, object, basis, ...more } = event as { kind?: string; object: string; basis?: string };
          assert.deepEqual([kind, basis], ['EphemeralRunner', 'run']);
          return { ...more, runner: object, type: 'runner' };
        }),
        runners,
      );
      const open = lines.filter((line) => line['type'] === 'pass' && line['ended'] === undefined);
      assert.deepEqual(
        [...trace.open()].map(({ object, started }) => [object, started]),
        open.map((line) => [line['runner'], line['started']]),
      );
      assert.equal(trace.endedUs, lines.find(({ type }) => type === 'end')?.['at']);
    });

    it(`are written as version 2, which obeys the schema and says the same: ${name}`, () => {
      const { trace, lines } = fixture(name);
      for (const line of lines)
        assert.ok(validate(line), `${JSON.stringify(line)}\n${JSON.stringify(validate.errors)}`);
      const written = [...traceLines(trace)];
      for (const line of written) assert.ok(validate(JSON.parse(line)), `${line}\n${JSON.stringify(validate.errors)}`);
      const again = parseTrace(written.join(''));
      assert.equal(again.header.version, 2);
      assert.deepEqual([...traceLines(again)], written);
      assert.deepEqual(statisticsOf(again, 0), statisticsOf(trace, 0));
      assert.deepEqual(milestonesOf(again), milestonesOf(trace));
    });
  }
});

/** A request as version 1 had it. */
function withName({ object = '', ...request }: TraceRequest): Line {
  return { ...request, name: object.replace(/^.*\//, '') };
}
