import { SecretRegistry } from '../base/redact.ts';
import { openKubeconfig } from '../kubernetes/remote/kubeconfig.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import { RestoreNotes, type RestoreNote } from './restore-notes.ts';
import { restore, scaledDown } from './scale-controller.ts';
import { GUARD_USER_AGENT } from './user-agent.ts';

export interface Restored {
  /** A sentence for each controller that is back. */
  readonly done: readonly string[];
  /** A sentence for each that is not. */
  readonly failed: readonly string[];
}

type Access = Pick<RestoreNote, 'kubeconfig'> & { readonly context?: string };

/** Scales back every controller that a note on this machine's disk names. */
export async function restoreFromNotes(secrets = new SecretRegistry(), notes = new RestoreNotes()): Promise<Restored> {
  const done: string[] = [];
  const failed: string[] = [];
  for (const note of notes.all()) {
    try {
      const text = await withTransport(note, secrets, (transport) => {
        // The kubeconfig may name another cluster by now.
        if (transport.server !== note.server) throw new Error(`context ${note.context} is ${transport.server} now`);
        return restore(transport, notes, note);
      });
      done.push(`${text} (${note.context})`);
    } catch (error) {
      const what = `${note.namespace}/${note.name} on ${note.server} (context ${note.context})`;
      failed.push(`${what} could not be brought back to ${note.replicas}: ${secrets.redact((error as Error).message)}`);
    }
  }
  return { done, failed };
}

/**
 * Scales back every controller of a cluster that an annotation marks: also from another machine than the one that
 * scaled it.
 * @throws KubeconfigError, ApiError
 */
export async function restoreOnCluster(
  access: Access,
  secrets: SecretRegistry,
  notes = new RestoreNotes(),
): Promise<Restored> {
  return withTransport(access, secrets, async (transport) => {
    const done: string[] = [];
    for (const controller of await scaledDown(transport)) done.push(await restore(transport, notes, controller));
    return { done, failed: [] };
  });
}

async function withTransport<T>(
  { kubeconfig, context }: Access,
  secrets: SecretRegistry,
  use: (transport: ApiTransport) => T | Promise<T>,
): Promise<T> {
  const access = await openKubeconfig({ secrets, file: kubeconfig, context });
  const transport = new ApiTransport(access, { userAgent: GUARD_USER_AGENT });
  try {
    return await use(transport);
  } finally {
    transport.close();
  }
}
