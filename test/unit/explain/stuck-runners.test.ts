import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import type { KubernetesEvent, Pod } from '../../../src/kubernetes/types.ts';
import { eventsOf } from '../../../src/problems/pod-event-problem.ts';
import { createRequest, deleteRequest } from '../../../src/kubernetes/request.ts';
import { EphemeralRunners, Events, ResourceQuotas } from '../../../src/kubernetes/resource.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { explainRunner } from '../../../src/explain/explain-runner.ts';
import { runnerDetail } from '../../../src/explain/runner-detail.ts';
import { htmlReport } from '../../../src/report/html.ts';
import { RunnerTable } from '../../../src/model/runner-table.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../../src/run/settings.ts';
import { statisticsOf } from '../../../src/analysis/statistics.ts';
import { StuckRunners } from '../../../src/explain/stuck-runners.ts';
import type { ControllerLogLine } from '../../../src/model/trace-recorder.ts';
import { BarFeed } from '../../../src/timeline/bar-feed.ts';
import { BarStore, type Bar } from '../../../src/timeline/bar-store.ts';
import { BarKind } from '../../../src/timeline/bars.ts';
import { parseTrace, traceLines } from '../../../src/trace/jsonl.ts';

const KEY = 'arc-runners/runner-1';
const SECOND_US = 1_000_000;

/** The embedded cluster in virtual time, as its tree and Explain Wait show it. */
class Run {
  readonly clock = new VirtualClock();
  readonly lines: ControllerLogLine[] = [];
  readonly table = new RunnerTable(
    () => this.rig.trace.endedUs ?? this.clock.nowUs(),
    (text) => text,
  );
  readonly rig: EmbeddedRig;

  constructor(settings: Partial<RunSettings>, before: (rig: EmbeddedRig) => void = () => undefined) {
    this.rig = new EmbeddedRig({
      clock: this.clock,
      settings: { ...DEFAULT_SETTINGS, mode: 'new', runners: 1, ...settings },
      epochMs: VIRTUAL_EPOCH_MS,
      observers: [this.table],
      onLogLine: (line) => this.lines.push(line),
    });
    before(this.rig);
    this.rig.start();
    this.table.follow(this.rig.controllers, this.rig.trace);
    this.rig.runnerSet.create(settings.runners ?? 1, () => undefined);
  }

  /** What the tree says after `seconds`. */
  tree(seconds: number, key = KEY): string {
    this.clock.run(seconds * SECOND_US);
    return this.table.describe(key)?.waits ?? '';
  }

  explain(seconds: number, key = KEY): string {
    this.clock.run(seconds * SECOND_US);
    return explainRunner(this.#session, key);
  }

  /** The same with the events of the runner's pod. */
  async explainByEvents(seconds: number): Promise<string> {
    this.clock.run(seconds * SECOND_US);
    const events = eventsOf(this.rig.cluster, this.table.pod(KEY) as Pod);
    this.clock.run((seconds + 1) * SECOND_US);
    return explainRunner(this.#session, KEY, await events);
  }

  /** The kubelet says something of the runner's pod. */
  report(reason: string, message: string, type: 'Normal' | 'Warning' = 'Warning'): void {
    const { namespace = '', name, uid = '' } = (this.table.pod(KEY) as Pod).metadata;
    const time = new Date(VIRTUAL_EPOCH_MS + this.clock.nowUs() / 1000).toISOString();
    const event: KubernetesEvent = {
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { namespace, name: `${name}.${reason}` } },
      ...{ involvedObject: { kind: 'Pod', namespace, name, uid }, reason, message, type },
      ...{ count: 1, firstTimestamp: time, lastTimestamp: time, source: { component: 'kubelet', host: 'lab-node-1' } },
    };
    this.rig.cluster.send(createRequest(Events, event), (reply) =>
      assert.ok(!(reply instanceof ApiError), 'the event was refused'),
    );
  }

  keys(): readonly string[] {
    return [...this.table.index.columns.keys];
  }

  /** The runners of passes that began after a time, in that order, until nothing happens. */
  startedAfter(us: number): readonly string[] {
    this.clock.run(60 * SECOND_US);
    const passes = [...this.rig.trace.passes()].filter(({ started = 0 }) => started >= us);
    return passes.sort((a, b) => (a.started ?? 0) - (b.started ?? 0)).map(({ object }) => object);
  }

  get #session(): Parameters<typeof explainRunner>[0] {
    const { trace, secrets } = this.rig;
    return {
      table: this.table,
      trace,
      secrets,
      nowUs: () => trace.endedUs ?? this.clock.nowUs(),
      atAttach: undefined,
      held: false,
    };
  }
}

