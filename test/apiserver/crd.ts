import { PRINTER_COLUMNS } from '../../src/kubernetes/embedded/http/table.ts';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  EphemeralRunners,
  EphemeralRunnerSets,
  type Resource,
} from '../../src/kubernetes/resource.ts';

/** Definitions of ARC's kinds for the real API server: our own, open in what they hold. */
export function customResourceDefinitions(): object[] {
  return [AutoscalingRunnerSets, EphemeralRunnerSets, EphemeralRunners, AutoscalingListeners].map(definitionOf);
}

const OPEN = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** What a runner cannot do without: its pod's containers. */
const RUNNER = {
  ...OPEN,
  required: ['spec'],
  properties: {
    spec: { ...OPEN, required: ['containers'], properties: { containers: { type: 'array', items: OPEN } } },
  },
};

function definitionOf(resource: Resource): object {
  const { group, version, plural, kind } = resource;
  const isRunner = resource === EphemeralRunners;
  const schema = {
    type: 'object',
    ...(isRunner ? { required: ['spec'] } : {}),
    properties: { spec: isRunner ? RUNNER : OPEN, status: OPEN },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: PRINTER_COLUMNS.get(resource) ?? [],
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}
