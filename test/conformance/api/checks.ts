import { CLUSTER_KINDS, clusterKindChecks } from './cluster-kinds.ts';
import { KINDS, type KindSample } from './kinds.ts';
import { PRINTED_CHECKS } from './printed.ts';
import type { Check, Step } from './runner.ts';
import {
  del,
  get,
  JSON_PATCH,
  MERGE,
  PARTIAL,
  PARTIAL_LIST,
  patch,
  post,
  put,
  silent,
  STRATEGIC,
  TABLE,
} from './steps.ts';
import { WORKLOAD_CHECKS } from './workloads.ts';

/** What holds for every kind alike. */
function kindChecks(kind: KindSample): Check[] {
  const { path, object, name } = kind;
  const one = `${path}/one`;
  const renamed = (to: string, labels?: object): object => ({
    ...object,
    metadata: { ...object.metadata, name: to, ...(labels === undefined ? {} : { labels }) },
  });
  const versioned = (version: string): object => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: version },
  });
  const check = (what: string, ...steps: Step[]): Check => ({ name: `${name}: ${what}`, steps });
  const made = post(path, object, { silent: true, keep: 'one' });
  return [
    check('create, read and create again', post(path, object), get(one), post(path, object)),
    check('what is not there', get(one), del(one), put(one, object), patch(one, kind.patch)),
    ...(kind.namedLate === true
      ? []
      : [
          check('create without a name', post(path, { ...object, metadata: {} })),
          check('create under a name that is none', post(path, renamed('Not_A_Name'))),
        ]),
    check('create under a generated name', post(path, { ...object, metadata: { generateName: 'gen-' } })),
    check(
      'create in another namespace than the path',
      post(path, { ...object, metadata: { name: 'one', namespace: 'default' } }),
    ),
    check('create in no namespace', post(path.replace('{ns}', 'nowhere-{ns}'), object)),
    check('create as a trial', post(`${path}?dryRun=All`, object), get(one)),
    check(
      'list in order',
      post(path, renamed('b', { x: '2' }), silent),
      post(path, renamed('a', { x: '1' }), silent),
      get(path),
      get(`${path}?labelSelector=x%3D1`),
      get(`${path}?labelSelector=x%20in%20(1,2),!y`),
      get(`${path}?fieldSelector=metadata.name%3Db`),
      get(`${path}?fieldSelector=metadata.name!%3Db`),
      get(`${path}?fieldSelector=spec.nonsense%3Db`, { anyMessage: true }),
      get(`${path}?labelSelector=%21%21`, { anyMessage: true }),
    ),
    check(
      'list in pages',
      ...['a', 'b', 'c'].map((to) => post(path, renamed(to, {}), silent)),
      get(`${path}?limit=2`, { keep: 'page' }),
      get(`${path}?limit=2&continue={continue:page}`),
    ),
    check(
      'table and metadata only',
      made,
      get(one, { headers: TABLE }),
      get(path, { headers: TABLE }),
      get(one, { headers: PARTIAL }),
      get(path, { headers: PARTIAL_LIST }),
      get(`${path}?includeObject=None`, { headers: TABLE }),
    ),
    check('merge patch', made, patch(one, kind.patch), patch(one, kind.patch), get(one)),
    check('merge patch as a trial', made, patch(`${one}?dryRun=All`, kind.patch), get(one)),
    check(
      'merge patch of the version it saw',
      made,
      patch(one, { metadata: { resourceVersion: '{version:one}', labels: { v: '1' } } }),
      patch(one, { metadata: { resourceVersion: '{version:one}', labels: { v: '2' } } }),
    ),
    check(
      'JSON patch',
      made,
      patch(
        one,
        [
          { op: 'test', path: '/metadata/name', value: 'one' },
          { op: 'add', path: '/metadata/labels/new', value: 'x' },
        ],
        JSON_PATCH,
      ),
      patch(one, [{ op: 'test', path: '/metadata/name', value: 'two' }], JSON_PATCH, { anyMessage: true }),
      patch(one, [{ op: 'remove', path: '/metadata/nothing' }], JSON_PATCH, { anyMessage: true }),
      patch(one, { op: 'add' }, JSON_PATCH, { anyMessage: true }),
    ),
    check(
      'strategic merge patch',
      made,
      patch(one, { metadata: { labels: { added: 'x', app: null } } }, STRATEGIC, { anyMessage: kind.custom }),
    ),
    check('patch of no known type', made, patch(one, {}, { 'content-type': 'text/plain' }, { anyMessage: true })),
    check(
      'replace with and without a version',
      made,
      put(one, object),
      put(one, versioned('{version:one}')),
      put(one, versioned('1')),
    ),
    check('replace under another name', made, put(one, renamed('two'))),
    check(
      'replace changes labels',
      made,
      put(one, {
        ...renamed('one', { fresh: 'yes' }),
        metadata: { name: 'one', labels: { fresh: 'yes' }, resourceVersion: '{version:one}' },
      }),
    ),
    check(
      'delete',
      made,
      del(one, { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'other' } }),
      del(one, { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion: '1' } }),
      del(`${one}?dryRun=All`),
      get(one),
      del(one),
      get(one),
    ),
    check(
      'delete with a finalizer',
      post(path, { ...object, metadata: { ...object.metadata, finalizers: ['lab.example/keep'] } }, silent),
      del(one),
      del(one),
      patch(one, { metadata: { finalizers: ['lab.example/keep', 'lab.example/more'] } }),
      patch(one, { metadata: { labels: { late: 'yes' } } }),
      patch(one, { metadata: { finalizers: null } }),
      get(one),
    ),
    check(
      'delete with foreground and orphan policy',
      made,
      del(`${one}?propagationPolicy=Foreground`),
      get(one),
      post(path, renamed('two'), silent),
      del(`${path}/two?propagationPolicy=Orphan`),
      get(`${path}/two`),
    ),
    check(
      'delete the collection',
      post(path, renamed('a', { x: '1' }), silent),
      post(path, renamed('b', { x: '2' }), silent),
      del(`${path}?labelSelector=x%3D1`),
      get(path),
    ),
    check(
      'labels and annotations that are none',
      post(path, renamed('one', { 'bad key!': 'x' })),
      post(path, renamed('one', { ok: 'bad value!' })),
      post(path, { ...object, metadata: { name: 'one', annotations: { 'a/b/c': 'x' } } }),
    ),
    check(
      'finalizers and owners that are none',
      post(path, { ...object, metadata: { name: 'one', finalizers: ['plain'] } }),
      post(path, {
        ...object,
        metadata: { name: 'one', ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] },
      }),
    ),
    check(
      'an unknown field',
      post(`${path}?fieldValidation=Strict`, { ...object, unheard: 1 }),
      post(`${path}?fieldValidation=Warn`, { ...object, unheard: 1 }),
    ),
    check(
      'a body of another kind',
      post(path, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'one' } }, { anyMessage: true }),
      post(path, { ...object, apiVersion: 'v9' }, { anyMessage: true }),
    ),
    check(
      'a body that is no object',
      post(path, '[1]', { anyMessage: true }),
      post(path, '{', { anyMessage: true }),
      post(path, object, { headers: { 'content-type': 'text/plain' }, anyMessage: true }),
    ),
    check(
      'watch from a version',
      get(path, { keep: 'list', silent: true }),
      get(`${path}?watch=true&resourceVersion={version:list}`, {
        events: name === 'pods' ? 4 : 3,
        during: [
          post(path, object, silent),
          patch(one, { metadata: { labels: { seen: 'yes' } } }, MERGE, silent),
          del(one, undefined, silent),
        ],
      }),
      get(`${path}?watch=true&resourceVersion={version:list}`, { events: name === 'pods' ? 4 : 3 }),
    ),
    check(
      'watch a selection',
      get(path, { keep: 'list', silent: true }),
      post(path, renamed('one', { x: '1' }), silent),
      patch(one, { metadata: { labels: { x: '2' } } }, MERGE, silent),
      patch(one, { metadata: { labels: { x: '1' } } }, MERGE, silent),
      del(one, undefined, silent),
      get(`${path}?watch=true&resourceVersion={version:list}&labelSelector=x%3D1`, { events: name === 'pods' ? 5 : 4 }),
    ),
    check(
      'watch with what there is',
      made,
      get(`${path}?watch=true`, { events: 1 }),
      get(`${path}?watch=true`, { events: 1, headers: TABLE }),
    ),
    ...statusChecks(kind, made, one),
  ];
}

