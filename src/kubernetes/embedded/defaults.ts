import type { Resource } from '../resource.ts';
import { Namespaces, Pods, ResourceQuotas, RoleBindings, Secrets } from '../resource.ts';
import type { ApiObject, Container, Namespace, Pod, PodSpec, RoleBinding, Secret } from '../types.ts';
import { canonicalQuantity } from './schema/quantity.ts';

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
  if (resource === RoleBindings) return defaultRoleBinding(object as RoleBinding);
  return object;
}

/** What admission adds whenever an object is written. */
export function withAdmission(resource: Resource, object: ApiObject): ApiObject {
  if (resource !== Pods) return object;
  const pod = object as Pod;
  return { ...pod, spec: admittedPodSpec(pod.spec) } as ApiObject;
}

/** Priority as on a cluster without priority classes, and how long a pod stays on a node that is not ready. */
function admittedPodSpec(spec: PodSpec): PodSpec {
  const tolerations = withEvictionTolerations(spec['tolerations'] as readonly Toleration[] | undefined);
  return { priority: 0, preemptionPolicy: 'PreemptLowerPriority', ...spec, tolerations };
}

const POD_SPEC_DEFAULTS = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
  enableServiceLinks: true,
};

function defaultPodSpec(spec: PodSpec): PodSpec {
  const { initContainers, volumes } = spec;
  const grace = spec.terminationGracePeriodSeconds;
  const account = spec['serviceAccountName'] ?? spec['serviceAccount'];
  return {
    ...POD_SPEC_DEFAULTS,
    ...spec,
    ...(grace !== undefined && grace < 0 ? { terminationGracePeriodSeconds: 1 } : {}),
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
    containers: spec.containers?.map(defaultContainer) ?? spec.containers,
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(defaultContainer) }),
    ...(volumes === undefined ? {} : { volumes: volumes.map(defaultVolume) }),
  };
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

function defaultContainer(container: Container): Container {
  const { ports, env, livenessProbe, readinessProbe, startupProbe, lifecycle, resources } = container as ContainerParts;
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyFor(container.image ?? ''),
    ...container,
    resources: defaultResources(resources),
    ...(ports === undefined ? {} : { ports: ports.map((port) => ({ protocol: 'TCP', ...port })) }),
    ...(env === undefined ? {} : { env: env.map(defaultEnv) }),
    ...(livenessProbe === undefined ? {} : { livenessProbe: defaultProbe(livenessProbe) }),
    ...(readinessProbe === undefined ? {} : { readinessProbe: defaultProbe(readinessProbe) }),
    ...(startupProbe === undefined ? {} : { startupProbe: defaultProbe(startupProbe) }),
    ...(lifecycle === undefined ? {} : { lifecycle: mapValues(lifecycle, defaultHandler) }),
  } as Container;
}

type Fields = Readonly<Record<string, unknown>>;

interface Resources {
  readonly limits?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
}

