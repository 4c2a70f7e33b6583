import { createRequest, sendRequest } from '../../src/kubernetes/request.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { EphemeralRunners, Namespaces, Pods, Secrets } from '../../src/kubernetes/resource.ts';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { serveActions } from '../../src/actions/http-face.ts';
import { AttachedLab } from '../../src/lab/attached-lab.ts';
import { DEFAULT_SETTINGS } from '../../src/lab/settings.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import { CONTROLLER, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { aRunner, aSecret } from '../builders/objects.ts';
import type { Row } from './measure.ts';

const RUNNERS = 1_000;

/** Runners brought to pods on the real kube-apiserver: 10 workers, no client limiter, JIT configs at once. */
export async function remoteBench(): Promise<Row[]> {
  const what = `remote, ${RUNNERS} runners to pods in new mode`;
  const aim = "66 a second, as upstream's latest controller made with 4.9 processor seconds and 68 MB";
  const missing = missingTool();
  if (missing !== undefined) return [{ what, ours: missing, peer: '', aim }];
  const server = await RealApiServer.start();
  const made: { service?: EmbeddedActionsService } = {};
  const face = await serveActions(async (request) => (made.service as EmbeddedActionsService).handle(request));
  made.service = new EmbeddedActionsService({ seed: 1, baseUrl: face.url, nowMs: Date.now });
  const transport = await server.transport();
  try {
    const cluster = new RemoteCluster(transport);
    const namespace = 'bench';
    const inNamespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    await sendRequest(cluster, createRequest(Namespaces, inNamespace));
    const token = { github_token: Buffer.from('bench-token').toString('base64') };
    await sendRequest(cluster, createRequest(Secrets, aSecret({ name: 'gh', namespace }, token)));
    for (let first = 0; first < RUNNERS; first += 20) {
      const batch = Array.from({ length: 20 }, (_, index) =>
        aRunner({ name: `runner-${first + index}`, namespace }, { githubConfigUrl: `${face.url}/org` }),
      );
      await Promise.all(batch.map((runner) => sendRequest(cluster, createRequest(EphemeralRunners, runner))));
    }
    const pods = new Promise<void>((resolve) => {
      let count = 0;
      const seen = (): void => {
        if (++count === RUNNERS) resolve();
      };
      cluster.watch(Pods, namespace, {
        onList: () => undefined,
        onAdded: seen,
        onModified: () => undefined,
        onDeleted: () => undefined,
      });
    });
    const usedBefore = process.cpuUsage();
    const started = performance.now();
    const lab = await AttachedLab.attach({
      settings: { ...DEFAULT_SETTINGS, mode: 'new', workers: 10, qps: 0 },
      kubeconfig: server.kubeconfig(CONTROLLER),
      namespace,
      apply: true,
      simulatePods: false,
      secrets: new SecretRegistry(),
    });
    await pods;
    const seconds = (performance.now() - started) / 1000;
    const used = process.cpuUsage(usedBefore);
    await lab.stop();
    const processorSeconds = (used.user + used.system) / 1e6;
    const megabytes = process.memoryUsage().rss / 2 ** 20;
    return [
      {
        what,
        ours:
          `${(RUNNERS / seconds).toFixed(0)} a second, ${processorSeconds.toFixed(1)} processor seconds, ` +
          `${megabytes.toFixed(0)} MB (service and watcher in the same process)`,
        peer: '',
        aim,
      },
    ];
  } finally {
    transport.close();
    await face.close();
    server.stop();
  }
}
