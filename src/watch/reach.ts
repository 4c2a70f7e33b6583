import { t } from '@vscode/l10n';
import type { SecretRegistry } from '../base/redact.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { checkNamespace } from '../kubernetes/remote/check-namespace.ts';
import { openKubeconfig, type ClusterAccess, type ClusterTarget } from '../kubernetes/remote/kubeconfig.ts';
import {
  credentialsRefused,
  describeNeed,
  missingPermissions,
  PreflightError,
  type Need,
} from '../kubernetes/remote/preflight.ts';
import { ApiTransport } from '../kubernetes/remote/transport.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  Events,
  pathOf,
  Pods,
  ResourceQuotas,
  type Resource,
} from '../kubernetes/resource.ts';
import { USUAL_NAMESPACE } from '../reconciler/labels.ts';

/** What can be seen of a cluster by its user, and how. */
export interface Reach {
  /** Sends nothing but GETs and access reviews. */
  readonly transport: ApiTransport;
  readonly contextName: string;
  /** Of the runners; all for ''. */
  readonly namespace: string;
  /** The kinds that may be listed and watched there. */
  readonly kinds: readonly Resource[];
  /** Where controllers and listeners are looked for; all namespaces for ''. */
  readonly logPlaces: readonly string[];
  /** What is not seen, and the right that is missing: sentences. */
  readonly unseen: readonly string[];
}

const KINDS = (): readonly (readonly [resource: Resource, what: string])[] => [
  [EphemeralRunners, t('which runners there are')],
  [Pods, t("the runners' pods")],
  [EphemeralRunnerSets, t('sets of runners')],
  [AutoscalingRunnerSets, t('scale sets')],
  [AutoscalingListeners, t('listeners')],
  [Events, t('what scheduler and kubelet say of pods')],
  [ResourceQuotas, t('quotas')],
];

/**
 * Finds out what a user may see of a cluster. Nothing is needed but to read something in one namespace.
 * Without a namespace all that the user may see is looked at: every namespace, or else that of the context.
 * @throws KubeconfigError, PreflightError with one sentence where the server does not answer or ARC is not installed; the
 * signal's reason when it was aborted meanwhile
 */
export async function reachCluster(
  target: ClusterTarget,
  secrets: SecretRegistry,
  signal?: AbortSignal,
): Promise<Reach> {
  const opened = openKubeconfig({ secrets, file: target.kubeconfig, context: target.context });
  const access = await unlessAborted(opened, signal);
  const transport = new ApiTransport(access, { readOnly: true });
  try {
    return await unlessAborted(lookAround(transport, access, target), signal);
  } catch (error) {
    transport.close();
    if (!(error instanceof ApiError)) throw error;
    throw new PreflightError(error.code === 401 ? credentialsRefused(transport, access.contextName) : error.message);
  }
}

/** @throws PreflightError, ApiError */
async function lookAround(transport: ApiTransport, access: ClusterAccess, target: ClusterTarget): Promise<Reach> {
  const { contextName } = access;
  const unseen: string[] = [];
  let namespace = target.namespace ?? '';
  await checkNamespace(transport, contextName, namespace);
  if (namespace === '' && !(await mayRead(transport, '', EphemeralRunners))) {
    ({ namespace } = access);
    unseen.push(t('Only namespace {0} is watched: {1}', namespace, lacks([readOf(EphemeralRunners)], '')));
  }
  const kinds: Resource[] = [];
  for (const [resource, what] of KINDS()) {
    // Listeners live with their controller.
    if (resource === (AutoscalingListeners as Resource) && namespace !== '') continue;
    const missing = await missingPermissions(transport, namespace, [readOf(resource), watchOf(resource)]);
    if (missing.length === 0) kinds.push(resource);
    else unseen.push(t('Not known: {0}. {1}', what, lacks(missing, namespace)));
  }
  await checkInstalled(transport, kinds, namespace);
  const everywhere = await mayRead(transport, '', Pods);
  const logPlaces = everywhere ? [''] : [...new Set([USUAL_NAMESPACE, access.namespace, namespace])];
  return { transport, contextName, namespace, kinds, logPlaces: logPlaces.filter(isPlace(everywhere)), unseen };
}

/** For example `The user may not list pods, get pods/log in namespace arc-systems.` */
export function lacks(needs: readonly Need[], namespace: string): string {
  const rights = needs.map(describeNeed).join(', ');
  if (namespace === '') return t('The user may not {0} in all namespaces.', rights);
  return t('The user may not {0} in namespace {1}.', rights, namespace);
}

function isPlace(everywhere: boolean): (place: string) => boolean {
  return (place) => everywhere || place !== '';
}

function readOf({ group, plural }: Resource): Need {
  return ['list', group, plural];
}

function watchOf({ group, plural }: Resource): Need {
  return ['watch', group, plural];
}

async function mayRead(transport: ApiTransport, namespace: string, resource: Resource): Promise<boolean> {
  if ((await missingPermissions(transport, namespace, [readOf(resource)])).length > 0) return false;
  try {
    await transport.json('GET', `${pathOf(resource, namespace)}?limit=1`);
    return true;
  } catch (error) {
    // Where a user may not review their own access, the refusal comes with the request.
    if (error instanceof ApiError && error.code === 403) return false;
    if (error instanceof ApiError && error.code === 404) return true;
    throw error;
  }
}

async function checkInstalled(transport: ApiTransport, kinds: readonly Resource[], namespace: string): Promise<void> {
  if (!kinds.includes(EphemeralRunners)) return;
  try {
    await transport.json('GET', `${pathOf(EphemeralRunners, namespace)}?limit=1`);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 404) throw error;
    throw new PreflightError(
      t(
        '{0} does not know ephemeralrunners.{1}: ARC is not installed there; name another context with --context',
        transport.server,
        EphemeralRunners.group,
      ),
    );
  }
}
