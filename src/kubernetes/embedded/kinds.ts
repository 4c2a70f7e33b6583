import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  ConfigMaps,
  EphemeralRunners,
  EphemeralRunnerSets,
  Events,
  Leases,
  Namespaces,
  Pods,
  ResourceQuotas,
  RoleBindings,
  Roles,
  Secrets,
  ServiceAccounts,
  type Resource,
} from '../resource.ts';

/** In what the API server treats the kinds differently. */
export interface KindRules {
  readonly resource: Resource;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Its type in the schema table; undefined for custom resources, whose spec and status are open. */
  readonly typeName: string | undefined;
  /** Whether metadata.generation counts changes of what is wanted. */
  readonly generation: boolean;
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

const BUILT_IN = {
  shortNames: [],
  categories: [],
  generation: false,
  createOnUpdate: false,
  unconditionalUpdate: true,
  returnsDeleted: false,
  collected: true,
  fieldLabels: {},
} as const;

const CUSTOM = {
  ...BUILT_IN,
  typeName: undefined,
  generation: true,
  unconditionalUpdate: false,
} as const;

const RULES: readonly KindRules[] = [
  {
    ...BUILT_IN,
    resource: Namespaces,
    typeName: 'Namespace',
    shortNames: ['ns'],
    returnsDeleted: true,
    fieldLabels: { 'status.phase': '' },
  },
  {
    ...BUILT_IN,
    resource: Pods,
    typeName: 'Pod',
    shortNames: ['po'],
    categories: ['all'],
    generation: true,
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
    fieldLabels: {
      'involvedObject.kind': '',
      'involvedObject.namespace': '',
      'involvedObject.name': '',
      'involvedObject.uid': '',
      'involvedObject.apiVersion': '',
      'involvedObject.resourceVersion': '',
      'involvedObject.fieldPath': '',
      reason: '',
      reportingComponent: '',
      source: '',
      type: '',
    },
  },
  { ...BUILT_IN, resource: Roles, typeName: 'Role', createOnUpdate: true },
  { ...BUILT_IN, resource: RoleBindings, typeName: 'RoleBinding', createOnUpdate: true },
  { ...BUILT_IN, resource: Leases, typeName: 'Lease', createOnUpdate: true, unconditionalUpdate: false },
  { ...CUSTOM, resource: AutoscalingRunnerSets },
  { ...CUSTOM, resource: EphemeralRunnerSets },
  { ...CUSTOM, resource: EphemeralRunners },
  { ...CUSTOM, resource: AutoscalingListeners },
];

const byResource = new Map(RULES.map((rules) => [rules.resource, rules]));

/** @throws Error for a resource that the embedded cluster does not serve */
export function rulesOf(resource: Resource): KindRules {
  const rules = byResource.get(resource);
  if (rules === undefined) throw new Error(`the embedded cluster has no ${resource.plural}`);
  return rules;
}