interface ContainerParts {
  readonly ports?: readonly Fields[];
  readonly env?: readonly Fields[];
  readonly livenessProbe?: Fields;
  readonly readinessProbe?: Fields;
  readonly startupProbe?: Fields;
  readonly lifecycle?: Readonly<Record<string, Fields>>;
  readonly resources?: Resources;
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** A limit without a request is the request too. */
function defaultResources(resources: Resources | undefined): Resources {
  const { limits } = resources ?? {};
  if (limits === undefined) return resources ?? {};
  return { ...resources, requests: { ...limits, ...resources?.requests } };
}

function defaultEnv(entry: Fields): Fields {
  const { fieldRef } = (entry['valueFrom'] ?? {}) as { fieldRef?: Fields };
  if (fieldRef === undefined) return entry;
  return { ...entry, valueFrom: { ...(entry['valueFrom'] as Fields), fieldRef: { apiVersion: 'v1', ...fieldRef } } };
}

function defaultProbe(probe: Fields): Fields {
  const defaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  return defaultHandler({ ...defaults, ...probe });
}

function defaultHandler(handler: Fields): Fields {
  const { httpGet, grpc } = handler as { httpGet?: Fields; grpc?: Fields };
  return {
    ...handler,
    ...(httpGet === undefined ? {} : { httpGet: { path: '/', scheme: 'HTTP', ...httpGet } }),
    ...(grpc === undefined ? {} : { grpc: { service: '', ...grpc } }),
  };
}

const DEFAULT_MODE = 420;

function defaultVolume(volume: Fields): Fields {
  if (Object.keys(volume).length <= 1) return { ...volume, emptyDir: {} };
  const { secret, configMap, projected, downwardAPI, hostPath } = volume as Readonly<
    Record<string, Fields | undefined>
  >;
  const withMode = (source: Fields): Fields => ({ defaultMode: DEFAULT_MODE, ...source });
  return {
    ...volume,
    ...(secret === undefined ? {} : { secret: withMode(secret) }),
    ...(configMap === undefined ? {} : { configMap: withMode(configMap) }),
    ...(downwardAPI === undefined ? {} : { downwardAPI: withMode(withFieldVersions(downwardAPI)) }),
    ...(projected === undefined ? {} : { projected: withMode(defaultProjected(projected)) }),
    ...(hostPath === undefined ? {} : { hostPath: { type: '', ...hostPath } }),
  };
}

function defaultProjected(projected: Fields): Fields {
  const sources = projected['sources'] as readonly Readonly<Record<string, Fields | undefined>>[] | undefined;
  if (sources === undefined) return projected;
  return {
    ...projected,
    sources: sources.map((source) => ({
      ...source,
      ...(source['serviceAccountToken'] === undefined
        ? {}
        : { serviceAccountToken: { expirationSeconds: 3600, ...source['serviceAccountToken'] } }),
      ...(source['downwardAPI'] === undefined ? {} : { downwardAPI: withFieldVersions(source['downwardAPI']) }),
    })),
  };
}

function withFieldVersions(downward: Fields): Fields {
  const items = downward['items'] as readonly Fields[] | undefined;
  if (items === undefined) return downward;
  return {
    ...downward,
    items: items.map((item) =>
      item['fieldRef'] === undefined
        ? item
        : { ...item, fieldRef: { apiVersion: 'v1', ...(item['fieldRef'] as Fields) } },
    ),
  };
}

/** Pods leave a node that is not ready or not reachable after five minutes, unless they say otherwise. */
const EVICTION_TOLERATIONS: readonly Toleration[] = [
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
].map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }));

function withEvictionTolerations(given: readonly Toleration[] = []): readonly Toleration[] {
  if (given.length === 0) return EVICTION_TOLERATIONS;
  const missing = EVICTION_TOLERATIONS.filter(
    ({ key }) =>
      !given.some(
        (toleration) =>
          (toleration.key === key || toleration.key === undefined) &&
          (toleration.effect === 'NoExecute' || toleration.effect === undefined),
      ),
  );
  return given.concat(missing);
}

const COMPUTE = ['cpu', 'memory'];

function qosClassOf({ containers, initContainers = [] }: PodSpec): string {
  const all = [...(containers ?? []), ...initContainers].map(({ resources }) => (resources ?? {}) as Resources);
  const named = (list: 'limits' | 'requests', part: Resources): boolean =>
    COMPUTE.some((name) => !['0', undefined].includes(canonicalQuantity(part[list]?.[name] ?? '')));
  if (!all.some((part) => named('limits', part) || named('requests', part))) return 'BestEffort';
  const isGuaranteed = all.every(({ limits, requests }) =>
    COMPUTE.every(
      (name) =>
        limits?.[name] !== undefined &&
        canonicalQuantity(limits[name]) === canonicalQuantity(requests?.[name] ?? limits[name]),
    ),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

/** Always for the tag `latest` or none, otherwise IfNotPresent. */
function pullPolicyFor(image: string): string {
  const nameAndTag = image.slice(image.lastIndexOf('/') + 1);
  if (nameAndTag.includes('@')) return 'IfNotPresent';
  const tag = nameAndTag.split(':')[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
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

function mapValues<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
