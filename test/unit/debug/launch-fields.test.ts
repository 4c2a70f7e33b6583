import assert from 'node:assert/strict';
import { launchFieldsOf } from '../../../src/debug-adapter/launch-fields.ts';
import { parseLaunch } from '../../../src/debug-adapter/launch-arguments.ts';
import { record } from '../../../src/debug/recording.ts';
import { EphemeralRunners } from '../../../src/kubernetes/resource.ts';
import { NO_MAXIMUM } from '../../../src/reconciler/autoscaling-runner-set/listener-for.ts';
import { fitting } from '../../../src/run/fitting-settings.ts';
import { parseFaults } from '../../../src/run/conditions-control.ts';
import { simulate, type RunOptions } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import type { Load } from '../../../src/run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';

const SECOND_US = 1_000_000;
const SETTINGS: RunSettings = { ...DEFAULT_SETTINGS, mode: '0.14.2', runners: 4, jobDurationUs: SECOND_US };

/** Names of the runners that a run makes. */
function runnersOf(settings: RunSettings, options: RunOptions): string[] {
  const { trace } = simulate(settings, options);
  const names = [...trace.events()].flatMap((event) =>
    event.type === 'object' && event.kind === EphemeralRunners.kind ? [event.object] : [],
  );
  return [...new Set(names)];
}

describe('the launch of a debugger for a run that there is', () => {
  const loads: Readonly<Record<string, Load>> = {
    'runners one by one': {},
    'runners of a set': { throughSet: true },
    'a scale set with jobs': { scaleSet: { jobs: parseLoad('3'), minRunners: 1, maxRunners: 10 } },
    'one without a maximum, whose jobs come for ever': {
      scaleSet: { jobs: parseLoad('30 a minute'), minRunners: 0, maxRunners: NO_MAXIMUM },
    },
    'a cluster with faults': {
      throughSet: true,
      conditions: parseFaults('create pods 500 2') as NonNullable<Load['conditions']>,
    },
  };
  for (const [what, load] of Object.entries(loads)) {
    it(`makes the same runners: ${what}`, () => {
      const fields = launchFieldsOf(load, SETTINGS, 20 * SECOND_US);
      assert.ok(fields !== undefined);
      const launch = parseLaunch({ ...fields, runner: 'lab' });
      assert.ok('settings' in launch);
      const { settings, load: launched, horizonUs } = launch;
      const options = horizonUs === undefined ? {} : { horizonUs };
      const wanted = runnersOf(fitting(SETTINGS), { load, ...options });
      assert.ok(wanted.length >= 3, wanted.join());
      assert.deepEqual(runnersOf(settings, { load: launched, ...options }), wanted);
      const { moments, finished } = record(settings, { load: launched, ...options });
      assert.ok(moments.length > 0 && finished.trace.passCount > 0);
    });
  }

  it('keeps latencies that are distributions, in every form of them', () => {
    for (const [shape, text] of [
      [{ kind: 'lognormal', sigma: 0.3 }, 'lognormal(400ms,0.3)'],
      [{ kind: 'empirical', factors: [0.5, 1, 4] }, 'empirical(200ms,400ms,1600ms)'],
    ] as const) {
      const settings = { ...SETTINGS, jitLatencyUs: 400_000, jitShape: shape, apiLatencyUs: 9_000, apiShape: shape };
      const fields = launchFieldsOf({}, settings, 0);
      assert.equal(fields?.['jitLatency'], text);
      const launch = parseLaunch(fields ?? {});
      assert.ok('settings' in launch);
      const { jitLatencyUs, jitShape, apiLatencyUs, apiShape } = launch.settings;
      assert.deepEqual([jitLatencyUs, jitShape, apiLatencyUs, apiShape], [400_000, shape, 9_000, shape]);
    }
    const launch = parseLaunch({ jitLatency: 'p50=400ms,p95=900ms' });
    assert.ok('settings' in launch && launch.settings.jitShape?.kind === 'lognormal');
    for (const text of ['lognormal(400ms)', 'p50=400ms', 'empirical(1s)']) {
      assert.throws(
        () => parseLaunch({ apiLatency: text }),
        /"apiLatency"(?: must be a duration, or lognormal|: \S+ takes )/,
      );
    }
  });

  it('is none where no launch argument says what is in its load', () => {
    const scaleSet = { jobs: parseLoad('3'), minRunners: 0, maxRunners: 5 };
    for (const load of [
      { perSecond: 2 },
      { waves: [{ atUs: 0, runners: 1 }] },
      { conditions: { otherActionsLatencyUs: SECOND_US } },
      { scaleSet: { ...scaleSet, listener: [{ do: 'kill', atUs: 0 }] } },
      { scaleSet, upgrade: { from: '0.13.1', afterUs: 0 } },
    ] satisfies Load[]) {
      assert.equal(launchFieldsOf(load, SETTINGS, 0), undefined, JSON.stringify(load));
    }
  });
});
