import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { runLive, simulate, type FinishedRun } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { stepsOf } from '../../../src/analysis/steps.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { traceLines } from '../../../src/trace/jsonl.ts';

interface Burst {
  readonly mode: string;
  readonly workers: number;
  readonly jitMs: number;
  readonly first: number;
  readonly median: number;
  readonly last: number;
  readonly k8sTotal: number;
  readonly reconciles: { readonly success: number; readonly requeue: number };
}

function settingsFor(mode: string, changes: Partial<RunSettings> = {}): RunSettings {
  return { ...DEFAULT_SETTINGS, mode, workers: 1, ...changes };
}

/** Registrations and pods in order, as `r1 p1 r2 …`. */
function picture(run: FinishedRun): string {
  return stepsOf(run.trace)
    .filter(({ made }) => made !== 'secret')
    .map(({ made, object }) => `${made === 'pod' ? 'p' : 'r'}${object.replace(/^.*-/, '')}`)
    .join(' ');
}

const OLD_PICTURE = 'r1 r2 r3 p1 p2 p3';
const NEW_PICTURE = 'r1 p1 r2 p2 r3 p3';

describe('three runners at once with one worker', () => {
  it('are all registered before the first pod in old, and one after the other in new', () => {
    for (let seed = 1; seed <= 20; seed++) {
      assert.equal(picture(simulate(settingsFor('old', { seed }))), OLD_PICTURE, `old, seed ${seed}`);
      assert.equal(picture(simulate(settingsFor('new', { seed }))), NEW_PICTURE, `new, seed ${seed}`);
    }
  });
});

describe('a run', () => {
  const changes = { runners: 20, workers: 3, podStartUs: 40_000, jobDurationUs: 90_000, jitLatencyUs: 20_000 };

  it('writes the same trace, byte for byte, each time it has the same seed', () => {
    for (const mode of RELEASES.ids) {
      const bytes = (seed: number): string =>
        [...traceLines(simulate(settingsFor(mode, { ...changes, seed })).trace)].join('');
      assert.equal(bytes(7), bytes(7));
      assert.notEqual(bytes(7), bytes(8), 'the seed has no effect');
    }
  });

  it('makes the same requests at the same times in virtual and in real time', async () => {
    const settings = RELEASES.ids.map((mode) => settingsFor(mode, changes));
    const real = await runLive(settings);
    settings.forEach((each, index) => {
      const live = real[index] as FinishedRun;
      // The last line is when somebody found that nothing was left to do.
      const events = (run: FinishedRun): string[] => [...traceLines(run.trace)].slice(1, -1);
      assert.deepEqual(events(live), events(simulate(each)), each.mode);
    });
  });

  it('ends with nothing left when jobs end: no runner, pod, secret or registration', () => {
    for (const mode of RELEASES.ids) {
      const run = simulate(settingsFor(mode, changes));
      assert.equal(run.statistics.pods, 20);
      assert.equal(run.statistics.results.error, 0);
      const states = new Map<string, boolean>();
      for (const event of run.trace.events()) {
        if (event.type === 'object') states.set(event.object, event.deleted === true);
      }
      assert.equal(states.size, 20);
      assert.ok(
        [...states.values()].every((deleted) => deleted),
        'a runner is left',
      );
    }
  });
});

describe('thirty runners at once, beside the recorded bursts of the real controllers', () => {
  const file = new URL('../../conformance/recordings/thirty-runners.json', import.meta.url);
  const { results } = JSON.parse(readFileSync(file, 'utf8')) as { results: Burst[] };
  const bursts = results.filter(({ mode }) => RELEASES.ids.includes(mode));
  const key = ({ workers, jitMs, mode }: Burst): string => `${workers} workers, JIT ${jitMs} ms, ${mode}`;

  for (const title of new Set(bursts.map(key))) {
    it(`${title}: pods come when they came there`, () => {
      const recorded = bursts.filter((burst) => key(burst) === title);
      const { workers, jitMs, mode } = recorded[0] as Burst;
      for (let seed = 1; seed <= 5; seed++) {
        const settings = settingsFor(mode, { runners: 30, workers, jitLatencyUs: jitMs * 1000, seed });
        const { statistics } = simulate(settings);
        const within = (what: string, us: number | null, values: number[], factor: number): void => {
          const ms = (us ?? 0) / 1000;
          const [low, high] = [Math.min(...values) / factor, Math.max(...values) * factor];
          assert.ok(ms >= low && ms <= high, `${what} at ${ms} ms, recorded ${values.join(' and ')} (seed ${seed})`);
        };
        within(
          'median pod',
          statistics.p50PodUs,
          recorded.map(({ median }) => median),
          1.1,
        );
        within(
          'last pod',
          statistics.lastPodUs,
          recorded.map(({ last }) => last),
          1.1,
        );
        within(
          'first pod',
          statistics.firstPodUs,
          recorded.map(({ first }) => first),
          1.5,
        );
        // A watch event that comes a little later makes a pass, and its one read, more.
        const more = statistics.kubernetesRequests - (recorded[0]?.k8sTotal ?? 0);
        assert.ok(more >= 0 && more <= 3, `${more} requests more than recorded (seed ${seed})`);
        assert.equal(statistics.results.requeue, recorded[0]?.reconciles.requeue);
        assert.equal(statistics.results.done - more, recorded[0]?.reconciles.success);
      }
    });
  }
});
