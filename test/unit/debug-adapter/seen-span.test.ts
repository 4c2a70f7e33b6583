import assert from 'node:assert/strict';
import { scopesOf } from '../../../src/debug-adapter/scopes.ts';
import { seenSpan } from '../../../src/debug-adapter/seen-span.ts';
import { Debugger } from '../../../src/debug/debugger.ts';
import { record, type Recording } from '../../../src/debug/recording.ts';
import { replayOf } from '../../../src/debug/replay.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';
import type { TraceHeader } from '../../../src/trace/model.ts';

/** A run's trace as if it had been read from a log whose clock has such steps. */
function replayed(resolutionUs: number): Recording {
  const { trace, originUs } = record({ ...DEFAULT_SETTINGS, mode: 'new', runners: 2 }).finished;
  const [first = '', ...lines] = traceLines(trace, trace.endedUs, originUs);
  const header = JSON.parse(first) as TraceHeader;
  const sources = [{ kind: 'controller-log', resolutionUs }];
  return replayOf(parseTrace([`${JSON.stringify({ ...header, sources })}\n`, ...lines].join('')));
}

/** The delays and waits that are shown at all moments. */
function spansShown(recording: Recording): string[] {
  const debugging = Debugger.replay(recording);
  return Array.from({ length: recording.moments.length }, (_, at) => at).flatMap((at) => {
    debugging.goTo(at);
    return scopesOf(debugging, at).flatMap(({ value }) => {
      const { delay, waited } = (value ?? {}) as { delay?: string; waited?: string };
      return [delay ?? [], waited ?? []].flat();
    });
  });
}

describe('how long something took in a replay', () => {
  it('is what the clock of the log leaves open', () => {
    const coarse = replayed(1_000_000);
    assert.equal(seenSpan(coarse, 7_900), 'less than 2.00 s');
    assert.equal(seenSpan(coarse, 0), 'less than 1.00 s');
    assert.equal(seenSpan(coarse, 3_400_000), '2.00 s to 5.00 s');
    assert.equal(seenSpan(coarse, 300_000_000), '5 min 0 s');
    assert.equal(seenSpan(replayed(1_000), 7_900), '6.0 ms to 9.0 ms');
    assert.equal(seenSpan(replayed(1), 7_900), '7.9 ms');
  });

  it('has no milliseconds of a log of whole seconds in what the debugger shows', () => {
    const fine = spansShown(replayed(1));
    assert.ok(
      fine.some((text) => / ms$/.test(text)),
      'the run has none: the test shows nothing',
    );
    const coarse = spansShown(replayed(1_000_000));
    assert.equal(coarse.length, fine.length);
    assert.deepEqual(
      coarse.filter((text) => /ms|µs/.test(text)),
      [],
    );
  });
});
