import assert from 'node:assert/strict';
import type { ObjectList } from '../../../src/kubernetes/cluster.ts';
import {
  createRequest,
  deleteRequest,
  getRequest,
  listRequest,
  patchRequest,
} from '../../../src/kubernetes/request.ts';
import {
  EphemeralRunners,
  EphemeralRunnerSets,
  Pods,
  Secrets,
  type Resource,
} from '../../../src/kubernetes/resource.ts';
import type { ApiObject, EphemeralRunner, EphemeralRunnerSet, Secret } from '../../../src/kubernetes/types.ts';
import { LAB_NAMESPACE } from '../../../src/run/embedded-environment.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { aRunner } from '../../builders/objects.ts';
import { aRig, inRunnerNamespace, spec } from '../../builders/runner-rig.ts';

const SECOND_US = 1_000_000;

/** A set whose runners have pods that run. */
class ASet {
  readonly #rig: ReturnType<typeof aRig>;

  constructor(mode: string, replicas: number, more: Partial<EphemeralRunnerSet['spec']> = {}) {
    this.#rig = aRig(mode, { reconcilesSets: true });
    const ephemeralRunnerSpec = aRunner({}, spec).spec;
    const set = {
      apiVersion: EphemeralRunnerSets.apiVersion,
      kind: EphemeralRunnerSets.kind,
      metadata: { name: 'set' },
      spec: { replicas, patchID: 0, ephemeralRunnerSpec, ...more },
    };
    this.#rig.rig.start();
    this.#rig.act(createRequest(EphemeralRunnerSets, inRunnerNamespace(set)));
    this.wait(2);
    for (const { metadata } of this.runners) this.podIs(metadata.name, { running: {} });
  }

  get runners(): readonly EphemeralRunner[] {
    const list = this.#rig.act(listRequest(EphemeralRunners, LAB_NAMESPACE)) as ObjectList<EphemeralRunner>;
    return list.items;
  }

  /** Undefined once it has gone. */
  get set(): EphemeralRunnerSet | undefined {
    const reply = this.#rig.act(getRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'set'));
    return reply instanceof Error ? undefined : (reply as EphemeralRunnerSet);
  }

  get names(): readonly string[] {
    return this.runners.filter(isThere).map(({ metadata }) => metadata.name);
  }

  wait(seconds: number): void {
    this.#rig.clock.run(this.#rig.clock.nowUs() + seconds * SECOND_US);
  }

  podIs(name: string, state: object): void {
    const status = { phase: 'Running', containerStatuses: [{ name: 'runner', state }] };
    this.#rig.act(patchRequest(Pods, LAB_NAMESPACE, name, { status }, 'status'));
    this.wait(2);
  }

  runnerIs(name: string, status: object): void {
    this.#rig.act(patchRequest(EphemeralRunners, LAB_NAMESPACE, name, { status }, 'status'));
    this.wait(2);
  }

  change(body: object): void {
    this.#rig.act(patchRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'set', body));
    this.wait(2);
  }

  delete(): void {
    this.#rig.act(deleteRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'set'));
    this.wait(2);
  }

  /** The runner has a job: the service does not let it go. The listener says so in the fields that it is given. */
  isBusy(name: string, fields: object): void {
    this.#rig.rig.service.setBusy(name, true);
    this.runnerIs(name, fields);
  }

  /** The runner's job is done: the service knows it no longer, and its container has ended. */
  isDone(name: string): void {
    this.#rig.rig.service.forget(name);
    this.podIs(name, { terminated: { exitCode: 0 } });
    this.wait(5);
  }

  /** Ids of the runners whose removal the service is asked for meanwhile, each once. */
  removals(act: () => void): readonly number[] {
    const before = this.#rig.http.length;
    act();
    const urls = this.#rig.http.slice(before).flatMap(({ method, url }) => (method === 'DELETE' ? [url] : []));
    return [...new Set(urls.map((url) => Number(/agents\/(\d+)/.exec(url)?.[1])))].sort();
  }
}

function isThere({ metadata }: ApiObject): boolean {
  return metadata.deletionTimestamp === undefined;
}

const JOB = { jobRequestId: 7, jobId: 'a-7' };
const SINCE = (first: string): readonly string[] => RELEASES.ids.slice(RELEASES.position(first));
const BEFORE = (first: string): readonly string[] => RELEASES.ids.slice(0, RELEASES.position(first));

/** Two runners, or one more that a stale list has made; the first of them. */
function twoRunners(mode: string): { readonly set: ASet; readonly busy: string; readonly id: number } {
  const set = new ASet(mode, 2);
  const [busy] = set.runners;
  assert.ok(busy?.status?.runnerId !== undefined, `${mode}: the runners are registered`);
  return { set, busy: busy.metadata.name, id: busy.status.runnerId };
}

