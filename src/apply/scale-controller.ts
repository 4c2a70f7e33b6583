import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { Deployments, pathOf } from '../kubernetes/resource.ts';
import type { RestoreNote, RestoreNotes } from './restore-notes.ts';
import { controllerOf, type Deployment, type RunningController } from './running-controllers.ts';

/** On a deployment that a lab has scaled to zero: what it was, who did it and when, as JSON. */
export const RESTORE_ANNOTATION = 'arc-reconciler-lab/restore';

const MERGE_PATCH = 'application/merge-patch+json';
const POLL_MS = 250;

/** What is needed of a transport. */
type Api = Pick<ApiTransport, 'json' | 'server'>;

interface ScaleDownOptions {
  readonly transport: Api;
  readonly notes: RestoreNotes;
  readonly controller: RunningController;
  readonly contextName: string;
  readonly kubeconfig: string | undefined;
  readonly by: string;
  readonly nowMs: () => number;
  /** How long its pods may take to end. */
  readonly limitMs: number;
  /** Called when the way back is on disk and before anything changes on the cluster: from here on it has to be undone. */
  readonly onNoted: (note: RestoreNote) => void;
  /** Ends the wait for its pods. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scales a controller to zero and waits until it has ended. The way back is written down first, on this machine's disk
 * and on the deployment: whatever breaks from here on, one of them is left.
 * @throws Error with a clause, the signal's reason; bringBack() undoes then what was done
 */
export async function scaleToZero(options: ScaleDownOptions): Promise<void> {
  const { transport, notes, controller, kubeconfig, nowMs, signal } = options;
  const { namespace, name } = controller;
  const path = pathOf(Deployments, namespace, name);
  const before = (await transport.json('GET', path)) as Deployment;
  const earlier = annotationOf(before);
  const note: RestoreNote = {
    server: transport.server,
    context: options.contextName,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    namespace,
    name,
    // An earlier lab's note still counts: it knew the number before anybody scaled.
    replicas: earlier?.replicas ?? before.spec.replicas ?? 1,
    by: options.by,
    at: new Date(nowMs()).toISOString(),
  };
  notes.add(note);
  options.onNoted(note);
  const text = JSON.stringify({ replicas: note.replicas, by: note.by, at: note.at });
  await transport.json('PATCH', path, { metadata: { annotations: { [RESTORE_ANNOTATION]: text } } }, MERGE_PATCH);
  await transport.json('PATCH', path, { spec: { replicas: 0 } }, MERGE_PATCH);
  const limitMs = nowMs() + options.limitMs;
  for (;;) {
    signal?.throwIfAborted();
    const { activeBecause } = await controllerOf(transport, (await transport.json('GET', path)) as Deployment, nowMs());
    if (activeBecause === undefined) return;
    if (nowMs() > limitMs) {
      throw new Error(`${namespace}/${name} has not ended within ${options.limitMs / 1000} s (${activeBecause})`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Scales controllers back, the last one first. One that cannot be is left to `arc-lab restore`, and keeps no other.
 * @returns for each what was done, or what went wrong, in a clause
 */
export async function bringBack(
  transport: Api,
  notes: RestoreNotes,
  scaledDown: readonly RestoreNote[],
): Promise<string[]> {
  const said: string[] = [];
  for (const note of [...scaledDown].reverse()) {
    try {
      said.push(await restore(transport, notes, note));
    } catch (error) {
      const what = `${note.namespace}/${note.name}`;
      said.push(
        `${what} could not be scaled back to ${note.replicas}: ${(error as Error).message}; run arc-lab restore`,
      );
    }
  }
  return said;
}

/**
 * Scales a controller back, unless it has been scaled back already.
 * @returns what was done, as a sentence
 * @throws ApiError
 */
export async function restore(
  transport: Api,
  notes: RestoreNotes,
  { namespace, name, replicas }: Pick<RestoreNote, 'namespace' | 'name' | 'replicas'>,
): Promise<string> {
  const id = { server: transport.server, namespace, name };
  const path = pathOf(Deployments, namespace, name);
  for (;;) {
    let now: Deployment;
    try {
      now = (await transport.json('GET', path)) as Deployment;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 404) throw error;
      notes.remove(id);
      return `${namespace}/${name} does not exist any more`;
    }
    const annotation = annotationOf(now);
    const noted = annotation?.replicas ?? replicas;
    const isAtZero = now.spec.replicas === 0;
    if (annotation === undefined && !isAtZero) {
      notes.remove(id);
      return `${namespace}/${name} is at ${now.spec.replicas ?? 1}`;
    }
    const { resourceVersion } = now.metadata;
    const metadata = { resourceVersion, annotations: { [RESTORE_ANNOTATION]: null } };
    try {
      await transport.json(
        'PATCH',
        path,
        { metadata, ...(isAtZero ? { spec: { replicas: noted } } : {}) },
        MERGE_PATCH,
      );
    } catch (error) {
      // Changed in between: look again.
      if (error instanceof ApiError && error.code === 409) continue;
      throw error;
    }
    notes.remove(id);
    if (isAtZero) return `${namespace}/${name} is back at ${noted}`;
    return `${namespace}/${name} had been scaled to ${now.spec.replicas ?? 1} already`;
  }
}

/** Deployments of a cluster that a lab has scaled to zero and not restored. */
export async function scaledDown(
  transport: ApiTransport,
): Promise<Pick<RestoreNote, 'namespace' | 'name' | 'replicas' | 'by' | 'at'>[]> {
  const { items } = (await transport.json('GET', pathOf(Deployments))) as { items: readonly Deployment[] };
  return items.flatMap((deployment) => {
    const noted = annotationOf(deployment);
    if (noted === undefined) return [];
    return [{ namespace: deployment.metadata.namespace ?? '', name: deployment.metadata.name, ...noted }];
  });
}

function annotationOf({ metadata }: Deployment): { replicas: number; by: string; at: string } | undefined {
  try {
    const { replicas, by, at } = JSON.parse(metadata.annotations?.[RESTORE_ANNOTATION] ?? '') as Record<
      string,
      unknown
    >;
    if (!Number.isSafeInteger(replicas) || (replicas as number) < 0) return undefined;
    return { replicas: replicas as number, by: String(by), at: String(at) };
  } catch {
    return undefined;
  }
}
