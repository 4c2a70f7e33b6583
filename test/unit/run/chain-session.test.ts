import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ChainEnd } from '../../../src/run/chain-end.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { RunSession } from '../../../src/run/session.ts';
import { startRun } from '../../../src/run/start-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { restOfChain } from '../../../src/run/chain-rest.ts';

const SET = 'arc-runners/lab';

/** A session of the whole chain in virtual time. */
class ChainSession {
  readonly clock = new VirtualClock();
  readonly session: RunSession;

  constructor(jobs: string, mode = 'latest', bounds: { minRunners?: number; maxRunners?: number } = {}) {
    const load = { scaleSet: { jobs: parseLoad(jobs), minRunners: 0, maxRunners: 50, ...bounds } };
    const settings = { ...DEFAULT_SETTINGS, mode, runners: 30, podStartUs: 2_000_000, jobDurationUs: 10_000_000 };
    this.session = RunSession.embedded(settings, { clock: this.clock, load, onCreationFailed: assert.fail });
  }

  to(seconds: number): this {
    this.clock.run(seconds * 1e6);
    return this;
  }

  /** What the scale set, its listener and its sets wait for. */
  words(): { scaleSet: string | undefined; listener: string | undefined; sets: string[] } {
    const { scaleSets } = this.session;
    const [listener = ''] = scaleSets.listenersOf(SET);
    return {
      scaleSet: scaleSets.describe('scale-set', SET)?.text,
      listener: scaleSets.describe('listener', listener)?.text,
      sets: scaleSets.setsOf(SET).map((key) => scaleSets.describe('set', key)?.text ?? ''),
    };
  }

  since(kind: 'scale-set' | 'listener' | 'set'): number {
    const { scaleSets } = this.session;
    const keys = { 'scale-set': [SET], listener: scaleSets.listenersOf(SET), set: scaleSets.setsOf(SET) }[kind];
    return (scaleSets.describe(kind, keys[0] ?? '')?.sinceUs ?? NaN) / 1e6;
  }
}

