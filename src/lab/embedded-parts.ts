import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import type { EmbeddedCluster } from '../kubernetes/embedded/embedded-cluster.ts';
import type { KubeletOptions } from '../kubernetes/embedded/kubelet.ts';
import { createRequest } from '../kubernetes/request.ts';
import { Secrets } from '../kubernetes/resource.ts';
import type { Secret } from '../kubernetes/types.ts';
import { DEFAULT_SPEC } from './runner-set.ts';

/** What embedded clusters have in common, whoever runs on them. Puts the secret with the service's token in place. */
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

/** A runner gets its job when it runs; the service drops an ephemeral runner when the job is done. */
export function tellService(
  service: EmbeddedActionsService,
  keepsRegistration: boolean,
): NonNullable<KubeletOptions['onStage']> {
  return ({ metadata }, stage) => {
    if (stage.name === 'running') service.setBusy(metadata.name, true);
    if (stage.name === 'exited' && !keepsRegistration) service.forget(metadata.name);
  };
}
