import { t } from '@vscode/l10n';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import {
  AutoscalingListeners,
  Deployments,
  EphemeralRunners,
  Namespaces,
  pathOf,
  Pods,
  Secrets,
  type Resource,
} from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { RUNNER_POD_LABEL } from '../reconciler/names.ts';
import { keptOf, LOOKED_AT } from './kinds.ts';
import { Snapshot } from './snapshot.ts';
import { UpgradeError } from './upgrade-error.ts';
import { wellFormed } from '../kubernetes/well-formed.ts';

/** What is needed of a transport. */
type Api = Pick<ApiTransport, 'json'>;

export interface ClusterPlace {
  /** As kubectl names it: `--context prod`. */
  readonly access: string;
  readonly contextName: string;
  /** Of the runners; all for ''. */
  readonly namespace: string;
  /** Looked into where a kind may not be listed in all namespaces. */
  readonly ownNamespace: string;
}

interface ListAnswer {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly ApiObject[] | null;
}

const PAGE = 500;
/** Of ARC's controllers and their listeners, which live elsewhere than runners. */
const USUAL_NAMESPACE = 'arc-systems';
/** A secret's name is needed and nothing else of it: its data stays on the server. */
const NAMES_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * Lists what a check looks at, and sends nothing but GETs. A kind that may not be listed is left out, and the reason kept.
 * @throws ApiError where the server does not answer, or takes no credentials
 * @throws UpgradeError where ARC is not installed, or the namespace does not exist
 */
export async function readCluster(transport: Api, place: ClusterPlace): Promise<Snapshot> {
  const objects = new Map<Resource, readonly ApiObject[]>();
  const unread = new Map<Resource, string>();
  await checkNamespace(transport, place);
  for (const resource of LOOKED_AT) {
    const { listed, why } = await listWhereAllowed(transport, resource, place);
    objects.set(resource, listed);
    if (why !== undefined) unread.set(resource, why);
  }
  return new Snapshot(`the context ${place.contextName}`, place.access, objects, unread, place.namespace);
}

/** The server lists the objects of a namespace that does not exist, and finds none. Who may not look it up is believed. */
async function checkNamespace(transport: Api, { namespace, contextName }: ClusterPlace): Promise<void> {
  if (namespace === '') return;
  try {
    await transport.json('GET', pathOf(Namespaces, '', namespace));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 403) return;
    if (error.code !== 404) throw error;
    throw new UpgradeError(
      `namespace ${namespace} does not exist in the context ${contextName}; name the one of the runners, or leave --namespace out to look into all`,
    );
  }
}

interface Listed {
  readonly listed: readonly ApiObject[];
  /** The right that the user lacks, and what was read without it; undefined where everything was. */
  readonly why?: string;
}

async function listWhereAllowed(transport: Api, resource: Resource, place: ClusterPlace): Promise<Listed> {
  const { namespace, ownNamespace } = place;
  const isOfController = resource === (Deployments as Resource) || resource === (AutoscalingListeners as Resource);
  const first = isOfController || !resource.namespaced ? '' : namespace;
  const everything = await list(transport, resource, first);
  if (everything !== undefined) return { listed: everything };
  const { plural } = resource;
  const lacks =
    first !== ''
      ? t('the user may not list {0} in namespace {1}', plural, first)
      : resource.namespaced
        ? t('the user may not list {0} in all namespaces', plural)
        : t('the user may not list {0}', plural);
  if (first !== '' || !resource.namespaced) return { listed: [], why: lacks };
  const places = [...new Set(isOfController ? [USUAL_NAMESPACE, namespace || ownNamespace] : [ownNamespace])];
  const found: ApiObject[] = [];
  const seen: string[] = [];
  for (const one of places) {
    const listed = await list(transport, resource, one);
    if (listed === undefined) continue;
    seen.push(one);
    found.push(...listed);
  }
  const where = seen.length === 0 ? '' : `; only ${seen.join(' and ')} ${seen.length === 1 ? 'was' : 'were'} read`;
  return { listed: found, why: `${lacks}${where}` };
}

/** @returns undefined where the user may not; none of a kind that is not served */
async function list(transport: Api, resource: Resource, namespace: string): Promise<ApiObject[] | undefined> {
  const { apiVersion, kind } = resource;
  const found: ApiObject[] = [];
  let next: string | undefined = '';
  try {
    while (next !== undefined) {
      const answer: ListAnswer = await page(transport, resource, namespace, next);
      for (const item of answer.items ?? []) {
        // Items of built-in kinds come without these.
        const object = wellFormed({ ...item, apiVersion, kind });
        if (object === undefined) {
          const { namespace: place = '', name } = item.metadata;
          throw new UpgradeError(
            `${kind} ${place}/${name} is not as Kubernetes writes it: see kubectl get -o yaml, and delete or repair it`,
          );
        }
        found.push(keptOf(resource, object));
      }
      next = answer.metadata?.continue || undefined;
    }
    return found;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 403) return undefined;
    if (error.code !== 404) throw error;
    if (resource !== (EphemeralRunners as Resource)) return [];
    throw new UpgradeError(
      `ARC is not installed there: the server does not know ephemeralrunners.${resource.group}; name another context with --context`,
    );
  }
}

async function page(transport: Api, resource: Resource, namespace: string, next: string): Promise<ListAnswer> {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (next !== '') query.set('continue', next);
  // A cluster has many other pods.
  if (resource === (Pods as Resource)) query.set('labelSelector', `${RUNNER_POD_LABEL}=True`);
  const accept = resource === (Secrets as Resource) ? NAMES_ONLY : undefined;
  return (await transport.json(
    'GET',
    `${pathOf(resource, namespace)}?${query.toString()}`,
    undefined,
    undefined,
    accept,
  )) as ListAnswer;
}
