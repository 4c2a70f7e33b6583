import { t } from '@vscode/l10n';
import { ApiError } from '../kubernetes/api-error.ts';
import type { LogPlace } from '../kubernetes/remote/log-follower.ts';
import { missingPermissions, type Need } from '../kubernetes/remote/preflight.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { pathOf, Pods } from '../kubernetes/resource.ts';
import type { Container, Pod } from '../kubernetes/types.ts';
import { arcRole, argsOf, controllersContainer } from '../reconciler/arc-pods.ts';
import { VERSION_LABEL } from '../reconciler/labels.ts';
import { lacks } from './reach.ts';

/** A pod whose log tells what ARC does. */
export interface LogPod extends LogPlace {
  /** Pods of listeners come again under their names. */
  readonly uid: string;
  readonly role: 'controller' | 'listener';
  /** As it was when it was looked for. */
  readonly object: Pod;
  /** How many runners its controller reconciles at once; undefined for a listener. */
  readonly workers: number | undefined;
  /** Where its metrics are; undefined where it serves none. */
  readonly metrics: { readonly port: number; readonly path: string } | undefined;
}

export interface LogPods {
  readonly pods: readonly LogPod[];
  /** All that were found, also those whose logs may not be read. */
  readonly found: readonly Pod[];
  /** Sentences: where pods or logs cannot be read, and the right that is missing. */
  readonly unseen: readonly string[];
}

/** What the chart and the controller put on their pods. */
const SELECTOR = 'app.kubernetes.io/component in (controller-manager,runner-scale-set-listener)';
/** A namespace with more has the controller among the first. */
const LOOKED_AT = 500;
const LOG: Need = ['get', '', 'pods', 'log'];

/**
 * Finds the pods of controllers and listeners: by their labels, or, where none has those of a controller, by their images.
 * @param places namespaces; all for ''
 * @throws ApiError when the server does not answer
 */
export async function findLogPods(transport: Pick<ApiTransport, 'json'>, places: readonly string[]): Promise<LogPods> {
  const pods: LogPod[] = [];
  const unseen: string[] = [];
  for (const place of places) {
    const found = await podsIn(transport, place);
    if (found === undefined) unseen.push(lacks([['list', '', 'pods']], place));
    else pods.push(...found);
  }
  const known = new Map(pods.map((pod) => [`${pod.namespace}/${pod.pod}`, pod]));
  const readable: LogPod[] = [];
  const refused = new Map<string, boolean>();
  for (const pod of known.values()) {
    const { namespace } = pod;
    if (!refused.has(namespace)) {
      const missing = await missingPermissions(transport, namespace, [LOG]);
      refused.set(namespace, missing.length > 0);
      if (missing.length > 0) unseen.push(t('Logs are not read. {0}', lacks(missing, namespace)));
    }
    if (refused.get(namespace) !== true) readable.push(pod);
  }
  return { pods: readable, found: Array.from(known.values(), ({ object }) => object), unseen };
}

/** @returns undefined where the user may not list pods */
async function podsIn(transport: Pick<ApiTransport, 'json'>, place: string): Promise<LogPod[] | undefined> {
  const labelled = await list(transport, place, { labelSelector: SELECTOR });
  if (labelled === undefined) return undefined;
  const found = labelled.flatMap((pod) => logPodOf(pod) ?? []);
  if (found.some(({ role }) => role === 'controller')) return found;
  const all = (await list(transport, place, {})) ?? [];
  return [...found, ...all.flatMap((pod) => logPodOf(pod) ?? [])];
}

async function list(
  transport: Pick<ApiTransport, 'json'>,
  place: string,
  selector: Readonly<Record<string, string>>,
): Promise<readonly Pod[] | undefined> {
  const query = new URLSearchParams({ limit: String(LOOKED_AT), ...selector });
  try {
    const answer = await transport.json('GET', `${pathOf(Pods, place)}?${query.toString()}`);
    return (answer as { items?: readonly Pod[] | null }).items ?? [];
  } catch (error) {
    if (error instanceof ApiError && error.code === 403) return undefined;
    throw error;
  }
}

function logPodOf(object: Pod): LogPod | undefined {
  const { metadata, spec } = object;
  const { namespace = '', name: pod, uid = '', labels = {} } = metadata;
  const isListener = arcRole(object) === 'listener';
  const container = isListener ? spec.containers[0] : controllersContainer(object);
  if (container === undefined) return undefined;
  return {
    ...{ namespace, pod, container: container.name, uid, object },
    role: isListener ? 'listener' : 'controller',
    workers: isListener ? undefined : workersOf(container, labels[VERSION_LABEL] ?? ''),
    metrics: isListener ? undefined : metricsOf(container),
  };
}

/** ARC serves its metrics at :8080/metrics unless its flags say otherwise; `0` is nowhere. */
function metricsOf(container: Container): LogPod['metrics'] {
  const address = flag(container, '--metrics-addr');
  const port = Number((address ?? '').replace(/^.*:/, ''));
  return port > 0 ? { port, path: '/metrics' } : undefined;
}

/** Without the flag it is 2; before ARC 0.10.0, which had no flag, it was 1. */
function workersOf(container: Container, version: string): number {
  const given = Number(flag(container, '--runner-max-concurrent-reconciles'));
  if (Number.isInteger(given) && given > 0) return given;
  return /^v?0\.[0-9]\./.test(version) ? 1 : 2;
}

function flag(container: Container, name: string): string | undefined {
  return argsOf(container)
    .find((text) => text.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
