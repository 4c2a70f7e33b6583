/** An object of each kind as the checks make it, and a change of it. */
export interface KindSample {
  readonly name: string;
  /** Path of the collection; `{ns}` is the check's namespace. */
  readonly path: string;
  readonly object: Readonly<Record<string, unknown>> & {
    readonly metadata: { readonly name: string; readonly labels: object };
  };
  /** A merge patch that the kind accepts. */
  readonly patch: object;
  readonly status?: object;
  readonly custom: boolean;
  /** The real server looks for an address before it looks at the name, and for a name that is none it looks for ever. */
  readonly namedLate?: boolean;
}

const runnerSpec = {
  githubConfigUrl: 'https://github.com/lab',
  githubConfigSecret: 'github',
  runnerScaleSetId: 1,
  spec: { containers: [{ name: 'runner', image: 'runner:1' }] },
};
const labels = { app: 'one', tier: 'front' };
const template = {
  metadata: { labels: { app: 'one' } },
  spec: { containers: [{ name: 'main', image: 'image:1' }] },
};
const ARC = '/apis/actions.github.com/v1alpha1/namespaces/{ns}';

export const KINDS: readonly KindSample[] = [
  {
    name: 'pods',
    path: '/api/v1/namespaces/{ns}/pods',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one', labels },
      spec: { containers: [{ name: 'main', image: 'image:1' }] },
    },
    patch: { metadata: { labels: { app: 'two', tier: null } }, spec: { activeDeadlineSeconds: 30 } },
    status: { phase: 'Running', podIP: '10.0.0.1', startTime: '2026-01-01T00:00:00Z' },
    custom: false,
  },
  {
    name: 'secrets',
    path: '/api/v1/namespaces/{ns}/secrets',
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'one', labels },
      data: { a: 'YQ==' },
      stringData: { b: 'text' },
    },
    patch: { data: { a: null, c: 'Yw==' } },
    custom: false,
  },
  {
    name: 'configmaps',
    path: '/api/v1/namespaces/{ns}/configmaps',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', labels }, data: { a: 'A', b: '' } },
    patch: { data: { a: null, c: 'C' }, metadata: { annotations: { note: 'x' } } },
    custom: false,
  },
  {
    name: 'serviceaccounts',
    path: '/api/v1/namespaces/{ns}/serviceaccounts',
    object: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'one', labels },
      imagePullSecrets: [{ name: 'pull' }],
    },
    patch: { automountServiceAccountToken: false },
    custom: false,
  },
  {
    name: 'resourcequotas',
    path: '/api/v1/namespaces/{ns}/resourcequotas',
    object: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'one', labels },
      spec: { hard: { pods: '5', 'requests.memory': '1024Mi' } },
    },
    patch: { spec: { hard: { pods: '7' } } },
    status: { hard: { pods: '5' }, used: { pods: '2' } },
    custom: false,
  },
  {
    name: 'roles',
    path: '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles',
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'one', labels },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    },
    patch: { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }] },
    custom: false,
  },
  {
    name: 'rolebindings',
    path: '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings',
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'one', labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'one' },
      subjects: [
        { kind: 'ServiceAccount', name: 'one', namespace: 'default' },
        { kind: 'User', name: 'somebody' },
      ],
    },
    patch: { subjects: [{ kind: 'Group', name: 'people' }] },
    custom: false,
  },
  {
    name: 'leases',
    path: '/apis/coordination.k8s.io/v1/namespaces/{ns}/leases',
    object: {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'one', labels },
      spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' },
    },
    patch: { spec: { holderIdentity: 'you', leaseTransitions: 1 } },
    custom: false,
  },
  {
    name: 'events',
    path: '/api/v1/namespaces/{ns}/events',
    object: {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'one', labels },
      involvedObject: { kind: 'Pod', name: 'one', namespace: '{ns}' },
      reason: 'Started',
      message: 'it began',
      type: 'Normal',
      count: 2,
      source: { component: 'kubelet', host: 'node-1' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
    },
    patch: { count: 3 },
    custom: false,
  },
  {
    name: 'events of events.k8s.io',
    path: '/apis/events.k8s.io/v1/namespaces/{ns}/events',
    object: {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'one', labels },
      regarding: { kind: 'Pod', name: 'one', namespace: '{ns}' },
      reason: 'Started',
      note: 'it began',
      type: 'Normal',
      action: 'Starting',
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'lab.example/controller',
      reportingInstance: 'controller-1',
    },
    patch: { series: { count: 3, lastObservedTime: '2026-01-01T00:00:05.000000Z' } },
    custom: false,
  },
  {
    name: 'deployments',
    path: '/apis/apps/v1/namespaces/{ns}/deployments',
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'one', labels },
      spec: { selector: { matchLabels: { app: 'one' } }, template },
    },
    patch: { spec: { replicas: 3, paused: true }, metadata: { annotations: { note: 'x' } } },
    status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1, observedGeneration: 1 },
    custom: false,
  },
  {
    name: 'replicasets',
    path: '/apis/apps/v1/namespaces/{ns}/replicasets',
    object: {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'one', labels },
      spec: { replicas: 2, selector: { matchLabels: { app: 'one' } }, template },
    },
    patch: { spec: { replicas: 3 } },
    status: { replicas: 2, fullyLabeledReplicas: 2 },
    custom: false,
  },
  {
    name: 'services',
    path: '/api/v1/namespaces/{ns}/services',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'one', labels },
      spec: { selector: { app: 'one' }, ports: [{ port: 80, targetPort: 'http' }] },
    },
    patch: { spec: { selector: { app: 'two' } }, metadata: { annotations: { note: 'x' } } },
    custom: false,
    namedLate: true,
  },
  {
    name: 'ephemeralrunners',
    path: `${ARC}/ephemeralrunners`,
    object: {
      apiVersion: 'actions.github.com/v1alpha1',
      kind: 'EphemeralRunner',
      metadata: { name: 'one', labels },
      spec: runnerSpec,
    },
    patch: { spec: { runnerScaleSetId: 2, proxySecretRef: 'proxy' } },
    status: { phase: 'Running', runnerId: 7, ready: true },
    custom: true,
  },
  {
    name: 'ephemeralrunnersets',
    path: `${ARC}/ephemeralrunnersets`,
    object: {
      apiVersion: 'actions.github.com/v1alpha1',
      kind: 'EphemeralRunnerSet',
      metadata: { name: 'one', labels },
      spec: { replicas: 2, ephemeralRunnerSpec: runnerSpec },
    },
    patch: { spec: { replicas: 3 } },
    status: { currentReplicas: 2, pendingEphemeralRunners: 1 },
    custom: true,
  },
  {
    name: 'autoscalingrunnersets',
    path: `${ARC}/autoscalingrunnersets`,
    object: {
      apiVersion: 'actions.github.com/v1alpha1',
      kind: 'AutoscalingRunnerSet',
      metadata: { name: 'one', labels },
      spec: { minRunners: 0, maxRunners: 5, githubConfigUrl: 'https://github.com/lab' },
    },
    patch: { spec: { maxRunners: 6 } },
    status: { currentRunners: 1, state: 'Running' },
    custom: true,
  },
  {
    name: 'autoscalinglisteners',
    path: `${ARC}/autoscalinglisteners`,
    object: {
      apiVersion: 'actions.github.com/v1alpha1',
      kind: 'AutoscalingListener',
      metadata: { name: 'one', labels },
      spec: { githubConfigUrl: 'https://github.com/lab', autoscalingRunnerSetName: 'set' },
    },
    patch: { spec: { autoscalingRunnerSetName: 'other' } },
    custom: true,
  },
];
