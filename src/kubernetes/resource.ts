import type { AutoscalingListener, AutoscalingRunnerSet } from './scale-set-types.ts';
import type {
  ApiObject,
  ConfigMap,
  EphemeralRunner,
  EphemeralRunnerSet,
  KubernetesEvent,
  Lease,
  Namespace,
  Node,
  Pod,
  ResourceQuota,
  Role,
  RoleBinding,
  Secret,
  Service,
  Workload,
} from './types.ts';

/** One kind of object as the API serves it. There is one instance per kind: compare by identity. */
export interface Resource<T extends ApiObject = ApiObject> {
  /** The group and the version, as objects name them: `actions.github.com/v1alpha1`, or `v1` in the core group. */
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** How its status is asked for: `pods/status`. */
  readonly pluralStatus: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Whether `status` is written through its own subresource only. */
  readonly statusSubresource: boolean;
  /** The kind whose objects these are in another form; undefined for kinds that are stored themselves. */
  readonly storedAs?: Resource;
  /** Place among all kinds, for tables of what there is one of for each. */
  readonly ordinal: number;
  /** Never set; carries the type of the objects. */
  readonly object?: T;
}

let kinds = 0;

function resource<T extends ApiObject>(
  apiVersion: string,
  plural: string,
  kind: string,
  options: { namespaced?: boolean; statusSubresource?: boolean; storedAs?: Resource } = {},
): Resource<T> {
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
  return {
    ordinal: kinds++,
    apiVersion,
    group,
    version,
    plural,
    pluralStatus: `${plural}/status`,
    kind,
    namespaced: options.namespaced ?? true,
    statusSubresource: options.statusSubresource ?? false,
    ...(options.storedAs === undefined ? {} : { storedAs: options.storedAs }),
  };
}

export const EphemeralRunners = resource<EphemeralRunner>(
  'actions.github.com/v1alpha1',
  'ephemeralrunners',
  'EphemeralRunner',
  { statusSubresource: true },
);
export const Pods = resource<Pod>('v1', 'pods', 'Pod', { statusSubresource: true });
export const Secrets = resource<Secret>('v1', 'secrets', 'Secret');
export const ConfigMaps = resource<ConfigMap>('v1', 'configmaps', 'ConfigMap');
export const Namespaces = resource<Namespace>('v1', 'namespaces', 'Namespace', {
  namespaced: false,
  statusSubresource: true,
});
export const ResourceQuotas = resource<ResourceQuota>('v1', 'resourcequotas', 'ResourceQuota', {
  statusSubresource: true,
});

export const ServiceAccounts = resource('v1', 'serviceaccounts', 'ServiceAccount');
export const Events = resource<KubernetesEvent>('v1', 'events', 'Event');
/** The newer form of events. */
export const EventsV1 = resource('events.k8s.io/v1', 'events', 'Event', { storedAs: Events });
export const Nodes = resource<Node>('v1', 'nodes', 'Node', { namespaced: false, statusSubresource: true });
export const Services = resource<Service>('v1', 'services', 'Service', { statusSubresource: true });
export const Deployments = resource<Workload>('apps/v1', 'deployments', 'Deployment', { statusSubresource: true });
export const ReplicaSets = resource<Workload>('apps/v1', 'replicasets', 'ReplicaSet', { statusSubresource: true });
export const Roles = resource<Role>('rbac.authorization.k8s.io/v1', 'roles', 'Role');
export const RoleBindings = resource<RoleBinding>('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding');
export const ClusterRoles = resource<Role>('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', {
  namespaced: false,
});
export const ClusterRoleBindings = resource<RoleBinding>(
  'rbac.authorization.k8s.io/v1',
  'clusterrolebindings',
  'ClusterRoleBinding',
  { namespaced: false },
);
export const CustomResourceDefinitions = resource(
  'apiextensions.k8s.io/v1',
  'customresourcedefinitions',
  'CustomResourceDefinition',
  { namespaced: false, statusSubresource: true },
);
export const Leases = resource<Lease>('coordination.k8s.io/v1', 'leases', 'Lease');
export const AutoscalingRunnerSets = resource<AutoscalingRunnerSet>(
  'actions.github.com/v1alpha1',
  'autoscalingrunnersets',
  'AutoscalingRunnerSet',
  { statusSubresource: true },
);
export const EphemeralRunnerSets = resource<EphemeralRunnerSet>(
  'actions.github.com/v1alpha1',
  'ephemeralrunnersets',
  'EphemeralRunnerSet',
  { statusSubresource: true },
);
export const AutoscalingListeners = resource<AutoscalingListener>(
  'actions.github.com/v1alpha1',
  'autoscalinglisteners',
  'AutoscalingListener',
  { statusSubresource: true },
);

/** Every kind that the lab knows and the embedded cluster serves. */
export const allResources: readonly Resource[] = [
  Namespaces,
  Pods,
  Secrets,
  ConfigMaps,
  ServiceAccounts,
  ResourceQuotas,
  Events,
  EventsV1,
  Nodes,
  Services,
  Deployments,
  ReplicaSets,
  Roles,
  RoleBindings,
  ClusterRoles,
  ClusterRoleBindings,
  CustomResourceDefinitions,
  Leases,
  AutoscalingRunnerSets,
  EphemeralRunnerSets,
  EphemeralRunners,
  AutoscalingListeners,
];

const byName = new Map(allResources.map((one) => [`${one.apiVersion} ${one.kind}`, one]));

/** The kind that an object or a reference names; undefined for one that the lab does not know. */
export function resourceNamed({
  apiVersion,
  kind,
}: Readonly<Record<'apiVersion' | 'kind', unknown>>): Resource | undefined {
  return byName.get(`${String(apiVersion)} ${String(kind)}`);
}

/** The URL path of a collection, or of one object or its subresource when they are named. */
export function pathOf(resource: Resource, namespace = '', name = '', subresource = ''): string {
  let path = `${resource.group === '' ? '/api' : '/apis'}/${resource.apiVersion}`;
  if (resource.namespaced && namespace !== '') path += `/namespaces/${encodeURIComponent(namespace)}`;
  path += `/${resource.plural}`;
  if (name !== '') path += `/${encodeURIComponent(name)}`;
  if (subresource !== '') path += `/${subresource}`;
  return path;
}