describe('a session of the whole chain', () => {
  for (const mode of ['new', 'latest']) {
    it(`${mode}: says of scale set, listener and set what each waits for, and since when`, () => {
      const chain = new ChainSession('30s', mode);
      assert.deepEqual(chain.session.scaleSets.keys(), []);
      chain.to(1.5);
      const starting = chain.words();
      assert.equal(starting.scaleSet, 'waits for its listener: pod pending: ContainerCreating');
      assert.equal(starting.listener, 'pod pending: ContainerCreating');
      assert.deepEqual(starting.sets, ['wants no runners']);
      chain.to(20);
      assert.deepEqual(chain.words(), { scaleSet: '', listener: 'polls for messages', sets: ['wants no runners'] });
      assert.ok(chain.since('listener') > 1.5 && chain.since('listener') < 5, `since ${chain.since('listener')} s`);
      chain.to(40);
      assert.deepEqual(chain.words().sets, ['wants 1, has them']);
    });
  }

  it('counts what a set wants, has and lacks, from when it began to lack it', () => {
    const chain = new ChainSession('30 at once', 'new', { maxRunners: 12 });
    let most = 0;
    const seen = new Set<string>();
    for (let second = 2; second < 8; second += 0.02) {
      chain.to(second);
      const [text = ''] = chain.words().sets;
      const [, wants, has, made] = /^wants (\d+), has (\d+), (\d+) being made/.exec(text) ?? [];
      seen.add(text.replace(/\d+/g, 'N'));
      if (wants === undefined) continue;
      assert.equal(Number(wants) - Number(has), Number(made), text);
      most = Math.max(most, Number(wants));
    }
    assert.equal(most, 12);
    assert.ok(seen.has('wants N, has them'), [...seen].join('; '));
    const since = chain.since('set');
    chain.to(9);
    assert.equal(chain.since('set'), since, 'what stays the same has the same beginning');
  });

  it('groups runners under the key of their set, with the words that people know it by', () => {
    const { session } = new ChainSession('2 at once').to(10);
    const [set = ''] = session.scaleSets.setsOf(SET);
    assert.deepEqual(session.table.index.sets(), [set]);
    assert.equal(session.table.index.countOfSet(set), 2);
    assert.equal(session.scaleSets.scaleSetOf(set), SET);
    assert.match(session.table.groupLabel(set), /^lab \/ lab/);
  });

  it('kills, evicts and slows the listener, which the tree then shows and the trace keeps', () => {
    const chain = new ChainSession('10m');
    assert.throws(() => chain.session.troubleListener({ do: 'kill' }), /^Error: No listener runs now/);
    chain.to(20).session.troubleListener({ do: 'slow', byUs: 2_000_000 });
    assert.equal(chain.words().listener, 'polls for messages, slowed down by 2.00 s');
    chain.session.troubleListener({ do: 'kill' });
    chain.to(20.05);
    assert.match(chain.words().scaleSet ?? '', /^waits for its listener/);
    chain.to(40);
    assert.equal(chain.words().scaleSet, '');
    chain.session.troubleListener({ do: 'evict' });
    assert.deepEqual(
      chain.session.trace.marks.map(({ text }) => text),
      [
        'no listener ran that could be killed',
        'listener slowed down: each answer comes 2.00 s later',
        'listener killed',
        'listener evicted',
      ],
    );
  });

  it('does more jobs when they are queued, and says what it has come to', () => {
    const chain = new ChainSession('2 at once').to(120);
    const jobs = { queued: 2, open: 0 };
    const rest = restOfChain({ isDone: true, jobs }, chain.session.table);
    assert.deepEqual(rest, { isOver: true, text: 'Both jobs are done; their scale set waits for more.', reason: '' });
    chain.session.queueJobs(parseLoad('3'));
    chain.to(125);
    assert.match(chain.words().sets[0] ?? '', /^wants 3/);
    const stuck = restOfChain({ isDone: false, jobs: { queued: 5, open: 3 } }, chain.session.table);
    assert.equal(stuck.isOver, false);
    assert.match(stuck.text, /^3 of 5 jobs are not done, and nothing has changed for a minute\./);
  });

  for (const [from, mode] of [
    ['0.12.1', '0.13.1'],
    ['0.14.2', 'latest'],
  ] as const) {
    it(`goes on to show runners, sets and listener when ${mode} has taken over from ${from}`, () => {
      const clock = new VirtualClock();
      const scaleSet = { jobs: parseLoad('0s, 100s'), minRunners: 0, maxRunners: 5 };
      const load = { scaleSet, upgrade: { from, afterUs: 60e6 } };
      const settings = { ...DEFAULT_SETTINGS, mode, podStartUs: 2_000_000, jobDurationUs: 20_000_000 };
      const session = RunSession.embedded(settings, { clock, load, onCreationFailed: assert.fail });
      clock.run(50e6);
      assert.equal(session.takesOver?.environment.awaitsTakeover, true);
      clock.run(115e6);
      assert.equal(session.takesOver?.environment.handover?.from, from);
      const [listener = ''] = session.scaleSets.listenersOf(SET);
      assert.equal(session.scaleSets.describe('listener', listener)?.text, 'polls for messages');
      const sets = session.scaleSets.setsOf(SET).map((key) => session.scaleSets.describe('set', key)?.text);
      assert.ok(sets.includes('wants 1, has them'), `the sets: ${sets.join('; ')}`);
      assert.equal(session.table.index.size, 1, 'the runner of the second job, and none that is gone');
      const [key = ''] = session.table.index.columns.keys.filter((one) => one !== '');
      assert.notEqual(
        session.table.describe(key),
        undefined,
        'the runner is looked up among those that the later release sees',
      );
    });
  }

  it('takes later jobs in every form that a load has, counted from when they are asked for', () => {
    const chain = new ChainSession('1').to(60);
    const began = (): number[] => {
      const { trace } = chain.session;
      const times = Array.from(trace.events()).flatMap((event) =>
        event.type === 'object' && event.kind === 'Job' && event.phase === 'queued' ? [Math.round(event.at / 1e6)] : [],
      );
      return times.slice(1);
    };
    chain.session.queueJobs(parseLoad('0s, 30s'));
    chain.session.queueJobs(parseLoad('1 a minute'));
    chain.to(190);
    assert.deepEqual(began(), [60, 60, 90, 120, 180]);
  });

  it('is not over while more jobs come by themselves, however late', () => {
    const clock = new VirtualClock();
    const scaleSet = { jobs: parseLoad('0s, 30m'), minRunners: 0, maxRunners: 5 };
    const settings = {
      ...DEFAULT_SETTINGS,
      mode: 'latest',
      runners: 2,
      podStartUs: 3_000_000,
      jobDurationUs: 10_000_000,
    };
    const run = startRun({ kind: 'embedded' }, settings, { clock, load: { scaleSet }, onCreationFailed: assert.fail });
    const told: number[] = [];
    const end = new ChainEnd(clock, run, 60_000_000, (isOver) => isOver && told.push(clock.nowUs() / 60e6));
    clock.run(29 * 60e6);
    assert.deepEqual(told, [], 'one of two jobs has yet to come');
    clock.run(35 * 60e6);
    assert.equal(told.length, 1);
    end.dispose();
  });

  it('is over when its jobs are done, goes on when its listener is killed, and is over again when another one runs', () => {
    const clock = new VirtualClock();
    const scaleSet = { jobs: parseLoad('2 at once'), minRunners: 0, maxRunners: 5 };
    const settings = { ...DEFAULT_SETTINGS, mode: 'latest', runners: 2, podStartUs: 3_000_000 };
    const run = startRun({ kind: 'embedded' }, settings, { clock, load: { scaleSet }, onCreationFailed: assert.fail });
    const told: [number, boolean][] = [];
    const end = new ChainEnd(clock, run, 60_000_000, (isOver) => told.push([Math.round(clock.nowUs() / 1e6), isOver]));
    clock.run(60e6);
    assert.deepEqual(
      told.map(([, isOver]) => isOver),
      [true],
    );
    run.environment.listeners?.kill();
    end.woken();
    clock.run(62e6);
    assert.equal(told.at(-1)?.[1], false, 'no listener runs yet');
    clock.run(80e6);
    assert.equal(told.length, 3);
    assert.equal(told.at(-1)?.[1], true);
    end.dispose();
  });
});