describe('the runners of a set', () => {
  for (const mode of RELEASES.ids) {
    it(`are taken down but for those with a job, ${mode}`, () => {
      const { set, busy, id } = twoRunners(mode);
      set.isBusy(busy, JOB);
      const asked = set.removals(() => set.change({ spec: { replicas: 0, patchID: 0 } }));
      assert.deepEqual(set.names, [busy]);
      assert.ok(!asked.includes(id), 'the service is not asked for the one with a job');
    });

    it(`are not taken down by a decision with a number, ${mode}`, () => {
      const { set } = twoRunners(mode);
      const before = set.names;
      set.change({ spec: { replicas: 1, patchID: 3 } });
      assert.deepEqual(set.names, before);
    });

    it(`are made once for each decision with a number, ${mode}`, () => {
      const set = new ASet(mode, 0, { patchID: 1 });
      set.change({ spec: { replicas: 2, patchID: 2 } });
      const before = set.names;
      set.isDone(before[0] ?? '');
      const isMade = (): boolean => set.names.some((name) => !before.includes(name));
      assert.equal(isMade(), false, 'the one that ended is not replaced');
      set.change({ spec: { patchID: 3 } });
      assert.equal(isMade(), true, 'the next decision makes another');
    });
  }

  it('are made again for the same decision when none that carries its number is left', () => {
    for (const mode of SINCE('0.13.1')) {
      const set = new ASet(mode, 1, { patchID: 2 });
      const [first = ''] = set.names;
      set.isDone(first);
      assert.ok(set.names.length > 0 && !set.names.includes(first), mode);
    }
  });

  it('are asked for at the service where the listener is older than the field for jobs, which refuses, from 4239 on', () => {
    for (const mode of SINCE('0.13.1')) {
      const { set, busy, id } = twoRunners(mode);
      set.isBusy(busy, { jobRequestId: 7 });
      const asked = set.removals(() => set.change({ spec: { replicas: 0, patchID: 0 } }));
      assert.deepEqual([set.names, asked.includes(id)], [[busy], true], mode);
    }
  });

  it('have what is given for runners, from 4400 on, and their finalizers, from 4320 on', () => {
    const ephemeralRunnerMetadata = { labels: { tier: 'x' }, annotations: { note: 'n' } };
    for (const mode of RELEASES.ids) {
      const { switches } = RELEASES.get(mode);
      const [runner] = new ASet(mode, 1, { ephemeralRunnerMetadata }).runners;
      const { labels = {}, annotations = {} } = runner?.metadata ?? {};
      const isGiven = switches.has(4400);
      assert.equal(labels['tier'], isGiven ? 'x' : undefined, mode);
      assert.equal(annotations['note'], isGiven ? 'n' : undefined, mode);
      assert.equal(labels['app.kubernetes.io/component'], switches.has(4324) ? 'runner' : undefined, mode);
    }
  });
});

describe('a runner whose version the service takes no more', () => {
  const outdated = (mode: string): { readonly set: ASet; readonly before: readonly string[] } => {
    const set = new ASet(mode, 2);
    const before = set.names;
    set.podIs(before[0] ?? '', { terminated: { exitCode: 7 } });
    set.wait(8);
    return { set, before };
  };

  it('makes its set Outdated from 4404 on, which then makes no more; up to 0.14 its other runners are left', () => {
    for (const mode of ['0.14.0', '0.14.2']) {
      const { set, before } = outdated(mode);
      assert.equal(set.set?.status?.phase, 'Outdated', mode);
      const others = before.slice(1);
      assert.deepEqual(
        others.filter((name) => set.names.includes(name)),
        others,
        `${mode}: the others are left`,
      );
      const { names } = set;
      set.change({ spec: { replicas: 9 } });
      assert.deepEqual(set.names, names, `${mode}: no more are made`);
    }
  });

  it('has latest take down every runner of the set that has no job', () => {
    const { set, before } = outdated('latest');
    assert.equal(set.set?.status?.phase, 'Outdated');
    assert.deepEqual([before.length, set.names], [2, []]);
    set.change({ spec: { replicas: 9 } });
    assert.deepEqual(set.names, []);
  });

  it('is only a failed pod before', () => {
    const { set, before } = outdated('0.13.1');
    assert.equal(set.set?.status?.phase, undefined);
    assert.deepEqual(set.names, before);
  });
});

describe('a set with another spec', () => {
  const other = { spec: { ephemeralRunnerSpec: { runnerScaleSetId: 2 } } };

  it('has latest replace the runners without a job at once', () => {
    const { set, busy } = twoRunners('latest');
    set.isBusy(busy, JOB);
    set.change(other);
    set.wait(2);
    const scaleSets = set.runners
      .filter(isThere)
      .map((runner) => [runner.metadata.name === busy, runner.spec.runnerScaleSetId]);
    assert.deepEqual(scaleSets, [
      [true, 1],
      [false, 2],
    ]);
  });

  it('keeps its runners before', () => {
    for (const mode of BEFORE('latest')) {
      const { set } = twoRunners(mode);
      const before = set.names;
      set.change(other);
      assert.deepEqual(set.names, before, mode);
    }
  });
});

