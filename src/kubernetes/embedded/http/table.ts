import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  ConfigMaps,
  EphemeralRunners,
  EphemeralRunnerSets,
  Events,
  Leases,
  Namespaces,
  Pods,
  ResourceQuotas,
  RoleBindings,
  Roles,
  Secrets,
  ServiceAccounts,
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
import { since } from './human-duration.ts';
import { completedCondition, podCells, POD_COLUMNS } from './pod-table.ts';

/** A column of `kubectl get`; priority 1 is shown with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly priority?: number;
}

export interface TableLayout {
  readonly columns: readonly Column[];
  readonly cells: (object: ApiObject, nowMs: number) => readonly unknown[];
}

/** A column of a custom resource, as its definition names it. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
}

export const NAME: Column = { name: 'Name', type: 'string', format: 'name' };
const AGE: Column = { name: 'Age', type: 'string' };
const text = (name: string, priority = 0): Column => ({ name, type: 'string', priority });

function layout<T extends ApiObject>(
  columns: readonly Column[],
  cells: (object: T, nowMs: number) => readonly unknown[],
): TableLayout {
  return {
    columns: [NAME, ...columns],
    cells: (object, nowMs) => [object.metadata.name, ...cells(object as T, nowMs)],
  };
}

const age = ({ metadata }: ApiObject, nowMs: number): string => since(metadata.creationTimestamp, nowMs);

const count = (data: Readonly<Record<string, unknown>> | undefined): number => Object.keys(data ?? {}).length;

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
  [Roles, layout([{ name: 'Created At', type: 'date' }], ({ metadata }) => [metadata.creationTimestamp ?? null])],
  [
    RoleBindings,
    layout<RoleBinding>(
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
    ),
  ],
  [
    Leases,
    layout<Lease>([text('Holder'), AGE], (lease, nowMs) => [lease.spec?.holderIdentity ?? '', age(lease, nowMs)]),
  ],
  [
    Events,
    {
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
    },
  ],
]);

/** Columns of ARC's kinds, as their definitions have them. */
export const PRINTER_COLUMNS = new Map<Resource, readonly PrinterColumn[]>([
  [
    EphemeralRunners,
    [
      { name: 'GitHub Config URL', type: 'string', jsonPath: '.spec.githubConfigUrl' },
      { name: 'RunnerId', type: 'integer', jsonPath: '.status.runnerId' },
      { name: 'Status', type: 'string', jsonPath: '.status.phase' },
      { name: 'JobRepositoryName', type: 'string', jsonPath: '.status.jobRepositoryName' },
      { name: 'JobWorkflowRef', type: 'string', jsonPath: '.status.jobWorkflowRef' },
      { name: 'WorkflowRunId', type: 'integer', jsonPath: '.status.workflowRunId' },
      { name: 'JobDisplayName', type: 'string', jsonPath: '.status.jobDisplayName' },
      { name: 'Message', type: 'string', jsonPath: '.status.message' },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
  ],
  [
    EphemeralRunnerSets,
    [
      { name: 'DesiredReplicas', type: 'integer', jsonPath: '.spec.replicas' },
      { name: 'CurrentReplicas', type: 'integer', jsonPath: '.status.currentReplicas' },
      { name: 'Pending Runners', type: 'integer', jsonPath: '.status.pendingEphemeralRunners' },
      { name: 'Running Runners', type: 'integer', jsonPath: '.status.runningEphemeralRunners' },
      { name: 'Finished Runners', type: 'integer', jsonPath: '.status.finishedEphemeralRunners' },
      { name: 'Deleting Runners', type: 'integer', jsonPath: '.status.deletingEphemeralRunners' },
    ],
  ],
  [
    AutoscalingRunnerSets,
    [
      { name: 'Minimum Runners', type: 'integer', jsonPath: '.spec.minRunners' },
      { name: 'Maximum Runners', type: 'integer', jsonPath: '.spec.maxRunners' },
      { name: 'Current Runners', type: 'integer', jsonPath: '.status.currentRunners' },
      { name: 'State', type: 'string', jsonPath: '.status.state' },
      { name: 'Pending Runners', type: 'integer', jsonPath: '.status.pendingEphemeralRunners' },
      { name: 'Running Runners', type: 'integer', jsonPath: '.status.runningEphemeralRunners' },
      { name: 'Finished Runners', type: 'integer', jsonPath: '.status.finishedEphemeralRunners' },
      { name: 'Deleting Runners', type: 'integer', jsonPath: '.status.deletingEphemeralRunners' },
    ],
  ],
  [
    AutoscalingListeners,
    [
      { name: 'GitHub Configure URL', type: 'string', jsonPath: '.spec.githubConfigUrl' },
      { name: 'AutoscalingRunnerSet Namespace', type: 'string', jsonPath: '.spec.autoscalingRunnerSetNamespace' },
      { name: 'AutoscalingRunnerSet Name', type: 'string', jsonPath: '.spec.autoscalingRunnerSetName' },
    ],
  ],
]);

/** The layout of a kind's table. */
export function layoutOf(resource: Resource): TableLayout {
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
    source?.host === undefined ? component : `${component}, ${source.host}`,
    (event.message ?? '').trim(),
    first === undefined ? '<unknown>' : since(first, nowMs),
    series?.count ?? event.count ?? 1,
    event.metadata.name,
  ];
}
