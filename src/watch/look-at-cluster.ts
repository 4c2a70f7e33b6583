import type { SecretRegistry } from '../base/redact.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { ClusterWatch, type WatchState } from './cluster-watch.ts';
import type { ClusterTarget } from '../kubernetes/remote/kubeconfig.ts';
import { reachCluster } from './reach.ts';

/** What a cluster shows at one moment. */
export interface ClusterLook extends Pick<WatchState, 'explanation' | 'unseen'> {
  readonly trace: TraceLog;
}

/**
 * Reads the logs of a cluster's controllers and listeners, and its objects, up to now; nothing but reads is sent.
 * @param sinceS how far back logs are read, in seconds
 * @throws KubeconfigError, PreflightError; the signal's reason when it was aborted meanwhile
 */
export async function lookAtCluster(
  target: ClusterTarget,
  sinceS: number,
  secrets: SecretRegistry,
  signal: AbortSignal,
): Promise<ClusterLook> {
  const reach = await reachCluster(target, secrets, signal);
  const watch = new ClusterWatch({ reach, secrets, sinceS });
  try {
    await unlessAborted(watch.whenRead(), signal);
    const { explanation, unseen } = watch.state();
    return { explanation, unseen, trace: watch.trace };
  } finally {
    watch.dispose();
  }
}
