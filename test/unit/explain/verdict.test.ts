import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDuration } from '../../../src/base/duration.ts';
import { DEFAULT_HORIZON_US, simulate } from '../../../src/run/embedded-run.ts';
import { POD_PRESETS } from '../../../src/kubernetes/embedded/pod-presets.ts';
import type { Load } from '../../../src/run/run-target.ts';
import { withJobDuration } from '../../../src/run/job-duration.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import type { RunStatistics } from '../../../src/analysis/statistics.ts';
import { milestoneText } from '../../../src/report/compare-text.ts';
import { runTroubles, troubleSentences } from '../../../src/explain/run-troubles.ts';
import { judgedRun, verdict, type JudgedRun } from '../../../src/explain/verdict.ts';
import type { ObjectEvent } from '../../../src/trace/model.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { spentUntilStarts } from '../../../src/analysis/time-spent.ts';
import { A_HEADER, beginPass, endPass, knownPasses } from '../../builders/traces.ts';

function aRun(mode: string, changes: Partial<RunSettings> = {}, horizonUs = DEFAULT_HORIZON_US): JudgedRun {
  const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode, ...changes }, { horizonUs });
  return judgedRun(trace, originUs);
}

function bothModes(changes: Partial<RunSettings>, horizonUs?: number): JudgedRun[] {
  return RELEASES.comparison.map((mode) => aRun(mode, changes, horizonUs));
}

const TEMPLATE = aRun('old').statistics;
const NO_TROUBLES = runTroubles(new TraceLog(A_HEADER), 0);
const TIMES = fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 1, maxLength: 40 });

function statisticsFor(mode: string, times: readonly number[], runners: number): RunStatistics {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    ...TEMPLATE,
    mode,
    runners,
    runnersWithPod: times.length,
    pods: times.length,
    firstPodUs: sorted[0] ?? null,
    p50PodUs: sorted[Math.floor(sorted.length / 2)] ?? null,
    lastPodUs: sorted.at(-1) ?? null,
  };
}

function runOf(mode: string, times: readonly number[], runners: number): JudgedRun {
  return {
    statistics: statisticsFor(mode, times, runners),
    troubles: NO_TROUBLES,
    settings: { workers: 1 },
    header: A_HEADER,
  };
}

