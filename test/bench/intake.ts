import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import { which } from '../apiserver/tools.ts';
import { goProgram } from '../builders/go-program.ts';
import { median, RUNS, type Row } from './measure.ts';

const PODS = 10_000;
const CHANGES = 50_000;

/** Of the clients; CommonJS packages among what they use call require(). */
const BUNDLE = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
} as const;

/** Starts a process that keeps a cache of the pods of the cluster that the kubeconfig names. */
type Start = () => ChildProcess;

interface Figures {
  readonly perSecond: number;
  readonly megabytes: number;
}

/** Watch intake: many pods listed, then changes of 4 kB as fast as a client's cache takes them. */
export async function intakeBench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-lab-intake-'));
  const kubeconfig = join(folder, 'kubeconfig');
  // As users run it: one file of JavaScript.
  const inNode = (client: string): Start => {
    const bundle = join(folder, `${client}.mjs`);
    buildSync({ ...BUNDLE, entryPoints: [fileURLToPath(new URL(`${client}.ts`, import.meta.url))], outfile: bundle });
    return () => spawn(process.execPath, [bundle, kubeconfig, String(CHANGES)], { stdio: ['pipe', 'pipe', 'inherit'] });
  };
  const inGo: Start = () => {
    const child = spawn(goProgram('apiserver', 'informer'), [kubeconfig, 'json'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.write(`await ${CHANGES}\n`);
    return child;
  };
  const clients: Record<string, Start> = {
    ours: inNode('intake-client'),
    'client-node': inNode('intake-client-node'),
  };
  if (which('go') !== undefined) clients['client-go (JSON)'] = inGo;
  const figures = new Map<string, Figures[]>();
  try {
    for (let run = 0; run < RUNS; run++) {
      for (const [name, start] of Object.entries(clients)) {
        figures.set(name, [...(figures.get(name) ?? []), await measure(kubeconfig, start)]);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const text = (name: string): string => {
    const runs = figures.get(name) ?? [];
    const perSecond = median(runs.map((one) => one.perSecond));
    return `${Math.round(perSecond)}/s, ${Math.round(median(runs.map(({ megabytes }) => megabytes)))} MB`;
  };
  const peers = Object.keys(clients).filter((name) => name !== 'ours');
  return [
    {
      what: `${PODS} pods listed, ${CHANGES} changes of 4 kB`,
      ours: text('ours'),
      peer: peers.map((name) => `${name} ${text(name)}`).join('; '),
      aim: '120,000/s, 150 MB',
    },
  ];
}

/** The list, the connection and the process are there before the time begins; the memory is the whole process's peak. */
async function measure(kubeconfig: string, start: Start): Promise<Figures> {
  const worker = new Worker(new URL('intake-server.ts', import.meta.url), {
    workerData: { pods: PODS, changes: CHANGES },
  });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bench',
    clusters: [{ name: 'bench', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'nobody', user: {} }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'nobody' } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const child = start();
  try {
    let started = 0;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      if (line === 'synced') started = performance.now();
      if (line === 'done') break;
    }
    const seconds = (performance.now() - started) / 1000;
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    return { perSecond: CHANGES / seconds, megabytes: Number(peak) / 1024 };
  } finally {
    child.kill('SIGKILL');
    await worker.terminate();
  }
}