function statusChecks(kind: KindSample, made: Step, one: string): Check[] {
  const { name, object, status } = kind;
  if (status === undefined) {
    return kind.custom
      ? []
      : [
          {
            name: `${name}: no status to write`,
            steps: [made, get(`${one}/status`), patch(`${one}/status`, { status: {} })],
          },
        ];
  }
  return [
    {
      name: `${name}: status through its subresource`,
      steps: [
        made,
        patch(one, { status }),
        patch(`${one}/status`, { status, metadata: { labels: { app: 'status' } } }),
        get(`${one}/status`),
        put(`${one}/status`, { ...object, metadata: { name: 'one', resourceVersion: '{version:one}' }, status }),
        patch(one, { metadata: { labels: { after: 'status' } } }),
      ],
    },
  ];
}

const PODS = '/api/v1/namespaces/{ns}/pods';
const SECRETS = '/api/v1/namespaces/{ns}/secrets';
const CONFIG_MAPS = '/api/v1/namespaces/{ns}/configmaps';
const pod = (name: string, spec: object, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...more },
  spec,
});
const main = { name: 'main', image: 'image:1' };
const simple = (name: string): object => pod(name, { containers: [main] });

const POD_CHECKS: readonly Check[] = [
  {
    name: 'pod: defaults of everything that runners use',
    steps: [
      post(
        PODS,
        pod('one', {
          serviceAccountName: 'runner',
          restartPolicy: 'Never',
          containers: [
            {
              ...main,
              ports: [{ containerPort: 80 }],
              env: [
                { name: 'A', value: '1' },
                { name: 'B' },
                { name: 'C', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'D', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
              ],
              resources: { limits: { cpu: '1000m', memory: '1024Mi' } },
              livenessProbe: { httpGet: { port: 80 } },
              readinessProbe: { tcpSocket: { port: 'http' } },
              lifecycle: { preStop: { exec: { command: ['true'] } } },
              volumeMounts: [{ name: 'work', mountPath: '/work' }],
              securityContext: { runAsUser: 0 },
            },
          ],
          initContainers: [{ name: 'init', image: 'image' }],
          volumes: [
            { name: 'work', emptyDir: {} },
            { name: 'none' },
            { name: 'secret', secret: { secretName: 's' } },
            { name: 'config', configMap: { name: 'c' } },
            { name: 'host', hostPath: { path: '/x' } },
            {
              name: 'projected',
              projected: { sources: [{ serviceAccountToken: { path: 'token' } }, { secret: { name: 's' } }] },
            },
          ],
          tolerations: [{ key: 'x', operator: 'Exists' }],
        }),
      ),
    ],
  },
  {
    name: 'pod: quality of service',
    steps: [
      post(PODS, pod('a', { containers: [{ ...main, resources: { requests: { cpu: '100m' } } }] })),
      post(PODS, pod('b', { containers: [{ ...main, resources: { limits: { cpu: '1', memory: '1Gi' } } }] })),
      post(
        PODS,
        pod('c', {
          containers: [{ ...main, resources: { requests: { cpu: '0.1', memory: '1.5Gi' }, limits: { cpu: '2e0' } } }],
        }),
      ),
    ],
  },
  ...(
    [
      ['no containers', { containers: [] }],
      ['no containers at all', {}],
      ['no image', { containers: [{ name: 'main' }] }],
      ['no container name', { containers: [{ image: 'x' }] }],
      ['two containers of one name', { containers: [main, main] }],
      ['an upper-case container name', { containers: [{ ...main, name: 'Main' }] }],
      [
        'a mount of a volume that is not there',
        { containers: [{ ...main, volumeMounts: [{ name: 'v', mountPath: '/v' }] }] },
      ],
      [
        'a mount without a path',
        { containers: [{ ...main, volumeMounts: [{ name: 'v' }] }], volumes: [{ name: 'v' }] },
      ],
      ['an unknown restart policy', { containers: [main], restartPolicy: 'Sometimes' }],
      ['an unknown pull policy', { containers: [{ ...main, imagePullPolicy: 'Maybe' }] }],
      ['a negative grace period', { containers: [main], terminationGracePeriodSeconds: -1 }],
      ['an environment variable without a name', { containers: [{ ...main, env: [{ value: 'x' }] }] }],
      ['two volumes of one name', { containers: [main], volumes: [{ name: 'v' }, { name: 'v' }] }],
    ] as const
  ).map(([what, spec]) => ({ name: `pod: ${what}`, steps: [post(PODS, pod('one', spec))] })),
  {
    name: 'pod: fields of the wrong type',
    steps: [
      post(PODS, pod('one', { containers: [main], priority: 'high' })),
      post(PODS, pod('one', { containers: 'none' })),
      post(PODS, pod('one', { containers: [{ ...main, tty: 1 }] })),
      post(PODS, pod('one', { containers: [main], terminationGracePeriodSeconds: 1.5 })),
      post(PODS, pod('one', { containers: [{ ...main, resources: { limits: { cpu: 'much' } } }] }), {
        anyMessage: true,
      }),
    ],
  },
  {
    name: 'pod: unknown fields',
    steps: [
      post(`${PODS}?fieldValidation=Strict`, pod('one', { containers: [{ ...main, imag: 'x' }], foo: { bar: 1 } })),
      post(`${PODS}`, pod('one', { containers: [{ ...main, imag: 'x' }], foo: 1 })),
      post(`${PODS}?fieldValidation=Ignore`, pod('two', { containers: [{ ...main, imag: 'x' }] })),
      post(`${PODS}?fieldValidation=Perhaps`, simple('three')),
    ],
  },
  ...unknownFieldsOfArc(),
  {
    name: 'pod: what may change and what may not',
    steps: [
      post(PODS, simple('one'), silent),
      patch(`${PODS}/one`, { spec: { containers: [{ name: 'main', image: 'image:2' }] } }, STRATEGIC),
      patch(`${PODS}/one`, { spec: { containers: [{ name: 'other', image: 'x' }] } }, STRATEGIC, { anyMessage: true }),
      patch(`${PODS}/one`, { spec: { restartPolicy: 'Never' } }, MERGE, { anyMessage: true }),
      patch(`${PODS}/one`, { spec: { nodeName: 'node-1' } }, MERGE, { anyMessage: true }),
    ],
  },
  {
    name: 'pod: deletion with grace',
    steps: [
      post(PODS, pod('one', { containers: [main], nodeName: 'node-1' }), { silent: true, keep: 'one' }),
      del(`${PODS}/one`),
      get(`${PODS}/one`, { headers: TABLE }),
      del(`${PODS}/one?gracePeriodSeconds=60`),
      del(`${PODS}/one?gracePeriodSeconds=5`),
      patch(`${PODS}/one`, { metadata: { labels: { going: 'yes' } } }),
      del(`${PODS}/one`, { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 }),
      get(`${PODS}/one`),
      get(`${PODS}?watch=true&resourceVersion={version:one}`, { events: 5 }),
    ],
  },
  {
    name: 'pod: deletion of one that has ended',
    steps: [
      post(PODS, pod('one', { containers: [main], nodeName: 'node-1' }), silent),
      patch(`${PODS}/one/status`, { status: { phase: 'Succeeded' } }, MERGE, silent),
      del(`${PODS}/one`),
      get(`${PODS}/one`),
    ],
  },
  {
    name: 'pod: tables of pods in every state',
    steps: [
      ...(
        [
          [
            'a',
            {
              phase: 'Pending',
              containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ImagePullBackOff' } } }],
            },
          ],
          [
            'b',
            {
              phase: 'Running',
              podIP: '10.0.0.2',
              containerStatuses: [{ name: 'main', ready: true, restartCount: 2, state: { running: {} } }],
            },
          ],
          ['c', { phase: 'Failed', containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 3 } } }] }],
          ['d', { phase: 'Failed', reason: 'Evicted', message: 'gone' }],
          [
            'e',
            {
              phase: 'Succeeded',
              containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
            },
          ],
          [
            'f',
            {
              phase: 'Pending',
              initContainerStatuses: [{ name: 'init', state: { waiting: { reason: 'CrashLoopBackOff' } } }],
            },
          ],
        ] as const
      ).flatMap(([name, status]) => [
        post(PODS, simple(name), silent),
        patch(`${PODS}/${name}/status`, { status }, MERGE, silent),
      ]),
      get(PODS, { headers: TABLE }),
      get(`${PODS}?fieldSelector=status.phase%3DFailed`),
      get(`${PODS}?fieldSelector=status.phase!%3DFailed,metadata.name!%3Db`, { headers: PARTIAL_LIST }),
    ],
  },
  {
    name: 'pod: strategic merge of lists',
    steps: [
      post(
        PODS,
        pod('one', {
          containers: [main, { name: 'side', image: 's' }],
          tolerations: [{ key: 'a', operator: 'Exists' }],
        }),
        silent,
      ),
      patch(
        `${PODS}/one`,
        {
          metadata: { finalizers: ['lab.example/a'] },
          spec: {
            '$setElementOrder/containers': [{ name: 'main' }, { name: 'side' }],
            containers: [{ name: 'side', image: 't' }],
          },
        },
        STRATEGIC,
      ),
      patch(`${PODS}/one`, { metadata: { finalizers: ['lab.example/b'] } }, STRATEGIC),
      patch(
        `${PODS}/one`,
        { metadata: { '$deleteFromPrimitiveList/finalizers': ['lab.example/a', 'lab.example/b'] } },
        STRATEGIC,
      ),
      patch(`${PODS}/one`, { spec: { containers: [{ image: 'no name' }] } }, STRATEGIC, { anyMessage: true }),
      patch(`${PODS}/one`, { metadata: { labels: { $patch: 'replace', only: 'this' } } }, STRATEGIC),
      patch(`${PODS}/one`, { metadata: { labels: { a: '1', b: '2' } } }, STRATEGIC),
      patch(`${PODS}/one`, { metadata: { labels: { $patch: 'replace', only: 'this' } } }, STRATEGIC),
      patch(`${PODS}/one`, { metadata: { labels: { $patch: 'delete', a: null } } }, STRATEGIC),
      patch(`${PODS}/one`, { metadata: { labels: { 'bad key!': 'x' } } }, STRATEGIC),
    ],
  },
];

