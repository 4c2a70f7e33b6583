import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { request } from 'node:https';
import { WallClock } from '../../src/base/wall-clock.ts';
import type { ApiError } from '../../src/kubernetes/api-error.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { ApiTransport } from '../../src/kubernetes/remote/transport.ts';
import { createRequest, deleteRequest } from '../../src/kubernetes/request.ts';
import { sendRequest } from '../builders/requests.ts';
import { Namespaces, Secrets } from '../../src/kubernetes/resource.ts';
import type { Secret } from '../../src/kubernetes/types.ts';
import { Informer } from '../../src/runtime/informer.ts';
import { CONTROLLER, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { makeCertificate, type Certificate } from '../builders/certificate.ts';
import { aSecret } from '../builders/objects.ts';
import { eventually } from '../builders/eventually.ts';
import { playReal } from '../campaign/real-run.ts';
import { skipWithout } from '../builders/skip.ts';

const RUNS = Number(process.env['CAMPAIGN_REAL_RUNS'] ?? 200);
const FIRST_SEED = Number(process.env['CAMPAIGN_SEED'] ?? 1);
const AT_A_TIME = 8;

describe('controllers on a real kube-apiserver that fails them', function () {
  this.timeout(20 * 60_000);
  let server: RealApiServer;

  before(async function () {
    skipWithout(this, missingTool());
    server = await RealApiServer.start();
  });

  after(() => server?.stop());

  it(`${RUNS} runs from seed ${FIRST_SEED} behind a proxy that injects faults, with processes killed: everything ends right`, async () => {
    const seen = new Map<string, number>();
    let crashes = 0;
    let next = FIRST_SEED;
    const player = async (): Promise<void> => {
      while (next < FIRST_SEED + RUNS) {
        const seed = next++;
        const outcome = await playReal(server, seed);
        assert.deepEqual(outcome.violations, [], `repeat with CAMPAIGN_SEED=${seed} CAMPAIGN_REAL_RUNS=1`);
        for (const [fault, count] of outcome.faults) seen.set(fault, (seen.get(fault) ?? 0) + count);
        crashes += outcome.crashes;
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, player));
    if (RUNS < 100) return;
    const faults = [...seen.keys()].sort();
    assert.ok(faults.length >= 16, `only these faults came about: ${faults.join(', ')}`);
    assert.ok(crashes > RUNS / 4, `only ${crashes} crashes`);
  });

  /** A cache of secrets kept through whatever happens, and the errors that its watch told. */
  async function withCache(
    transport: ApiTransport,
    namespace: string,
    use: (cache: Informer<Secret>, errors: string[]) => Promise<void>,
  ): Promise<void> {
    const direct = new RemoteCluster(await server.transport());
    const metadata = { name: namespace };
    await sendRequest(direct, createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
    await sendRequest(direct, createRequest(Secrets, aSecret({ name: 'before', namespace })));
    const clock = new WallClock();
    const errors: string[] = [];
    const cache = new Informer(new RemoteCluster(transport, clock), Secrets, {
      namespace,
      onError: (error: ApiError) => errors.push(error.message),
    });
    try {
      await eventually(() => assert.ok(cache.get(`${namespace}/before`) !== undefined));
      await use(cache, errors);
    } finally {
      cache.dispose();
      clock.close();
      transport.close();
    }
  }

  for (const part of ['apiserver', 'etcd'] as const) {
    it(`a cache goes on when the ${part} is killed and started again, and misses no deletion`, async () => {
      const namespace = `restart-${part}`;
      await withCache(await server.transport(CONTROLLER), namespace, async (cache) => {
        const direct = new RemoteCluster(await server.transport());
        await sendRequest(direct, createRequest(Secrets, aSecret({ name: 'during', namespace })));
        await server.restart(part);
        await eventually(() => sendRequest(direct, deleteRequest(Secrets, namespace, 'before')));
        await sendRequest(direct, createRequest(Secrets, aSecret({ name: 'after', namespace })));
        await eventually(() => assert.ok(cache.get(`${namespace}/after`) !== undefined));
        assert.deepEqual([...cache.entries()].map(([key]) => key).sort(), [
          `${namespace}/after`,
          `${namespace}/during`,
        ]);
      });
    });
  }

  it('says that a certificate which was replaced is not trusted, and goes on when it is right again', async () => {
    const front = await TlsFront.start(server.url);
    const [first, second] = [await makeCertificate('front'), await makeCertificate('front')];
    await front.present(first);
    const transport = frontTransport(front, first.cert, () => server.tokens[CONTROLLER] ?? '');
    await withCache(transport, 'certificate', async (cache, errors) => {
      await front.present(second);
      await eventually(() =>
        assert.ok(errors.some((text) => /the certificate of https:\S+ is not trusted/.test(text))),
      );
      await front.present(first);
      const direct = new RemoteCluster(await server.transport());
      await sendRequest(direct, createRequest(Secrets, aSecret({ name: 'after', namespace: 'certificate' })));
      await eventually(() => assert.ok(cache.get('certificate/after') !== undefined));
    });
    front.close();
  });

  it('asks for new credentials when the token has expired, and goes on with them', async () => {
    const front = await TlsFront.start(server.url);
    const certificate = await makeCertificate('front');
    await front.present(certificate);
    let token = server.tokens[CONTROLLER] ?? '';
    let asked = 0;
    const transport = frontTransport(front, certificate.cert, () => {
      asked++;
      return token;
    });
    await withCache(transport, 'token', async (cache) => {
      // The one in use is refused from now on; the next request gets a new one.
      const [expired, askedBefore] = [token, asked];
      front.refusedToken = expired;
      token = server.tokens['test-admin'] ?? '';
      front.cut();
      const direct = new RemoteCluster(await server.transport());
      await sendRequest(direct, createRequest(Secrets, aSecret({ name: 'after', namespace: 'token' })));
      await eventually(() => assert.ok(cache.get('token/after') !== undefined));
      assert.ok(front.refusals > 0, 'the expired token was never used');
      assert.ok(asked > askedBefore, 'nobody asked for new credentials');
    });
    front.close();
  });
});

function frontTransport(front: TlsFront, ca: string, token: () => string): ApiTransport {
  return new ApiTransport({
    contextName: 'front',
    userName: CONTROLLER,
    namespace: 'default',
    server: new URL(front.url),
    requestOptions: async () => ({ ca, headers: { Authorization: `Bearer ${token()}` } }),
  });
}

/** TLS of its own in front of the API server, whose certificate can be changed. */
class TlsFront {
  readonly #target: string;
  #server: Server | undefined;
  #port = 0;
  refusedToken: string | undefined;
  refusals = 0;

  private constructor(target: string) {
    this.#target = target;
  }

  static async start(target: string): Promise<TlsFront> {
    const front = new TlsFront(target);
    await front.present(await makeCertificate('front'));
    return front;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** Cuts every connection; new ones are shown this certificate. */
  async present({ cert, key }: Certificate): Promise<void> {
    this.close();
    const server = createServer({ key, cert }, (incoming, response) => {
      const { authorization } = incoming.headers;
      if (this.refusedToken !== undefined && authorization === `Bearer ${this.refusedToken}`) {
        this.refusals++;
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' }));
        return;
      }
      const { host: _host, ...headers } = incoming.headers;
      const url = new URL(incoming.url ?? '/', this.#target);
      const forwarded = request(url, { method: incoming.method, headers, rejectUnauthorized: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      response.on('close', () => forwarded.destroy());
      incoming.pipe(forwarded);
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  cut(): void {
    this.#server?.closeAllConnections();
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}
