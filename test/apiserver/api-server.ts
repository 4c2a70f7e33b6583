import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import { openKubeconfig } from '../../src/kubernetes/remote/kubeconfig.ts';
import { ApiTransport, type TransportOptions } from '../../src/kubernetes/remote/transport.ts';
import { allResources, EphemeralRunners } from '../../src/kubernetes/resource.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import { freePort } from '../builders/free-port.ts';
import { customResourceDefinitions } from './crd.ts';
import { apiServerTools } from './tools.ts';

/** User names with their groups; the audit log tells requests apart by them. */
export const ADMIN = 'test-admin';
export const CONTROLLER = 'arc-controller';
/** May do everything, and is used by sessions in shadow: every server of the tests looks at its end whether it did but read. */
export const SHADOW = 'arc-shadow';
/** May do nothing but what a test grants. */
export const NOBODY = 'test-nobody';

type Part = 'apiserver' | 'etcd';

/** A real kube-apiserver with its own etcd, as the recordings were made on: no kubelet, no controller-manager. */
export class RealApiServer {
  readonly url: string;
  readonly auditLog: string;
  readonly folder: string;
  readonly tokens: Readonly<Record<string, string>>;
  readonly #starts: Readonly<Record<Part, () => ChildProcess>>;
  readonly #children: Record<Part, ChildProcess>;
  readonly #certificate: string;

  private constructor(
    url: string,
    folder: string,
    tokens: Readonly<Record<string, string>>,
    starts: Readonly<Record<Part, () => ChildProcess>>,
    certificate: string,
  ) {
    this.url = url;
    this.folder = folder;
    this.tokens = tokens;
    this.auditLog = join(folder, 'audit.log');
    this.#starts = starts;
    this.#children = { etcd: starts.etcd(), apiserver: starts.apiserver() };
    this.#certificate = certificate;
  }

  static async start(options: { installCrd?: boolean } = {}): Promise<RealApiServer> {
    for (let triesLeft = 2; ; triesLeft--) {
      try {
        return await RealApiServer.#startOnce(options);
      } catch (error) {
        // Between finding a free port and listening on it somebody else may take it.
        if (triesLeft === 0 || !String(error).includes('address already in use')) throw error;
      }
    }
  }

