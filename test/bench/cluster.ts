import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { ApiServer } from '../../src/kubernetes/embedded/api-server.ts';
import { createRequest } from '../../src/kubernetes/request.ts';
import { Namespaces, Pods } from '../../src/kubernetes/resource.ts';
import { ADMIN, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { goProgram } from '../builders/go-program.ts';
import { aPod } from '../builders/objects.ts';
import { HttpClient, type Target } from '../conformance/api/http-client.ts';
import { median, nanosecondsPerOperation, RUNS, type Row } from './measure.ts';

const CLIENTS = 16;
const LISTED = 10_000;

/** How many of an operation a run makes, with the real server and with ours; figures are operations a second. */
const OPERATIONS: readonly (readonly [operation: string, real: number, ours: number, clients: number])[] = [
  ['create', 1_000, 10_000, CLIENTS],
  ['get', 3_000, 10_000, CLIENTS],
  ['patch-status', 1_000, 10_000, CLIENTS],
  ['watch', 300, 1_000, CLIENTS],
  ['list', 4, 20, 1],
];

/** Operations that a server without any work of its own can answer too: what Node.js itself allows on the machine. */
const AS_A_CONSTANT = ['create', 'get'];

/** The embedded cluster in process and over HTTP, beside a real kube-apiserver under the same Go clients. */
export async function clusterBench(): Promise<Row[]> {
  const rows: Row[] = [inProcess()];
  const missing = missingTool();
  if (missing !== undefined) {
    return [...rows, { what: 'over HTTP', ours: '-', peer: `not measured: ${missing}`, aim: '10 times' }];
  }
  const load = goProgram('apiserver', 'load');
  const folder = mkdtempSync(join(tmpdir(), 'arc-lab-bench-'));
  const served = await serveInProcessOfItsOwn(folder);
  const constant = await serveAConstant();
  const real = await RealApiServer.start();
  try {
    const theirs = {
      url: real.url,
      certificate: real.certificate,
      tokens: { admin: real.tokens[ADMIN] ?? '', nobody: '' },
    };
    for (const [operation, realCount, ourCount, clients] of OPERATIONS) {
      const figures: [number[], number[], number[]] = [[], [], []];
      for (let run = 0; run < RUNS; run++) {
        const namespace = `bench-${operation}-${run}`;
        for (const [index, target] of [served.target, theirs].entries()) {
          // Lists are long once; what they list is made before the first.
          const place = operation === 'list' ? 'bench-list' : namespace;
          if (operation !== 'list' || run === 0) await makeNamespace(target, place);
          if (operation === 'list' && run === 0) await measure(load, folder, target, place, 'create', LISTED, CLIENTS);
          const count = index === 0 ? ourCount : realCount;
          figures[index]?.push(await measure(load, folder, target, place, operation, count, clients));
        }
        if (!AS_A_CONSTANT.includes(operation)) continue;
        figures[2].push(await measure(load, folder, constant.target, namespace, operation, ourCount, clients));
      }
      const [ours, peer, floor] = figures.map(median) as [number, number, number];
      const most = Number.isNaN(floor) ? '' : `; node:https with a constant answer ${Math.round(floor)}/s`;
      const what =
        operation === 'watch' ? 'events to 100 watchers' : operation === 'list' ? `list ${LISTED} pods` : operation;
      rows.push({
        what: `over HTTP: ${what}`,
        ours: `${Math.round(ours * 10) / 10}/s`,
        peer: `kube-apiserver ${Math.round(peer * 10) / 10}/s: ${(ours / peer).toFixed(1)} times${most}`,
        aim: '10 times',
      });
    }
  } finally {
    real.stop();
    constant.child.kill();
    served.child.kill('SIGINT');
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

function inProcess(): Row {
  const ns = nanosecondsPerOperation(50_000, (count) => {
    const api = new ApiServer(1, () => Date.now());
    api.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'arc' } }));
    for (let i = 0; i < count; i++) api.handle(createRequest(Pods, aPod({ name: `pod-${i}` })));
  });
  return { what: 'in process: create pod', ours: `${Math.round(1e9 / ns)}/s`, peer: '-', aim: '100,000/s' };
}

async function measure(
  load: string,
  folder: string,
  target: Target,
  namespace: string,
  operation: string,
  count: number,
  clients: number,
): Promise<number> {
  const certificate = join(folder, 'ca.crt');
  writeFileSync(certificate, target.certificate);
  const { stdout } = await promisify(execFile)(
    load,
    [target.url, certificate, namespace, operation, String(count), String(clients)],
    { env: { ...process.env, TOKEN: target.tokens.admin } },
  );
  return Number(stdout);
}

async function makeNamespace(target: Target, name: string): Promise<void> {
  const client = new HttpClient(target);
  await client.send({ method: 'POST', path: '/api/v1/namespaces', body: JSON.stringify({ metadata: { name } }) });
  client.close();
}

/** `arc-lab serve` as its users run it. */
async function serveInProcessOfItsOwn(folder: string): Promise<{ target: Target; child: ChildProcess }> {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const kubeconfig = join(folder, 'kubeconfig');
  const child = spawn(process.execPath, [cli, 'serve', '--kubeconfig', kubeconfig, '--without-controllers'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('Ctrl-C ends')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`arc-lab serve ended with ${code}`)));
  });
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
    users: { user: { token: string } }[];
  };
  const cluster = config.clusters[0]?.cluster;
  const target = {
    url: cluster?.server ?? '',
    certificate: Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64').toString(),
    tokens: { admin: config.users[0]?.user.token ?? '', nobody: '' },
  };
  return { target, child };
}

/** A server that does nothing. */
async function serveAConstant(): Promise<{ target: Target; child: ChildProcess }> {
  const file = fileURLToPath(new URL('constant-server.ts', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const { url, certificate } = JSON.parse(value as string) as { url: string; certificate: string };
  return { target: { url, certificate, tokens: { admin: 'none', nobody: '' } }, child };
}
