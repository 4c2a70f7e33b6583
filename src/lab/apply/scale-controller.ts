import { ApiError } from '../../kubernetes/api-error.ts';
import type { ApiTransport } from '../../kubernetes/remote/transport.ts';
import { Deployments, pathOf } from '../../kubernetes/resource.ts';
import type { RestoreNote, RestoreNotes } from './restore-notes.ts';
import { controllerOf, type Deployment, type RunningController } from './running-controllers.ts';

/** On a deployment that a lab has scaled to zero: what it was, who did it and when, as JSON. */
export const RESTORE_ANNOTATION = 'arc-reconciler-lab/restore';

const MERGE_PATCH = 'application/merge-patch+json';
const POLL_MS = 250;

export interface ScaleDownOptions {
  readonly transport: ApiTransport;
  readonly notes: RestoreNotes;
  readonly controller: RunningController;
  readonly contextName: string;
  readonly kubeconfig: string | undefined;
  readonly by: string;
  readonly nowMs: () => number;
  /** How long its pods may take to end. */
  readonly limitMs: number;
}

/**
 * Scales a controller to zero and waits until it has ended. The way back is written down first, on this machine's disk
 * and on the deployment: whatever breaks from here on, one of them is left.
 * @returns the note, for restore()
 * @throws Error with a sentence; the controller is brought back then as far as that is possible
 */
export async function scaleToZero(options: ScaleDownOptions): Promise<RestoreNote> {
  const { transport, notes, controller, kubeconfig, nowMs } = options;
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
  const text = JSON.stringify({ replicas: note.replicas, by: note.by, at: note.at });
  await transport.json('PATCH', path, { metadata: { annotations: { [RESTORE_ANNOTATION]: text } } }, MERGE_PATCH);
  await transport.json('PATCH', path, { spec: { replicas: 0 } }, MERGE_PATCH);
  const limitMs = nowMs() + options.limitMs;
  for (;;) {
    const { activeBecause } = await controllerOf(transport, (await transport.json('GET', path)) as Deployment, nowMs());
    if (activeBecause === undefined) return note;
    if (nowMs() > limitMs) {
      await restore(transport, notes, note);
      throw new Error(
        `${namespace}/${name} has not ended within ${options.limitMs / 1000} s (${activeBecause}); it was scaled back`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Scales a controller back, unless somebody has done so already.
 * @returns what was done, as a sentence
 * @throws ApiError
 */
export async function restore(
  transport: ApiTransport,
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
    const noted = annotationOf(now)?.replicas ?? replicas;
    const isAtZero = now.spec.replicas === 0;
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

/** Deployments of a cluster that a lab has scaled to zero and not back. */
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