  static async #startOnce(options: { installCrd?: boolean }): Promise<RealApiServer> {
    const tools = apiServerTools();
    const folder = mkdtempSync(join(tmpdir(), 'arc-lab-apiserver-'));
    const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const startEtcd = (): ChildProcess =>
      spawn(
        tools.etcd,
        ['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync', '--log-level=error']
          .concat(['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl])
          .concat(['--listen-peer-urls', `http://127.0.0.1:${peerPort}`]),
        { stdio: 'ignore' },
      );
    const tokens: Record<string, string> = {};
    for (const user of [ADMIN, CONTROLLER, SHADOW, NOBODY]) tokens[user] = randomBytes(16).toString('hex');
    const users = Object.entries(tokens).map(([user, token]) =>
      user === NOBODY ? `${token},${user},${user}` : `${token},${user},${user},"system:masters"`,
    );
    writeFileSync(join(folder, 'tokens.csv'), `${users.join('\n')}\n`);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = join(folder, 'service-account.key');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(join(folder, 'audit.yaml'), AUDIT_POLICY);
    const flags = {
      'etcd-servers': etcdUrl,
      'secure-port': port,
      'bind-address': '127.0.0.1',
      'cert-dir': join(folder, 'certificates'),
      'service-account-key-file': key,
      'service-account-signing-key-file': key,
      'service-account-issuer': 'https://kubernetes.default.svc',
      'token-auth-file': join(folder, 'tokens.csv'),
      'authorization-mode': 'RBAC',
      'service-cluster-ip-range': '10.0.0.0/16',
      'disable-admission-plugins': 'ServiceAccount',
      'allow-privileged': true,
      'audit-policy-file': join(folder, 'audit.yaml'),
      'audit-log-path': join(folder, 'audit.log'),
    };
    const output: string[] = [];
    const startApiServer = (): ChildProcess => {
      const apiserver = spawn(
        tools.apiserver,
        Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      apiserver.stderr?.setEncoding('utf8').on('data', (text: string) => {
        output.push(text);
        if (output.length > 50) output.shift();
      });
      return apiserver;
    };
    const url = `https://127.0.0.1:${port}`;
    const certificate = join(folder, 'certificates', 'apiserver.crt');
    const server = new RealApiServer(url, folder, tokens, { apiserver: startApiServer, etcd: startEtcd }, certificate);
    try {
      await server.#ready();
      if (options.installCrd !== false) await server.#installCrd();
    } catch (error) {
      server.stop();
      throw new Error(`kube-apiserver did not start: ${String(error)}\n${output.join('').slice(-2000)}`);
    }
    return server;
  }

  /** Path of a kubeconfig for a user; `change` may spoil it. */
  kubeconfig(user: string, change: (config: KubeconfigText) => void = () => undefined): string {
    const config: KubeconfigText = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': user,
      contexts: [{ name: user, context: { cluster: 'real', user, namespace: 'default' } }],
      clusters: [
        {
          name: 'real',
          cluster: { server: this.url, 'certificate-authority-data': base64(readFileSync(this.#certificate)) },
        },
      ],
      users: [{ name: user, user: { token: this.tokens[user] } }],
    };
    change(config);
    const path = join(this.folder, `${user}-${randomBytes(4).toString('hex')}.kubeconfig`);
    writeFileSync(path, JSON.stringify(config));
    return path;
  }

  /** PEM of what clients must trust. */
  get certificate(): string {
    return readFileSync(this.#certificate, 'utf8');
  }

  async transport(user: string = ADMIN, options: TransportOptions = {}): Promise<ApiTransport> {
    const access = await openKubeconfig({ file: this.kubeconfig(user), secrets: new SecretRegistry() });
    return new ApiTransport(access, options);
  }

  /** Kills a part without warning and starts it again with what it has on disk; resolves when the server answers. */
  async restart(part: Part): Promise<void> {
    const child = this.#children[part];
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    this.#children[part] = this.#starts[part]();
    await this.#ready();
  }

  /** @throws AssertionError when somebody in shadow has sent anything but reads and access reviews */
  stop(): void {
    const written = this.#writesOfShadow();
    for (const child of Object.values(this.#children)) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    assert.deepEqual(written, [], 'a session in shadow has sent the cluster something else than reads');
  }

  #writesOfShadow(): string[] {
    if (!existsSync(this.auditLog)) return [];
    return readFileSync(this.auditLog, 'utf8')
      .split('\n')
      .flatMap((line) => {
        if (!line.includes(`"username":"${SHADOW}"`)) return [];
        const { verb, requestURI } = JSON.parse(line) as { verb: string; requestURI: string };
        const isRead = ['get', 'list', 'watch'].includes(verb);
        return isRead || requestURI.endsWith('/selfsubjectaccessreviews') ? [] : [`${verb} ${requestURI}`];
      });
  }

  async #ready(): Promise<void> {
    const limitMs = Date.now() + 90_000;
    for (;;) {
      try {
        const transport = await this.transport();
        await transport.json('GET', '/api/v1/namespaces/default');
        const nobody = await this.transport(NOBODY);
        const spec = { resourceAttributes: { verb: 'get', resource: 'pods' } };
        const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
        // The roles of all users reach the authorizer a moment after the server answers.
        await nobody.json('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review);
        nobody.close();
        transport.close();
        return;
      } catch (error) {
        if (Date.now() > limitMs || this.#children.apiserver.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  async #installCrd(): Promise<void> {
    const transport = await this.transport();
    for (const definition of customResourceDefinitions()) {
      await transport.json('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    }
    const limitMs = Date.now() + 30_000;
    for (;;) {
      try {
        const group = '/apis/actions.github.com/v1alpha1';
        for (const { plural, group: of } of allResources) {
          if (of === EphemeralRunners.group) await transport.json('GET', `${group}/${plural}`);
        }
        break;
      } catch (error) {
        if (!(error instanceof ApiError) || Date.now() > limitMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    transport.close();
  }
}

export interface KubeconfigText {
  apiVersion: string;
  kind: string;
  'current-context': string;
  contexts: { name: string; context: { cluster: string; user: string; namespace: string } }[];
  clusters: { name: string; cluster: { server: string; 'certificate-authority-data'?: string } }[];
  users: { name: string; user: Record<string, unknown> }[];
}

const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted, Panic]
rules:
  - level: Request
    users: ["${CONTROLLER}", "${SHADOW}"]
  - level: None
`;

function base64(data: Buffer): string {
  return data.toString('base64');
}
