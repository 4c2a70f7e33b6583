import { listAllowed } from '../kubernetes/remote/list-allowed.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { Deployments, Leases, pathOf, Pods } from '../kubernetes/resource.ts';
import type { ObjectMeta } from '../kubernetes/types.ts';
import { isControllersContainer } from '../reconciler/arc-pods.ts';
import {
  CONTROLLER_PART_OF as CHART,
  PART_OF_LABEL as PART_OF,
  USUAL_NAMESPACE,
  VERSION_LABEL,
} from '../reconciler/labels.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';

/** What is needed of a transport. */
type Api = Pick<ApiTransport, 'json'>;

/** The facts about an ARC controller's Deployment that matter before writing beside it. */
export interface RunningController {
  readonly namespace: string;
  readonly name: string;
  /** Of the chart; undefined where the usual label is missing. */
  readonly version: string | undefined;
  readonly flags: readonly string[];
  readonly replicas: number;
  /** The namespace it watches; all for ''. */
  readonly watches: string;
  /** Why it must be taken for active; undefined when it is at rest. */
  readonly activeBecause: string | undefined;
  /** Id of the release that is nearest to it; undefined where nothing tells. */
  readonly mode: string | undefined;
}

/** Somebody who lately wrote the status of a runner. */
interface RecentWriter {
  readonly manager: string;
  readonly runner: string;
  readonly secondsAgo: number;
}

export interface Found {
  readonly controllers: readonly RunningController[];
  /** False where the user may not look for deployments in every namespace. */
  readonly sawEverything: boolean;
  readonly writers: readonly RecentWriter[];
  /** Versions that runners carry, in no order. */
  readonly runnerVersions: readonly string[];
}

interface ControllersContainer {
  readonly image?: string;
  readonly args?: readonly string[];
}

export interface Deployment {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly spec: { readonly containers: readonly ControllersContainer[] };
    };
  };
  readonly status?: { readonly replicas?: number };
}

interface Managed {
  readonly metadata: ObjectMeta & {
    readonly managedFields?: readonly {
      readonly manager?: string;
      readonly subresource?: string;
      readonly time?: string;
    }[];
  };
}

const OWN_MANAGER = 'arc-lab';
/** The listener writes which job a runner got into its status; it is no controller. */
const LISTENER = 'ghalistener';
const RECENT_MS = 60_000;

/**
 * Looks for controllers that already reconcile the namespace's runners: controllers' deployments with their pods and leader
 * leases, and those who wrote to runners within the last minute.
 * @param namespace all for ''
 * @param runners those of the namespace, as many as were looked at
 * @param nowMs the API server's time
 * @throws ApiError when the server does not answer
 */
export async function findControllers(
  transport: Api,
  namespace: string,
  runners: readonly Managed[],
  nowMs: number,
): Promise<Found> {
  const everywhere = await listAllowed<Deployment>(transport, pathOf(Deployments));
  const deployments = [...(everywhere ?? [])];
  if (everywhere === undefined) {
    for (const place of new Set([USUAL_NAMESPACE, namespace])) {
      if (place !== '')
        deployments.push(...((await listAllowed<Deployment>(transport, pathOf(Deployments, place))) ?? []));
    }
  }
  const controllers: RunningController[] = [];
  for (const deployment of deployments) {
    if (!isController(deployment)) continue;
    const controller = await controllerOf(transport, deployment, nowMs);
    if (controller.watches === '' || namespace === '' || controller.watches === namespace) controllers.push(controller);
  }
  return {
    controllers,
    sawEverything: everywhere !== undefined,
    writers: runners.flatMap((runner) => writersOf(runner, nowMs)),
    runnerVersions: [...new Set(runners.flatMap(({ metadata }) => metadata.labels?.[VERSION_LABEL] ?? []))],
  };
}

export function isController({ metadata, spec }: Deployment): boolean {
  if (metadata.labels?.[PART_OF] === CHART) return true;
  return spec.template.spec.containers.some(isControllersContainer);
}

/** The controller behind a deployment as it is now. */
export async function controllerOf(transport: Api, deployment: Deployment, nowMs: number): Promise<RunningController> {
  const { metadata, spec, status } = deployment;
  const { namespace = '', name } = metadata;
  const flags = spec.template.spec.containers.flatMap(({ args = [] }) => args);
  const version = metadata.labels?.[VERSION_LABEL];
  const replicas = spec.replicas ?? 1;
  return {
    namespace,
    name,
    version,
    flags,
    replicas,
    watches: valueOf(flags, '--watch-single-namespace') ?? '',
    activeBecause:
      replicas > 0
        ? `it is set to ${count(replicas, 'replica')}`
        : (status?.replicas ?? 0) > 0
          ? `it still has ${count(status?.replicas ?? 0, 'replica')}`
          : ((await livingPod(transport, deployment)) ?? (await heldLease(transport, deployment, nowMs))),
    mode: version === undefined ? undefined : RELEASES.ofVersion(version)?.id,
  };
}

async function livingPod(transport: Api, { metadata }: Deployment): Promise<string | undefined> {
  const { namespace = '', name } = metadata;
  const selector = encodeURIComponent(`${PART_OF}=${CHART}`);
  const pods = await listAllowed<{ metadata: ObjectMeta; status?: { phase?: string } }>(
    transport,
    `${pathOf(Pods, namespace)}?labelSelector=${selector}`,
  );
  const alive = pods?.find(
    ({ metadata: pod, status }) =>
      pod.name.startsWith(`${name}-`) && status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
  );
  return alive === undefined ? undefined : `its pod ${alive.metadata.name} has not ended`;
}

/** With more than one replica a controller holds a lease, named after its chart's release, while it leads. */
async function heldLease(transport: Api, { metadata }: Deployment, nowMs: number): Promise<string | undefined> {
  const { namespace = '', name } = metadata;
  const leases = await listAllowed<{
    metadata: ObjectMeta;
    spec?: { holderIdentity?: string; renewTime?: string; leaseDurationSeconds?: number };
  }>(transport, pathOf(Leases, namespace));
  const held = leases?.find(({ metadata: lease, spec }) => {
    if (lease.name !== name && !lease.name.includes('actions-runner-controller')) return false;
    const { holderIdentity = '', renewTime = '', leaseDurationSeconds = 15 } = spec ?? {};
    return holderIdentity !== '' && nowMs - Date.parse(renewTime) < leaseDurationSeconds * 1000;
  });
  return held === undefined ? undefined : `its leader lease ${held.metadata.name} is being renewed`;
}

function writersOf({ metadata }: Managed, nowMs: number): RecentWriter[] {
  const runner = `${metadata.namespace ?? ''}/${metadata.name}`;
  return (metadata.managedFields ?? []).flatMap(({ manager = '', subresource, time = '' }) => {
    const agoMs = nowMs - Date.parse(time);
    const counts = subresource === 'status' && manager !== OWN_MANAGER && manager !== LISTENER;
    return counts && agoMs < RECENT_MS ? [{ manager, runner, secondsAgo: Math.max(0, Math.round(agoMs / 1000)) }] : [];
  });
}

function valueOf(flags: readonly string[], name: string): string | undefined {
  const flag = flags.find((text) => text.startsWith(`${name}=`));
  return flag?.slice(name.length + 1);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