describe('a runner whose pod stays pending as the settings say', () => {
  it('is not stuck: in the tree, when asked about, in its detail and in the lines of run, however long that lasts', () => {
    const run = new Run({});
    const texts = [run.tree(600), run.explain(1200)];
    const { trace } = run.rig;
    texts.push(runnerDetail(trace, KEY, run.clock.nowUs())?.happened ?? '');
    for (const text of texts) assert.doesNotMatch(text, /scheduler|NotScheduled/);
    assert.deepEqual([...new StuckRunners(trace).look(run.clock.nowUs())], []);
  });
});

describe('a runner of a session that has ended', () => {
  const endedAt = (seconds: number, settings: Partial<RunSettings>): Run => {
    const run = new Run({ runners: 30, workers: 1, ...settings });
    run.clock.run(seconds * SECOND_US);
    run.rig.trace.end(run.clock.nowUs());
    return run;
  };
  const texts = (run: Run, seconds: number): string[] => run.keys().map((key) => run.explain(seconds, key));

  it('says what each waited for when it ended, and since when, and the clock stands still', () => {
    const run = endedAt(3, { jitLatencyUs: 500_000 });
    const all = texts(run, 3);
    const waiting = all.filter((text) =>
      /^When the session ended: Waited \d.* because the only worker was busy\./.test(text),
    );
    assert.ok(waiting.length > 20, `${waiting.length} of ${all.join('\n---\n')}`);
    for (const text of waiting) assert.match(text, /\nIts last pass |\nNo pass has ended yet\./);
    const inPass = all.filter((text) => text.startsWith('When the session ended, one of its passes was in progress.'));
    assert.equal(inPass.length, 1, all.join('\n---\n'));
    assert.match(inPass[0] ?? '', /The Actions service has not answered .* for \d/);
    for (const text of all) assert.doesNotMatch(text, /Now: |in the queue|It waits for nothing/);
    assert.deepEqual(texts(run, 300), all, 'the clock went on');
  });

  it('says in which state its pod was, and since when', () => {
    const text = endedAt(23, { runners: 1 }).explain(300);
    assert.match(text, /^When the session ended: Its pod is being started\. It had been in this state for 2\d s\.\n/);
  });

  it('says what was wrong then, and when a back-off would have been over', () => {
    assert.match(
      endedAt(90, { pods: 'image-pull-back-off', runners: 1 }).explain(600),
      /^When the session ended: Pod cannot pull its image \(\w+\) for 1 min \d+ s: .*\n\nWhat to do: Check image/,
    );
    const refused = new Run({ pods: 'job-still-running', jobDurationUs: 1_000_000 });
    refused.clock.run(70 * SECOND_US);
    refused.rig.trace.end(refused.clock.nowUs());
    assert.match(
      refused.explain(600),
      /^When the session ended, its next pass was due in [\d.]+ s; it had waited [\d.]+ s\./,
    );
  });
});

