import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { keyOf, type ApiObject } from '../../../src/kubernetes/types.ts';
import {
  atPhase,
  describe as describeMoment,
  onException,
  parseBreakpoint,
  type ExceptionId,
  type Stop,
} from '../../../src/debug/breakpoints.ts';
import { Debugger, type Arrival } from '../../../src/debug/debugger.ts';
import { requestAt, statusAt } from '../../../src/debug/facts.ts';
import { LiveRun } from '../../../src/debug/live-run.ts';
import type { DebugTarget } from '../../../src/run/debug-target.ts';
import { RunSession } from '../../../src/run/session.ts';
import { SourceFiles } from '../../../src/debug/source-files.ts';
import { namesIn } from '../../../src/debug/source-names.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { traceLines } from '../../../src/trace/jsonl.ts';

const settings = {
  ...DEFAULT_SETTINGS,
  mode: 'new',
  runners: 3,
  workers: 2,
  podStartUs: 1_000_000,
  jobDurationUs: 5_000_000,
};

interface Attached {
  readonly clock: VirtualClock;
  readonly session: RunSession;
  readonly live: LiveRun;
  readonly debugging: Debugger;
  readonly arrivals: Arrival[];
  readonly said: string[];
}

/** A session that has run for a while, with a debugger that has just attached to it. */
function attached(untilUs = 60_000, more: Partial<DebugTarget> = {}, changed: Partial<RunSettings> = {}): Attached {
  const clock = new VirtualClock();
  const session = RunSession.embedded({ ...settings, ...changed }, { clock });
  clock.run(untilUs);
  const live = new LiveRun({ ...session.debugTarget, ...more });
  const debugging = Debugger.attach(live);
  const arrivals: Arrival[] = [];
  const said: string[] = [];
  debugging.onArrival = (arrival) => arrivals.push(arrival);
  live.onSay = (sentence) => said.push(sentence);
  return { clock, session, live, debugging, arrivals, said };
}

function breakpoint(text: string): Stop {
  const stop = parseBreakpoint(text, namesIn(new SourceFiles()));
  assert.ok(typeof stop !== 'string', text);
  return stop;
}

