import assert from 'node:assert/strict';
import { record, recordInSlices, type Recording } from '../../../src/debug/recording.ts';
import { CallSites } from '../../../src/debug/call-sites.ts';
import { deleteRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners } from '../../../src/kubernetes/resource.ts';
import type { EphemeralRunner } from '../../../src/kubernetes/types.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { traceLines } from '../../../src/trace/jsonl.ts';
import { tokensAt } from '../../../src/debug/recording.ts';

/** `RUNS=10000` looks at as many. */
const RUNS = Number(process.env['RUNS'] ?? 20);
/** Drawn, so that each day looks at others; `SEED` repeats one. */
const FIRST_SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000));

const settings = (change: Partial<RunSettings> = {}): RunSettings => ({
  ...{ ...DEFAULT_SETTINGS, mode: 'new', runners: 4, podStartUs: 1_000_000, jobDurationUs: 5_000_000 },
  ...change,
});

/** All that is known of each moment, for comparing. */
function momentsOf({ moments }: Recording, end = moments.length): readonly string[] {
  return Array.from({ length: end }, (_, at) => {
    const { id, key, worker } = moments.pass(at);
    return [moments.timeUs(at), id, key, worker, moments.effect(at)?.kind ?? moments.outcome(at)?.kind].join(' ');
  });
}

