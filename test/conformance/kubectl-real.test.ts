import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServedCluster } from '../../src/serve/served-cluster.ts';
import { ADMIN, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { BARE } from '../builders/served-cluster.ts';
import { skipWithout } from '../builders/skip.ts';
import { SESSIONS, type Said as Line } from './kubectl-sessions.ts';
import { kubectl, kubectlPath, missingKubectl } from './kubectl.ts';

/** One of two servers that kubectl talks to, with a folder of its own for what kubectl keeps. */
interface Place {
  readonly kubeconfig: string;
  readonly folder: string;
}

describe('kubectl says the same of the embedded cluster as of a real API server', function () {
  this.timeout(300_000);
  let real: RealApiServer | undefined;
  let served: ServedCluster | undefined;
  const folders: string[] = [];
  const places: Place[] = [];

  before(async function () {
    skipWithout(this, missingTool() ?? missingKubectl());
    real = await RealApiServer.start();
    served = await ServedCluster.start(BARE);
    for (const kubeconfig of [real.kubeconfig(ADMIN), '']) {
      const folder = mkdtempSync(join(tmpdir(), 'arc-lab-kubectl-'));
      folders.push(folder);
      const own = join(folder, 'kubeconfig');
      if (kubeconfig === '') writeFileSync(own, served.kubeconfig(), { mode: 0o600 });
      places.push({ folder, kubeconfig: kubeconfig === '' ? own : kubeconfig });
    }
  });

  after(async () => {
    await served?.close();
    real?.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  for (const [index, { name, steps }] of SESSIONS.entries()) {
    it(name, async () => {
      const [theirs, ours] = await Promise.all(places.map((place) => hold(place, `kubectl-${index}`, steps)));
      assert.deepEqual(ours, theirs);
    });
  }
});

async function hold(
  { kubeconfig, folder }: Place,
  namespace: string,
  steps: (typeof SESSIONS)[0]['steps'],
): Promise<Line[]> {
  const path = kubectlPath();
  const said: Line[] = [];
  let printed = '';
  const run = async (args: string, input?: string): Promise<void> => {
    const filled = args.replaceAll('{ns}', namespace).split(' ');
    const text = input?.replaceAll('{ns}', namespace).replaceAll('{printed}', printed);
    const { code, stdout, stderr } = await kubectl(path, kubeconfig, folder, filled, text);
    printed = stdout;
    said.push({ args, code, stdout: comparable(stdout, namespace), stderr: comparable(stderr, namespace) });
  };
  await run('create namespace {ns}');
  for (const { args, input } of steps) await run(args, input);
  return said;
}

/** Without what each server makes up for itself, and what the embedded one does not keep. */
function comparable(text: string, namespace: string): string {
  return text
    .replaceAll(namespace, '<ns>')
    .replace(/^( +)managedFields:\n(?:\1[- ].*\n)*/gm, '')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replace(/(resourceVersion[\\"]*: ?[\\"]*)\d+/g, '$1<version>')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(Z|\.\d+ \+0000)/g, '<time>')
    .replace(/\/tmp\/[A-Z]+-\d+\/\S+/g, '<file>')
    .replace(/io\.k8s\.[\w.]+\.(\w+)/g, '<type>.$1')
    .replace(/\b\d+s\b/g, '<age>');
}