describe('a runner that is stuck', () => {
  it('because its image cannot be pulled says so first, with since when, and what to do on a line of its own', () => {
    const run = new Run({ pods: 'image-pull-back-off' });
    const saidAt = run.tree(60);
    assert.match(saidAt, /^(ErrImagePull|ImagePullBackOff): Pod cannot pull its image$/);
    const text = run.explain(90);
    assert.match(text, /^Pod cannot pull its image \((ErrImagePull|ImagePullBackOff)\) for (\d+ s|1 min \d+ s): /);
    assert.match(
      text,
      / ARC does nothing about it and waits for the pod; the kubelet tries again\.\n\nWhat to do: Check image, tag and imagePullSecrets: the registry has no such image, .*\n\n/,
    );
  });

  it('because no node has room says what the scheduler says', () => {
    const run = new Run({ pods: 'no-capacity', runners: 4 });
    run.clock.run(20 * SECOND_US);
    const waiting = [1, 2, 3, 4].map((number) => run.tree(20, `arc-runners/runner-${number}`));
    assert.equal(waiting.filter((text) => text.startsWith('Unschedulable: Pod cannot be scheduled')).length, 2);
    const stuck = waiting.findIndex((text) => text.startsWith('Unschedulable')) + 1;
    assert.match(
      run.explain(20, `arc-runners/runner-${stuck}`),
      /^Pod cannot be scheduled \(Unschedulable\) for \d+ s: 0\/\d+ nodes are available/,
    );
  });

  it('says from the events of its pod what the status does not say', async () => {
    const run = new Run({ pods: 'slow-node' });
    run.clock.run(20 * SECOND_US);
    run.report('FailedMount', 'MountVolume.SetUp failed for volume "work": secret "tokens" not found');
    const text = await run.explainByEvents(50);
    assert.match(
      text,
      /^A volume of the pod cannot be mounted \(FailedMount\) for 3\d s: MountVolume\.SetUp failed for volume "work": secret "tokens" not found\. ARC waits until the pod runs\.\n\nWhat to do: Check that the secret, config map or claim/,
    );
    assert.match(await run.explainByEvents(110), /^Now: job running\./, 'what is over is said');
  });

  it('says of a pull that fails what its status says, whatever the events', async () => {
    const run = new Run({ pods: 'image-pull-back-off' });
    assert.match(await run.explainByEvents(90), /^Pod cannot pull its image \((ErrImagePull|ImagePullBackOff)\) for /);
  });

  it('because its node is slow says so once a pod usually runs, and not before', () => {
    const run = new Run({ pods: 'slow-node' });
    assert.match(run.tree(20), /^pod pending/);
    assert.match(run.tree(60), /^(ContainerCreating: Containers of the pod are still being created|NotStarted)/);
    assert.match(run.tree(110), /^job running$/);
  });

  it('because its pods fail at their start names each failure', () => {
    const run = new Run({ pods: 'fails-at-start' });
    const text = run.explain(8);
    assert.match(text, /Its failed pods: \d \(exit 1 \d+ s ago/);
    const end = run.explain(120);
    assert.match(end, /^More than five of its pods failed \(TooManyPodFailures\)\. ARC has given up on the runner/);
    const [, count, each = ''] = /Its failed pods: (\d) \((.*?)\)/.exec(end) ?? [];
    assert.equal(each.match(/exit 1 [^,]* ago/g)?.length, Number(count), end);
    // A pass that does not see the sixth failure yet makes a seventh pod.
    assert.ok(count === '6' || count === '7', end);
  });

  it('because its pods are evicted says so in the words of the kubelet', () => {
    const run = new Run({ pods: 'evicted' });
    run.clock.run(120 * SECOND_US);
    const codes = [...run.rig.trace.runnerEvents(KEY)].flatMap(({ trouble }) => trouble ?? []);
    assert.ok(
      codes.some(({ code, message }) => code === 'Evicted' && /low on resource: memory/.test(message ?? '')),
      JSON.stringify(codes),
    );
    assert.match(run.explain(120), /Evicted/);
  });

  it('because it ended without a job names that', () => {
    const run = new Run({ pods: 'exits-unregistered' });
    run.clock.run(200 * SECOND_US);
    const codes = [...run.rig.trace.runnerEvents(KEY)].map(({ trouble }) => trouble?.code);
    assert.ok(codes.includes('exit 0'), codes.join(', '));
  });

  it('is one line when it gets stuck, and one when it has recovered', () => {
    const run = new Run({ pods: 'slow-node' });
    const watch = new StuckRunners(run.rig.trace);
    const lines: string[] = [];
    for (let second = 1; second <= 120; second++) {
      run.clock.run(second * SECOND_US);
      for (const { text } of watch.look(run.clock.nowUs())) lines.push(`${second}: ${text}`);
    }
    assert.equal(lines.length, 2, lines.join('\n'));
    assert.match(lines[0] ?? '', /^3\d: .*(ContainerCreating|NotStarted).*\. ARC waits until the pod runs\. /);
    assert.match(lines[1] ?? '', /^\d+: recovered after (ContainerCreating|NotStarted)$/);
  });

  it('is one line for each way in which its pod fails to start', () => {
    const run = new Run({ pods: 'fails-at-start' });
    run.clock.run(120 * SECOND_US);
    const texts = [...new StuckRunners(run.rig.trace).look(run.clock.nowUs())].map(({ text }) => text);
    const pods = statisticsOf(run.rig.trace, 0).pods;
    assert.equal(texts.filter((text) => text.includes('ended with exit code 1')).length, pods, texts.join('\n'));
    assert.ok(!texts.some((text) => text.includes('NoPod')), texts.join('\n'));
    assert.match(texts.at(-1) ?? '', /More than five of its pods failed/);
  });
});

describe('a pod that the API server refuses', () => {
  const quota = (rig: EmbeddedRig): void => {
    const object = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'compute', namespace: 'arc-runners' },
      spec: { hard: { pods: '1' } },
    };
    rig.cluster.api.handle(createRequest(ResourceQuotas, object));
  };
  const refused = (): { run: Run; key: string } => {
    const run = new Run({ runners: 2, workers: 1 }, quota);
    run.clock.run(10 * SECOND_US);
    const key = [...run.table.index.columns.keys].find((each) => run.table.describe(each)?.state === 'failed') ?? '';
    return { run, key };
  };

  it("is a line of the log under the message of ARC's, with the server's text", () => {
    const { run } = refused();
    const line = run.lines.find(({ message }) => message === 'Failed to create a pod due to unrecoverable failure');
    assert.equal(line?.level, 'error');
    assert.match(
      String(line?.fields?.['error']),
      /exceeded quota: compute, requested: pods=1, used: pods=1, limited: pods=1/,
    );
  });

  it('is a sum in the tree and in Explain Wait, with what to do', () => {
    const { run, key } = refused();
    assert.match(run.tree(10, key), /^InvalidPod: The API server refused the pod/);
    const text = run.explain(10, key);
    assert.match(
      text,
      /^The API server refused the pod \(InvalidPod\): exceeded quota compute: used 1 \+ requested 1 > 1\. /,
    );
    assert.match(
      text,
      /ARC has given up on the runner and does not try again\.\n\nWhat to do: Raise the quota compute/,
    );
    assert.match(run.table.describe(key)?.message ?? '', /exceeded quota: compute/);
  });

  it('keeps its text in the trace, that of the request and that of the runner, also when it is saved and read', () => {
    const { run, key } = refused();
    const saved = parseTrace([...traceLines(run.rig.trace)].join(''));
    for (const trace of [run.rig.trace, saved]) {
      const passes = [...trace.passes()].filter(({ object }) => object === key);
      const request = passes.flatMap(({ requests }) => requests ?? []).find(({ status }) => status === 403);
      assert.match(request?.message ?? '', /exceeded quota: compute/);
      const event = trace.lastRunnerEvent(key);
      assert.equal(event?.reason, 'InvalidPod');
      const told = runnerDetail(trace, key, 10 * SECOND_US);
      assert.match(told?.happened ?? '', /exceeded quota compute: used 1 \+ requested 1 > 1/);
      assert.match(told?.advice ?? '', /Raise the quota/);
    }
  });
});

