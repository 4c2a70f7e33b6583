import type { Resource } from '../resource.ts';
import {
  ClusterRoleBindings,
  Deployments,
  Namespaces,
  Nodes,
  Pods,
  ReplicaSets,
  ResourceQuotas,
  RoleBindings,
  Secrets,
  Services,
} from '../resource.ts';
import type { ApiObject, Namespace, Node, Pod, RoleBinding, Secret, Service, Workload } from '../types.ts';
import { admittedPodSpec, defaultPodSpec, defaultTemplateSpec, qosClassOf } from './pod-defaults.ts';
import { allocatedService, defaultService } from './service-defaults.ts';

/** What the API server fills in when an object is created (observed on kube-apiserver 1.34). */
export function withCreationDefaults(resource: Resource, object: ApiObject): ApiObject {
  if (resource === Pods) {
    const pod = object as Pod;
    const spec = defaultPodSpec(pod.spec);
    return {
      ...pod,
      spec: admittedPodSpec(spec),
      status: { phase: 'Pending', qosClass: qosClassOf(spec) },
    } as ApiObject;
  }
  if (resource === Namespaces) {
    const { metadata, ...rest } = object as Namespace;
    const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
    return {
      ...rest,
      metadata: { ...metadata, labels },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    } as ApiObject;
  }
  if (resource === ResourceQuotas) return { ...object, status: {} } as ApiObject;
  if (resource === Deployments) return { ...withDefaults(resource, object), status: {} } as ApiObject;
  if (resource === ReplicaSets) return { ...withDefaults(resource, object), status: { replicas: 0 } } as ApiObject;
  if (resource === Services) return allocatedService(defaultService(object as Service));
  if (resource === Nodes) return taintedNode(defaultNode(object));
  return withDefaults(resource, object);
}

/** What the API server fills in whenever an object is read from a client; the audit log shows objects so. */
export function withDefaults(resource: Resource, object: ApiObject): ApiObject {
  if (resource === Pods) {
    const { spec, status, ...pod } = object as Pod;
    return {
      ...pod,
      spec: defaultPodSpec(spec),
      ...(status === undefined ? {} : { status: withAddresses(status) }),
    } as ApiObject;
  }
  if (resource === Secrets) return defaultSecret(object);
  if (resource === RoleBindings || resource === ClusterRoleBindings) return defaultRoleBinding(object as RoleBinding);
  if (resource === Deployments) return defaultDeployment(object as Workload);
  if (resource === ReplicaSets) return defaultReplicaSet(object as Workload);
  if (resource === Services) return defaultService(object as Service);
  if (resource === Nodes) return defaultNode(object);
  return object;
}

/** What admission adds whenever an object is written. */
export function withAdmission(resource: Resource, object: ApiObject): ApiObject {
  if (resource !== Pods) return object;
  const pod = object as Pod;
  return { ...pod, spec: admittedPodSpec(pod.spec) } as ApiObject;
}

interface Addresses {
  readonly podIP?: string;
  readonly podIPs?: readonly unknown[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly unknown[];
}

/** The first address of the list and the single one are the same. */
function withAddresses<T extends object>(status: T): T {
  const { podIP, podIPs } = status as Addresses;
  return { ...status, ...(podIP !== undefined && podIPs === undefined ? { podIPs: [{ ip: podIP }] } : {}) };
}

/** What was given as text becomes data; nobody reads the text back. */
function defaultSecret(object: ApiObject): ApiObject {
  const { stringData, ...secret } = object as Secret & { stringData?: Readonly<Record<string, string>> };
  const added = mapValues(stringData ?? {}, (text) => Buffer.from(text).toString('base64'));
  return {
    ...secret,
    ...(stringData === undefined ? {} : { data: { ...secret.data, ...added } }),
    type: secret.type ?? 'Opaque',
  } as ApiObject;
}

function defaultRoleBinding(binding: RoleBinding): ApiObject {
  const group = 'rbac.authorization.k8s.io';
  return {
    ...binding,
    ...(binding.subjects === undefined
      ? {}
      : {
          subjects: binding.subjects.map((subject) =>
            subject.kind === 'User' || subject.kind === 'Group' ? { apiGroup: group, ...subject } : subject,
          ),
        }),
    roleRef: { ...binding.roleRef, apiGroup: binding.roleRef?.apiGroup || group },
  } as ApiObject;
}

function defaultReplicaSet(object: Workload): Workload {
  const { spec } = object;
  const template = { ...spec.template, spec: defaultTemplateSpec(spec.template.spec) };
  return { ...object, spec: { replicas: 1, ...spec, template } };
}

function defaultDeployment(object: Workload): Workload {
  const { spec, ...rest } = defaultReplicaSet(object);
  const { type, rollingUpdate } = (spec['strategy'] ?? {}) as { type?: string; rollingUpdate?: object };
  const strategy =
    (type ?? '') === '' || type === 'RollingUpdate'
      ? { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...rollingUpdate } }
      : spec['strategy'];
  return { ...rest, spec: { revisionHistoryLimit: 10, progressDeadlineSeconds: 600, ...spec, strategy } };
}

/** Where nothing is kept back, all there is can be given to pods. */
function defaultNode(node: Node): Node {
  const { capacity, allocatable } = node.status ?? {};
  if (capacity === undefined || allocatable !== undefined) return node;
  return { ...node, status: { ...node.status, allocatable: capacity } };
}

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A node takes no pods until somebody has seen that it is ready. */
function taintedNode(node: Node): Node {
  const { taints = [] } = node.spec ?? {};
  if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return node;
  return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } };
}

function mapValues<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
