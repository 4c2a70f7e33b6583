import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Arrangement } from '../../../src/timeline/arrangement.ts';
import { BarFeed } from '../../../src/timeline/bar-feed.ts';
import { BarStore, type Bar } from '../../../src/timeline/bar-store.ts';
import { BarKind, isPassKind, isRequestKind } from '../../../src/timeline/bars.ts';
import { objectDetail } from '../../../src/explain/object-detail.ts';
import { chainOrder } from '../../../src/timeline/chain-order.ts';
import { nameWithKind } from '../../../src/timeline/chain-words.ts';
import { RUNNER_KIND } from '../../../src/trace/model.ts';
import { textGantt } from '../../../src/report/gantt-text.ts';
import { htmlReport } from '../../../src/report/html.ts';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import { chainRun } from '../../builders/chain-run.ts';
import { A_HEADER, beginPass, endPass } from '../../builders/traces.ts';

interface Lane {
  readonly name: string;
  readonly kind: string;
  readonly bars: readonly Bar[];
}

function lanesOf(trace: TraceLog): Lane[] {
  const store = new BarStore();
  const { lanes, laneKinds, bars } = new BarFeed(trace).take();
  store.append(bars);
  store.growTo(lanes.length);
  const kinds = new Map(laneKinds.map(({ lane, kind }) => [lane, kind]));
  return lanes.map((name, lane) => {
    const found: Bar[] = [];
    store.forEach(lane, -Infinity, Infinity, (bar) => found.push(bar));
    return { name, kind: kinds.get(lane) ?? RUNNER_KIND, bars: found };
  });
}