describe('a debugger that is attached to a running session', () => {
  it('stops a pass before a request is sent, and all other passes with it', () => {
    const { clock, session, debugging, arrivals } = attached();
    assert.equal(debugging.run(1, [breakpoint('create pods')]), undefined, 'it is not there yet');
    clock.run(2_000_000);
    assert.equal(arrivals.length, 1);
    const { moment, reason } = arrivals[0] as Arrival;
    assert.equal(reason, 'breakpoint');
    assert.match(describeMoment(debugging.recording, moment), /^create pods runner-\d$/);
    assert.equal(statusAt(debugging.recording, moment), undefined, 'the answer is not known before it is there');
    const { length } = debugging.recording.moments;
    clock.run(30_000_000);
    // Each worker comes to one more effect at most, which is not performed.
    assert.ok(debugging.recording.moments.length <= length + settings.workers, 'passes go on while it is stopped');
    assert.equal(
      [...session.trace.passes()].some(({ requests = [] }) => requests.some(({ resource }) => resource === 'pods')),
      false,
    );
  });

  it('lets go of the passes that it holds when the session is stopped, and says once that it is over', async () => {
    const { clock, session, live, debugging, arrivals } = attached();
    let ends = 0;
    live.onEnd = () => ends++;
    debugging.run(1, [breakpoint('create pods')]);
    clock.run(2_000_000);
    assert.equal(arrivals.length, 1);
    const stopped = session.stop();
    clock.run(10_000_000);
    await stopped;
    assert.equal(ends, 1);
    assert.equal(live.isStopped, false, 'it holds passes of a session that is over');
    const { length } = arrivals;
    debugging.run(1, [breakpoint('* *')]);
    assert.equal(arrivals.length, length, 'nothing more arrives');
    const made = [...session.trace.passes()].filter(({ requests = [] }) =>
      requests.some(({ resource }) => resource === 'pods'),
    );
    assert.ok(made.length > 0, 'what was held was cut off');
  });

  it('has the functions and lines of the reconciler as the stack of what it stops at', () => {
    const { clock, debugging, arrivals } = attached();
    debugging.run(1, [breakpoint('createPod')]);
    clock.run(2_000_000);
    const { moment } = arrivals[0] as Arrival;
    const frames = debugging.recording.sites.frames(debugging.recording.moments.site(moment));
    assert.deepEqual(
      frames.slice(0, 2).map(({ function: name }) => name),
      ['createPod', 'reconcileEphemeralRunner'],
    );
  });

  it('steps over to the next effect of the pass, and out to its end', () => {
    const { clock, debugging, arrivals } = attached();
    debugging.run(1, [breakpoint('create pods')]);
    clock.run(2_000_000);
    const { moment } = arrivals[0] as Arrival;
    const { id } = debugging.recording.moments.pass(moment);
    assert.equal(debugging.stepOut(), undefined);
    clock.run(4_000_000);
    const { moment: end } = arrivals[1] as Arrival;
    assert.ok(debugging.recording.moments.isEnd(end));
    assert.equal(debugging.recording.moments.pass(end).id, id);
    assert.equal(statusAt(debugging.recording, moment), 201, 'its answer is known afterwards');
  });

  it('goes back through what was recorded, also through what was before it came', () => {
    const { clock, debugging, arrivals } = attached(100_000);
    debugging.run(1, [breakpoint('create pods')]);
    clock.run(2_000_000);
    const before = debugging.run(-1, [atPhase('add-finalizer')]);
    assert.equal(before?.reason, 'breakpoint');
    assert.ok(debugging.recording.moments.timeUs(before?.moment ?? 0) < 100_000);
    const forwards = debugging.run(1, [breakpoint('create pods')]);
    assert.equal(forwards?.moment, arrivals[0]?.moment, 'on the way forwards it comes by what is known first');
  });

  it('stops when an answer comes that a breakpoint asks for', () => {
    const { clock, debugging, arrivals } = attached();
    debugging.run(1, [breakpoint('create pods 201')]);
    clock.run(3_000_000);
    const { moment } = arrivals[0] as Arrival;
    assert.equal(statusAt(debugging.recording, moment), 201);
    assert.equal(requestAt(debugging.recording, moment)?.verb, 'create');
  });

  for (const [id, changed, isMet] of [
    ['locked', { mode: '0.14.2', workers: 1 }, false],
    ['locked', { mode: 'latest', workers: 3 }, true],
    ['throttled', { qps: 0 }, false],
    ['throttled', { qps: 2, burst: 1 }, true],
    ['stale', { qps: 0, apiLatencyUs: 20_000 }, true],
  ] as const satisfies readonly (readonly [ExceptionId, Partial<RunSettings>, boolean])[]) {
    it(`${isMet ? 'stops' : 'does not stop'} at what is ${id} with ${JSON.stringify(changed)}`, () => {
      const { clock, debugging, arrivals } = attached(0, {}, changed);
      debugging.run(1, [onException(id)]);
      clock.run(60_000_000);
      assert.equal(arrivals.length, isMet ? 1 : 0);
      if (isMet) assert.ok(onException(id)(debugging.recording, debugging.at));
    });
  }

  it('calls stale what is older than what passes have written, and nothing else', () => {
    for (const apiLatencyUs of [0, 2_000, 20_000]) {
      const { clock, debugging } = attached(0, {}, { qps: 0, apiLatencyUs });
      debugging.run(1, []);
      clock.run(60_000_000);
      const { moments } = debugging.recording;
      const written = new Map<string, number>();
      const answers = Array.from({ length: moments.length }, (_, at) => ({ at, answer: moments.answerOf(at) }))
        .flatMap(({ at, answer }) => (answer.kind === 'value' ? [{ at, ...answer }] : []))
        .sort((one, other) => one.atUs - other.atUs || one.at - other.at);
      let looks = 0;
      for (const { at, value } of answers) {
        const effect = moments.effect(at);
        const version = Number((value as Partial<ApiObject> | undefined)?.metadata?.resourceVersion);
        if (effect?.kind === 'kubernetes' && /create|patch|update/.test(effect.request.verb)) {
          const { kind } = effect.request.resource;
          if (!Number.isNaN(version)) written.set(`${kind} ${keyOf((value as ApiObject).metadata)}`, version);
        } else if (effect?.kind === 'cached-get') {
          const newest = written.get(`${effect.resource.kind} ${effect.key}`);
          if (value === undefined || newest === undefined) continue;
          looks++;
          assert.equal(moments.isStale(at), version < newest, `moment ${at} with ${apiLatencyUs} µs`);
        }
      }
      assert.ok(looks > 10, `${looks} looks`);
    }
  });

  it('says what went on while the passes stood still, in words and in the trace', () => {
    const { clock, session, live, debugging, said } = attached();
    debugging.run(1, [breakpoint('create pods')]);
    clock.run(2_000_000);
    clock.run(6_000_000);
    void session.deleteRunner('arc-runners/runner-3');
    clock.run(7_000_000);
    live.goOn(() => undefined);
    assert.match(
      said[0] ?? '',
      /^The passes stood still in the debugger for .*; the cluster went on meanwhile, with changes of ephemeralrunners \d/,
    );
    assert.ok(session.trace.marks.some(({ text }) => text === said[0]));
  });

  it('leaves the session as if nobody had been there', () => {
    const { clock, session, live, debugging } = attached();
    debugging.run(1, [breakpoint('create pods')]);
    clock.run(2_000_000);
    live.dispose();
    clock.run(60_000_000);
    const phases = [...session.trace.events()].flatMap((event) =>
      event.type === 'object' && event.phase === 'Succeeded' ? event.object : [],
    );
    assert.equal(new Set(phases).size, 3, 'not all runners come to their end');
    assert.equal(session.debugTarget.driver.isOpen, false);
    const { length } = live.recording.moments;
    clock.run(61_000_000);
    assert.equal(live.recording.moments.length, length, 'it still records');
  });

  it('changes nothing while it only looks on', () => {
    const looked = attached();
    looked.debugging.run(1, []);
    looked.clock.run(60_000_000);
    const clock = new VirtualClock();
    const plain = RunSession.embedded(settings, { clock });
    clock.run(60_000_000);
    const lines = ({ trace }: RunSession): readonly string[] => [...traceLines(trace, 60_000_000)].slice(1);
    assert.deepEqual(lines(looked.session), lines(plain));
  });

  it('says that a running session cannot be changed', async () => {
    const { debugging } = attached();
    await assert.rejects(
      debugging.edit(
        { kind: 'answer', moment: 0, replacement: { kind: 'lost' } },
        { signal: new AbortController().signal },
      ),
      /A running session cannot be run again with a change/,
    );
  });
});

