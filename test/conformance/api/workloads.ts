import type { Check } from './runner.ts';
import { get, JSON_PATCH, MERGE, patch, post, put, silent, STRATEGIC } from './steps.ts';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/{ns}/deployments';
const REPLICA_SETS = '/apis/apps/v1/namespaces/{ns}/replicasets';
const SERVICES = '/api/v1/namespaces/{ns}/services';
const EVENTS = '/api/v1/namespaces/{ns}/events';
const EVENTS_V1 = '/apis/events.k8s.io/v1/namespaces/{ns}/events';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const container = { name: 'manager', image: 'manager:1' };
const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [container] } };
const deployment = (spec: object, metadata: object = {}): object => ({
  metadata: { name: 'one', ...metadata },
  spec: { selector: { matchLabels: { app: 'x' } }, template, ...spec },
});
const scale = (replicas: number, metadata: object = {}): object => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: { name: 'one', namespace: '{ns}', ...metadata },
  spec: { replicas },
});

const wrongDeployments: readonly [string, object][] = [
  ['no selector', { selector: undefined }],
  ['an empty selector', { selector: {} }],
  ['a selector that its template does not meet', { selector: { matchLabels: { app: 'y' } } }],
  ['fewer than no replicas', { replicas: -1 }],
  ['no containers', { template: { ...template, spec: { containers: [] } } }],
  ['a container without an image', { template: { ...template, spec: { containers: [{ name: 'a' }] } } }],
  ['another restart policy', { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } }],
  ['an unknown strategy', { strategy: { type: 'Slowly' } }],
  ['a strategy that contradicts itself', { strategy: { type: 'Recreate', rollingUpdate: {} } }],
];

const event = {
  metadata: { name: 'one' },
  involvedObject: { kind: 'Pod', name: 'p', namespace: '{ns}' },
  reason: 'Pulled',
  message: 'the image is there',
  type: 'Normal',
  count: 3,
  source: { component: 'kubelet', host: 'node-1' },
  firstTimestamp: '2026-01-01T00:00:00Z',
  lastTimestamp: '2026-01-01T00:00:09Z',
};
const newEvent = {
  metadata: { name: 'two' },
  regarding: { kind: 'Pod', name: 'q', namespace: '{ns}' },
  reason: 'Scheduled',
  note: 'it has a node',
  type: 'Normal',
  action: 'Binding',
  eventTime: '2026-01-01T00:00:00.123456Z',
  reportingController: 'default-scheduler',
  reportingInstance: 'scheduler-1',
};