describe('the lanes of a whole chain', () => {
  it('keep objects of one name apart by their kinds, whatever their controllers do at the same time', () => {
    const controllers = {
      ephemeralrunner: 'EphemeralRunner',
      ephemeralrunnerset: 'EphemeralRunnerSet',
      autoscalingrunnerset: 'AutoscalingRunnerSet',
      autoscalinglistener: 'AutoscalingListener',
      somethingelse: 'somethingelse',
    };
    const controller = fc.constantFrom(...(Object.keys(controllers) as (keyof typeof controllers)[]));
    fc.assert(
      fc.property(fc.array(fc.record({ controller, started: fc.nat(1_000), took: fc.nat(500) })), (passes) => {
        const log = new TraceLog(A_HEADER);
        const numbers = passes.map((pass) => beginPass(log, 'arc/lab', pass.started, { controller: pass.controller }));
        passes.forEach(({ started, took }, at) => at % 2 === 0 && endPass(log, numbers[at] as number, started + took));
        const lanes = lanesOf(log);
        const kinds = new Set(passes.map((pass) => controllers[pass.controller]));
        assert.deepEqual(new Set(lanes.map(({ kind }) => kind)), kinds);
        assert.equal(lanes.length, kinds.size, 'each kind has one lane');
        for (const [at, pass] of passes.entries()) {
          if (at % 2 !== 0) continue;
          const lane = lanes.find(({ kind }) => kind === controllers[pass.controller]);
          assert.ok(lane?.bars.some((bar) => bar.pass === numbers[at] && isPassKind(bar.kind)));
        }
      }),
    );
  });

  for (const mode of ['old', 'new', '0.12.1', 'latest']) {
    const { trace } = chainRun(mode);
    const lanes = lanesOf(trace);
    const ofKind = (kind: string): Lane[] => lanes.filter((lane) => lane.kind === kind);

    it(`${mode}: there is one for the jobs, the scale set, the listener's object and process and each set`, () => {
      for (const kind of ['Job', 'AutoscalingRunnerSet', 'AutoscalingListener', 'Listener']) {
        assert.equal(ofKind(kind).length, 1, kind);
      }
      assert.ok(ofKind('EphemeralRunnerSet').length >= 1);
      assert.equal(ofKind(RUNNER_KIND).length, 5);
    });

    it(`${mode}: the listener's requests are in its lane, its long polls as waits and not as work`, () => {
      const [listener] = ofKind('Listener');
      const requests = [...trace.events()].filter((event) => event.type === 'request');
      const polls = requests.filter(({ resource }) => resource === 'get-message');
      const bars = listener?.bars ?? [];
      assert.ok(polls.length > 3);
      assert.equal(bars.filter(({ kind, endUs }) => kind === BarKind.polling && endUs < Infinity).length, polls.length);
      assert.equal(bars.filter(({ kind }) => isRequestKind(kind)).length, requests.length - polls.length);
      assert.ok(requests.every(({ listener: by }) => by === listener?.name));
      const resources = new Set(requests.map(({ resource }) => resource));
      for (const one of ['create-session', 'delete-message', 'acquire-jobs', 'ephemeralrunnersets']) {
        assert.ok(resources.has(one), one);
      }
      assert.ok(resources.has('ephemeralrunners/status'), 'runners learn of their jobs');
    });

    it(`${mode}: the listener has a sign for each number of runners that it decides on`, () => {
      const wanted: number[] = [];
      for (const event of trace.events()) {
        if (event.type !== 'object' || event.kind !== 'Listener') continue;
        const { replicas = NaN } = event;
        if (replicas !== wanted.at(-1)) wanted.push(replicas);
      }
      assert.ok(Math.max(...wanted) === 5 && wanted.at(-1) === 0, wanted.join());
      const signs = ofKind('Listener')[0]?.bars.filter(({ kind }) => kind === BarKind.markDecision);
      assert.equal(signs?.length, wanted.length);
    });

    it(`${mode}: a listener that is killed or evicted has a sign that says so`, () => {
      const listener = parseTroubles('kill at 20s, evict at 60s');
      const run = chainRun(mode, { jobs: parseLoad('0s, 2m'), listener });
      const { words } = new BarFeed(run.trace).take();
      const ends = lanesOf(run.trace)
        .filter(({ kind }) => kind === 'Listener')
        .flatMap(({ bars }) => bars.filter(({ kind }) => kind === BarKind.markListenerEnded));
      assert.deepEqual(
        ends.map(({ detail, startUs }) => [words[detail], Math.floor((startUs - run.originUs) / 1e6)]),
        [
          ['killed, exit 137', 20],
          ['Evicted', 60],
        ],
      );
    });

    it(`${mode}: the long poll that a listener was killed, evicted or ended in is a wait until then, and no refusal`, () => {
      const listener = parseTroubles('kill at 20s, evict at 60s');
      const run = chainRun(mode, { jobs: parseLoad('0s, 2m'), listener });
      const { words } = new BarFeed(run.trace).take();
      const bars = lanesOf(run.trace).find(({ kind }) => kind === 'Listener')?.bars ?? [];
      const broken = bars.filter(({ kind, detail }) => {
        return kind === BarKind.polling && words[detail] === 'until the listener ended';
      });
      assert.deepEqual(
        broken.map(({ endUs }) => Math.floor((endUs - run.originUs) / 1e6)),
        [20, 60],
      );
      assert.ok(bars.every(({ kind }) => kind !== BarKind.refused));
    });

    it(`${mode}: each job has its sign, and jobs wait and run in their lane until none is left`, () => {
      const bars = ofKind('Job')[0]?.bars ?? [];
      assert.equal(bars.filter(({ kind }) => kind === BarKind.markJobQueued).length, 5);
      for (const each of [BarKind.jobsWaiting, BarKind.podRunning]) assert.ok(bars.some(({ kind }) => kind === each));
      assert.ok(!bars.some(({ kind }) => kind === BarKind.queued), 'no worker is waited for in their lane');
      assert.ok(bars.every(({ endUs }) => endUs < Infinity));
    });

    it(`${mode}: a file shows the same as the run`, () => {
      const read = parseTrace([...traceLines(trace)].join(''));
      const shown = (all: readonly Lane[]): string[] =>
        all.map(
          ({ name, kind, bars }) =>
            `${kind} ${name} ${bars
              .map((bar) => shape({ ...bar, pass: 0 }))
              .sort()
              .join(' ')}`,
        );
      // Passes are numbered in the order in which they are read.
      assert.deepEqual(shown(lanesOf(read)), shown(lanes));
    });

    it(`${mode}: the same bars come event by event`, () => {
      const feed = new BarFeed(trace);
      const store = new BarStore();
      while (feed.pending) store.append(feed.take(1).bars);
      const all: Bar[] = [];
      for (let lane = 0; lane < store.lanes; lane++) store.forEach(lane, -Infinity, Infinity, (bar) => all.push(bar));
      const before = lanes.flatMap(({ bars }) => bars);
      assert.deepEqual(all.map(shape).sort(), before.map(shape).sort());
    });

    it(`${mode}: workers of different controllers have lanes of their own`, () => {
      const store = new BarStore();
      const { words, laneKinds, bars } = new BarFeed(trace).take();
      store.append(bars);
      const kinds = new Map(laneKinds.map(({ lane, kind }) => [lane, kind]));
      const by = new Arrangement('worker', store, words, (lane) => kinds.get(lane) ?? RUNNER_KIND);
      assert.ok(by.names.includes('worker 1') && by.names.includes('runner set · worker 1'), by.names.join());
      for (let lane = 0; lane < by.names.length; lane++) {
        let lastEndUs = -Infinity;
        by.store.forEach(lane, -Infinity, Infinity, ({ kind, pass, startUs, endUs }) => {
          if (!isPassKind(kind)) return;
          assert.ok(startUs >= lastEndUs, `${by.names[lane]} does one pass after the other`);
          lastEndUs = endUs;
          assert.equal(by.laneOfPass(pass), lane);
        });
      }
    });
  }
});

