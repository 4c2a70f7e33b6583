import assert from 'node:assert/strict';
import { adviceText, hindsightText } from '../../../src/hindsight/hindsight-text.ts';
import { chooseSubject } from '../../../src/hindsight/choose-subject.ts';
import { pointOfNoReturn, type Hindsight } from '../../../src/hindsight/point-of-no-return.ts';
import { parseFaults, type Faults } from '../../../src/run/conditions-control.ts';
import type { Subject } from '../../../src/run/fate.ts';
import { parseHappenings } from '../../../src/run/happenings.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import type { Load } from '../../../src/run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { simulateSpec, type SpecRun } from '../../../src/run/simulate-spec.ts';

const RUNNER: Subject = { kind: 'runner', key: 'arc-runners/runner-1' };
const ALL: Subject = { kind: 'all' };
const SECOND_US = 1_000_000;

interface Scenario {
  readonly name: string;
  readonly settings: Partial<RunSettings>;
  readonly load?: Load;
  readonly subject?: Subject;
  readonly horizonUs?: number;
  readonly futures?: number;
  /** What the answer says of the event, or the whole verdict where there is none. */
  readonly says: RegExp;
  readonly advises?: RegExp;
  readonly kind?: Hindsight['verdict']['kind'];
}

const faults = (text: string): Load => ({ conditions: parseFaults(text) as Faults });
const happens = (text: string): Load => ({ happenings: parseHappenings(text) });
const jobs = (text: string, minRunners = 0): Load => ({
  scaleSet: { jobs: parseLoad(text), minRunners, maxRunners: 10 },
});

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'five failures (#4073): the sixth pod fails',
    settings: { mode: '0.14.2', pods: 'fails-at-start' },
    says: /: container runner of pod runner-1 ends with exit code 1, after 5 earlier failures\./,
  },
  {
    name: 'five failures before the runner deleted itself (#3700): phase Failed is written',
    settings: { mode: '0.9.3', pods: 'fails-at-start' },
    says: /ends with exit code 1, after 6 earlier failures\. At \S+ a controller wrote phase Failed into EphemeralRunner runner-1/,
  },
  {
    name: 'five failures where the runner deletes itself at the sixth: the status that counts it',
    settings: { mode: '0.11.0', pods: 'fails-at-start' },
    // A few end well until then: with fewer futures none may be among them.
    futures: 30,
    says: /: the pass of runner-1 sends PATCH ephemeralrunners\/status runner-1, which counts 6 failed pods(?:, and the API server carries it out)?\. At \S+ a controller wrote phase Failed/,
  },
  {
    name: 'a job that still runs at GitHub: the removal is refused',
    settings: { mode: '0.12.1', pods: 'job-still-running' },
    says: /^runner-1 is to be deleted and is never gone: removal of runner-1 refused .*\(400: .+ job still runs\)\. From/,
    advises: /^Look for the job of runner-1 at GitHub/,
  },
  {
    name: 'a runner that ends without having registered, where a release counts that as a failure',
    settings: { mode: '0.9.3', pods: 'exits-unregistered' },
    says: /: pod runner-1 ends with exit code 0, after 5 other pods of that name had ended\. At \S+ a controller wrote phase Failed/,
  },
  {
    name: 'evicted while it runs (#4258, #3014): the last eviction',
    settings: { mode: '0.14.2', pods: 'evicted' },
    says: /: pod runner-1 is evicted, after 5 earlier failures\./,
  },
  {
    name: 'an init container that fails (#4452)',
    settings: { mode: '0.14.2', pods: 'init-fails' },
    says: /: container init-dind-externals of pod runner-1 ends with exit code 1, after 5 earlier failures\./,
  },
  {
    name: 'the runner is too old (#4600): exit code 7',
    settings: { mode: '0.14.2', pods: 'outdated-runner' },
    says: /: container runner of pod runner-1 ends with exit code 7\. At \S+ a controller wrote phase Outdated/,
  },
  {
    name: 'quota: the creation of the pod is refused',
    settings: { mode: '0.14.2' },
    load: faults('create pods 403 3'),
    says: /: the pass of runner-1 sends CREATE pods runner-1, which is refused with 403\. At \S+ a controller wrote phase Failed/,
  },
  {
    name: 'removal refused (#4307): GitHub has forgotten the registration, and its removal is answered with 404',
    settings: { mode: '0.14.2' },
    load: { removalOfUnknown: 404, ...happens('unregister runner-1 at 3s, delete runner-1 at 5s') },
    says: /: GitHub forgets the registration of runner-1\./,
  },
  {
    name: 'a registration left of a runner that was deleted while it was registered (#3420, #3953)',
    settings: { mode: 'latest' },
    load: happens('delete runner-1 at 150ms'),
    says: /its registration is left at GitHub\. From 00:00\.150 on no future ends well: somebody deletes runner-1\./,
  },
  {
    name: 'a registration left after a crash (#3420, #3953): the process died between the registration and the status',
    settings: { mode: '0.9.3' },
    load: happens('delete runner-1 at 150ms, kill controller at 250ms'),
    says: /its registration is left at GitHub\. From 00:00\.250 on no future ends well: the process of the controllers is killed\./,
  },
  {
    name: 'the name is registered for another scale set',
    settings: { mode: '0.14.2' },
    load: happens('claim runner-1 at 20ms'),
    says: /got no pod: its name is registered for another scale set\. From 00:00\.020 on no future ends well: another scale set registers a runner called runner-1\./,
  },
  {
    name: 'evicted before its container had a status (#4258)',
    settings: { mode: '0.12.1' },
    load: happens('reject runner-1 at 0s'),
    says: /has ended, and the runner does not notice\. From \S+ on no future ends well: the node rejects pod runner-1\./,
  },
  {
    name: 'the listener is gone: its pod was evicted before its container ran',
    settings: { mode: '0.9.3', jobDurationUs: 10 * SECOND_US },
    load: { ...jobs('5s, 60s'), ...happens('reject listener at 0s') },
    subject: ALL,
    says: /has no listener that runs\. From \S+ on no future ends well: the node rejects pod lab-\w+-listener\./,
  },
  {
    name: 'a finalizer that nobody takes away',
    settings: { mode: '0.14.2', jobDurationUs: 10 * SECOND_US },
    load: happens('hold runner-1 at 3s'),
    advises: /^The program that set lab\S+ has to take it out of the finalizers;/,
    says: /never gone: nobody takes \S+ out of its finalizers\. From 00:03\.000 on no future ends well: somebody gives runner-1 a finalizer/,
  },
  {
    name: 'the scale set stays Outdated (#4595)',
    settings: { mode: '0.14.2', jobDurationUs: 10 * SECOND_US },
    load: { ...jobs('0s, 0s, 40s, 60s'), ...happens('exit 7 at 5s') },
    subject: ALL,
    says: /lab is Outdated for good\. From 00:05\.000 on no future ends well: the container of the oldest runner ends with exit code 7\./,
  },
  {
    name: 'taken down and made again without end (#4600)',
    settings: { mode: 'latest', jobDurationUs: 10 * SECOND_US },
    load: { ...jobs('0s, 0s, 40s, 60s'), ...happens('exit 7 at 5s') },
    subject: ALL,
    says: /lab does not come to an end: removal of lab-runner-\w+ refused every 30 s, \d+ times \(400: .+ job still runs\)\. .*no future ends well: the container of the oldest runner ends with exit code 7\./,
    advises: /^Look for the job of lab-runner-\w+ at GitHub/,
  },
  ...['0.12.1', '0.14.2'].map((mode) => ({
    name: `GitHub deletes the scale set while runners are made (#4370), in ${mode}`,
    settings: { mode, jobDurationUs: 10 * SECOND_US },
    load: { ...jobs('2 at once'), ...happens('delete scale-set at 2s') },
    subject: ALL,
    says: /^Scale set lab is gone at GitHub, and its controller does not notice: .*(?:No runner scale set found|is gone and made again).* From \S+ on no future ends well: GitHub deletes the scale set\./,
    advises:
      /^Remove the annotation runner-scale-set-id of AutoscalingRunnerSet lab, then delete its EphemeralRunnerSets/,
  })),
  {
    name: 'GitHub deletes the scale set (#4370)',
    settings: { mode: '0.14.2', jobDurationUs: 10 * SECOND_US },
    load: { ...jobs('0s, 60s'), ...happens('delete scale-set at 8s') },
    subject: ALL,
    says: /From 00:08\.000 on no future ends well: GitHub deletes the scale set\./,
  },
  {
    name: 'no listener while runners run (#4432)',
    settings: { mode: 'latest', jobDurationUs: 10 * SECOND_US },
    load: { ...jobs('0s, 60s, 90s', 2), ...happens('change template at 30s') },
    subject: ALL,
    advises: /^The controller's log says what lab waits for/,
    says: /lab does not come to an end: pass of lab did not finish it and was repeated every 1 s, \d+ times\. From 00:30\.000 on no future ends well: somebody changes the template of the scale set's runners\./,
  },
  {
    name: 'a release that acquires no jobs (0.14.0): never',
    settings: { mode: '0.14.0', jobDurationUs: 10 * SECOND_US },
    load: jobs('3 at once'),
    subject: ALL,
    kind: 'never',
    says: /Jobs of scale set lab wait for ever\. No future ends well, not even from the beginning/,
  },
  {
    name: 'an image that cannot be pulled (#4168): not too late',
    settings: { mode: '0.14.2', pods: 'image-pull-back-off' },
    kind: 'not yet',
    says: /does not start\. It is not too late: .* 4 of 4 futures/,
  },
  {
    name: 'nothing wrong',
    settings: { mode: '0.14.2' },
    kind: 'ended well',
    says: /runner-1 runs\. There is no point of no return\./,
  },
  {
    name: 'somebody deletes one of several runners, which is nothing bad',
    settings: { mode: 'new', runners: 3 },
    load: happens('delete runner-1 at 150ms'),
    says: /^runner-1 is gone, and nothing of it is left\. There is no point of no return\.$/,
    kind: 'ended well',
  },
  ...(
    [
      ['before it was made', 0.001, /^The run was ended after 1 µs, when runner-1 had not been made yet: how/],
      ['before its pod was made', 50, /^The run was ended after 50\.0 ms, when runner-1 had no pod yet: how/],
      ['before its pod had started', 900, /^The run was ended after 900 ms, when the pod of runner-1 had not started/],
    ] as const
  ).map(([when, ms, says]): Scenario => ({
    name: `a run that was ended ${when}`,
    settings: { mode: '0.14.2', pods: 'evicted' },
    horizonUs: ms * 1000,
    kind: 'cut short',
    says,
    advises: /longer horizon/,
  })),
  {
    name: 'a scale set whose run was ended before its jobs',
    settings: { mode: '0.14.2', jobDurationUs: 10 * SECOND_US },
    load: jobs('3 at once'),
    subject: ALL,
    horizonUs: 3 * SECOND_US,
    kind: 'cut short',
    says: /^The run was ended after 3\.00 s, when (?:scale set lab had no listener that ran|jobs of scale set lab were not done yet): how/,
  },
  {
    name: 'a runner that had failed when its run was ended: its futures have the time that they need',
    settings: { mode: '0.14.2' },
    load: faults('create pods 403 1'),
    horizonUs: 500_000,
    says: /^runner-1 failed for good\. From \S+ on no future ends well: the pass of runner-1 sends CREATE pods/,
  },
];

