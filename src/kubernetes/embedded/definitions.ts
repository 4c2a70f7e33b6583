import { forbidden } from '../api-error.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  CustomResourceDefinitions,
  EphemeralRunners,
  EphemeralRunnerSets,
  type Resource,
} from '../resource.ts';
import type { ApiObject } from '../types.ts';
import { structuralSchema, type Schema } from './schema/structural.ts';

/** ARC's kinds, as their definitions tell clients about them: with the fields they have, and no types of scalars. */
const DEFINED: readonly Resource[] = [
  AutoscalingRunnerSets,
  EphemeralRunnerSets,
  EphemeralRunners,
  AutoscalingListeners,
];

/** A column of a custom resource, as its definition names it. */
interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
}

const COUNTS: readonly PrinterColumn[] = ['Pending', 'Running', 'Finished', 'Deleting'].map((state) => ({
  name: `${state} Runners`,
  type: 'integer',
  jsonPath: `.status.${state.toLowerCase()}EphemeralRunners`,
}));

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
      ...COUNTS,
    ],
  ],
  [
    AutoscalingRunnerSets,
    [
      { name: 'Minimum Runners', type: 'integer', jsonPath: '.spec.minRunners' },
      { name: 'Maximum Runners', type: 'integer', jsonPath: '.spec.maxRunners' },
      { name: 'Current Runners', type: 'integer', jsonPath: '.status.currentRunners' },
      { name: 'State', type: 'string', jsonPath: '.status.state' },
      ...COUNTS,
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

/** What a runner cannot do without: its pod's containers. */
function demandsContainers(spec: Schema): Schema {
  const { properties } = spec as { properties: { spec: Schema } };
  return {
    ...spec,
    required: ['spec'],
    properties: { ...properties, spec: { ...properties.spec, required: ['containers'] } },
  };
}

/** The definitions of ARC's kinds. */
export function arcDefinitions(): ApiObject[] {
  return DEFINED.map(definitionOf);
}

function definitionOf(resource: Resource): ApiObject {
  const { group, version, plural } = resource;
  const isRunner = resource === EphemeralRunners;
  const { metadata: _served, ...fields } = structuralSchema({ kind: 'message', name: resource.kind })
    .properties as Record<string, Schema>;
  const openAPIV3Schema = {
    type: 'object',
    ...(isRunner ? { required: ['spec'] } : {}),
    properties: isRunner ? { ...fields, spec: demandsContainers(fields['spec'] as Schema) } : fields,
  };
  const columns = PRINTER_COLUMNS.get(resource) ?? [];
  return {
    apiVersion: CustomResourceDefinitions.apiVersion,
    kind: CustomResourceDefinitions.kind,
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: namesOf(resource),
      conversion: { strategy: 'None' },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema },
        },
      ],
    },
    status: {
      acceptedNames: namesOf(resource),
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      storedVersions: [version],
    },
  } as ApiObject;
}

function condition(type: string, reason: string, message: string): object {
  return { type, status: 'True', reason, message };
}

function namesOf({ plural, kind }: Resource): object {
  return { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` };
}

/**
 * The kinds that are served cannot be added to.
 * @throws ApiError 403 for a definition of any other kind
 */
export function checkDefinition({ metadata }: ApiObject): void {
  if (DEFINED.some(({ plural, group }) => metadata.name === `${plural}.${group}`)) return;
  const why = `the embedded cluster serves the kinds of ${EphemeralRunners.group} and takes no other definitions`;
  throw forbidden(CustomResourceDefinitions, metadata.name, why);
}
