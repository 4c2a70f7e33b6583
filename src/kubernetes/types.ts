/**
 * The Kubernetes objects that the lab reads and writes, as JSON on the wire. Objects are immutable: code that changes one
 * makes a new one and may share the parts that stay the same.
 */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface EphemeralRunner extends ApiObject {
  readonly spec: EphemeralRunnerSpec;
  readonly status?: EphemeralRunnerStatus;
}

export interface EphemeralRunnerSpec {
  readonly githubConfigUrl: string;
  /** Name of the secret with the token or the GitHub App's key, in the runner's namespace. */
  readonly githubConfigSecret: string;
  readonly runnerScaleSetId: number;
  readonly proxy?: ProxyConfig;
  /** Name of the secret that holds http_proxy, https_proxy and no_proxy for the runner's container. */
  readonly proxySecretRef?: string;
  readonly githubServerTLS?: GitHubServerTLS;
  /** For the secret with the JIT config; from ARC 0.14.0 on. */
  readonly ephemeralRunnerConfigSecretMetadata?: Labelled;
  readonly metadata?: Labelled;
  readonly spec: PodSpec;
}

export interface Labelled {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ProxyConfig {
  readonly http?: ProxyServer;
  readonly https?: ProxyServer;
  readonly noProxy?: readonly string[];
}

export interface ProxyServer {
  readonly url?: string;
  readonly credentialSecretRef?: string;
}

export interface GitHubServerTLS {
  readonly certificateFrom?: { readonly configMapKeyRef?: { readonly name?: string; readonly key: string } };
}

/** ARC 0.13.0 and later write Succeeded no more; Outdated is written from 0.14.0 on. */
export type RunnerPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Outdated';

export interface EphemeralRunnerStatus {
  readonly phase?: RunnerPhase;
  readonly ready?: boolean;
  readonly reason?: string;
  readonly message?: string;
  readonly runnerId?: number;
  readonly runnerName?: string;
  readonly runnerJITConfig?: string;
  /** Of the job that the service has assigned; 0 or absent before. */
  readonly jobRequestId?: number;
  /** Of the same job; the listener writes it from ARC 0.13.0 on. */
  readonly jobId?: string;
  readonly jobDisplayName?: string;
  readonly workflowRunId?: number;
  /** By uid of each pod that failed: `true`, and from ARC 0.12 on the time at which it was counted. */
  readonly failures?: Readonly<Record<string, boolean | string>>;
}

export interface EphemeralRunnerSet extends ApiObject {
  readonly spec: {
    /** How many runners are wanted; none without it. */
    readonly replicas?: number;
    /** Numbers the listener's decisions; 0 and absent are wishes that hold for ever, others are acted on once. */
    readonly patchID?: number;
    readonly ephemeralRunnerSpec: EphemeralRunnerSpec;
    /** For the runners themselves; from ARC 0.14.0 on. */
    readonly ephemeralRunnerMetadata?: Labelled;
  };
  readonly status?: EphemeralRunnerSetStatus;
}

/** Counted from the controller's cache, and as old as that. */
export interface EphemeralRunnerSetStatus {
  readonly currentReplicas?: number;
  readonly pendingEphemeralRunners?: number;
  readonly runningEphemeralRunners?: number;
  readonly failedEphemeralRunners?: number;
  /** Outdated for good once a runner was; from ARC 0.14.0 on. */
  readonly phase?: '' | 'Running' | 'Outdated';
}

export interface Pod extends ApiObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly nodeName?: string;
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly [field: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly [field: string]: unknown;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

export interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly startTime?: string;
  readonly conditions?: readonly PodCondition[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly qosClass?: string;
}

export interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastProbeTime?: string | null;
  readonly lastTransitionTime?: string | null;
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly image?: string;
  readonly imageID?: string;
  readonly containerID?: string;
  readonly state?: ContainerState;
  /** How the run before the last restart ended. */
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string | null };
  readonly terminated?: {
    readonly exitCode: number;
    readonly reason?: string;
    readonly message?: string;
    readonly signal?: number;
    readonly startedAt?: string | null;
    readonly finishedAt?: string | null;
    readonly containerID?: string;
  };
}

export interface Secret extends ApiObject {
  readonly type?: string;
  /** Values in base64. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface ConfigMap extends ApiObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface Namespace extends ApiObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string };
}

export interface ResourceQuota extends ApiObject {
  readonly spec?: { readonly hard?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

/** A deployment or a replica set. */
export interface Workload extends ApiObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: LabelSelector;
    readonly template: { readonly metadata?: Partial<ObjectMeta>; readonly spec: PodSpec };
    readonly [field: string]: unknown;
  };
  readonly status?: WorkloadStatus;
}

export interface WorkloadStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly [field: string]: unknown;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface Service extends ApiObject {
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly ports?: readonly ServicePort[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly externalName?: string;
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

export interface Node extends ApiObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
}

export interface Role extends ApiObject {
  readonly rules?: readonly {
    readonly verbs: readonly string[];
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly nonResourceURLs?: readonly string[];
  }[];
}

export interface RoleBinding extends ApiObject {
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
  readonly roleRef: { readonly apiGroup: string; readonly kind: string; readonly name: string };
}

export interface Lease extends ApiObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

export interface KubernetesEvent extends ApiObject {
  readonly involvedObject: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly fieldPath?: string;
  };
  readonly reason?: string;
  readonly message?: string;
  readonly type?: string;
  readonly count?: number;
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
  readonly action?: string;
  readonly related?: unknown;
}

/** `namespace/name`, the form in which runners are queued; just the name for objects without a namespace. */
export function keyOf(meta: ObjectMeta): string {
  return meta.namespace === undefined ? meta.name : `${meta.namespace}/${meta.name}`;
}

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1) };
}

/** The owner that manages the object, if it has one. */
export function controllerOf(meta: ObjectMeta): OwnerReference | undefined {
  return meta.ownerReferences?.find((owner) => owner.controller === true);
}
