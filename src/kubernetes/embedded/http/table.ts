import {
  ClusterRoleBindings,
  ClusterRoles,
  ConfigMaps,
  CustomResourceDefinitions,
  Deployments,
  Events,
  EventsV1,
  Leases,
  Namespaces,
  Nodes,
  Pods,
  ReplicaSets,
  ResourceQuotas,
  RoleBindings,
  Roles,
  Secrets,
  ServiceAccounts,
  Services,
  type Resource,
} from '../../resource.ts';
import type {
  ApiObject,
  ConfigMap,
  KubernetesEvent,
  Lease,
  Namespace,
  ResourceQuota,
  RoleBinding,
  Secret,
} from '../../types.ts';
import { PRINTER_COLUMNS } from '../definitions.ts';
import { toStored } from '../views.ts';
import { since } from './human-duration.ts';
import { completedCondition, podCells, POD_COLUMNS } from './pod-table.ts';
import { AGE, age, layout, text, type TableLayout } from './table-layout.ts';
import { NODE_LAYOUT, SERVICE_LAYOUT } from './infrastructure-tables.ts';
import { DEPLOYMENT_LAYOUT, REPLICA_SET_LAYOUT } from './workload-tables.ts';

const count = (data: Readonly<Record<string, unknown>> | undefined): number => Object.keys(data ?? {}).length;

const CREATED_AT = layout([{ name: 'Created At', type: 'date' }], ({ metadata }) => [
  metadata.creationTimestamp ?? null,
]);

const BINDING = layout<RoleBinding>(
  [text('Role'), AGE, text('Users', 1), text('Groups', 1), text('ServiceAccounts', 1)],
  (binding, nowMs) => {
    const named = (kind: string): string =>
      (binding.subjects ?? [])
        .filter((subject) => subject.kind === kind)
        .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
        .join(', ');
    const role = `${binding.roleRef.kind}/${binding.roleRef.name}`;
    return [role, age(binding, nowMs), named('User'), named('Group'), named('ServiceAccount')];
  },
);

const EVENT: TableLayout = {
  columns: [
    text('Last Seen'),
    text('Type'),
    text('Reason'),
    text('Object'),
    text('Subobject', 1),
    text('Source', 1),
    text('Message'),
    text('First Seen', 1),
    text('Count', 1),
    { name: 'Name', type: 'string', format: 'name', priority: 1 },
  ],
  cells: (object, nowMs) => eventCells(object as KubernetesEvent, nowMs),
};

const BUILT_IN = new Map<Resource, TableLayout>([
  [Pods, { columns: POD_COLUMNS, cells: podCells }],
  [
    Secrets,
    layout<Secret>([text('Type'), { name: 'Data', type: 'string' }, AGE], (secret, nowMs) => [
      secret.type ?? '',
      count(secret.data),
      age(secret, nowMs),
    ]),
  ],
  [
    ConfigMaps,
    layout<ConfigMap & { binaryData?: Record<string, string> }>([text('Data'), AGE], (map, nowMs) => [
      count(map.data) + count(map.binaryData),
      age(map, nowMs),
    ]),
  ],
  [
    ServiceAccounts,
    layout<ApiObject & { secrets?: readonly unknown[] }>([text('Secrets'), AGE], (account, nowMs) => [
      account.secrets?.length ?? 0,
      age(account, nowMs),
    ]),
  ],
  [
    Namespaces,
    layout<Namespace>([text('Status'), AGE], (namespace, nowMs) => [
      namespace.status?.phase ?? '',
      age(namespace, nowMs),
    ]),
  ],
  [
    ResourceQuotas,
    layout<ResourceQuota>([text('Request'), text('Limit'), AGE], (quota, nowMs) => [
      ...quotaCells(quota),
      age(quota, nowMs),
    ]),
  ],
  [Nodes, NODE_LAYOUT],
  [Services, SERVICE_LAYOUT],
  [Deployments, DEPLOYMENT_LAYOUT],
  [ReplicaSets, REPLICA_SET_LAYOUT],
  [Roles, CREATED_AT],
  [ClusterRoles, CREATED_AT],
  [CustomResourceDefinitions, CREATED_AT],
  [RoleBindings, BINDING],
  [ClusterRoleBindings, BINDING],
  [
    Leases,
    layout<Lease>([text('Holder'), AGE], (lease, nowMs) => [lease.spec?.holderIdentity ?? '', age(lease, nowMs)]),
  ],
  [Events, EVENT],
  [EventsV1, { ...EVENT, cells: (object, nowMs) => EVENT.cells(toStored(EventsV1, object), nowMs) }],
]);

/** The layout of a kind's table. */
function layoutOf(resource: Resource): TableLayout {
  const builtIn = BUILT_IN.get(resource);
  if (builtIn !== undefined) return builtIn;
  const columns = PRINTER_COLUMNS.get(resource) ?? [];
  return layout(
    columns.map(({ name, type }) => ({ name, type })),
    (object, nowMs) =>
      columns.map(({ jsonPath, type }) => {
        let value: unknown = object;
        for (const part of jsonPath.slice(1).split('.'))
          value = (value as Readonly<Record<string, unknown>> | undefined)?.[part];
        if (type === 'date') return value === undefined ? '<unknown>' : since(value as string, nowMs);
        return value ?? null;
      }),
  );
}

/** @param include what of each object goes along, as the client's includeObject says */
export function tableOf(
  resource: Resource,
  objects: readonly ApiObject[],
  metadata: object,
  include: 'None' | 'Metadata' | 'Object',
  nowMs: number,
  withColumns = true,
): object {
  const { columns, cells } = layoutOf(resource);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns
      ? columns.map(({ name, type, format = '', priority = 0 }) => ({
          name,
          type,
          format,
          description: name,
          priority,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: cells(object, nowMs),
      ...(resource === Pods ? completedCondition(object) : {}),
      object:
        include === 'None' ? null : include === 'Object' ? object : partialMetadata(object, 'PartialObjectMetadata'),
    })),
  };
}

export function partialMetadata({ metadata }: ApiObject, kind: string): object {
  return { kind, apiVersion: 'meta.k8s.io/v1', metadata };
}

function quotaCells({ status }: ResourceQuota): [string, string] {
  const requests: string[] = [];
  const limits: string[] = [];
  for (const name of Object.keys(status?.hard ?? {}).sort()) {
    const shown = `${name}: ${status?.used?.[name] ?? '0'}/${status?.hard?.[name] ?? '0'}`;
    (name.startsWith('limits') ? limits : requests).push(shown);
  }
  return [requests.join(', '), limits.join(', ')];
}

function eventCells(event: KubernetesEvent, nowMs: number): unknown[] {
  const { involvedObject, source, series } = event;
  const first = event.firstTimestamp ?? event.eventTime ?? undefined;
  const last = event.series?.lastObservedTime ?? event.lastTimestamp ?? first;
  const component = source?.component ?? event.reportingComponent ?? '';
  const host = source?.host ?? (event.reportingInstance || undefined);
  const target =
    (involvedObject.name ?? '') === ''
      ? (involvedObject.kind ?? '')
      : `${involvedObject.kind ?? ''}/${involvedObject.name ?? ''}`;
  return [
    last === undefined ? '<unknown>' : since(last, nowMs),
    event.type ?? '',
    event.reason ?? '',
    target.toLowerCase(),
    involvedObject.fieldPath ?? '',
    host === undefined ? component : `${component}, ${host}`,
    (event.message ?? '').trim(),
    first === undefined ? '<unknown>' : since(first, nowMs),
    series?.count ?? event.count ?? 1,
    event.metadata.name,
  ];
}