describe('the sentence above two runs', () => {
  it('says what the new mode gains at the first pod, loses at the last, and why', () => {
    assert.match(
      verdict(bothModes({ runners: 3, workers: 1 })),
      /^With 1 worker and 3 runners, new made the first pod 428 ms sooner \(709 ms → 281 ms\), the median one 212 ms sooner \(715 ms → 503 ms\) and the last at about the same time: before its first pod old had registered 3 runners, new 1\.$/,
    );
  });

  it('gives earlier registrations as no reason for pods that come later', () => {
    for (const older of ['0.12.1', '0.13.1']) {
      const text = verdict([older, '0.14.2'].map((mode) => aRun(mode, { runners: 20, workers: 2 })));
      assert.match(text, /the last .* later \(/);
      assert.doesNotMatch(text, /before its first pod/);
    }
  });

  it('says that there is no real difference, why, and what to try', () => {
    assert.match(
      verdict(bothModes({ runners: 3, workers: 2 })),
      /^No real difference with 2 workers and 3 runners: the first pod after 279 ms and 268 ms, .*before their first pods old had registered 2 runners, new 2; try 30 runners\.$/,
    );
    assert.match(
      verdict(bothModes({ runners: 30, workers: 30, qps: 0 })),
      /^No real difference .*; every runner has a worker at once; try 300 runners\.$/,
    );
  });

  it('suggests more workers where calls to the Actions service run one at a time in one of the releases', () => {
    const load = { runners: 10, workers: 1 };
    const pair = (given: Partial<RunSettings>): string =>
      verdict([aRun('0.13.1', { ...load, ...given }), aRun('0.14.2', { ...load, ...given })]);
    assert.match(pair({}), /^No real difference .*; try 4 workers\.$/);
    assert.match(pair({ workers: 4 }), /made .* later/, 'what is suggested makes a difference');
  });

  it('is the same whichever of the modes comes first', () => {
    const runs = bothModes({ runners: 5, workers: 1 });
    assert.equal(verdict([...runs].reverse()), verdict(runs));
  });

  it('calls what is sooner sooner, what is later later, and only what is alike no difference, for whatever figures', () => {
    fc.assert(
      fc.property(TIMES, TIMES, fc.nat({ max: 3 }), (before, after, missing) => {
        const alike = after.slice(0, before.length);
        const [a, b] = [
          statisticsFor('old', before.slice(0, alike.length), alike.length + missing),
          statisticsFor('new', alike, alike.length + missing),
        ];
        const text = verdict([
          { statistics: a, troubles: NO_TROUBLES, settings: { workers: 1 }, header: A_HEADER },
          { statistics: b, troubles: NO_TROUBLES, settings: { workers: 1 }, header: A_HEADER },
        ]);
        const figures: [string, number, number][] = [
          ['the first pod', a.firstPodUs ?? 0, b.firstPodUs ?? 0],
          ['the median one', a.p50PodUs ?? 0, b.p50PodUs ?? 0],
          ['the last', a.lastPodUs ?? 0, b.lastPodUs ?? 0],
        ];
        const isAlike = ([, from, to]: [string, number, number]): boolean =>
          Math.abs(from - to) <= 0.05 * Math.max(from, to);
        if (text.includes('No real difference')) {
          const shown = figures.filter(([what]) => text.includes(what));
          assert.ok(shown.length > 0 && shown.every(isAlike), text);
        } else {
          for (const [what, from, to] of figures) {
            if (!text.includes(what)) continue;
            const difference = formatDuration(Math.abs(from - to));
            const claim = isAlike([what, from, to])
              ? `${what} at about the same time`
              : `${what} ${difference} ${to < from ? 'sooner' : 'later'}`;
            assert.ok(text.includes(claim), `${text}\ndoes not say: ${claim}`);
          }
          assert.ok(text.includes('the first pod'), text);
        }
        if (missing > 0) assert.doesNotMatch(text, /the last /, 'a last pod is named before it was made');
      }),
      { numRuns: 500 },
    );
  });

  it('claims earlier registrations only where there were more', () => {
    for (const [runners, workers, qps] of [
      [3, 1, 20],
      [30, 10, 80],
      [12, 3, 0],
    ] as const) {
      const runs = bothModes({ runners, workers, qps });
      const claim = /before its first pod old had registered (\d+) runners?, new (\d+)/.exec(verdict(runs));
      if (claim === null) continue;
      assert.deepEqual(
        claim.slice(1).map(Number),
        runs.map(({ statistics }) => statistics.registeredBeforeFirstPod),
      );
      assert.ok(Number(claim[1]) > Number(claim[2]));
    }
  });
});

describe('what is said of runs that differ in more than their modes', () => {
  const ALIKE = { runners: 3, workers: 1 };
  const CHANGES: readonly (readonly [Partial<RunSettings>, RegExp])[] = [
    [{ runners: 30 }, /3 against 30 runners/],
    [{ workers: 2 }, /1 against 2 workers/],
    [{ qps: 5 }, /20 against 5 requests a second for each kind of object/],
    [{ qps: 0 }, /20 against any number of requests a second/],
    [{ burst: 2 }, /30 against 2 at once/],
    [{ workqueueRateLimiter: 'typed_rate_limiter' }, /work queue: that of the release against typed_rate_limiter/],
    [{ jitLatencyUs: 10_000 }, /registration takes 200 ms against 10\.0 ms/],
    [{ apiLatencyUs: 40_000 }, /API request takes 4\.0 ms against 40\.0 ms/],
    [{ pods: 'slow-node' }, /pods: no preset against slow-node/],
    [{ podStartUs: 2_000_000 }, /time until pods start: not given against 2\.00 s/],
    [{ podStartUs: 1_000_000, jobDurationUs: 9_000_000 }, /length of jobs: not given against 9\.00 s/],
  ];
  const LOADS: readonly (readonly [Load, RegExp])[] = [
    [{ perSecond: 1 }, /runners come all at once against 1 a second/],
    [{ throughSet: true }, /runners are made one by one against by an EphemeralRunnerSet/],
    [
      { conditions: { faults: [{ verb: 'create', resource: 'pods', status: 500, times: 1 }] } },
      /requests that fail: none against create pods 500 1/,
    ],
    [
      { conditions: { actionsFaults: [{ operation: 'generatejitconfig', status: 503, times: 1 }] } },
      /requests that fail: none against generatejitconfig 503 1/,
    ],
    [{ conditions: { otherActionsLatencyUs: 500_000 } }, /other calls .* the usual time against 500 ms/],
    [{ conditions: { jitLatencyUs: 10_000 } }, /registration takes 200 ms against 10\.0 ms/],
  ];
  const old = aRun('old', ALIKE);

  function assertNamed(text: string, named: RegExp): void {
    assert.match(text, /The runs differ in more than the mode: /);
    assert.match(text, named);
    assert.match(text, /What follows is not the mode’s doing alone\./);
    assert.doesNotMatch(text, /made the|before its first pod|No real difference|made no real/);
    assert.match(text, /First pod: /);
  }

  it('names each setting that differs, with both values, and credits no mode', () => {
    for (const [change, named] of CHANGES) {
      const run = aRun('new', { ...ALIKE, ...change });
      assertNamed(verdict([old, run]), named);
      assertNamed(verdict([run, old]), named);
      assertNamed(
        verdict([old, aRun('0.13.1', ALIKE), run]),
        new RegExp(named.source.replace(' against ', ' against .*')),
      );
    }
  });

  it('names how runners came and what they met, which are no settings', () => {
    for (const [load, named] of LOADS) {
      const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', ...ALIKE }, { load });
      assertNamed(verdict([old, judgedRun(trace, originUs)]), named);
    }
  });

  it('names what was changed while one of them went on', () => {
    const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', ...ALIKE });
    trace.addMark({ at: 1, what: 'fault', text: 'API request takes 1.00 s', basis: 'run' });
    assertNamed(
      verdict([old, judgedRun(trace, originUs)]),
      /changes while they went on: none against API request takes/,
    );
  });

  it('names where they ran, and how many runners a cluster had that has its own', () => {
    const shadowOf = (run: JudgedRun): JudgedRun => ({
      ...run,
      settings: { workers: 1 },
      header: { ...run.header, sources: [{ kind: 'shadow' }] },
    });
    const many = aRun('new', { ...ALIKE, runners: 30 });
    assertNamed(verdict([old, shadowOf(aRun('new', ALIKE))]), /the embedded cluster against shadow/);
    assertNamed(verdict([shadowOf(old), shadowOf(many)]), /3 against 30 runners/);
    assert.match(verdict([shadowOf(old), shadowOf(aRun('new', ALIKE))]), /new made the first pod/);
  });

  it('compares runs of one mode by what they differ in', () => {
    const text = verdict([aRun('new', ALIKE), aRun('new', { ...ALIKE, workers: 2 })]);
    assert.match(text, /^The runs differ in their settings: 1 against 2 workers\. First pod: new \([12]\) /);
  });

  it('takes a seed, or what one of them does not say, for no difference', () => {
    const log = { ...aRun('new', ALIKE), isRead: true };
    const { workers } = log.header.settings;
    const header = { ...log.header, settings: { workers }, sources: [{ kind: 'controller-log' }] };
    const read: JudgedRun = { ...log, settings: {}, header };
    assert.match(verdict([old, aRun('new', { ...ALIKE, seed: 7 })]), /new made the first pod/);
    assert.doesNotMatch(verdict([old, read]), /takes|pods:|fail:/);
  });
});

describe('the sentence above several runs', () => {
  it('sets each beside the baseline and calls it what it is, for whatever figures and in whatever order', () => {
    fc.assert(
      fc.property(fc.array(TIMES, { minLength: 3, maxLength: 5 }), fc.nat(), (all, which) => {
        const runners = Math.min(...all.map(({ length }) => length));
        const runs = all.map((times, index) => runOf(`m${index}`, times.slice(0, runners), runners));
        const base = runs[which % runs.length] as JudgedRun;
        const text = verdict(runs, base.statistics.mode);
        const opening = `Compared with ${base.statistics.mode} (1 worker and ${runners === 1 ? '1 runner' : `${runners} runners`}): `;
        assert.ok(text.startsWith(opening) && text.endsWith('.'), text);
        const others = runs.filter((run) => run !== base);
        const parts = text.slice(opening.length, -1).split('; ');
        assert.equal(parts.length, others.length, text);
        others.forEach(({ statistics: s }, index) => {
          const [from, to] = [base.statistics.firstPodUs ?? 0, s.firstPodUs ?? 0];
          const difference = formatDuration(Math.abs(from - to));
          const isAlike = Math.abs(from - to) <= 0.05 * Math.max(from, to);
          const claims = isAlike
            ? [`${s.mode} made no real difference`, `${s.mode} made the first pod at about the same time`]
            : [`${s.mode} made the first pod ${difference} ${to < from ? 'sooner' : 'later'} `];
          assert.ok(
            claims.some((claim) => parts[index]?.startsWith(claim)),
            `${text}\ndoes not say: ${claims.join(' or ')}`,
          );
        });
      }),
      { numRuns: 300 },
    );
  });

  it('takes the earliest release as the baseline where none is named', () => {
    const runs = [runOf('m', [3], 1), runOf('new', [2], 1), runOf('old', [1], 1)];
    assert.match(verdict(runs), /^Compared with old \(1 worker and 1 runner\): m made/);
  });

  it('says how far each has come while one goes on, and nothing of the last pod', () => {
    const runs = [runOf('old', [900_000], 3), runOf('new', [100_000, 200_000], 3), runOf('m', [900_000], 3)];
    assert.equal(
      verdict(runs),
      'old has pods for 1 of 3 runners. new has pods for 2 of 3 runners. m has pods for 1 of 3 runners. ' +
        'Compared with old (1 worker and 3 runners): new made the first pod 800 ms sooner (900 ms → 100 ms); m made no real difference.',
    );
  });

  it('counts from the start of reconciling where runners were held at first, for as long as that was', () => {
    const [held, free] = [23_500_000, 0].map((releasedUs) => {
      const trace = new TraceLog({ ...A_HEADER, sources: [{ kind: 'shadow' }], settings: { workers: 1 } });
      trace.addObject({ object: 'ns/r', kind: 'EphemeralRunner', at: 0, phase: '', pod: 'none' });
      const pass = beginPass(trace, 'ns/r', releasedUs + 300_000, { queued: releasedUs });
      const request = { to: 'kubernetes', verb: 'create', resource: 'pods', started: releasedUs + 400_000 } as const;
      trace.beginRequest(pass, { ...request, throttled: 0 });
      trace.endRequest(pass, { status: 201, ended: releasedUs + 450_000 });
      endPass(trace, pass, releasedUs + 460_000);
      return verdict([judgedRun(trace, trace.originUs)]);
    });
    assert.match(held ?? '', /after 450 ms/);
    assert.equal(held, free, 'the time in which it was held counts');
  });

  it('names traces that are opened together by mode and run, each by a name of its own, its troubles too', () => {
    const two = bothModes({ runners: 2, pods: 'fails-at-start' });
    const [failed, other] = [two.map((run) => ({ ...run, name: 'embedded 7' })), aRun('old', { runners: 2 })];
    const text = verdict([...failed, { ...other, name: 'embedded 8' }]);
    assert.match(text, /^In old \(embedded 7\) both runners failed[^.]*\. In new \(embedded 7\) both runners failed/);
    assert.match(text, /First pod: .*old \(embedded 8\) /);
    const same = verdict([...failed, ...failed]);
    for (const name of ['old (embedded 7)', 'old (embedded 7, 2)', 'new (embedded 7, 2)']) {
      assert.ok(same.includes(`${name} `), `${name} is not in: ${same}`);
    }
  });

  it('ranks runs where one has no pod yet, and runs of one mode', () => {
    assert.match(
      verdict([runOf('old', [1], 1), runOf('new', [], 1), runOf('m', [2], 1)]),
      /^First pod: old 1 µs, m 2 µs, new –;/,
    );
    assert.match(
      verdict([runOf('new', [3], 1), runOf('new', [1], 1), runOf('new', [2], 1)]),
      /^First pod: new \(2\) 1 µs, /,
    );
  });
});

describe('a run that was stopped while its runners were created', () => {
  const created = aRun('new', { runners: 3 }, 2_000_000);
  const stopped = { ...created, endedUs: 2_000_000, settings: { ...created.settings, runners: 3_000 } };

  it('says how many were not, and does not count them among those that wait', () => {
    assert.match(
      verdict([stopped]),
      /^Stopped after 2\.00 s: 3 of 3000 runners had a pod, 2997 were not created\. Pods with /,
    );
  });

  it('says of a single pod when it came', () => {
    const one = { ...stopped, statistics: { ...stopped.statistics, runners: 3, runnersWithPod: 1, pods: 1 } };
    assert.match(
      verdict([one]),
      /, 2 still had none and 2997 were not created\. The pod came after \d+ ms with 2 workers; /,
    );
  });
});

describe('several runs without a pod', () => {
  it('are not ranked', () => {
    const text = verdict([runOf('old', [], 4), runOf('new', [], 4), runOf('m', [], 4)]);
    assert.match(text, /old has pods for 0 of \d+ runners\./);
    assert.doesNotMatch(text, /–/);
  });
});

describe('pods that took the place of others', () => {
  it('are counted in the sentence over two runs and over more, for each', () => {
    const run = (mode: string, pods: number): JudgedRun => {
      const made = runOf(mode, [1, 2], 2);
      return { ...made, statistics: { ...made.statistics, pods } };
    };
    const end = (...runs: readonly JudgedRun[]): string => /\. ([^.]*)\.$/.exec(verdict(runs))?.[1] ?? '';
    const what = 'More pods took the place of pods that ended';
    assert.equal(end(run('old', 5), run('new', 3)), `${what}: 3 in old and 1 in new`);
    assert.equal(end(run('old', 5), run('new', 5)), `${what}: 3 in each`);
    assert.equal(end(run('old', 2), run('new', 3), run('latest', 2)), `${what}: 0 in old, 1 in new and 0 in latest`);
    assert.doesNotMatch(verdict([run('old', 2), run('new', 2)]), /took the place/);
  });
});

describe('the sentence above one run', () => {
  it('says when pods came, and where the time went', () => {
    assert.match(
      verdict([aRun('new', { runners: 30, workers: 1 })]),
      /^30 runners got their pods with 1 worker: the first after 711 ms, half of them after 4\.66 s, the last after 7\.73 s; 94 % of the time until pods were made, on average 4\.\d\d s of 4\.\d\d s, was waiting for the only worker, and 78 % of the work was calls of the Actions service\.$/,
    );
    assert.match(
      verdict([aRun('new', { runners: 30, workers: 30, qps: 5, burst: 5 })]),
      /; \d\d % of the time until pods were made, on average .*, was being held back by the client limiter on (secrets|ephemeralrunners) and (secrets|ephemeralrunners)\.$/,
    );
  });

  it('says that more workers would hardly help where one call at a time keeps them busy', () => {
    const hardly =
      ' More workers would hardly help: since ARC 0.14.0 one call to the Actions service runs at a time (#4390).';
    for (const workers of [1, 4]) {
      const text = verdict([aRun('0.14.2', { runners: 60, workers })]);
      assert.ok(text.endsWith(`of the work was calls of the Actions service.${hardly}`), text);
    }
    for (const run of [
      aRun('0.14.2-4390', { runners: 60, workers: 4 }),
      aRun('0.13.1', { runners: 60, workers: 1 }),
      aRun('0.14.2', { runners: 60, workers: 4, jitLatencyUs: 1_000 }),
    ]) {
      assert.doesNotMatch(verdict([run]), /hardly/);
    }
  });

  it('says when the last pod ran where that took much longer than making it', () => {
    const text = verdict([aRun('new', { pods: 'slow-node' })]);
    assert.match(text, /, and the last ran after 1 min \d+ s;/);
  });

  it('names what pods waited for before they ran, over the whole time until they did', () => {
    const cases = [
      [
        'waits-for-node',
        /99 % of the time until pods ran, on average 1 min 59 s of 2 min 1 s, was waiting for a node that has room \(Unschedulable\)\.$/,
      ],
      [
        'slow-node',
        /99 % of the time until pods ran, on average .*, was creating containers and pulling their images \(ContainerCreating\)\.$/,
      ],
    ] as const;
    for (const [pods, said] of cases) assert.match(verdict([aRun('new', { pods, workers: 1 })]), said);
    assert.match(
      verdict([aRun('new', { pods: 'jobs', workers: 1, runners: 30 })]),
      /; \d\d % of the time until pods ran, on average .*, was waiting for the only worker, and /,
    );
    assert.match(verdict([aRun('new', { pods: 'image-pull-back-off', workers: 1 })]), /until pods were made/);
  });

  it('adds up until pods ran too, to the microsecond, for the runners whose pods did', () => {
    for (const pods of ['jobs', 'slow-node', 'waits-for-node', 'one-slow-node', 'no-capacity', 'exits-unregistered']) {
      const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', runners: 12, pods }, { horizonUs: 600_000_000 });
      const spent = spentUntilStarts(trace) ?? assert.fail(`no pod ran: ${pods}`);
      const queued = new Map<string, number>();
      for (const { object, queued: atUs } of knownPasses(trace)) if (!queued.has(object)) queued.set(object, atUs);
      const times = [...queued].flatMap(([object, fromUs]) => {
        const ran = [...trace.runnerEvents(object)].find(({ pod }) => pod === 'running' || pod === 'ready');
        return ran === undefined ? [] : [ran.at - fromUs];
      });
      const { workerUs, delayUs, actionsUs, kubernetesUs, otherUs, limiterUs, podUs } = spent;
      const parts = [
        workerUs,
        delayUs,
        actionsUs,
        kubernetesUs,
        otherUs,
        ...Object.values(limiterUs),
        ...Object.values(podUs),
      ];
      const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);
      assert.equal(spent.runners, times.length, pods);
      assert.equal(sum(parts), sum(times), pods);
    }
  });

  it('says for two runs when the last pod ran, where that took much longer than making it', () => {
    const pods = { pods: 'waits-for-node', runners: 3, workers: 1 };
    assert.match(
      verdict(bothModes(pods)),
      / The last one ran after 2 min 11 s in both\. What took longest was waiting for a node that has room \(Unschedulable\)\.$/,
    );
    const [old, fresh] = bothModes({ ...pods, pods: 'slow-node' }) as [JudgedRun, JudgedRun];
    const slower = { ...fresh, statistics: { ...fresh.statistics, lastStartedUs: 300_000_000 } };
    assert.match(
      verdict([old, slower]),
      / The last one ran after 1 min 38 s in old and 5 min 0 s in new\. What took longest was creating containers/,
    );
  });

  it('counts the pods there are while it goes on, and says nothing of the last', () => {
    const { statistics, settings, troubles, header } = aRun('new', { runners: 3 });
    const going = { header, settings, troubles, isRunning: true, statistics: { ...statistics, runners: 30 } };
    assert.match(verdict([going]), /^3 of 30 runners have pods/);
    for (const runs of [[going], [going, going]]) assert.doesNotMatch(verdict(runs), /the last|half/);
    assert.equal(verdict([]), '');
    assert.equal(verdict([{ ...going, statistics: { ...statistics, runners: 0 } }]), '');
  });

  it('counts against all runners that are asked for, while some are still to be created', () => {
    const { statistics, troubles, header } = aRun('new', { runners: 3 });
    const settings = { workers: 1, runners: 500 };
    const going = { header, settings, troubles, isRunning: true, statistics: { ...statistics, runners: 356 } };
    assert.match(verdict([going]), /^3 of 500 runners have pods/);
    const none = {
      ...statistics,
      runners: 356,
      pods: 0,
      runnersWithPod: 0,
      firstPodUs: null,
      p50PodUs: null,
      lastPodUs: null,
    };
    assert.equal(verdict([{ ...going, statistics: none }]), 'No pod for 500 runners yet.');
    assert.match(verdict([going, { ...going, statistics: none }]), /has made 3 of 500 pods, .* no pod\.$/);
    const stopped = { ...going, isRunning: false, endedUs: 5_000_000 };
    assert.match(
      verdict([stopped]),
      /^Stopped after 5\.00 s: 3 of 500 runners had a pod, 353 still had none and 144 were not created\./,
    );
  });

  it('adds up: what the time until pods is split into is that time, to the microsecond', () => {
    for (const mode of RELEASES.comparison) {
      const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode, runners: 40, workers: 3 });
      const { untilPods } = judgedRun(trace, originUs).statistics;
      const firstQueued = new Map<string, number>();
      let totalUs = 0;
      for (const pass of knownPasses(trace)) {
        if (!firstQueued.has(pass.object)) firstQueued.set(pass.object, pass.queued);
        const made = pass.requests.find(({ resource, verb }) => resource === 'pods' && verb === 'create');
        if (made !== undefined) totalUs += made.ended - (firstQueued.get(pass.object) ?? 0);
      }
      const { limiterUs, runners, ...parts } = untilPods;
      assert.equal(runners, 40);
      const sum = [...Object.values(parts), ...Object.values(limiterUs)].reduce((a, b) => a + b, 0);
      assert.equal(sum, totalUs, mode);
      assert.ok(Object.values(parts).every((us) => us >= 0));
    }
  });
});

