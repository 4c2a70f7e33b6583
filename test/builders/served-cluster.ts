import type { ServedCluster } from '../../src/serve/served-cluster.ts';
import { type ServeSettings } from '../../src/serve/served-cluster.ts';
import { NOBODY } from '../apiserver/api-server.ts';
import type { Target } from '../conformance/api/http-client.ts';

/** The embedded cluster over HTTP as a bare API server: nothing happens in it by itself. */
export const BARE: ServeSettings = {
  port: 0,
  actionsPort: 0,
  seed: 1,
  namespaces: ['lab'],
  apiLatencyUs: 0,
  jitLatencyUs: 0,
  pods: 'none',
  podStartUs: undefined,
  jobDurationUs: undefined,
  jobs: undefined,
  users: [{ name: NOBODY, rights: [] }],
  controllers: false,
  dataFile: undefined,
  load: [],
};

export function targetOf(served: ServedCluster): Target {
  const tokenOf = (name: string): string => served.users.find((user) => user.name === name)?.token ?? '';
  const config = JSON.parse(served.kubeconfig()) as {
    clusters: { cluster: { 'certificate-authority-data': string } }[];
  };
  const certificate = Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString();
  return { url: served.url, certificate, tokens: { admin: served.users[0]?.token ?? '', nobody: tokenOf(NOBODY) } };
}
