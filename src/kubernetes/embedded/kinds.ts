import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  ClusterRoleBindings,
  ClusterRoles,
  ConfigMaps,
  CustomResourceDefinitions,
  Deployments,
  EphemeralRunners,
  EphemeralRunnerSets,
  Events,
  EventsV1,
  Leases,
  Namespaces,
  Nodes,
  Pods,
  ReplicaSets,
  ResourceQuotas,
  RoleBindings,
  Roles,
  Secrets,
  ServiceAccounts,
  Services,
  type Resource,
} from '../resource.ts';

/** In what the API server treats the kinds differently. */
interface KindRules {
  readonly resource: Resource;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Its type in the schema table; undefined for custom resources, whose spec and status are open. */
  readonly typeName: string | undefined;
  /** How its objects are asked for besides create, read, update and delete. */
  readonly verbs: readonly string[];
  /** The changes that metadata.generation counts. */
  readonly generation: 'spec' | 'spec and annotations' | undefined;
  /** Whether the number of replicas can be read and set through its subresource scale. */
  readonly scale: boolean;
  /** Whether an object may be created with its status. */
  readonly createdWithStatus: boolean;
  /** Whether a write to the status leaves the labels as they are. */
  readonly statusKeepsLabels: boolean;
  /** Fields that have other names where the objects are stored as another kind. */
  readonly renamed: Readonly<Record<string, string>>;
  /** Whether PUT may create the object. */
  readonly createOnUpdate: boolean;
  /** Whether PUT without a resource version replaces whatever is there. */
  readonly unconditionalUpdate: boolean;
  /** Whether a deletion is answered with the object instead of a Status. */
  readonly returnsDeleted: boolean;
  /** Whether its deletion heeds a propagation policy. */
  readonly collected: boolean;
  /** Field selectors besides metadata.name and metadata.namespace: label and the field's default when it is absent. */
  readonly fieldLabels: Readonly<Record<string, string>>;
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const BUILT_IN = {
  shortNames: [],
  categories: [],
  verbs: VERBS,
  generation: undefined,
  scale: false,
  createdWithStatus: false,
  statusKeepsLabels: false,
  renamed: {},
  createOnUpdate: false,
  unconditionalUpdate: true,
  returnsDeleted: false,
  collected: true,
  fieldLabels: {},
} as const;

const CUSTOM = {
  ...BUILT_IN,
  typeName: undefined,
  generation: 'spec',
  unconditionalUpdate: false,
} as const;

const OBJECT_OF_EVENT = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const WORKLOAD = { ...BUILT_IN, categories: ['all'], generation: 'spec', scale: true } as const;

const RULES: readonly KindRules[] = [
  {
    ...BUILT_IN,
    resource: Namespaces,
    typeName: 'Namespace',
    shortNames: ['ns'],
    // They are deleted one at a time.
    verbs: VERBS.filter((verb) => verb !== 'deletecollection'),
    returnsDeleted: true,
    fieldLabels: { 'status.phase': '' },
  },
  {
    ...BUILT_IN,
    resource: Pods,
    typeName: 'Pod',
    shortNames: ['po'],
    categories: ['all'],
    generation: 'spec',
    returnsDeleted: true,
    fieldLabels: {
      'spec.nodeName': '',
      'spec.restartPolicy': '',
      'spec.schedulerName': '',
      'spec.serviceAccountName': '',
      'spec.hostNetwork': 'false',
      'status.phase': '',
      'status.podIP': '',
      'status.podIPs': '',
      'status.nominatedNodeName': '',
    },
  },
  { ...BUILT_IN, resource: Secrets, typeName: 'Secret', fieldLabels: { type: '' } },
  { ...BUILT_IN, resource: ConfigMaps, typeName: 'ConfigMap', shortNames: ['cm'] },
  {
    ...BUILT_IN,
    resource: ServiceAccounts,
    typeName: 'ServiceAccount',
    shortNames: ['sa'],
    returnsDeleted: true,
  },
  { ...BUILT_IN, resource: ResourceQuotas, typeName: 'ResourceQuota', shortNames: ['quota'], returnsDeleted: true },
  {
    ...BUILT_IN,
    resource: Events,
    typeName: 'Event',
    shortNames: ['ev'],
    createOnUpdate: true,
    collected: false,
    fieldLabels: labels(
      ...OBJECT_OF_EVENT.map((field) => `involvedObject.${field}`),
      'reason',
      'reportingComponent',
      'source',
      'type',
    ),
  },
  {
    ...BUILT_IN,
    resource: EventsV1,
    typeName: 'events.Event',
    shortNames: ['ev'],
    createOnUpdate: true,
    collected: false,
    renamed: {
      note: 'message',
      regarding: 'involvedObject',
      reportingController: 'reportingComponent',
      deprecatedSource: 'source',
      deprecatedFirstTimestamp: 'firstTimestamp',
      deprecatedLastTimestamp: 'lastTimestamp',
      deprecatedCount: 'count',
    },
    fieldLabels: labels(
      ...OBJECT_OF_EVENT.map((field) => `regarding.${field}`),
      'reportingController',
      'reason',
      'type',
    ),
  },
  {
    ...BUILT_IN,
    resource: Nodes,
    typeName: 'Node',
    shortNames: ['no'],
    createdWithStatus: true,
    fieldLabels: { 'spec.unschedulable': 'false' },
  },
  {
    ...BUILT_IN,
    resource: Services,
    typeName: 'Service',
    shortNames: ['svc'],
    categories: ['all'],
    createOnUpdate: true,
    returnsDeleted: true,
    fieldLabels: labels('spec.clusterIP', 'spec.type'),
  },
  {
    ...WORKLOAD,
    resource: Deployments,
    typeName: 'Deployment',
    shortNames: ['deploy'],
    generation: 'spec and annotations',
    statusKeepsLabels: true,
  },
  {
    ...WORKLOAD,
    resource: ReplicaSets,
    typeName: 'ReplicaSet',
    shortNames: ['rs'],
    fieldLabels: { 'status.replicas': '0' },
  },
  { ...BUILT_IN, resource: Roles, typeName: 'Role', createOnUpdate: true },
  { ...BUILT_IN, resource: RoleBindings, typeName: 'RoleBinding', createOnUpdate: true },
  { ...BUILT_IN, resource: ClusterRoles, typeName: 'ClusterRole', createOnUpdate: true },
  { ...BUILT_IN, resource: ClusterRoleBindings, typeName: 'ClusterRoleBinding', createOnUpdate: true },
  {
    ...CUSTOM,
    resource: CustomResourceDefinitions,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    // The server that takes a definition says what has become of it.
    createdWithStatus: true,
    // The kinds that are served stay served.
    verbs: VERBS.filter((verb) => !verb.startsWith('delete')),
  },
  { ...BUILT_IN, resource: Leases, typeName: 'Lease', createOnUpdate: true, unconditionalUpdate: false },
  { ...CUSTOM, resource: AutoscalingRunnerSets },
  { ...CUSTOM, resource: EphemeralRunnerSets },
  { ...CUSTOM, resource: EphemeralRunners },
  { ...CUSTOM, resource: AutoscalingListeners },
];

function labels(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, '']));
}

/** By ordinal of the kind. */
const byOrdinal: (KindRules | undefined)[] = [];
for (const rules of RULES) byOrdinal[rules.resource.ordinal] = rules;

/** @throws Error for a resource that the embedded cluster does not serve */
export function rulesOf(resource: Resource): KindRules {
  const rules = byOrdinal[resource.ordinal];
  if (rules === undefined) throw new Error(`the embedded cluster has no ${resource.plural}`);
  return rules;
}