describe('a report', () => {
  it('lists the runners that are stuck at the end, with why and what to do', () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new' as const, runners: 1, pods: 'image-pull-back-off' };
    const run = simulate(settings);
    const html = htmlReport([{ title: 'one', runs: [run] }]);
    assert.match(
      html,
      /<li><b>runner-1<\/b> Pod cannot pull its image \(\w+\)[^<]*Check image, tag and imagePullSecrets/,
    );
  });
});

describe('a report of runners that are stuck for the same reason', () => {
  it('names each, and says once what to do', () => {
    const run = simulate({ ...DEFAULT_SETTINGS, mode: 'new' as const, runners: 3, pods: 'image-pull-back-off' });
    const html = htmlReport([{ title: 'three', runs: [run] }]);
    for (const runner of ['runner-1', 'runner-2', 'runner-3'])
      assert.ok(html.includes(`<b>${runner}</b> Pod cannot pull`));
    assert.equal(html.split('Check image, tag and imagePullSecrets').length - 1, 1);
  });
});

describe('a pod problem in a timeline', () => {
  it('begins another bar with its word when the reason changes, and has a mark', () => {
    const run = new Run({ pods: 'image-pull-back-off' });
    run.clock.run(90 * SECOND_US);
    const { bars, words } = barsOf(run);
    const pods = bars.filter(({ kind }) => kind === BarKind.podPending).map(({ detail }) => words[detail]);
    assert.ok(pods.includes('ImagePullBackOff') && pods.includes('ErrImagePull'), pods.join(', '));
    const open = bars.find(({ kind, endUs }) => kind === BarKind.podPending && endUs === Infinity);
    assert.match(words[open?.detail ?? 0] ?? '', /ImagePull/, 'the bar that lasts says why');
    const marks = bars.filter(({ kind }) => kind === BarKind.markTrouble).map(({ detail }) => words[detail]);
    assert.ok(!bars.some(({ kind }) => kind === BarKind.markPodFailed), 'a pod that is still pending has not failed');
    assert.ok(marks.length >= 2, `marks: ${marks.join(', ')}`);
    assert.ok(marks.every((word) => /ImagePull/.test(word ?? '')));
  });

  it('is the same for a saved trace as for a live session', () => {
    const run = new Run({ pods: 'image-pull-back-off' });
    run.clock.run(90 * SECOND_US);
    const saved = parseTrace([...traceLines(run.rig.trace)].join(''));
    const live = runnerDetail(run.rig.trace, KEY, run.clock.nowUs());
    assert.match(live?.happened ?? '', /Pod cannot pull its image/);
    assert.deepEqual(runnerDetail(saved, KEY, run.clock.nowUs()), live);
  });

  it('has none where jobs run and end', () => {
    const run = new Run({ pods: 'jobs', jobDurationUs: 5 * SECOND_US, podStartUs: SECOND_US });
    run.clock.run(60 * SECOND_US);
    assert.ok(!barsOf(run).bars.some(({ kind }) => kind >= BarKind.markFailure));
  });
});

