import type { Check, Step } from './runner.ts';
import { del, get, MERGE, patch, post, put, silent, STRATEGIC, TABLE } from './steps.ts';

/** A kind without namespaces, whose objects are named after the check's namespace so that checks do not meet. */
interface ClusterKind {
  readonly name: string;
  readonly path: string;
  readonly object: Readonly<Record<string, unknown>>;
  readonly patch: object;
  readonly status?: object;
  readonly namedLikePaths: boolean;
}

const RBAC = 'rbac.authorization.k8s.io';

export const CLUSTER_KINDS: readonly ClusterKind[] = [
  {
    name: 'nodes',
    path: '/api/v1/nodes',
    object: {
      apiVersion: 'v1',
      kind: 'Node',
      spec: { unschedulable: true },
      status: {
        capacity: { cpu: '4', memory: '8Gi' },
        conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
        addresses: [{ type: 'InternalIP', address: '192.0.2.7' }],
        nodeInfo: { kubeletVersion: 'v1.34.4', osImage: 'Debian', containerRuntimeVersion: 'containerd://2' },
      },
    },
    patch: { spec: { unschedulable: null }, metadata: { labels: { 'node-role.kubernetes.io/worker': '' } } },
    status: { conditions: [{ type: 'Ready', status: 'False' }] },
    namedLikePaths: false,
  },
  {
    name: 'clusterroles',
    path: `/apis/${RBAC}/v1/clusterroles`,
    object: {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
        { nonResourceURLs: ['/healthz'], verbs: ['get'] },
      ],
    },
    patch: { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] },
    namedLikePaths: true,
  },
  {
    name: 'clusterrolebindings',
    path: `/apis/${RBAC}/v1/clusterrolebindings`,
    object: {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'one', namespace: 'default' }],
    },
    patch: { subjects: [{ kind: 'Group', name: 'people' }] },
    namedLikePaths: true,
  },
];

export function clusterKindChecks({ name, path, object, patch: change, status, namedLikePaths }: ClusterKind): Check[] {
  const named = (to: string, more: object = {}): object => ({
    ...object,
    metadata: { name: `{ns}-${to}`, labels: { check: '{ns}' }, ...more },
  });
  const one = `${path}/{ns}-one`;
  const mine = `${path}?labelSelector=check%3D{ns}`;
  const made = post(path, named('one'), { silent: true, keep: 'one' });
  const check = (what: string, ...steps: Step[]): Check => ({ name: `${name}: ${what}`, steps });
  return [
    check(
      'create, read, list and create again',
      post(path, named('one')),
      get(one),
      get(mine),
      post(path, named('one')),
    ),
    check(
      'create under a name that is none',
      post(path, { ...object, metadata: { name: namedLikePaths ? 'a/b' : 'A_B' } }),
    ),
    check('tables', made, get(one, { headers: TABLE }), get(mine, { headers: TABLE })),
    check(
      'patches',
      made,
      patch(one, change),
      patch(one, { metadata: { labels: { more: 'x' } } }, STRATEGIC),
      get(one),
    ),
    check(
      'replace with and without a version',
      made,
      put(one, named('one')),
      put(one, named('one', { resourceVersion: '{version:one}', labels: { check: '{ns}', fresh: 'yes' } })),
      put(one, named('one', { resourceVersion: '1' })),
      put(`${path}/{ns}-two`, named('two')),
    ),
    check('in a namespace', get(path.replace('/v1/', '/v1/namespaces/{ns}/'))),
    check(
      'as a user who may not',
      get(path, { user: 'nobody-known' }),
      post(path, named('x'), { user: 'nobody-known' }),
    ),
    check(
      'an unknown field',
      post(`${path}?fieldValidation=Strict`, { ...named('one'), unheard: 1 }),
      post(`${path}?dryRun=All`, { ...named('one'), unheard: 1 }),
    ),
    check(
      'watch and delete',
      made,
      get(`${mine}&watch=true&resourceVersion={version:one}`, {
        events: 2,
        during: [patch(one, { metadata: { labels: { seen: 'yes' } } }, MERGE, silent), del(one, undefined, silent)],
      }),
      post(path, named('two'), silent),
      del(`${path}/{ns}-two`),
      del(mine),
    ),
    ...(status === undefined
      ? []
      : [
          check(
            'status through its subresource',
            made,
            patch(one, { status }),
            patch(`${one}/status`, {
              status,
              metadata: { labels: { app: 'status' } },
              spec: { podCIDR: '10.0.0.0/8' },
            }),
            put(`${one}/status`, { ...named('one'), status }),
            get(`${one}/status`),
          ),
        ]),
  ];
}