function look(
  { settings, load, subject = RUNNER, horizonUs, futures = 4 }: Scenario,
  closeness = { moments: 6, futures },
): Promise<Hindsight> {
  const spec = {
    settings: { ...DEFAULT_SETTINGS, mode: '0.14.2', podStartUs: SECOND_US, ...settings },
    load,
    subject,
    horizonUs: horizonUs ?? (subject.kind === 'all' ? 240 * SECOND_US : undefined),
  };
  return pointOfNoReturn(spec, {
    ...closeness,
    run: (one) => {
      const run = simulateSpec(one, () => false);
      return run === undefined ? Promise.reject(new Error('nobody cancels it')) : Promise.resolve(run);
    },
  });
}

describe('the point of no return', () => {
  for (const scenario of SCENARIOS) {
    it(`is named: ${scenario.name}`, async () => {
      const hindsight = await look(scenario);
      const text = hindsightText(hindsight);
      const figures = hindsight.estimates.map(({ event, well }) => `${event}:${well}`).join(' ');
      assert.equal(hindsight.verdict.kind, scenario.kind ?? 'event', `${text} ${figures}`);
      assert.match(text, scenario.says, figures);
      assert.doesNotMatch(text, /\.\)\./);
      assert.match(adviceText(hindsight), scenario.advises ?? /^/);
    }).timeout(120_000);
  }

  it('lies between two neighbouring events: before it a future ends well, after it none does', async () => {
    const [scenario] = SCENARIOS;
    assert.ok(scenario !== undefined);
    const { verdict, estimates } = await look(scenario);
    assert.ok(verdict.kind === 'event');
    assert.equal(verdict.first.event, verdict.last.event + 1);
    assert.ok(verdict.last.well > 0);
    assert.ok(
      estimates.filter(({ event }) => event >= verdict.first.event).every(({ well }) => well === 0),
      'a later moment has a good future',
    );
  }).timeout(60_000);

  for (const [what, of] of [
    ['planned to happen', 'the scale set stays Outdated (#4595)'],
    ['refused', 'quota: the creation of the pod is refused'],
    ['the end of a pod', 'five failures (#4073): the sixth pod fails'],
    ['the only end of a pod', 'the runner is too old (#4600): exit code 7'],
    ['a refusal after the end of a pod', 'a job that still runs at GitHub: the removal is refused'],
  ] as const) {
    it(`is found at what probably led there, before anything else is looked at: ${what}`, async () => {
      const scenario = SCENARIOS.find(({ name }) => name === of);
      assert.ok(scenario !== undefined);
      const hindsight = await look(scenario, { moments: 2, futures: 2 });
      assert.ok(hindsight.estimates.length <= 4, String(hindsight.estimates.length));
      assert.match(hindsightText(hindsight), scenario.says);
    }).timeout(60_000);
  }

  it('is looked for of the first runner that ends badly, or of the one that something happens to', async () => {
    let runs = 0;
    const chosen = async (text: string): Promise<Subject> => {
      const settings = { ...DEFAULT_SETTINGS, mode: 'latest', runners: 5, podStartUs: SECOND_US };
      const { subject } = await chooseSubject({ settings, load: happens(text) }, 'arc-runners', (one) => {
        runs++;
        return Promise.resolve(simulateSpec(one, () => false) as SpecRun);
      });
      return subject;
    };
    assert.deepEqual(await chosen('delete runner-3 at 100ms'), { kind: 'runner', key: 'arc-runners/runner-3' });
    assert.deepEqual(await chosen('evict runner-4 at 5s'), { kind: 'runner', key: 'arc-runners/runner-4' });
    assert.deepEqual(await chosen('exit 7 at 5s'), { kind: 'runner', key: 'arc-runners/runner-1' });
    assert.equal(runs, 3);
  });
});