const OTHER_CHECKS: readonly Check[] = [
  {
    name: 'secret: keys, types and what cannot change',
    steps: [
      post(SECRETS, { metadata: { name: 'one' }, data: { 'bad key': 'YQ==' } }),
      post(SECRETS, { metadata: { name: 'one' }, data: { a: 'not base64!' } }, { anyMessage: true }),
      post(SECRETS, { metadata: { name: 'one' }, data: { a: 'YQ==' }, immutable: true }),
      patch(`${SECRETS}/one`, { data: { a: 'Yg==' } }),
      patch(`${SECRETS}/one`, { type: 'other' }),
      patch(`${SECRETS}/one`, { immutable: null }),
    ],
  },
  {
    name: 'config map: keys and binary data',
    steps: [
      post(CONFIG_MAPS, { metadata: { name: 'one' }, data: { '../x': 'x' } }),
      post(CONFIG_MAPS, { metadata: { name: 'one' }, data: { a: 'x' }, binaryData: { a: 'YQ==' } }),
      post(CONFIG_MAPS, { metadata: { name: 'one' }, binaryData: { a: 'YQ==' }, data: {} }),
      post(CONFIG_MAPS, { metadata: { name: 'two' }, data: { a: 1 } }),
    ],
  },
  {
    name: 'roles and bindings that say nothing',
    steps: [
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles', {
        metadata: { name: 'one' },
        rules: [{ verbs: [] }],
      }),
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles', { metadata: { name: 'one' } }),
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings', {
        metadata: { name: 'one' },
        roleRef: { kind: 'Thing', name: '' },
      }),
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings', {
        metadata: { name: 'one' },
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'ServiceAccount', name: 'x' },
          { kind: 'Robot', name: '' },
        ],
      }),
      post('/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings', {
        metadata: { name: 'one' },
        roleRef: { kind: 'Role', name: 'r' },
      }),
      patch(
        '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings/one',
        { roleRef: { name: 'other' } },
        MERGE,
        { anyMessage: true },
      ),
    ],
  },
  {
    name: 'leases and events that are wrong',
    steps: [
      post('/apis/coordination.k8s.io/v1/namespaces/{ns}/leases', {
        metadata: { name: 'one' },
        spec: { leaseDurationSeconds: 0 },
      }),
      post(
        '/apis/coordination.k8s.io/v1/namespaces/{ns}/leases',
        { metadata: { name: 'one' }, spec: { renewTime: 'now' } },
        { anyMessage: true },
      ),
      put('/apis/coordination.k8s.io/v1/namespaces/{ns}/leases/fresh', { metadata: { name: 'fresh' }, spec: {} }),
      post('/api/v1/namespaces/{ns}/events', {
        metadata: { name: 'one' },
        involvedObject: { kind: 'Pod', name: 'x', namespace: 'default' },
      }),
      get('/api/v1/namespaces/{ns}/events?fieldSelector=involvedObject.name%3Dx,type%3DNormal'),
    ],
  },
  {
    name: 'runners without what they need',
    steps: [
      post('/apis/actions.github.com/v1alpha1/namespaces/{ns}/ephemeralrunners', {
        apiVersion: 'actions.github.com/v1alpha1',
        kind: 'EphemeralRunner',
        metadata: { name: 'one' },
      }),
      post('/apis/actions.github.com/v1alpha1/namespaces/{ns}/ephemeralrunners', {
        apiVersion: 'actions.github.com/v1alpha1',
        kind: 'EphemeralRunner',
        metadata: { name: 'one' },
        spec: {},
      }),
      post('/apis/actions.github.com/v1alpha1/namespaces/{ns}/ephemeralrunners', {
        apiVersion: 'actions.github.com/v1alpha1',
        kind: 'EphemeralRunner',
        metadata: { name: 'one' },
        spec: { spec: {} },
      }),
    ],
  },
  {
    name: 'namespaces',
    steps: [
      get('/api/v1/namespaces/{ns}'),
      get('/api/v1/namespaces/{ns}', { headers: TABLE }),
      post('/api/v1/namespaces', { metadata: { name: '{ns}' } }),
      post('/api/v1/namespaces', { metadata: { name: 'Bad.Name' } }),
      patch('/api/v1/namespaces/{ns}', { metadata: { labels: { x: 'y' } } }),
      del('/api/v1/namespaces/{ns}'),
      post(CONFIG_MAPS, { metadata: { name: 'late' } }),
      get('/api/v1/namespaces/{ns}', { headers: TABLE }),
    ],
  },
  {
    name: 'versions of lists',
    steps: [
      post(CONFIG_MAPS, { metadata: { name: 'one' } }, { keep: 'one', silent: true }),
      post(CONFIG_MAPS, { metadata: { name: 'two' } }, { keep: 'two', silent: true }),
      get(`${CONFIG_MAPS}?resourceVersion={version:one}&resourceVersionMatch=Exact`),
      get(`${CONFIG_MAPS}?resourceVersion={version:two}&resourceVersionMatch=NotOlderThan`),
      get(`${CONFIG_MAPS}?resourceVersion=0`),
      get(`${CONFIG_MAPS}?resourceVersion=999999999`, { anyMessage: true }),
      get(`${CONFIG_MAPS}?resourceVersion=abc`, { anyMessage: true }),
      get(`${CONFIG_MAPS}?resourceVersionMatch=Exact`),
      get(`${CONFIG_MAPS}?resourceVersion={version:one}&resourceVersionMatch=Sometimes`),
      get(`${CONFIG_MAPS}?resourceVersion=0&resourceVersionMatch=Exact`),
      get(`${CONFIG_MAPS}?continue=nonsense`, { anyMessage: true }),
      get(`${CONFIG_MAPS}?limit=some`, { anyMessage: true }),
      get(`${CONFIG_MAPS}?watch=true&resourceVersion=1`, { events: 1, anyMessage: true }),
      get(`${CONFIG_MAPS}?watch=true&resourceVersionMatch=Exact&resourceVersion={version:one}`),
      get(`${CONFIG_MAPS}?watch=true&sendInitialEvents=true`),
      get(`${CONFIG_MAPS}?watch=true&resourceVersion=999999999`, { events: 1, anyMessage: true }),
      get(`${CONFIG_MAPS}?watch=true&timeoutSeconds=1&resourceVersion={version:two}`, { events: 1 }),
    ],
  },
  {
    name: 'owners: objects keep them, and two controllers are one too many',
    steps: [
      post(CONFIG_MAPS, { metadata: { name: 'owner' } }, { keep: 'owner', silent: true }),
      post(CONFIG_MAPS, {
        metadata: {
          name: 'one',
          ownerReferences: [
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              name: 'owner',
              uid: '{uid:owner}',
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
      }),
      post(
        CONFIG_MAPS,
        {
          metadata: {
            name: 'two',
            ownerReferences: ['a', 'b'].map((name) => ({
              apiVersion: 'v1',
              kind: 'ConfigMap',
              name,
              uid: `uid-${name}`,
              controller: true,
            })),
          },
        },
        { anyMessage: true },
      ),
    ],
  },
  {
    name: 'who may do what',
    steps: [
      get(PODS, { user: 'nobody' }),
      get(PODS, { user: 'anonymous' }),
      get(PODS, { user: 'nobody-known' }),
      get(`${PODS}/one`, { user: 'nobody-known' }),
      post(PODS, simple('one'), { user: 'nobody-known' }),
      patch('/apis/actions.github.com/v1alpha1/namespaces/{ns}/ephemeralrunners/one/status', {}, MERGE, {
        user: 'nobody-known',
      }),
      get('/api/v1/namespaces', { user: 'nobody-known' }),
      get('/api/v1/pods', { user: 'nobody-known' }),
      get('/healthz', { user: 'anonymous' }),
      get('/readyz', { user: 'anonymous' }),
      get('/api', { user: 'anonymous' }),
      post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: '{ns}' } },
      }),
      post(
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: { verb: 'get', resource: 'pods', namespace: '{ns}' } },
        },
        { user: 'nobody-known' },
      ),
    ],
  },
  {
    name: 'who may ask who may do what',
    steps: [
      post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec: {} }, { user: 'anonymous' }),
      post('/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec: { user: 'x' } }, { user: 'nobody-known' }),
    ],
  },
  {
    name: 'what is not served',
    steps: [
      get('/api/v1/namespaces/{ns}/gadgets'),
      get('/apis/nothing.example/v1/things'),
      get('/api/v2'),
      get('/apis/actions.github.com/v9'),
      get('/nonsense'),
      get(`${PODS}/one/nonsense`),
      post(`${PODS}/one`, {}),
      put(PODS, {}),
      patch(PODS, {}),
      del('/api/v1/namespaces'),
      get(PODS, { headers: { accept: 'text/html' }, anyMessage: true }),
      get(PODS, { headers: { accept: '*/*' } }),
      post(`${PODS}?dryRun=Some`, simple('one')),
    ],
  },
];

