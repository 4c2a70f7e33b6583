import assert from 'node:assert/strict';
import { describe as describeMoment, onException, parseBreakpoint, type Stop } from '../../../src/debug/breakpoints.ts';
import { Debugger } from '../../../src/debug/debugger.ts';
import { contextAt, queueAt, requestAt, statusAt } from '../../../src/debug/facts.ts';
import type { Moment } from '../../../src/debug/moments.ts';
import { record, type Recording } from '../../../src/debug/recording.ts';
import { replayOf } from '../../../src/debug/replay.ts';
import { SourceFiles } from '../../../src/debug/source-files.ts';
import { namesIn } from '../../../src/debug/source-names.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';

const settings = (change: Partial<RunSettings> = {}): RunSettings => ({
  ...{ ...DEFAULT_SETTINGS, mode: 'new', runners: 4, podStartUs: 1_000_000, jobDurationUs: 5_000_000 },
  ...change,
});

/** A run with its trace, as that comes back from a file. */
function recordedAndRead(change: Partial<RunSettings> = {}): { run: Recording; replay: Recording } {
  const run = record(settings(change));
  const { trace, originUs } = run.finished;
  return { run, replay: replayOf(parseTrace([...traceLines(trace, trace.endedUs, originUs)].join(''))) };
}

/** What both a run and its trace know, in no order, since a trace numbers passes by their ends: phases, requests with their status, and ends of passes. */
function told(recording: Recording): readonly string[] {
  const { moments } = recording;
  const all: string[] = [];
  for (let at = 0; at < moments.length; at++) {
    const effect = moments.effect(at);
    const request = requestAt(recording, at);
    if (effect !== undefined && effect.kind !== 'phase' && request === undefined) continue;
    const what = request === undefined ? describeMoment(recording, at) : [request.verb, request.resource, request.name];
    const { key, worker, attempt, trigger } = moments.pass(at);
    all.push([key, worker, attempt, trigger, what, statusAt(recording, at)].join(' '));
  }
  return all.sort();
}

function stopsOf(recording: Recording, stop: Stop): readonly Moment[] {
  return Array.from({ length: recording.moments.length }, (_, at) => at).filter((at) => stop(recording, at));
}

describe('a trace that is replayed', () => {
  it('has the phases, requests, statuses and ends of the run that it is of, in every release', () => {
    for (const mode of RELEASES.ids) {
      const { run, replay } = recordedAndRead({ mode });
      assert.deepEqual(told(replay), told(run), mode);
    }
  });

  it('goes forwards in time, and each pass from its first moment to its end', () => {
    const { replay } = recordedAndRead();
    const { moments } = replay;
    for (let at = 1; at < moments.length; at++) {
      assert.ok(moments.timeUs(at) >= moments.timeUs(at - 1), `moment ${at} lies before the one before it`);
    }
    for (const { id, startedUs } of moments.passes()) {
      const ofPass = moments.ofPass(id);
      assert.ok(ofPass.every((moment) => moments.timeUs(moment) >= startedUs));
      assert.ok(moments.isEnd(ofPass.at(-1) ?? 0), `pass ${id} has no end`);
    }
  });

  it('is stepped through both ways', () => {
    const { replay } = recordedAndRead();
    const debugging = Debugger.replay(replay);
    const there: Moment[] = [debugging.goTo(0).moment];
    for (let step = 0; step < 40; step++) there.push(debugging.stepOver()?.moment ?? -1);
    const forwards = debugging.recording.moments.ofPass(0);
    assert.deepEqual(there.slice(0, forwards.length), forwards, 'it does not go through the first pass');
    const { length } = replay.moments;
    debugging.goTo(length - 1);
    const back = new Set<Moment>();
    for (let step = 0; step < length; step++) back.add(debugging.stepBack().moment);
    assert.ok(back.has(0), 'it does not come back to the beginning');
  });

  it('stops where the run stops: at phases, requests, statuses, refusals and what held them', () => {
    const { run, replay } = recordedAndRead({ runners: 40, workers: 4, qps: 5, burst: 5 });
    for (const text of ['phase register', 'create pods', 'patch ephemeralrunners/status', '* * 409', '* 404']) {
      const stop = parseBreakpoint(text, namesIn(new SourceFiles()));
      assert.ok(typeof stop !== 'string', text);
      assert.equal(stopsOf(replay, stop).length, stopsOf(run, stop).length, text);
    }
    for (const id of ['conflict', 'refused', 'throttled', 'requeue', 'error', 'no-effect'] as const) {
      assert.equal(stopsOf(replay, onException(id)).length, stopsOf(run, onException(id)).length, id);
    }
    assert.ok(stopsOf(replay, onException('throttled')).length > 0, 'nothing was throttled: the test shows nothing');
  });

  it('knows the states of runners and what waits for a worker', () => {
    const { replay } = recordedAndRead({ runners: 12, workers: 1 });
    const created = stopsOf(replay, parseBreakpoint('create pods', namesIn(new SourceFiles())) as Stop)[0] ?? 0;
    const context = contextAt(replay, created);
    assert.equal((context['answer'] as { status: number }).status, 201);
    assert.ok(queueAt(replay, created).length > 0, 'nothing waits while the only worker is busy');
    const runner = context['runner'] as { status?: { runnerId?: number } };
    assert.ok((runner.status?.runnerId ?? 0) > 0, 'a runner whose pod is made is registered');
  });

  it('steps into the pass that a write wakes', () => {
    const { replay } = recordedAndRead();
    const debugging = Debugger.replay(replay);
    const patch =
      stopsOf(replay, parseBreakpoint('patch ephemeralrunners', namesIn(new SourceFiles())) as Stop)[0] ?? 0;
    debugging.goTo(patch);
    const moment = debugging.stepInto()?.moment ?? -1;
    assert.equal(replay.moments.pass(moment).key, replay.moments.pass(patch).key);
    assert.notEqual(replay.moments.pass(moment).id, replay.moments.pass(patch).id);
  });

  it('says that it cannot be changed', async () => {
    const debugging = Debugger.replay(recordedAndRead().replay);
    await assert.rejects(
      debugging.edit(
        { kind: 'answer', moment: 1, replacement: { kind: 'lost' } },
        { signal: new AbortController().signal },
      ),
      /^UnansweredError: This trace shows what happened, not what was answered: stepping works, editing needs a simulated run\.$/,
    );
  });

  it('says of an open request, an unknown ending and unknown times what it knows', () => {
    const log = new TraceLog({ type: 'header', version: 2, start: '2026-01-01T00:00:00Z', sources: [], settings: {} });
    log.addPass({ type: 'pass', object: 'a/one', ended: 9_000, result: 'unknown' });
    log.addPass({
      type: 'pass',
      object: 'a/two',
      started: 2_000,
      requests: [{ verb: 'create', resource: 'pods', started: 3_000 }],
    });
    const { moments } = replayOf(log);
    assert.deepEqual(
      Array.from({ length: moments.length }, (_, at) => [
        moments.timeUs(at),
        moments.outcome(at)?.kind,
        moments.answerOf(at).kind,
      ]),
      [
        [3_000, undefined, 'none'],
        [9_000, 'unknown', 'none'],
      ],
    );
    assert.equal(moments.pass(0).worker, -1);
    assert.equal(moments.pass(0).trigger, '');
  });
});
