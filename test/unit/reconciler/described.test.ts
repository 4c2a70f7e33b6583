import assert from 'node:assert/strict';
import { deleteRequest, listRequest, patchRequest } from '../../../src/kubernetes/request.ts';
import type { ObjectList } from '../../../src/kubernetes/cluster.ts';
import { EphemeralRunners, Pods } from '../../../src/kubernetes/resource.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { fitting } from '../../../src/run/fitting-settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { jobsVerdict } from '../../../src/explain/jobs-verdict.ts';
import { judgedRun, verdict } from '../../../src/explain/verdict.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { jobsRun } from '../../builders/jobs-run.ts';
import { aRig } from '../../builders/runner-rig.ts';

const SECOND_US = 1_000_000;

/** What a release sends from a runner's deletion on, calls of the service among it, each with its time. */
function takenDown(mode: string, before: (rig: ReturnType<typeof aRig>) => void = () => undefined) {
  const made = aRig(mode, { settings: { ...DEFAULT_SETTINGS, mode, jitLatencyUs: 0 } });
  const { clock, act, sent, http } = made;
  made.rig.start();
  made.rig.runnerSet.create(1, () => undefined);
  clock.run(2 * SECOND_US);
  sent.length = 0;
  http.length = 0;
  before(made);
  // What it changes is in the caches then.
  clock.run(clock.nowUs() + SECOND_US / 2);
  act(deleteRequest(EphemeralRunners, LAB_NAMESPACE, 'runner-1'));
  clock.run(5 * SECOND_US);
  const patches = sent.filter(({ what }) => what === 'patch ephemeralrunners runner-1').map(({ body }) => body);
  const removals = (): number => http.filter(({ method }) => method === 'DELETE').length;
  const isGone = (): boolean => (act(listRequest(EphemeralRunners, LAB_NAMESPACE)) as ObjectList).items.length === 0;
  return { ...made, patches, removals, isGone };
}

const ended = { phase: 'Running', containerStatuses: [{ name: 'runner', state: { terminated: { exitCode: 0 } } }] };

describe('pull request 4664, from its description', () => {
  const mode = 'latest+4664';

  it('takes the finalizer off before the service is asked, and lets a busy runner go meanwhile', () => {
    const { rig, clock, removals, isGone } = takenDown(mode, ({ rig }) => rig.service.setBusy('runner-1', true));
    assert.equal(isGone(), true, 'the runner is gone though its job runs');
    assert.equal(rig.service.state.runners.length, 1);
    const asked = removals();
    clock.run(clock.nowUs() + 20 * SECOND_US);
    assert.equal(removals(), asked, 'the service is not asked meanwhile');
    rig.service.setBusy('runner-1', false);
    clock.run(clock.nowUs() + 20 * SECOND_US);
    assert.deepEqual([removals(), rig.service.state.runners.length], [asked + 1, 0], 'again after 30 s');
  });

  it('spares the call for a runner whose container has ended with 0', () => {
    const done = (rig: ReturnType<typeof aRig>): void =>
      void rig.act(patchRequest(Pods, LAB_NAMESPACE, 'runner-1', { status: ended }, 'status'));
    const { removals, isGone } = takenDown(mode, done);
    assert.deepEqual([isGone(), removals()], [true, 0]);
    assert.ok(takenDown('latest', done).removals() > 0, 'without it the service is asked');
  });
});

describe('pull request 4664, where a runner is given up', () => {
  it('leaves its removal to the background as well, and no pass of a runner waits for the service', () => {
    const removals = (mode: string): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const { controller = '', requests = [] } of jobsRun(mode, '3', { pods: 'fails-at-start' }).trace.passes()) {
        const own = requests.filter(({ resource }) => resource === 'delete-runner').length;
        if (own > 0) counts[controller] = (counts[controller] ?? 0) + own;
      }
      return counts;
    };
    const { ephemeralrunner: atOnce } = removals('latest');
    const { ephemeralrunner, runnerunregistration } = removals('latest+4664');
    assert.ok((atOnce ?? 0) > 0, 'without it passes of runners ask the service');
    assert.equal(ephemeralrunner, undefined);
    assert.ok((runnerunregistration ?? 0) > 0, 'the service is asked all the same');
  });
});

describe('pull request 4669, from its description', () => {
  it('takes both finalizers off by one patch', () => {
    const [first] = takenDown('latest+4669').patches;
    assert.deepEqual(first, { metadata: { finalizers: null } });
    assert.equal(takenDown('latest').patches.length > 1, true);
  });
});

describe('pull requests 4670 and 4673, from their descriptions', () => {
  it('change what is usual, and nothing that was asked for', () => {
    const flags = (mode: string, given = {}): readonly number[] => {
      const { workers, qps, burst } = fitting({ ...DEFAULT_SETTINGS, mode, ...given });
      return [workers, qps, burst];
    };
    assert.deepEqual(flags('latest'), [2, 20, 30]);
    assert.deepEqual(flags('latest+4626+4670'), [4, 20, 30]);
    assert.deepEqual(flags('latest+4673'), [2, 100, 200]);
    assert.deepEqual(flags('latest+4626+4670+4673', { workers: 7, qps: 50, burst: 60 }), [7, 50, 60]);
    assert.equal(RELEASES.get('latest+4626+4670').usual.otherWorkers, 2);
  });

  it('delete a finished pod without its grace period', () => {
    const grace = (mode: string): unknown => {
      const { sent } = takenDown(mode, (rig) => {
        rig.act(patchRequest(Pods, LAB_NAMESPACE, 'runner-1', { status: ended }, 'status'));
      });
      const deletion = sent.find(({ what }) => what === 'delete pods runner-1');
      return (deletion?.body as { gracePeriodSeconds?: number } | undefined)?.gracePeriodSeconds;
    };
    assert.deepEqual([grace('latest'), grace('latest+4673')], [undefined, 0]);
  });
});

describe('figures of a mode with a pull request that was described only', () => {
  it('say so where jobs are what is compared', () => {
    const jobs = { kind: 'times', atUs: [0, 0] } as const;
    const load = { scaleSet: { jobs, minRunners: 0, maxRunners: 2 } };
    const runs = ['latest', 'latest+4668'].map((mode) => {
      const { trace } = simulate({ ...DEFAULT_SETTINGS, mode }, { load });
      return { name: mode, trace };
    });
    assert.match(jobsVerdict(runs), /done.*latest\+4668 was not recorded in full: .* 4668, from its description\.$/);
    assert.doesNotMatch(jobsVerdict(runs.slice(0, 1)), /description/);
  });

  it('say so, in every verdict', () => {
    const runs = ['latest', 'latest+4626+4670'].map((mode) => simulate({ ...DEFAULT_SETTINGS, mode, runners: 5 }));
    const text = verdict(runs.map(({ trace, originUs }) => judgedRun(trace, originUs)));
    assert.match(
      text,
      /latest\+4626\+4670 was not recorded in full: it is modelled on pull requests 4626 and 4670, from their descriptions\./,
    );
    const [first] = runs;
    assert.ok(first !== undefined);
    assert.doesNotMatch(verdict([judgedRun(first.trace, first.originUs)]), /description/);
  });
});