export const CHECKS: readonly Check[] = [
  ...KINDS.flatMap(kindChecks),
  ...CLUSTER_KINDS.flatMap(clusterKindChecks),
  ...POD_CHECKS,
  ...WORKLOAD_CHECKS,
  ...PRINTED_CHECKS,
  ...OTHER_CHECKS,
];

/** A typo at each level of each of ARC's kinds: refused, warned of or left out. */
function unknownFieldsOfArc(): Check[] {
  const containers = [{ name: 'runner', image: 'image:1', imag: 'x', env: [{ name: 'a', vlue: 'b' }] }];
  const runner = {
    githubConfigUrl: 'https://github.com/lab',
    githubConfgSecret: 'x',
    proxy: { htp: {}, http: { url: 'x', usr: 'y' } },
    metadata: { lables: { a: 'b' }, labels: { a: 'b' } },
    spec: { containers, restartPolcy: 'Never', volumes: [{ name: 'v', emptyDir: { sizeLimt: 1 } }] },
  };
  const specs = {
    EphemeralRunner: runner,
    EphemeralRunnerSet: { replicas: 1, replica: 2, ephemeralRunnerSpec: runner },
    AutoscalingRunnerSet: { maxRunner: 3, maxRunners: 4, template: { spec: runner.spec, metdata: {} } },
    AutoscalingListener: { imagePullSecrets: [{ name: 'a', nme: 'b' }], imge: 'x', template: { spec: runner.spec } },
  };
  return Object.entries(specs).map(([kind, spec]) => {
    const path = `/apis/actions.github.com/v1alpha1/namespaces/{ns}/${kind.toLowerCase()}s`;
    const named = (name: string): object => ({
      apiVersion: 'actions.github.com/v1alpha1',
      kind,
      metadata: { name, lables: {} },
      spec,
      stats: {},
    });
    const typo = { metadata: { labels: { x: 'y' } }, spec: { githubConfigUr: 'x' } };
    return {
      name: `${kind}: unknown fields`,
      steps: [
        post(`${path}?fieldValidation=Strict`, named('one')),
        post(path, named('one')),
        post(`${path}?fieldValidation=Ignore`, named('two')),
        patch(`${path}/one?fieldValidation=Strict`, typo, MERGE, { anyMessage: true }),
        patch(`${path}/one`, typo, MERGE),
        patch(`${path}/one/status`, { status: { phas: 'x' } }, MERGE),
        get(`${path}/one`),
      ],
    };
  });
}
