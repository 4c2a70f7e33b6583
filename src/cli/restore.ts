import type { SecretRegistry } from '../base/redact.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { restoreFromNotes, restoreOnCluster } from '../apply/restore-all.ts';
import { parse } from './options.ts';
import { RunError } from './usage.ts';

/** `arc-lab restore` */
export async function restore(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<void> {
  const { kubeconfig, context } = parse(args, ['kubeconfig', 'context'], []);
  const access = {
    ...(typeof kubeconfig === 'string' ? { kubeconfig } : {}),
    ...(typeof context === 'string' ? { context } : {}),
  };
  const isNamed = Object.keys(access).length > 0;
  const { done, failed } = await unlessAborted(
    isNamed ? restoreOnCluster(access, secrets) : restoreFromNotes(secrets),
    signal,
  );
  for (const line of done) out.write(`${line}\n`);
  if (failed.length > 0) throw new RunError(failed.join('; '));
  if (done.length === 0) {
    const where = isNamed
      ? 'on this cluster'
      : 'that this machine knows of; name a cluster with --context to look there';
    out.write(`nothing to bring back ${where}\n`);
  }
}
