import { allResources, type Resource } from '../../resource.ts';
import { rulesOf } from '../kinds.ts';

/** What the server says that it serves, in the old form (one document a group) and the new one (all in one). */
const SUBRESOURCE_VERBS = ['get', 'patch', 'update'];
const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** Posted to, answered and not kept. */
export interface Review {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export const REVIEWS: readonly Review[] = [
  { group: 'authentication.k8s.io', plural: 'selfsubjectreviews', kind: 'SelfSubjectReview', namespaced: false },
  {
    group: 'authorization.k8s.io',
    plural: 'localsubjectaccessreviews',
    kind: 'LocalSubjectAccessReview',
    namespaced: true,
  },
  {
    group: 'authorization.k8s.io',
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    namespaced: false,
  },
  {
    group: 'authorization.k8s.io',
    plural: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
    namespaced: false,
  },
  { group: 'authorization.k8s.io', plural: 'subjectaccessreviews', kind: 'SubjectAccessReview', namespaced: false },
];

/** Groups other than the core one, with the version that each has. */
export const GROUPS: readonly { readonly name: string; readonly version: string }[] = [
  { name: 'apps', version: 'v1' },
  { name: 'events.k8s.io', version: 'v1' },
  { name: 'authentication.k8s.io', version: 'v1' },
  { name: 'authorization.k8s.io', version: 'v1' },
  { name: 'rbac.authorization.k8s.io', version: 'v1' },
  { name: 'apiextensions.k8s.io', version: 'v1' },
  { name: 'coordination.k8s.io', version: 'v1' },
  { name: 'actions.github.com', version: 'v1alpha1' },
];

const VERSION = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.4+arc-lab',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: `${process.platform}/${process.arch}`,
} as const;

/** The document at a discovery path; undefined for other paths. */
export function discoveryDocument(path: string, serverAddress: string): object | undefined {
  if (path === '/version') return VERSION;
  if (path === '/api') {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
    };
  }
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(groupDocument) };
  if (path === '/api/v1') return resourceList('', 'v1');
  const [, root, name, version, ...rest] = path.split('/');
  if (root !== 'apis' || rest.length > 0) return undefined;
  const group = GROUPS.find((known) => known.name === name);
  if (group === undefined) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) };
  return version === group.version ? resourceList(group.name, group.version) : undefined;
}

function groupDocument({ name, version }: { name: string; version: string }): object {
  const entry = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [entry], preferredVersion: entry };
}

function resourceList(group: string, version: string): object {
  const resources: object[] = [];
  for (const resource of inGroup(group)) {
    const { shortNames, categories, verbs, scale } = rulesOf(resource);
    const { plural, kind, namespaced } = resource;
    resources.push({
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      verbs,
      ...(shortNames.length === 0 ? {} : { shortNames }),
      ...(categories.length === 0 ? {} : { categories }),
    });
    const subresource = { singularName: '', namespaced, verbs: SUBRESOURCE_VERBS };
    if (scale) resources.push({ name: `${plural}/scale`, ...subresource, ...SCALE });
    if (resource.statusSubresource) resources.push({ name: `${plural}/status`, ...subresource, kind });
  }
  for (const { plural, kind, namespaced } of REVIEWS.filter((review) => review.group === group)) {
    resources.push({ name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: ['create'] });
  }
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources,
  };
}

/** @param root `api` for the core group, `apis` for the others */
export function aggregatedDiscovery(root: 'api' | 'apis', version: string): object {
  const groups = root === 'api' ? [{ name: '', version: 'v1' }] : GROUPS;
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ name, version: groupVersion }) => ({
      metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
      versions: [{ version: groupVersion, resources: aggregatedResources(name, groupVersion), freshness: 'Current' }],
    })),
  };
}

function aggregatedResources(group: string, version: string): object[] {
  const responseKind = (kind: string): object => ({ group, version, kind });
  const served = inGroup(group).map((resource) => {
    const { shortNames, categories, verbs, scale } = rulesOf(resource);
    const subresources = [
      ...(scale ? [{ subresource: 'scale', responseKind: SCALE, verbs: SUBRESOURCE_VERBS }] : []),
      ...(resource.statusSubresource
        ? [{ subresource: 'status', responseKind: responseKind(resource.kind), verbs: SUBRESOURCE_VERBS }]
        : []),
    ];
    return {
      resource: resource.plural,
      responseKind: responseKind(resource.kind),
      scope: resource.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: resource.kind.toLowerCase(),
      verbs,
      ...(shortNames.length === 0 ? {} : { shortNames }),
      ...(categories.length === 0 ? {} : { categories }),
      ...(subresources.length === 0 ? {} : { subresources }),
    };
  });
  const reviews = REVIEWS.filter((review) => review.group === group).map(({ plural, kind, namespaced }) => ({
    resource: plural,
    responseKind: responseKind(kind),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.toLowerCase(),
    verbs: ['create'],
  }));
  return [...served, ...reviews];
}

function inGroup(group: string): Resource[] {
  return allResources
    .filter((resource) => resource.group === group)
    .sort((a, b) => (a.apiVersion + a.plural < b.apiVersion + b.plural ? -1 : 1));
}