describe('a set that is deleted', () => {
  it('waits for the runner with a job, for which the service is asked up to 0.14', () => {
    for (const mode of RELEASES.ids) {
      const { set, busy, id } = twoRunners(mode);
      set.isBusy(busy, { ...JOB, phase: 'Running' });
      const asked = set.removals(() => set.delete());
      assert.deepEqual([set.names, asked.includes(id)], [[busy], mode !== 'latest'], mode);
      assert.ok(set.set !== undefined, `${mode}: it waits`);
    }
  });

  it('goes when its runners have gone', () => {
    for (const mode of RELEASES.ids) {
      const { set } = twoRunners(mode);
      set.delete();
      set.wait(10);
      assert.deepEqual([set.set, set.names], [undefined, []], mode);
    }
  });
});

describe('a burst through a set', () => {
  it('makes a pod for every runner in each release', () => {
    for (const mode of RELEASES.ids) {
      const run = simulate({ ...DEFAULT_SETTINGS, mode, runners: 6 }, { load: { throughSet: true } });
      assert.equal(run.end.kind, 'quiet', mode);
      assert.ok(run.statistics.pods >= 6, `${mode}: ${run.statistics.pods} pods`);
    }
  });
});

for (const mode of ['0.9.3', '0.12.1', '0.14.2', 'latest']) {
  describe(`the proxies of a set's runners, in ${mode}`, () => {
    const proxy = {
      http: { url: 'http://proxy.example:3128', credentialSecretRef: 'proxy-login' },
      noProxy: ['.local'],
    };

    /** A set whose runners have proxies, with what was sent for it. */
    function withProxies() {
      const made = aRig(mode, { reconcilesSets: true });
      const { act, clock, rig } = made;
      const base64 = (text: string): string => Buffer.from(text).toString('base64');
      const login = (password: string) => ({ username: base64('me'), password: base64(password) });
      const metadata = { name: 'proxy-login', namespace: LAB_NAMESPACE };
      const credentials: Secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: login('first') };
      act(createRequest(Secrets, credentials));
      const ephemeralRunnerSpec = { ...aRunner({}, spec).spec, proxy };
      const { apiVersion, kind } = EphemeralRunnerSets;
      const set = {
        apiVersion,
        kind,
        metadata: { name: 'set' },
        spec: { replicas: 1, patchID: 0, ephemeralRunnerSpec },
      };
      rig.start();
      act(createRequest(EphemeralRunnerSets, inRunnerNamespace(set)));
      const wait = (seconds: number): void => void clock.run(clock.nowUs() + seconds * SECOND_US);
      wait(3);
      const all = <T extends ApiObject>(kind: Resource<T>): readonly T[] =>
        (act(listRequest(kind, LAB_NAMESPACE)) as ObjectList<T>).items;
      const secret = (): Secret | undefined =>
        all(Secrets).find(({ metadata }) => metadata.name.endsWith('-runner-proxy'));
      const newPassword = (): void =>
        void act(patchRequest(Secrets, LAB_NAMESPACE, 'proxy-login', { data: login('second') }));
      return { ...made, all, secret, wait, newPassword };
    }

    const text = (secret: Secret | undefined, key: string): string =>
      Buffer.from(secret?.data?.[key] ?? '', 'base64').toString();

    it('are in a secret of the set, which its runners name', () => {
      const { all, secret } = withProxies();
      const made = secret();
      assert.match(made?.metadata.name ?? '', /^set-[a-z0-9]{8}-runner-proxy$/);
      const values = ['http_proxy', 'https_proxy', 'no_proxy'].map((key) => text(made, key));
      assert.deepEqual(values, ['http://me:first@proxy.example:3128/', '', '.local']);
      assert.deepEqual(made?.metadata.ownerReferences?.[0]?.kind, 'EphemeralRunnerSet');
      assert.deepEqual(
        all(EphemeralRunners).map(({ spec }) => spec.proxySecretRef),
        [made?.metadata.name],
      );
      const [pod] = all(Pods);
      const names = pod?.spec.containers[0]?.env?.map(({ name }) => name) ?? [];
      assert.ok(names.includes('http_proxy') && !names.includes('https_proxy'), names.join());
    });

    it(mode === 'latest' ? 'are brought up to date' : 'stay as they were made', () => {
      const { act, secret, wait, newPassword } = withProxies();
      newPassword();
      act(patchRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'set', { spec: { patchID: 1 } }));
      wait(3);
      const password = mode === 'latest' ? 'second' : 'first';
      assert.equal(text(secret(), 'http_proxy'), `http://me:${password}@proxy.example:3128/`);
    });

    it('go with the set, after its runners', () => {
      const { act, all, secret, wait, sent } = withProxies();
      sent.length = 0;
      act(deleteRequest(EphemeralRunnerSets, LAB_NAMESPACE, 'set'));
      wait(60);
      assert.deepEqual([all(EphemeralRunnerSets).length, secret()], [0, undefined]);
      assert.ok(
        sent.some(({ what }) => /^delete secrets set-.*-runner-proxy$/.test(what)),
        'its controller deletes it',
      );
    });
  });
}