describe('what goes wrong with runners', () => {
  const NOTHING = /^(With|3 runners got)/;
  /** By preset: what is said first. */
  const SAID: Readonly<Record<string, RegExp>> = {
    none: NOTHING,
    jobs: NOTHING,
    'no-capacity': NOTHING,
    'waits-for-node': NOTHING,
    'slow-node': NOTHING,
    'one-slow-node': NOTHING,
    'image-pull-back-off': /no pod started: ImagePullBackOff\. /i,
    'init-fails': /no pod started: init container exit 1\. /i,
    'fails-at-start': /all 3 runners failed: exit 1\. /i,
    'outdated-runner': /all 3 runners failed: exit 7\. /i,
    'exits-unregistered': /all 3 runners failed: exit 0 without a job\. /i,
    'oom-killed': /all 3 runners failed: OOMKilled\. /i,
    evicted: /all 3 runners failed: Evicted\. /i,
    'job-still-running': /all 3 runners failed: exit 1\. /i,
  };

  for (const { name } of POD_PRESETS) {
    it(`comes before the figures, for one run and for two: ${name}`, () => {
      const runs = bothModes(withJobDuration({ pods: name, jobDurationUs: undefined, workers: 1 }));
      const wanted = SAID[name];
      assert.ok(wanted !== undefined, `nobody says what is to be said of ${name}`);
      for (const sentence of [verdict(runs), verdict([runs[1] as JudgedRun])]) assert.match(sentence, wanted);
      if (wanted === NOTHING) return;
      assert.ok(verdict(runs).startsWith('In both runs '), verdict(runs));
    });

    it(`leaves the figures to each runner's first pod: ${name}`, () => {
      const sentence = verdict(bothModes(withJobDuration({ pods: name, jobDurationUs: undefined, workers: 1 })));
      assert.match(sentence, /new made the first pod 4\d\d ms sooner \(7\d\d ms → 28\d ms\)/, sentence);
      assert.match(sentence, /the median one 21\d ms sooner \(7\d\d ms → 50\d ms\)/, sentence);
      assert.match(sentence, /and the last at about the same time: before its first pod old/, sentence);
    });
  }

  it('is not that pods wait as the settings say: with no kubelet, or with one that takes its time', () => {
    for (const changes of [
      {},
      { pods: 'none' },
      { podStartUs: 120_000_000 },
      { pods: 'jobs', podStartUs: 120_000_000 },
    ]) {
      const runs = bothModes({ runners: 300, workers: 1, jobDurationUs: undefined, ...changes }, 150_000_000);
      for (const { troubles } of runs) assert.equal(troubles.notStarted.count, 0, JSON.stringify(changes));
      assert.doesNotMatch(verdict(runs), /did not start|no pod started/i);
    }
  });

  it('is said of those runners that it happened to', () => {
    const sentence = verdict([
      aRun('new', { pods: 'one-slow-node', runners: 9, jobDurationUs: 10_000_000 }, 90_000_000),
    ]);
    assert.match(sentence, /^1 of 9 runners did not start: an init container still runs\. /);
  });

  it('is that ARC refused to go on with pods that the server does not accept, in the words of the server', () => {
    const trace = new TraceLog(A_HEADER);
    for (const runner of ['ns/a', 'ns/b']) {
      trace.addObject({
        ...{
          kind: 'EphemeralRunner',
          object: runner,
          at: 10,
          phase: 'Failed',
          runnerId: 1,
          pod: 'none',
          deleted: false,
        },
        reason: 'InvalidPod',
        message:
          'Failed to create the pod: pods "a" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1',
      });
      endPass(trace, beginPass(trace, runner, 1, { queued: 0 }), 20);
    }
    assert.match(verdict([judgedRun(trace, 0, 40)]), /> 1\. No pod was made\.$/, 'while it goes on, too');
    trace.end(50);
    assert.equal(
      verdict([judgedRun(trace, 0)]),
      'Both runners failed: exceeded quota few: used 1 + requested 1 > 1. No pod was made.',
    );
  });

  describe('with several reasons', () => {
    const refused =
      'Failed to create the pod: pods "a" is forbidden: exceeded quota: few, requested: pods=1, used: pods=5, limited: pods=5';
    const failed = (reason: string, message = ''): Partial<ObjectEvent> => ({
      ...{ phase: 'Failed', pod: 'none', reason, message },
    });
    const ended = (code: string): Partial<ObjectEvent> => ({
      ...{ phase: 'Failed', pod: 'failed', reason: 'TooManyPodFailures' },
      trouble: { code, ended: true },
    });
    const waiting = (code: string, phase = 'Pending'): Partial<ObjectEvent> => ({
      ...{ phase, pod: 'pending', trouble: { code, since: 0 } },
    });
    const CASES: readonly [what: string, runners: readonly (readonly Partial<ObjectEvent>[])[], wanted: string][] = [
      [
        'failed runners',
        [[ended('exit 3')], [ended('Evicted')], [ended('exit 3')]],
        'All 3 runners failed: 2 with exit 3, 1 Evicted.',
      ],
      [
        'runners that the server and ARC gave up',
        [[failed('TooManyPodFailures')], [failed('InvalidPod', refused)], [failed('InvalidPod', refused)]],
        'All 3 runners failed: 2 exceeded quota few (used 5 + requested 1 > 5), 1 after too many pod failures.',
      ],
      [
        'runners that did not start',
        [[waiting('ImagePullBackOff')], [waiting('Unschedulable')], [waiting('Unschedulable')]],
        'No pod started: 2 Unschedulable, 1 ImagePullBackOff.',
      ],
      [
        'runners that got stuck',
        [
          [{ pod: 'running', phase: 'Running' }, waiting('CrashLoopBackOff', 'Running')],
          [
            { pod: 'running', phase: 'Running' },
            { pod: 'deleted', phase: 'Running' },
          ],
        ],
        'Both runners got stuck: 1 CrashLoopBackOff, 1 with no pod.',
      ],
      [
        'runners that lost pods',
        [
          [{ pod: 'failed', trouble: { code: 'exit 3', ended: true } }, { pod: 'running' }],
          [{ pod: 'failed', trouble: { code: 'Evicted', ended: true } }, { pod: 'running' }],
        ],
        'Both runners lost pods: 1 with exit 3, 1 Evicted.',
      ],
      [
        'runners that lost pods, also those that are gone',
        [
          [{ pod: 'failed', trouble: { code: 'exit 3', ended: true } }, { deleted: true }],
          [{ pod: 'failed', trouble: { code: 'exit 3', ended: true } }, { pod: 'running' }],
        ],
        'Both runners lost pods: exit 3.',
      ],
    ];
    for (const [what, runners, wanted] of CASES) {
      it(`counts each: ${what}`, () => {
        const trace = new TraceLog(A_HEADER);
        for (const [number, events] of runners.entries()) {
          for (const [step, event] of events.entries()) {
            trace.addObject({
              ...{ kind: 'EphemeralRunner', object: `ns/r${number}`, at: step, phase: 'Running', runnerId: 1 },
              ...{ pod: 'none', deleted: false, ...event },
            });
          }
        }
        const troubles = runTroubles(trace, 100_000_000);
        assert.deepEqual(troubleSentences([{ name: 'new', troubles }]), [wanted]);
      });
    }
  });

  it('is that pods were lost, while runners still get others', () => {
    const sentence = verdict([aRun('new', { pods: 'oom-killed' }, 20_000_000)]);
    assert.match(sentence, /^All 3 runners lost pods: OOMKilled\. 3 runners got their pods/);
  });
});