/** The right to write of a session, as the debugger asks for it. */
class FakeRight {
  readonly calls: string[] = [];
  readonly #answers: ((answer: boolean | Error) => void)[] = [];

  letGo(): Promise<void> {
    this.calls.push('let go');
    return Promise.resolve();
  }

  takeAgain(): Promise<boolean> {
    this.calls.push('take again');
    return new Promise((resolve, reject) => {
      this.#answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  }

  giveUp(why: string): void {
    this.calls.push(`give up: ${why}`);
  }

  /** @param answer whether somebody else has held it, or why it cannot be had */
  async answer(answer: boolean | Error): Promise<void> {
    this.#answers.shift()?.(answer);
    await settled();
  }
}

/** What was promised has come. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a debugger that is attached to a session that writes', () => {
  /** Stops before a pod is made. */
  async function stopped(): Promise<Attached & { readonly right: FakeRight }> {
    const right = new FakeRight();
    const found = attached(60_000, { right });
    found.debugging.run(1, [breakpoint('create pods')]);
    found.clock.run(2_000_000);
    assert.deepEqual(found.arrivals, [], 'it has stopped before the lease is free');
    await settled();
    assert.equal(found.arrivals.length, 1);
    return { ...found, right };
  }
  const podRequests = ({ session }: Attached): number =>
    [...session.trace.passes()].filter(({ requests = [] }) =>
      requests.some(({ verb, resource }) => verb === 'create' && resource === 'pods'),
    ).length;

  it('lets go of the lease before it stops, and goes on when it has it again', async () => {
    const all = await stopped();
    const { clock, debugging, right, said, arrivals } = all;
    assert.deepEqual(right.calls, ['let go']);
    assert.match(said.join(), /^The lease is free while the passes stand still/);
    debugging.run(1, []);
    clock.run(10_000_000);
    assert.deepEqual(right.calls, ['let go', 'take again']);
    assert.equal(podRequests(all), 0, 'a pass writes before the session has its lease');
    await right.answer(true);
    clock.run(60_000_000);
    assert.equal(podRequests(all), 3);
    assert.match(
      said.at(-1) ?? '',
      /^The passes stood still .* Another lab held the lease meanwhile, and may have written/,
    );
    assert.equal(arrivals.length, 1);
  });

  it('still stands where it stood when somebody else writes, says who, and can be continued later', async () => {
    const all = await stopped();
    const { clock, debugging, right, said, arrivals } = all;
    debugging.run(1, []);
    await right.answer(new Error('bert writes to arc'));
    assert.match(said.at(-1) ?? '', /^The passes still stand still, .*: bert writes to arc\. Then continue again\.$/);
    assert.deepEqual(
      arrivals.map(({ moment }) => moment),
      [arrivals[0]?.moment, arrivals[0]?.moment],
    );
    debugging.run(1, []);
    await right.answer(false);
    clock.run(60_000_000);
    assert.equal(podRequests(all), 3);
  });

  it('stops again at once when Pause comes while it waits for the lease', async () => {
    const all = await stopped();
    const { clock, debugging, live, right, arrivals } = all;
    debugging.run(1, []);
    live.pause();
    await right.answer(false);
    clock.run(60_000_000);
    assert.equal(podRequests(all), 0);
    assert.equal(arrivals.length, 2);
    assert.deepEqual(right.calls, ['let go', 'take again', 'let go']);
  });

  it('takes the lease again when the debugger leaves, and writes nothing more when it cannot', async () => {
    for (const answer of [false, new Error('bert writes to arc')]) {
      const { clock, session, live, right } = await stopped();
      live.dispose();
      await right.answer(answer);
      clock.run(60_000_000);
      assert.equal(session.debugTarget.driver.isOpen, false);
      const last = answer === false ? 'take again' : 'give up: bert writes to arc';
      assert.equal(right.calls.at(-1), last);
    }
  });

  it('says that the cluster is out of reach when it goes on', async () => {
    const { clock, debugging, said } = attached(60_000, { blindSinceUs: () => 3_000_000 });
    debugging.run(1, [breakpoint('create pods')]);
    clock.run(8_000_000);
    debugging.run(1, []);
    assert.match(
      said.at(-1) ?? '',
      /The cluster has been out of reach for 5\.00 s: what changed in it since is not known\./,
    );
    await settled();
  });
});
