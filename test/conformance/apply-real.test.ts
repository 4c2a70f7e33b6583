import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { serveActions, type ActionsServer } from '../../src/actions/http-server.ts';
import { NodeHttpTransport } from '../../src/actions/http-transport.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import { WallClock } from '../../src/base/wall-clock.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import type { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { createRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { listObjects, sendRequest } from '../builders/requests.ts';
import {
  Deployments,
  EphemeralRunners,
  Leases,
  Namespaces,
  pathOf,
  Pods,
  ResourceQuotas,
  Secrets,
} from '../../src/kubernetes/resource.ts';
import type { Lease } from '../../src/kubernetes/types.ts';
import { LiveRun } from '../../src/debug/live-run.ts';
import { RunSession } from '../../src/run/session.ts';
import { DEFAULT_SETTINGS } from '../../src/run/settings.ts';
import { runChecklist } from '../../src/apply/checklist.ts';
import { GUARD_USER_AGENT } from '../../src/apply/user-agent.ts';
import { RESTORE_ANNOTATION } from '../../src/apply/scale-controller.ts';
import type { Deployment } from '../../src/apply/running-controllers.ts';
import { ADMIN, CONTROLLER, NOBODY, RealApiServer, SHADOW } from '../apiserver/api-server.ts';
import { missingTool, which } from '../apiserver/tools.ts';
import { arcLab, inFolder, type Finished } from '../builders/arc-lab.ts';
import { eventually } from '../builders/eventually.ts';
import { aRunner, aSecret } from '../builders/objects.ts';
import { skipWithout } from '../builders/skip.ts';

const MERGE = 'application/merge-patch+json';

describe('writing to a real cluster', function () {
  this.timeout(5 * 60_000);
  let server: RealApiServer;
  let transport: ApiTransport;
  let cluster: RemoteCluster;
  let actionsServer: ActionsServer;
  let service: EmbeddedActionsService;
  let namespace = '';
  let tests = 0;

  before(async function () {
    skipWithout(this, missingTool());
    server = await RealApiServer.start();
    transport = await server.transport();
    cluster = new RemoteCluster(transport);
    actionsServer = await serveActions(async (request) => service.handle(request));
    await sendRequest(
      cluster,
      createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'arc-systems' } }),
    );
  });

  beforeEach(async () => {
    service = new EmbeddedActionsService({ seed: 1, baseUrl: actionsServer.url, nowMs: Date.now });
    namespace = `apply-${++tests}`;
    await sendRequest(
      cluster,
      createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
    );
    const data = { github_token: Buffer.from('canary-token').toString('base64') };
    await sendRequest(cluster, createRequest(Secrets, aSecret({ name: 'gh', namespace }, data)));
  });

  afterEach(async () => {
    const all = (await transport.json('GET', pathOf(Deployments))) as { items: Deployment[] };
    for (const { metadata } of all.items) {
      await transport.json('DELETE', pathOf(Deployments, metadata.namespace, metadata.name));
    }
  });

  after(async () => {
    transport?.close();
    await actionsServer?.close();
    server?.stop();
  });

  const runOptions = (...more: string[]): string[] => [
    ...['run', '--kubeconfig', server.kubeconfig(CONTROLLER), '--context', CONTROLLER, '--namespace', namespace],
    ...['--apply', ...more],
  ];
  const apply = (state: string, ...more: string[]): Promise<Finished> =>
    arcLab(runOptions('--yes', ...more), { env: { XDG_STATE_HOME: state } });

  async function createRunner(name: string, labels: Record<string, string> = {}): Promise<void> {
    const runner = aRunner({ name, namespace, labels }, { githubConfigUrl: `${actionsServer.url}/org` });
    await sendRequest(cluster, createRequest(EphemeralRunners, runner));
  }

  /** As the chart makes it; `replicas` run. Nobody here carries out what it says. */
  async function createController(replicas: number, args: string[] = []): Promise<string> {
    const name = `controller-${namespace}`;
    const labels = { 'app.kubernetes.io/part-of': 'gha-rs-controller', 'app.kubernetes.io/version': '0.9.3' };
    const containers = [
      {
        name: 'manager',
        image: 'ghcr.io/actions/gha-runner-scale-set-controller:0.9.3',
        args: ['--auto-scaling-runner-set-only', '--log-level=debug', ...args],
      },
    ];
    const template = { metadata: { labels: { app: name } }, spec: { containers } };
    await transport.json('POST', pathOf(Deployments, 'arc-systems'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: { replicas, selector: { matchLabels: { app: name } }, template },
    });
    await setStatus(name, replicas);
    return name;
  }

  async function setStatus(name: string, replicas: number): Promise<void> {
    const status = { status: { replicas, readyReplicas: replicas, availableReplicas: replicas } };
    await transport.json('PATCH', pathOf(Deployments, 'arc-systems', name, 'status'), status, MERGE);
  }

  const deployment = async (name: string): Promise<Deployment> =>
    (await transport.json('GET', pathOf(Deployments, 'arc-systems', name))) as Deployment;

  /** What a deployment controller would do: as soon as it is to be zero, it is. */
  async function carryOut(name: string): Promise<void> {
    await eventually(async () => assert.equal((await deployment(name)).spec.replicas, 0));
    await setStatus(name, 0);
  }

  const podNames = async (): Promise<string[]> =>
    (await listObjects(cluster, Pods, namespace)).items.map(({ metadata }) => metadata.name).sort();

  /** Writes of the lab in the test's namespace and to its controller, by the API server's own witness. */
  function writes(): { verb: string; resource: string; userAgent: string }[] {
    return readFileSync(server.auditLog, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ user, verb }) => user.username === CONTROLLER && !['get', 'list', 'watch'].includes(verb))
      .filter(({ objectRef }) => objectRef?.namespace === namespace || objectRef?.name === `controller-${namespace}`)
      .map(({ verb, objectRef, userAgent = '' }) => ({ verb, resource: objectRef?.resource ?? '', userAgent }));
  }

  it('shows the checklist and what it will do, where and as whom, does it, and gives the lease away', () =>
    inFolder(async (state) => {
      await createRunner('job1', { 'app.kubernetes.io/version': '0.10.1' });
      const { code, stdout, stderr } = await apply(state, '--until-idle');
      assert.equal(code, 0, stderr + stdout);
      for (const line of [
        /^✓ API server: https:\/\/127\.0\.0\.1:\d+ answers, v1\./m,
        /^✓ Clock: /m,
        /^✓ ARC: its resources are installed, version 0\.10\.1$/m,
        /^✓ Other controllers: none was found$/m,
        /^✓ Permissions: arc-controller may do what a controller does in namespace apply-\d+$/m,
        /^✓ Quota: no quota of pods stands in the way$/m,
        /^✓ GitHub secret: apply-\d+\/gh holds a personal access token$/m,
        /^✓ Actions service: http:\/\/127\.0\.0\.1:\d+\/org takes the credentials/m,
        /^Cluster +context arc-controller, https:/m,
        /^As +arc-controller$/m,
        /^Where +namespace apply-\d+: 1 EphemeralRunner now/m,
      ]) {
        assert.match(stdout, line);
      }
      assert.ok(!`${stdout}${stderr}`.includes('canary-token'), 'the token is shown');
      assert.deepEqual(await podNames(), ['job1']);
      const lease = (await transport.json('GET', pathOf(Leases, namespace, 'arc-lab'))) as Lease;
      assert.equal(lease.spec?.holderIdentity, '', 'the lease is still held');
      const guarded = writes().filter(({ userAgent }) => userAgent === GUARD_USER_AGENT);
      assert.deepEqual([...new Set(guarded.map(({ resource }) => resource))], ['leases']);
    }));

  it('asks on a terminal, and changes nothing without a yes', async function () {
    if (which('script') === undefined) {
      process.stderr.write('skipped: script(1) is not installed, which gives a terminal\n');
      this.skip();
    }
    await createRunner('job1');
    await inFolder(async (state) => {
      for (const [answer, code] of [
        ['n', 1],
        ['y', 0],
      ] as const) {
        const [command = '', ...args] = [process.execPath, 'dist/cli.js', ...runOptions('--until-idle')];
        const quoted = [command, ...args].map((part) => `'${part}'`).join(' ');
        const child = spawn('script', ['-qec', quoted, '/dev/null'], {
          env: { ...process.env, XDG_STATE_HOME: state },
          stdio: ['pipe', 'pipe', 'inherit'],
        });
        let output = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          if (!output.includes('[y/N]') && (output + text).includes('[y/N]')) child.stdin.write(`${answer}\n`);
          output += text;
        });
        assert.equal(await new Promise((resolve) => child.on('close', resolve)), code, output);
        if (answer === 'n') assert.match(output, /not confirmed; nothing was changed/);
        assert.deepEqual(await podNames(), answer === 'n' ? [] : ['job1']);
        if (answer === 'n') assert.deepEqual(writes(), []);
      }
    });
  });

  it('names what is missing, and what to do, and writes nothing', () =>
    inFolder(async (state) => {
      const args = ['run', '--kubeconfig', server.kubeconfig(NOBODY), '--context', NOBODY, '--apply', '--yes'];
      const { code, stdout, stderr } = await arcLab([...args, '--namespace', namespace], {
        env: { XDG_STATE_HOME: state },
      });
      assert.equal(code, 1);
      assert.match(stdout, /^✗ ARC: ephemeralrunners cannot be listed: .*forbidden/m);
      assert.match(stderr, /^arc-lab: nothing was changed; see the ✗ lines above$/m);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    }));

  it('lists permissions, quota, secret, service, clock and version, each by its own line', async () => {
    await createRunner('job1', { 'app.kubernetes.io/version': '0.9.3' });
    const quota = { hard: { pods: '0' }, used: { pods: '0' } };
    const { hard } = quota;
    const tight = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'tight', namespace }, spec: { hard } };
    await sendRequest(cluster, createRequest(ResourceQuotas, tight));
    await sendRequest(cluster, patchRequest(ResourceQuotas, namespace, 'tight', { status: quota }, 'status'));
    service.answerNext('registration-token', { status: 401, body: { message: 'Bad credentials' }, times: 99 });
    const rules = [{ apiGroups: ['actions.github.com'], resources: ['ephemeralrunners'], verbs: ['list'] }];
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces';
    await transport.json('POST', `${rbac}/${namespace}/roles`, { metadata: { name: 'reader' }, rules });
    await transport.json('POST', `${rbac}/${namespace}/rolebindings`, {
      metadata: { name: 'reader' },
      subjects: [{ kind: 'User', name: NOBODY, apiGroup: 'rbac.authorization.k8s.io' }],
      roleRef: { kind: 'Role', name: 'reader', apiGroup: 'rbac.authorization.k8s.io' },
    });
    const http = new NodeHttpTransport();
    const check = async (user: string, skewMs: number): Promise<string> => {
      const asked = await server.transport(user);
      const { checks } = await runChecklist({
        transport: asked,
        cluster: new RemoteCluster(asked),
        http,
        secrets: new SecretRegistry(),
        contextName: user,
        namespace,
        mode: 'new',
        scaleDownController: false,
        includes: () => true,
        clock: new WallClock(),
        nowMs: () => Date.now() + skewMs,
      });
      asked.close();
      return checks.map(({ name, state, says, todo = '' }) => `${state} ${name}: ${says} ${todo}`).join('\n');
    };
    const asAdmin = await check(ADMIN, 120_000);
    assert.match(asAdmin, /failed Clock: this machine is 1(19|20|21) s ahead of the API server set the clock/);
    assert.match(asAdmin, /warned ARC: .*0\.9\.3 mode 0\.9\.3 is nearer to that than new: --mode 0\.9\.3/);
    assert.match(asAdmin, /warned Quota: tight allows 0 pods and has 0; 1 runner may want more/);
    assert.match(asAdmin, /passed GitHub secret: .*\/gh holds a personal access token/);
    assert.match(asAdmin, /failed Actions service: .*401/);
    assert.match(asAdmin, /passed Permissions/);
    const asNobody = await check(NOBODY, 0);
    assert.match(asNobody, /passed Clock/);
    assert.match(asNobody, /failed Permissions: .*patch ephemeralrunners\/status\.actions\.github\.com.*create leases/);
    assert.match(asNobody, /warned Other controllers: deployments of all namespaces may not be listed/);
    assert.match(asNobody, /failed GitHub secret: .*forbidden/);
    http.close();
  });

  it('refuses beside an active ARC controller, and says which it is and what it runs with', () =>
    inFolder(async (state) => {
      await createController(1, [`--watch-single-namespace=${namespace}`]);
      await createRunner('job1');
      const { code, stdout } = await apply(state, '--until-idle');
      assert.equal(code, 1, stdout);
      assert.match(
        stdout,
        /Other controllers: arc-systems\/controller-apply-\d+ \(0\.9\.3\) is active: it is set to 1 replica; flags --auto-scaling-runner-set-only/,
      );
      assert.match(stdout, /--scale-down-controller/);
      assert.deepEqual(writes(), [], 'something was written');
    }));

  it('does not mind a controller that watches another namespace', () =>
    inFolder(async (state) => {
      await createController(1, ['--watch-single-namespace=elsewhere']);
      const { code, stdout, stderr } = await apply(state, '--until-idle');
      assert.equal(code, 0, stderr);
      assert.match(stdout, /✓ Other controllers: none was found/);
    }));

  it('refuses when somebody else has just written to a runner', () =>
    inFolder(async (state) => {
      await createRunner('job1');
      const path = `${pathOf(EphemeralRunners, namespace, 'job1', 'status')}?fieldManager=manager`;
      await transport.json('PATCH', path, { status: { phase: 'Pending' } }, MERGE);
      const { code, stdout } = await apply(state, '--until-idle');
      assert.equal(code, 1);
      assert.match(stdout, /manager wrote the status of apply-\d+\/job1 \d+ s ago/);
      assert.deepEqual(writes(), []);
    }));

  it('scales an active controller to zero when asked to, and back at the end', () =>
    inFolder(async (state) => {
      const name = await createController(2);
      await createRunner('job1');
      const carried = carryOut(name);
      const { code, stdout, stderr } = await apply(state, '--until-idle', '--scale-down-controller');
      await carried;
      assert.equal(code, 0, stderr + stdout);
      assert.match(stdout, new RegExp(`^First +scales arc-systems/${name} to zero; back to 2 at the end`, 'm'));
      assert.match(stdout, new RegExp(`^arc-systems/${name} is back at 2$`, 'm'));
      const { metadata, spec } = await deployment(name);
      assert.equal(spec.replicas, 2);
      assert.equal(metadata.annotations?.[RESTORE_ANNOTATION], undefined);
      assert.deepEqual(readdirSync(join(state, 'arc-lab', 'restore')), []);
      assert.deepEqual(await podNames(), ['job1']);
      // The note on the deployment comes before the scaling, and both before anything is written to runners.
      assert.deepEqual(
        writes()
          .slice(0, 4)
          .map(({ verb, resource }) => `${verb} ${resource}`),
        ['create leases', 'patch deployments', 'patch deployments', 'patch ephemeralrunners'],
      );
    }));

  for (const way of ['notes of this machine', 'annotation on the cluster'] as const) {
    it(`a run that is killed leaves a way back: arc-lab restore, by the ${way}`, () =>
      inFolder(async (state) => {
        const name = await createController(3);
        const carried = carryOut(name);
        const killed = await arcLab(runOptions('--yes', '--scale-down-controller'), {
          env: { XDG_STATE_HOME: state },
          whenSaid: { text: 'Ctrl-C ends', act: (child: ChildProcess) => child.kill('SIGKILL') },
        });
        await carried;
        assert.equal(killed.code, null, killed.stderr);
        const { metadata, spec } = await deployment(name);
        assert.equal(spec.replicas, 0);
        assert.match(metadata.annotations?.[RESTORE_ANNOTATION] ?? '', /"replicas":3/);

        const next = await arcLab(
          ['run', '--kubeconfig', server.kubeconfig(SHADOW), '--namespace', namespace, '--until-idle'],
          { env: { XDG_STATE_HOME: state } },
        );
        assert.match(next.stdout, new RegExp(`arc-systems/${name} .* was scaled to zero at .*arc-lab restore`));

        const isLocal = way === 'notes of this machine';
        const where = isLocal ? [] : ['--kubeconfig', server.kubeconfig(ADMIN), '--context', ADMIN];
        const elsewhere = { XDG_STATE_HOME: isLocal ? state : join(state, 'another-machine') };
        const back = await arcLab(['restore', ...where], { env: elsewhere });
        assert.equal(back.code, 0, back.stderr);
        assert.match(back.stdout, new RegExp(`^arc-systems/${name} is back at 3`));
        assert.equal((await deployment(name)).spec.replicas, 3);
        assert.equal((await deployment(name)).metadata.annotations?.[RESTORE_ANNOTATION], undefined);
        const again = await arcLab(['restore', ...where], { env: elsewhere });
        assert.match(again.stdout, /^nothing to bring back/);
      }));
  }

  it('leaves a controller alone that somebody has scaled meanwhile', () =>
    inFolder(async (state) => {
      const name = await createController(2);
      const carried = carryOut(name);
      const { code, stdout } = await arcLab(runOptions('--yes', '--scale-down-controller'), {
        env: { XDG_STATE_HOME: state },
        whenSaid: {
          text: 'Ctrl-C ends',
          act: (child) => {
            const path = pathOf(Deployments, 'arc-systems', name);
            void transport.json('PATCH', path, { spec: { replicas: 1 } }, MERGE).then(() => child.kill('SIGINT'));
          },
        },
      });
      await carried;
      assert.equal(code, 0, stdout);
      assert.match(stdout, /had been scaled to 1 already/);
      assert.equal((await deployment(name)).spec.replicas, 1);
    }));

  it('one lab at a time: the second learns who writes there and since when', () =>
    inFolder(async (state) => {
      let second: Promise<Finished> | undefined;
      const first = await arcLab(runOptions('--yes'), {
        env: { XDG_STATE_HOME: state },
        whenSaid: {
          text: 'Ctrl-C ends',
          act: (child) => {
            second = apply(state, '--until-idle');
            void second.then(() => child.kill('SIGINT'));
          },
        },
      });
      const { code, stderr } = (await second) as Finished;
      assert.equal(first.code, 0, first.stderr);
      assert.equal(code, 1);
      assert.match(
        stderr,
        new RegExp(
          `@.*\\(process \\d+\\) writes to ${namespace} \\(lease arc-lab since \\d{4}-.*renewed \\d\\d:.*wait until it has ended`,
        ),
      );
      const third = await apply(state, '--until-idle');
      assert.equal(third.code, 0, `the lease is free again: ${third.stderr}`);
    }));

  it('a lab that crashed is waited for as long as its lease lives, and then succeeded', () =>
    inFolder(async (state) => {
      const env = { XDG_STATE_HOME: state };
      const act = (child: ChildProcess): void => void child.kill('SIGKILL');
      await arcLab(runOptions('--yes'), { env, whenSaid: { text: 'Ctrl-C ends', act } });
      const { code, stdout, stderr } = await apply(state, '--until-idle');
      assert.equal(code, 0, stderr);
      assert.match(stdout, /writes to .*; waiting 15 s to see whether it is still renewed/);
    }));

  it('stops writing at once when the lease is lost', () =>
    inFolder(async (state) => {
      const path = pathOf(Leases, namespace, 'arc-lab');
      const env = { XDG_STATE_HOME: state };
      const { code, stderr } = await arcLab(runOptions('--yes'), {
        env,
        whenSaid: {
          text: 'Ctrl-C ends',
          act: () => void transport.json('PATCH', path, { spec: { holderIdentity: 'somebody-else' } }, MERGE),
        },
      });
      assert.equal(code, 1);
      assert.match(stderr, /Stopped writing to .*: the lease is somebody-else’s now/);
      const lease = (await transport.json('GET', path)) as Lease;
      assert.equal(lease.spec?.holderIdentity, 'somebody-else', 'a lease that is lost is not given away');
    }));

  it('holds no lease while a debugger has stopped it, and writes on when it has it again', async () => {
    const lease = async (): Promise<string | undefined> =>
      ((await transport.json('GET', pathOf(Leases, namespace, 'arc-lab'))) as Lease).spec?.holderIdentity;
    const session = await RunSession.attach(
      { ...DEFAULT_SETTINGS, mode: 'new' },
      {
        ...{ kind: 'attached', apply: true, simulatePods: false, namespace },
        ...{ kubeconfig: server.kubeconfig(CONTROLLER), context: CONTROLLER },
      },
      {
        apply: {
          ...{ onChecklist: () => undefined, onLost: () => undefined, onProgress: () => undefined },
          ...{ confirm: () => Promise.resolve(true), scaleDownController: false },
        },
      },
    );
    try {
      const live = new LiveRun(session.debugTarget);
      const said: string[] = [];
      live.onSay = (sentence) => said.push(sentence);
      const stopped = new Promise((resolve) => (live.onStop = resolve));
      live.goOn(({ moments }, moment) => {
        const effect = moments.effect(moment);
        const isPod = effect?.kind === 'kubernetes' && effect.request.resource === Pods;
        return isPod && effect.request.verb === 'create' ? { reason: 'breakpoint' } : undefined;
      });
      await createRunner('job1');
      await stopped;
      assert.equal(await lease(), '', 'the lease is held while the passes stand still');
      assert.deepEqual(await podNames(), []);
      live.goOn(() => undefined);
      await eventually(async () => assert.deepEqual(await podNames(), ['job1']));
      assert.match((await lease()) ?? '', /@.* \(process \d+\)$/);
      assert.match(said.at(-1) ?? '', /^The passes stood still in the debugger for /);
      live.dispose();
    } finally {
      await session.stop();
    }
    assert.equal(await lease(), '');
  });

  it('touches only the runners of its scope', () =>
    inFolder(async (state) => {
      await createRunner('job1', { 'actions.github.com/scale-set-name': 'one', tier: 'a' });
      await createRunner('job2', { 'actions.github.com/scale-set-name': 'two', tier: 'a' });
      await createRunner('job3', { 'actions.github.com/scale-set-name': 'one', tier: 'b' });
      const one = await apply(state, '--until-idle', '--runner-set', 'one', '--selector', 'tier=a');
      assert.equal(one.code, 0, one.stderr);
      assert.match(one.stdout, /1 EphemeralRunner of runner set one with labels tier=a now/);
      assert.deepEqual(await podNames(), ['job1']);
      await apply(state, '--until-idle', '--selector', 'tier in (b)');
      assert.deepEqual(await podNames(), ['job1', 'job3']);
      const others = (await listObjects(cluster, EphemeralRunners, namespace)).items.filter(
        ({ metadata }) => metadata.finalizers === undefined,
      );
      assert.deepEqual(
        others.map(({ metadata }) => metadata.name),
        ['job2'],
      );
    }));

  it('a transport that is read-only sends nothing else, whatever the request', async () => {
    const readOnly = await server.transport(SHADOW, { readOnly: true });
    const tried: [string, string][] = [
      ['POST', pathOf(Pods, namespace)],
      ['PUT', pathOf(Secrets, namespace, 'gh')],
      ['PATCH', pathOf(EphemeralRunners, namespace, 'job1')],
      ['DELETE', pathOf(Secrets, namespace, 'gh')],
      ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews?dryRun=All'],
    ];
    for (const [method, path] of tried) {
      await assert.rejects(
        () => readOnly.json(method, path, {}),
        (error: unknown) => error instanceof ApiError && error.message.includes(`${method} ${path} was not sent`),
      );
    }
    const { items } = (await readOnly.json('GET', pathOf(Secrets, namespace))) as { items: unknown[] };
    assert.equal(items.length, 1);
    readOnly.close();
  });
});

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly objectRef?: { readonly resource?: string; readonly namespace?: string; readonly name?: string };
}