export const WORKLOAD_CHECKS: readonly Check[] = [
  ...wrongDeployments.map(([what, spec]) => ({
    name: `deployment: ${what}`,
    steps: [post(DEPLOYMENTS, deployment(spec), { anyMessage: what === 'an unknown strategy' })],
  })),
  {
    name: 'deployment: defaults of what charts set',
    steps: [
      post(
        DEPLOYMENTS,
        deployment({
          replicas: 2,
          strategy: { type: 'Recreate' },
          template: {
            metadata: { labels: { app: 'x' }, annotations: { note: 'y' } },
            spec: {
              serviceAccountName: 'controller',
              terminationGracePeriodSeconds: 10,
              containers: [
                {
                  ...container,
                  args: ['--auto-scaling-runner-set-only'],
                  command: ['/manager'],
                  env: [{ name: 'NS', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
                  ports: [{ containerPort: 8080, name: 'metrics' }],
                  resources: { limits: { cpu: '100m' } },
                  livenessProbe: { httpGet: { path: '/healthz', port: 8081 } },
                  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
                },
              ],
              volumes: [{ name: 'tmp', emptyDir: {} }],
            },
          },
        }),
      ),
    ],
  },
  {
    name: 'deployment: what may change, and what its generation counts',
    steps: [
      post(DEPLOYMENTS, deployment({}), silent),
      patch(`${DEPLOYMENTS}/one`, { spec: { selector: { matchLabels: { app: 'y' } } } }, MERGE),
      patch(`${DEPLOYMENTS}/one`, { metadata: { annotations: { restore: 'note' } } }, MERGE),
      patch(`${DEPLOYMENTS}/one`, { metadata: { labels: { app: 'z' } } }, MERGE),
      patch(
        `${DEPLOYMENTS}/one`,
        { spec: { template: { spec: { containers: [{ name: 'manager', image: 'm:2' }] } } } },
        STRATEGIC,
      ),
      patch(`${DEPLOYMENTS}/one/status`, { status: { replicas: 1, readyReplicas: 2 } }, MERGE),
      patch(`${DEPLOYMENTS}/one/status`, { metadata: { labels: { app: 'status' } }, status: { replicas: 2 } }, MERGE),
    ],
  },
  ...[DEPLOYMENTS, REPLICA_SETS].map((path) => ({
    name: `scale of ${path === DEPLOYMENTS ? 'deployments' : 'replica sets'}`,
    steps: [
      post(path, deployment({ replicas: 2 }), { silent: true, keep: 'one' }),
      get(`${path}/one/scale`),
      patch(`${path}/one/scale`, { spec: { replicas: 0 } }, MERGE),
      put(`${path}/one/scale`, scale(3)),
      put(`${path}/one/scale`, scale(4, { resourceVersion: '{version:one}' })),
      put(`${path}/one/scale`, scale(-1)),
      put(`${path}/one/scale`, { ...scale(1), metadata: { name: 'two' } }, { anyMessage: true }),
      patch(`${path}/one/scale`, [{ op: 'replace', path: '/spec/replicas', value: 5 }], JSON_PATCH),
      patch(`${path}/one/scale?dryRun=All`, { spec: { replicas: 9 } }, MERGE),
      patch(`${path}/one/scale`, { spec: { replicas: 'many' } }, MERGE, { anyMessage: true }),
      get(`${path}/one`),
      get(`${path}/two/scale`),
    ],
  })),
  {
    name: 'service: types, names and ports',
    steps: [
      post(SERVICES, { metadata: { name: 'none' }, spec: {} }),
      post(
        SERVICES,
        { metadata: { name: 'headless' }, spec: { clusterIP: 'None', selector: { a: 'b' } } },
        { anyMessage: true },
      ),
      post(SERVICES, { metadata: { name: 'far' }, spec: { type: 'ExternalName', externalName: 'example.com' } }),
      post(
        SERVICES,
        { metadata: { name: 'two' }, spec: { ports: [{ port: 80 }, { port: 81 }] } },
        { anyMessage: true },
      ),
      post(SERVICES, { metadata: { name: 'zero' }, spec: { ports: [{ port: 0 }] } }, { anyMessage: true }),
      post(SERVICES, { metadata: { name: 'odd' }, spec: { type: 'Odd', ports: [{ port: 1 }] } }, { anyMessage: true }),
    ],
  },
  {
    name: 'events: each in both forms',
    steps: [
      post(EVENTS, event, { silent: true, keep: 'one' }),
      post(EVENTS_V1, newEvent, silent),
      get(`${EVENTS_V1}/one`),
      get(`${EVENTS}/two`),
      get(EVENTS_V1),
      get(EVENTS),
      get(`${EVENTS_V1}?fieldSelector=regarding.name%3Dq,reportingController%3Ddefault-scheduler`),
      get(`${EVENTS}?fieldSelector=involvedObject.name%3Dq`),
      get(`${EVENTS_V1}?fieldSelector=involvedObject.name%3Dq`, { anyMessage: true }),
      get(`${EVENTS_V1}?watch=true&resourceVersion={version:one}`, { events: 1 }),
      patch(`${EVENTS}/one`, { count: 4, message: 'again' }, MERGE),
      get(`${EVENTS_V1}/one`),
      patch(`${EVENTS_V1}/two`, { note: 'other' }, MERGE),
      patch(`${EVENTS_V1}/two`, { series: { count: 1 } }, MERGE, { anyMessage: true }),
      patch(`${EVENTS_V1}/two`, { series: { count: 2, lastObservedTime: '2026-01-01T00:00:02.000000Z' } }, MERGE),
    ],
  },
  {
    name: 'events of the newer form that say too little or too much',
    steps: [
      post(EVENTS_V1, { metadata: { name: 'a' }, regarding: { namespace: '{ns}' } }),
      post(EVENTS_V1, { ...newEvent, type: 'Odd', deprecatedCount: 2, deprecatedSource: { component: 'x' } }),
      post(EVENTS_V1, { ...newEvent, reportingController: undefined, action: undefined }),
      post(`${EVENTS_V1}?fieldValidation=Strict`, { ...newEvent, message: 'old name' }),
    ],
  },
  {
    name: 'definitions of ARC are there already',
    steps: [
      post(DEFINITIONS, {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'ephemeralrunners.actions.github.com' },
        spec: {
          group: 'actions.github.com',
          scope: 'Namespaced',
          names: {
            kind: 'EphemeralRunner',
            plural: 'ephemeralrunners',
            singular: 'ephemeralrunner',
            listKind: 'EphemeralRunnerList',
          },
          versions: [
            { name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
          ],
        },
      }),
      get(`${DEFINITIONS}/gadgets.lab.example`),
    ],
  },
];
