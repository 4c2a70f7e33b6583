import type { EmbeddedCluster } from '../kubernetes/embedded/embedded-cluster.ts';
import { createRequest } from '../kubernetes/request.ts';
import { Secrets } from '../kubernetes/resource.ts';
import type { Secret } from '../kubernetes/types.ts';
import { DEFAULT_SPEC } from './runner-set.ts';

/** Puts the secret with the token of the embedded service in place, without a request. */
export function putGitHubSecret(
  cluster: EmbeddedCluster,
  namespace: string,
  name = DEFAULT_SPEC.githubConfigSecret,
): void {
  const secret: Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    data: { github_token: Buffer.from('embedded-lab-token').toString('base64') },
  };
  cluster.api.handle(createRequest(Secrets, secret));
}
