import type { Container, PodSpec } from '../types.ts';
import { canonicalQuantity } from './schema/quantity.ts';

/** What the API server fills in in a pod's spec: defaults whenever it is read, and what admission adds. */

/** Priority as on a cluster without priority classes, and how long a pod stays on a node that is not ready. */
export function admittedPodSpec(spec: PodSpec): PodSpec {
  const tolerations = withEvictionTolerations(spec['tolerations'] as readonly Toleration[] | undefined);
  return { priority: 0, preemptionPolicy: 'PreemptLowerPriority', ...spec, tolerations };
}

const POD_SPEC_DEFAULTS = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};

export function defaultPodSpec(spec: PodSpec): PodSpec {
  const { containers, initContainers, ...defaulted } = defaultTemplateSpec(spec);
  return {
    enableServiceLinks: true,
    ...defaulted,
    containers: containers?.map(withRequests) ?? containers,
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(withRequests) }),
  };
}

/** A pod's spec within a deployment, which is filled in less. */
export function defaultTemplateSpec(spec: PodSpec): PodSpec {
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

const NO_RESOURCES: Resources = {};

function defaultContainer(container: Container): Container {
  const { ports, env, livenessProbe, readinessProbe, startupProbe, lifecycle, resources } = container as ContainerParts;
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicyFor(container.image ?? ''),
    ...container,
    resources: resources ?? NO_RESOURCES,
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
function withRequests(container: Container): Container {
  const { resources } = container as { resources?: Resources };
  const { limits, requests } = resources ?? {};
  if (limits === undefined) return container;
  return { ...container, resources: { ...resources, requests: { ...limits, ...requests } } };
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

export function qosClassOf({ containers, initContainers = [] }: PodSpec): string {
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

function mapValues<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