describe('a run that was stopped', () => {
  it('says after how long, and how far each had come', () => {
    const runs = bothModes({ runners: 50, workers: 1 }, 5_000_000);
    assert.match(verdict(runs), /^Stopped after 5\.00 s: old had made no pod, new 9 of 50 pods\.$/);
    const [old, fresh] = runs as [JudgedRun, JudgedRun];
    assert.equal(verdict([old]), 'Stopped after 5.00 s without a pod for 50 runners.');
    assert.match(
      verdict([fresh]),
      /^Stopped after 5\.00 s: 9 of 50 runners had a pod, 41 still had none\. Pods with 1 worker: the first after/,
    );
  });

  it('counts the runners that had not had a worker before the end, in every release', () => {
    for (const mode of RELEASES.ids) {
      const run = aRun(mode, { runners: 300, workers: 1 }, 29_000_000);
      const { runnersWithPod } = run.statistics;
      const had =
        runnersWithPod === 0
          ? 'Stopped after 29.00 s without a pod for 300 runners.'
          : `Stopped after 29.00 s: ${runnersWithPod} of 300 runners had a pod, ${300 - runnersWithPod} still had none.`;
      const text = verdict([run]);
      assert.ok(text.startsWith(had), `${mode}: ${text}`);
      assert.doesNotMatch(text, /got their pods|half of them|the last after/, mode);
      assert.match(verdict([run, aRun('new', { runners: 300, workers: 1 }, 29_000_000)]), /^Stopped after 29\.00 s: /);
    }
  });

  it('compares the first pods where both have one', () => {
    const sentence = verdict(bothModes({ runners: 30, workers: 1 }, 7_500_000));
    assert.match(
      sentence,
      /^Stopped after 7\.50 s: old had made \d+ of 30 pods, new \d+ of 30 pods\. With 1 worker and 30 runners, new made the first pod 6\.\d\d s sooner/,
    );
  });

  it('is none that made all its pods, nor one that goes on', () => {
    assert.doesNotMatch(verdict(bothModes({ pods: 'slow-node', runners: 3 }, 30_000_000)), /Stopped/);
    const going = bothModes({ runners: 50, workers: 1 }, 5_000_000).map((run) => ({ ...run, isRunning: true }));
    assert.match(verdict(going), /^old has made no pod, new 9 of 50 pods\.$/);
  });
});

describe('the table of steps', () => {
  it('has its figures below one another also where steps take minutes', () => {
    const runs = RELEASES.comparison.map((mode) =>
      simulate({ ...DEFAULT_SETTINGS, mode, workers: 1, jitLatencyUs: 31_000_000 }),
    );
    const [, ...rows] = milestoneText(runs).split('\n');
    assert.match(rows.join('\n'), / 31\.\d\d s {2}registered.*1 min \d s {2}registered/s);
    const places = rows.slice(1).map((row) => row.search(/registered|◆/));
    assert.equal(new Set(places).size, 1, rows.join('\n'));
  });
});