describe('a recording', () => {
  it('is of the very run that happens without it, in every release', () => {
    for (const mode of RELEASES.ids) {
      const plain = simulate(settings({ mode }));
      const recorded = record(settings({ mode })).finished;
      assert.deepEqual(
        [...traceLines(recorded.trace, recorded.trace.endedUs, recorded.originUs)],
        [...traceLines(plain.trace, plain.trace.endedUs, plain.originUs)],
        `${mode}: the trace differs`,
      );
    }
  });

  it(`is the same each time, and an edit changes nothing before its moment (${RUNS} runs from seed ${FIRST_SEED})`, () => {
    const sites = new CallSites();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const first = record(settings({ seed }), {}, [], sites);
      const { length } = first.moments;
      const requests = Array.from({ length }, (_, at) => at).filter(
        (at) => first.moments.effect(at)?.kind === 'kubernetes' || first.moments.effect(at)?.kind === 'http',
      );
      const moment = requests[(seed * 7) % requests.length] ?? 0;
      const edited = record(
        settings({ seed }),
        {},
        [{ kind: 'answer', moment, replacement: { kind: 'status', status: 500, delayUs: 1_000 } }],
        sites,
      );
      assert.deepEqual(momentsOf(edited, moment + 1), momentsOf(first, moment + 1), `seed ${seed}`);
      const again = edited.moments.answerOf(moment);
      assert.notDeepEqual(again, first.moments.answerOf(moment), `seed ${seed}: the answer is not changed`);
    }
  }).timeout(10_000 + RUNS * 1_000);

  it('keeps the beginning of a run that is too long, and says that it has no end', async () => {
    const sites = new CallSites();
    const whole = record(settings({ runners: 9 }), {}, [], sites);
    const { signal } = new AbortController();
    const cut = await recordInSlices(settings({ runners: 9 }), {}, [], sites, { signal }, 100);
    assert.ok(cut !== undefined && cut.moments.length >= 100 && cut.moments.length < whole.moments.length);
    assert.deepEqual(momentsOf(cut, 100), momentsOf(whole, 100));
    assert.equal(cut.finished.end.kind, 'interrupted');
    const edit = { kind: 'conditions', moment: 50, change: { jitLatencyUs: 1 } } as const;
    const edited = await recordInSlices(settings({ runners: 9 }), {}, [edit], sites, { signal });
    const again = record(settings({ runners: 9 }), {}, [edit], sites);
    assert.deepEqual(momentsOf(edited as Recording), momentsOf(again), 'the same in slices');
  });

  it('lets a user act wherever a pass stands, at its end too', () => {
    const sites = new CallSites();
    const of = settings({ mode: 'latest', runners: 1, podStartUs: 1_000_000, jobDurationUs: 9_000_000 });
    const first = record(of, {}, [], sites);
    const key = 'EphemeralRunner arc-runners/runner-1';
    const there = Array.from({ length: first.moments.length }, (_, at) => at).filter(
      (at) => (first.truth.at(key, at) as EphemeralRunner | undefined)?.metadata.deletionTimestamp === undefined,
    );
    const inRun = there.filter((at) => first.truth.at(key, at) !== undefined);
    assert.ok(inRun.some((at) => first.moments.isEnd(at)));
    for (const moment of inRun) {
      const request = deleteRequest(EphemeralRunners, 'arc-runners', 'runner-1');
      const edited = record(of, {}, [{ kind: 'user', moment, request }], sites);
      const now = edited.truth.at(key, moment + 1) as EphemeralRunner | undefined;
      assert.ok(now === undefined || now.metadata.deletionTimestamp !== undefined, `moment ${moment}`);
      assert.deepEqual(momentsOf(edited, moment + 1), momentsOf(first, moment + 1));
    }
  }).timeout(60_000);

  it('fails as a whole where an edit cannot be made, wherever its pass is', () => {
    const sites = new CallSites();
    const first = record(settings({ runners: 1 }), {}, [], sites);
    const end = Array.from({ length: first.moments.length }, (_, at) => at).find((at) => first.moments.isEnd(at)) ?? -1;
    for (const moment of [0, 5, end]) {
      const edit = { kind: 'conditions', moment, change: { jitLatencyUs: -1 } } as const;
      assert.throws(() => record(settings({ runners: 1 }), {}, [edit], sites), /jitLatencyUs is a number/);
    }
  });

  it('finds the same call stacks whether they are captured whole or only where they are new', () => {
    for (const mode of RELEASES.ids) {
      for (const pods of ['jobs', 'fails-at-start', 'evicted']) {
        const of = settings({ mode, pods });
        const [whole, short] = [new CallSites(undefined, 60), new CallSites()].map((sites) =>
          record(of, { load: { throughSet: true }, horizonUs: 120_000_000 }, [], sites),
        ) as [Recording, Recording];
        for (let at = 0; at < whole.moments.length; at++) {
          const [expected, found] = [whole, short].map(({ sites, moments }) => sites.frames(moments.site(at)));
          assert.deepEqual(found, expected, `${mode}, ${pods}: moment ${at}, ${whole.moments.effect(at)?.kind}`);
        }
      }
    }
  }).timeout(240_000);

  it('finds the moments of workers and keys as a search through all does', () => {
    const { moments } = record(settings({ runners: 9, workers: 3 }));
    const all = Array.from({ length: moments.length }, (_, at) => at);
    for (const at of all.filter((moment) => moment % 7 === 0)) {
      for (const of of moments.workers()) {
        const isOf = (moment: number): boolean =>
          moments.pass(moment).worker === of.worker && moments.pass(moment).controller === of.controller;
        assert.equal(moments.lastOfWorker(of, at), all.slice(0, at + 1).findLast(isOf), `before moment ${at}`);
        assert.equal(moments.nextOfWorker(of, at), all.slice(at + 1).find(isOf), `after moment ${at}`);
      }
      const { key } = moments.pass((at * 31) % moments.length);
      const isOfKey = (moment: number): boolean => moments.pass(moment).key === key;
      assert.equal(moments.lastOfKey(key, at), all.slice(0, at + 1).findLast(isOfKey), `${key} before moment ${at}`);
      assert.deepEqual([...moments.ofKeyFrom(key, at)], all.slice(at).filter(isOfKey), `${key} from moment ${at}`);
    }
  });

  it('knows where every effect was made', () => {
    const sites = new CallSites();
    const { moments } = record(settings(), {}, [], sites);
    for (let at = 0; at < moments.length; at++) {
      if (moments.isEnd(at)) continue;
      const [place] = sites.frames(moments.site(at));
      assert.ok(place !== undefined, `moment ${at}, ${moments.effect(at)?.kind}, has no place`);
      assert.match(
        sites.sources.linesOf(place.file)[place.line - 1] ?? '',
        /\S/,
        `${place.file}:${place.line} is empty`,
      );
      assert.match(place.function, /^\w+$/, `${place.file}:${place.line} is in no function`);
    }
  });

  it("follows the client's tokens as the client itself counts them", () => {
    const {
      buckets,
      throttled,
      moments,
      settings: of,
    } = record(settings({ runners: 60, workers: 8, jitLatencyUs: 0 }));
    assert.ok(throttled.size > 20, 'nothing was held back, so nothing is shown');
    for (const [moment, us] of throttled) {
      const effect = moments.effect(moment);
      assert.ok(effect?.kind === 'kubernetes');
      const before = tokensAt(
        buckets.at(effect.request.resource.plural, moment),
        moments.timeUs(moment),
        of.qps,
        of.burst,
      );
      const expectedUs = (1 - before) * (1e6 / of.qps);
      assert.ok(Math.abs(expectedUs - us) <= 1, `moment ${moment}: held back ${us} µs, by the tokens ${expectedUs}`);
    }
  });
});