describe('reports of a whole chain', () => {
  const run = chainRun('latest');

  it('have a lane for each object, named by its kind, with the sets above their runners', () => {
    const html = htmlReport([{ title: '', runs: [run] }]);
    const names = [...html.matchAll(/<text x="8" y="[^"]*">([^<]*)</g)].map(([, name]) => name);
    assert.equal(names[0], 'scale set lab');
    assert.deepEqual(names.slice(1, 2), ['jobs of lab']);
    assert.ok(names.indexOf('runner set lab') < names.findIndex((name) => name?.startsWith('lab-runner-')));
    assert.equal(names.length, 10, names.join());
    assert.match(html, /listener waiting for messages/);
  });

  it('keep the passes of a scale set and its set apart as text too', () => {
    const text = textGantt(run, 120, 20);
    assert.match(text, /^scale set lab {2,}/m);
    assert.match(text, /^runner set lab {2,}/m);
  });
});

function shape({ kind, startUs, endUs, pass, detail }: Bar): string {
  return [kind, startUs, endUs, pass, detail].join();
}

describe('the order of lanes', () => {
  const order = (lanes: readonly (readonly [kind: string, name: string, scaleSet?: string])[]): string[] => {
    const names = lanes.map(([, name]) => name);
    const { lanes: sorted, depth } = chainOrder(
      names,
      (lane) => lanes[lane]?.[0] ?? '',
      (lane) => lanes[lane]?.[2],
    );
    assert.deepEqual(
      [...sorted].sort((a, b) => a - b),
      [...names.keys()],
      'each lane comes once',
    );
    return [...sorted].map((lane) => `${'  '.repeat(depth[lane] ?? 0)}${lanes[lane]?.slice(0, 2).join(' ')}`);
  };

  it('puts each scale set above its listener, sets and runners, and next to none of another one', () => {
    const lanes = [
      [RUNNER_KIND, 'arc/lab-big-x5k2p-runner-2'],
      [RUNNER_KIND, 'arc/lab-aaaaa-runner-10'],
      [RUNNER_KIND, 'arc/lab-aaaaa-runner-9'],
      [RUNNER_KIND, 'arc/by-hand'],
      ['EphemeralRunnerSet', 'arc/lab-aaaaa'],
      ['EphemeralRunnerSet', 'arc/lab-big-x5k2p'],
      ['Listener', 'arc-systems/lab-6d4b75ff-listener'],
      ['AutoscalingListener', 'arc-systems/lab-big-6d4b75ff-listener'],
      ['AutoscalingRunnerSet', 'arc/lab-big'],
      ['AutoscalingRunnerSet', 'arc/lab'],
      ['Other', 'arc/lab'],
      ['Job', 'arc/jobs'],
    ] as const;
    assert.deepEqual(order(lanes), [
      'Other arc/lab',
      'AutoscalingRunnerSet arc/lab',
      '  Job arc/jobs',
      '  Listener arc-systems/lab-6d4b75ff-listener',
      '  EphemeralRunnerSet arc/lab-aaaaa',
      `    ${RUNNER_KIND} arc/lab-aaaaa-runner-9`,
      `    ${RUNNER_KIND} arc/lab-aaaaa-runner-10`,
      'AutoscalingRunnerSet arc/lab-big',
      '  AutoscalingListener arc-systems/lab-big-6d4b75ff-listener',
      '  EphemeralRunnerSet arc/lab-big-x5k2p',
      `    ${RUNNER_KIND} arc/lab-big-x5k2p-runner-2`,
      `${RUNNER_KIND} arc/by-hand`,
    ]);
  });

  it('keeps equal names of two namespaces apart, whatever the listeners of both are called', () => {
    const of = (namespace: string, hash: string) =>
      [
        ['AutoscalingRunnerSet', `${namespace}/lab`],
        ['Job', `${namespace}/lab`, `${namespace}/lab`],
        ['AutoscalingListener', `arc-systems/lab-${hash}-listener`, `${namespace}/lab`],
        ['Listener', `arc-systems/lab-${hash}-listener`],
        ['EphemeralRunnerSet', `${namespace}/lab-x5k2p`, `${namespace}/lab`],
      ] as const;
    // The hash says nothing of the namespace to who does not know the group and the URL.
    const [first, second] = [of('team-a', 'fffffffe'), of('team-b', '00000001')];
    const mixed = first.flatMap((lane, at) => [second[at] ?? lane, lane]);
    const shown = (lanes: typeof first): string[] =>
      lanes.map(([kind, name], at) => `${at === 0 ? '' : '  '}${kind} ${name}`);
    assert.deepEqual(order(mixed), [...shown(first), ...shown(second)]);
  });
});

describe('the jobs of two scale sets of a namespace', () => {
  const log = new TraceLog(A_HEADER);
  const note = (id: number, scaleSet: string | undefined, phase: string): void =>
    log.addObject({
      ...{ kind: 'Job', object: `arc/job-${id}`, at: id * 100 + phase.length, phase, basis: 'run' },
      ...(scaleSet === undefined ? {} : { scaleSet: `arc/${scaleSet}` }),
    });
  for (const [id, scaleSet] of [
    [1, 'big'],
    [2, 'small'],
    [3, 'big'],
  ] as const) {
    note(id, scaleSet, 'queued');
    note(id, scaleSet, 'completed');
  }

  it('have a lane for each, which a file has too', () => {
    const queued = (trace: TraceLog): unknown[] =>
      lanesOf(trace).map(({ kind, name, bars }) => [
        kind,
        name,
        bars.filter((bar) => bar.kind === BarKind.markJobQueued).length,
      ]);
    const expected = [
      ['Job', 'arc/big', 2],
      ['Job', 'arc/small', 1],
    ];
    assert.deepEqual(queued(log), expected);
    assert.deepEqual(queued(parseTrace([...traceLines(log)].join(''))), expected);
  });

  it('are counted by themselves where a lane is looked into', () => {
    assert.match(objectDetail(log, 'Job', 'arc/big')?.happened ?? '', /that are done: 2\./);
    assert.match(objectDetail(log, 'Job', 'arc/small')?.happened ?? '', /that are done: 1\./);
  });

  it('share the lane of their namespace in a trace that does not say whose they are', () => {
    const old = new TraceLog(A_HEADER);
    old.addObject({ kind: 'Job', object: 'arc/job-1', at: 1, phase: 'queued', basis: 'run' });
    assert.deepEqual(
      lanesOf(old).map(({ name }) => name),
      ['arc/jobs'],
    );
    assert.deepEqual([nameWithKind('Job', 'arc/jobs'), nameWithKind('Job', 'big')], ['jobs', 'jobs of big']);
  });
});
