import type { SecretRegistry } from '../base/redact.ts';
import { inputsOf } from '../evidence/inputs.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { openKubeconfig, type ClusterTarget } from '../kubernetes/remote/kubeconfig.ts';
import { credentialsRefused } from '../kubernetes/remote/preflight.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import { arcVersion } from './arc-version.ts';
import { checkUpgrade, type UpgradeAnswer } from './check.ts';
import { shellWord } from './commands.ts';
import { readCluster } from './read-cluster.ts';
import { readDump } from './read-dump.ts';
import { UpgradeError } from './upgrade-error.ts';

/** The versions, as people write them. */
export interface Versions {
  readonly to: string;
  /** The one that runs, where what is read does not say it, or is to be overruled. */
  readonly from?: string | undefined;
}

/**
 * Checks an upgrade of a cluster, whose server gets nothing but GETs.
 * @throws UpgradeError, KubeconfigError
 */
export async function checkCluster(
  { kubeconfig, context, namespace = '' }: ClusterTarget,
  { to, from }: Versions,
  secrets: SecretRegistry,
): Promise<UpgradeAnswer> {
  checkNames({ to, from });
  const access = await openKubeconfig({ secrets, file: kubeconfig, context });
  const transport = new ApiTransport(access, { readOnly: true });
  try {
    const { contextName, namespace: ownNamespace } = access;
    const file = kubeconfig === undefined ? [] : ['--kubeconfig', shellWord(kubeconfig)];
    const words = [...file, '--context', shellWord(contextName)].join(' ');
    return checkUpgrade(
      await readCluster(transport, { access: words, contextName, namespace, ownNamespace }),
      to,
      from,
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UpgradeError(error.code === 401 ? credentialsRefused(transport, access.contextName) : error.message);
  } finally {
    transport.close();
  }
}

/**
 * Checks an upgrade of what kubectl printed.
 * @param files names of files and folders, `-` for standard input
 * @throws UpgradeError, EvidenceError
 */
export async function checkFiles(files: readonly string[], { to, from }: Versions): Promise<UpgradeAnswer> {
  checkNames({ to, from });
  return checkUpgrade(await readDump(await inputsOf(files)), to, from);
}

/** Before anything is read. @throws UnknownVersionError */
function checkNames({ to, from }: Versions): void {
  for (const named of [to, from ?? to]) arcVersion(named);
}
