import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { serveActions } from '../../src/actions/http-server.ts';
import { NodeHttpTransport } from '../../src/actions/http-transport.ts';
import { HttpTransportError, type HttpResponse, type HttpRoute } from '../../src/base/http.ts';
import { createRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { listObjects, sendRequest } from '../builders/requests.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { EphemeralRunners, Namespaces, Pods, Secrets } from '../../src/kubernetes/resource.ts';
import { parseTrace } from '../../src/trace/jsonl.ts';
import { sourceOf } from '../../src/trace/header.ts';
import { ADMIN, NOBODY, RealApiServer, SHADOW, type KubeconfigText } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { arcLab, inFolder, type Finished } from '../builders/arc-lab.ts';
import { aPod, aRunner, aSecret } from '../builders/objects.ts';
import { skipWithout } from '../builders/skip.ts';

describe('attaching to a real kube-apiserver', function () {
  this.timeout(10 * 60_000);
  let server: RealApiServer;

  before(async function () {
    skipWithout(this, missingTool());
    server = await RealApiServer.start();
  });

  after(() => server?.stop());

  function refused({ code, stdout, stderr }: Finished, sentence: RegExp): void {
    assert.match(stderr, sentence);
    assert.equal(code, 1);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.equal(stdout, '');
  }

  async function attach(
    user: string,
    change?: (config: KubeconfigText) => void,
    more: string[] = [],
  ): Promise<Finished> {
    return arcLab(['run', '--until-idle', '--kubeconfig', server.kubeconfig(user, change), ...more]);
  }

  it('refuses a certificate that is not trusted', async () => {
    const change = (config: KubeconfigText): void => {
      for (const { cluster } of config.clusters) delete cluster['certificate-authority-data'];
    };
    refused(await attach(SHADOW, change), /the certificate of https:\/\/127\.0\.0\.1:\d+ is not trusted/);
  });

  it('tells when the credentials are refused', async () => {
    const change = (config: KubeconfigText): void => {
      for (const each of config.users) each.user = { token: 'expired-token' };
    };
    refused(await attach(SHADOW, change), /refused the credentials of context arc-shadow: the token may have expired/);
  });

  it('names every permission that is missing, with verb and resource', async () => {
    refused(
      await attach(NOBODY),
      /lacks permissions in namespace default: list ephemeralrunners\.actions\.github\.com, watch .*, list pods, .*get secrets/,
    );
  });

  it('takes credentials from an exec plugin', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: server.tokens[SHADOW] },
    };
    const change = (config: KubeconfigText): void => {
      for (const each of config.users) {
        each.user = {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: process.execPath,
            args: ['-e', `process.stdout.write(${JSON.stringify(JSON.stringify(credential))})`],
            interactiveMode: 'Never',
          },
        };
      }
    };
    const { code, stdout, stderr } = await attach(SHADOW, change);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /shadowing, nothing is changed/);
  });

  it('goes through the proxy that the kubeconfig names', async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request: IncomingMessage, near: Socket) => {
      tunnels.push(request.url ?? '');
      const far = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
        near.write('HTTP/1.1 200 Connection established\r\n\r\n');
        far.pipe(near).pipe(far);
      });
      for (const socket of [near, far]) socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const change = (config: KubeconfigText): void => {
      for (const { cluster } of config.clusters) {
        Object.assign(cluster, { 'proxy-url': `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
      }
    };
    try {
      const { code, stdout, stderr } = await attach(SHADOW, change);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /shadowing, nothing is changed/);
      assert.ok(tunnels.length > 0, 'nothing went through the proxy');
      assert.deepEqual([...new Set(tunnels)], [new URL(server.url).host]);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it('is trusted only with its certificate authority, like a GitHub server with its own certificate', async () => {
    const http = new NodeHttpTransport();
    const ask = (route: HttpRoute): Promise<HttpResponse | HttpTransportError> =>
      new Promise((resolve) => http.send({ method: 'GET', url: `${server.url}/version`, headers: {}, route }, resolve));
    const untrusted = await ask({});
    assert.ok(untrusted instanceof HttpTransportError && !untrusted.retryable, 'an untrusted certificate was accepted');
    const certificateAuthorities = readFileSync(join(server.folder, 'certificates', 'apiserver.crt'), 'utf8');
    const trusted = await ask({ certificateAuthorities });
    assert.ok(!(trusted instanceof HttpTransportError), 'the authority that was given is not trusted');
    http.close();
  });

  it('registers runners as a GitHub App: a signed request for an installation token, and that token from then on', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const authorizations: string[] = [];
    const made: { service?: EmbeddedActionsService } = {};
    const actionsServer = await serveActions(async (request) => {
      authorizations.push(`${new URL(request.url).pathname} ${request.headers['authorization'] ?? ''}`);
      return (made.service as EmbeddedActionsService).handle(request);
    });
    made.service = new EmbeddedActionsService({ seed: 1, baseUrl: actionsServer.url, nowMs: () => Date.now() });
    const transport = await server.transport();
    const cluster = new RemoteCluster(transport);
    const namespace = 'as-app';
    try {
      const metadata = { name: namespace };
      await sendRequest(cluster, createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
      const app = {
        github_app_id: '4711',
        github_app_installation_id: '42',
        github_app_private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
      const data = Object.fromEntries(
        Object.entries(app).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
      );
      await sendRequest(cluster, createRequest(Secrets, aSecret({ name: 'gh', namespace }, data)));
      const runner = aRunner({ name: 'job1', namespace }, { githubConfigUrl: `${actionsServer.url}/org` });
      await sendRequest(cluster, createRequest(EphemeralRunners, runner));
      const { code, stdout, stderr } = await attach(ADMIN, undefined, [
        '--context',
        ADMIN,
        '--apply',
        '--yes',
        '--namespace',
        namespace,
      ]);
      assert.equal(code, 0, stderr);
      const { items: pods } = await listObjects(cluster, Pods, namespace);
      assert.deepEqual(
        pods.map(({ metadata: { name } }) => name),
        ['job1'],
        stdout,
      );
      const [first = '', second = ''] = authorizations;
      const [, path, header, payload, signature] =
        /^(\S+) Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(first) ?? assert.fail(`not a signed token: ${first}`);
      assert.match(path ?? '', /\/app\/installations\/42\/access_tokens$/);
      const signed = Buffer.from(`${header}.${payload}`);
      const isSigned = verify('sha256', signed, publicKey, Buffer.from(signature ?? '', 'base64url'));
      assert.ok(isSigned, "the request is not signed with the app's key");
      const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as { iss: string };
      assert.equal(String(claims.iss), '4711');
      assert.match(second, /registration-token Bearer \S+$/);
      assert.ok(!second.includes(signature ?? ''), 'the installation token takes the place of the signed one');
    } finally {
      transport.close();
      await actionsServer.close();
    }
  });

  it('in shadow takes the delays of the pods from those of the cluster, and says what is simulated', async () => {
    const transport = await server.transport();
    const cluster = new RemoteCluster(transport);
    const namespace = 'delays';
    const metadata = { name: namespace };
    await sendRequest(cluster, createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
    const labels = { 'actions-ephemeral-runner': 'True' };
    await sendRequest(cluster, createRequest(Pods, aPod({ name: 'earlier', namespace, labels })));
    const startedAt = new Date(Date.now() + 7_000).toISOString().replace(/\.\d+/, '');
    const container = { name: 'runner', image: 'runner', imageID: '', ready: true, restartCount: 0 };
    const status = { containerStatuses: [{ ...container, state: { running: { startedAt } } }] };
    await sendRequest(cluster, patchRequest(Pods, namespace, 'earlier', { status }, 'status'));
    transport.close();
    const { code, stdout, stderr } = await attach(SHADOW, undefined, ['--namespace', namespace]);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /shadowing, nothing is changed, .*pods are simulated: they start after [67]\S* s? ?as 1 of the cluster’s pods did and run on; registrations are simulated, 200/,
    );
  });

  it('in shadow brings runners to pods in the overlay, and sends the cluster nothing but reads', async () => {
    const transport = await server.transport();
    const cluster = new RemoteCluster(transport);
    const namespace = 'shadow';
    await sendRequest(
      cluster,
      createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
    );
    await sendRequest(
      cluster,
      createRequest(Secrets, aSecret({ name: 'gh', namespace }, { github_token: 'Y2FuYXJ5LXRva2Vu' })),
    );
    for (const name of ['job1', 'job2']) {
      const runner = aRunner({ name, namespace }, { githubConfigUrl: 'https://github.com/org' });
      await sendRequest(cluster, createRequest(EphemeralRunners, runner));
    }
    await inFolder(async (folder) => {
      const file = join(folder, 'shadow.arctrace.jsonl');
      const more = ['--namespace', namespace, '--trace', file, '--pod-start', '200ms', '--jit-latency', '50ms'];
      const { code, stdout, stderr } = await attach(SHADOW, undefined, more);
      assert.equal(code, 0, stderr);
      const text = readFileSync(file, 'utf8');
      assert.ok(!`${text}${stdout}`.includes('canary-token'));
      const trace = parseTrace(text);
      assert.equal(sourceOf(trace.header), 'shadow');
      const states = new Map<string, string>();
      for (const event of trace.events())
        if (event.type === 'object') states.set(event.object, `${event.phase} ${event.pod}`);
      assert.deepEqual([...states].sort(), [
        ['shadow/job1', 'Running ready'],
        ['shadow/job2', 'Running ready'],
      ]);
    });
    const audit = readFileSync(server.auditLog, 'utf8').trim().split('\n');
    const requests = audit
      .map((line) => JSON.parse(line) as { user: { username: string }; verb: string; objectRef?: { resource: string } })
      .filter(({ user }) => user.username === SHADOW);
    assert.ok(requests.length > 10, 'the audit log shows no requests of the run');
    const writes = requests.filter(
      ({ verb, objectRef }) =>
        !['get', 'list', 'watch'].includes(verb) && objectRef?.resource !== 'selfsubjectaccessreviews',
    );
    assert.deepEqual(writes, [], 'something was written to the cluster');
    assert.equal((await listObjects(cluster, Pods, namespace)).items.length, 0);
    for (const { metadata } of (await listObjects(cluster, EphemeralRunners, namespace)).items) {
      assert.equal(metadata.finalizers, undefined);
    }
    transport.close();
  });

  it("tells when ARC's resources are not installed", async () => {
    const bare = await RealApiServer.start({ installCrd: false });
    try {
      refused(
        await arcLab(['run', '--until-idle', '--kubeconfig', bare.kubeconfig(ADMIN)]),
        /does not know ephemeralrunners\.actions\.github\.com: ARC's custom resource definitions are missing/,
      );
    } finally {
      bare.stop();
    }
  });
});