describe('a runner that waits for a worker', () => {
  it('learns how many runners are before it in the queue', () => {
    const run = new Run({ runners: 5, workers: 1 });
    const texts = [1, 2, 3, 4, 5].map((number) => run.explain(0.1, `arc-runners/runner-${number}`));
    const places = texts.map((text) => /^Now: waiting for a worker, 4 in the queue\. (.*?)\n/.exec(text)?.[1]);
    assert.deepEqual(places.sort(), [
      '1 runner is before it in the queue.',
      '2 runners are before it in the queue.',
      '3 runners are before it in the queue.',
      'It is next in the queue.',
      undefined,
    ]);
  });

  it('learns its place as workers take it, whatever the order of the queue', () => {
    const run = new Run({ runners: 20, workers: 1 });
    run.clock.run(SECOND_US);
    const before = new Map(
      run.keys().flatMap((key) => (run.table.aheadOf(key) === undefined ? [] : [[key, run.table.aheadOf(key)]])),
    );
    const started = run.startedAfter(SECOND_US).filter((key) => before.has(key));
    const places = [...new Set(started)].map((key) => before.get(key));
    assert.deepEqual(places, [...places.keys()], 'the queue was another than the one that workers took from');
  });
});

describe('a deletion that the service refuses again and again', () => {
  it('says when it was asked for, how often it was tried, and when it is tried next', () => {
    const run = new Run({ pods: 'jobs', podStartUs: SECOND_US });
    run.clock.run(5 * SECOND_US);
    run.rig.service.setBusy('runner-1', true);
    run.rig.cluster.send(deleteRequest(EphemeralRunners, 'arc-runners', 'runner-1'), () => undefined);
    const text = run.explain(5 + 300);
    assert.match(
      text,
      /Deletion requested 5 min 0 s ago: 1\d passes, each refused by the service \(.*still running a job\), next in \d+ s\./,
    );
    assert.match(run.tree(305), /^again after 30\.00 s: .*still running a job$/);
  });
});

function barsOf(run: Run): { bars: Bar[]; words: readonly string[] } {
  const store = new BarStore();
  const { bars: packed, words } = new BarFeed(run.rig.trace).take();
  store.append(packed);
  const bars: Bar[] = [];
  store.forEach(0, -Infinity, Infinity, (bar) => bars.push(bar));
  return { bars, words };
}
