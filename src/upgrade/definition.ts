import { t } from '@vscode/l10n';
import { isJsonObject, type JsonObject } from '../base/json.ts';
import { CustomResourceDefinitions, type Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import type { ArcVersion } from './arc-version.ts';
import { CONTROLLER_CHART, kubectl } from './commands.ts';
import type { Action } from './hazard.ts';
import type { Snapshot } from './snapshot.ts';

/** The definition of a kind; undefined where it was not read. */
export function definitionOf(snapshot: Snapshot, { plural, group }: Resource): ApiObject | undefined {
  return snapshot.of(CustomResourceDefinitions).find(({ metadata }) => metadata.name === `${plural}.${group}`);
}

/**
 * What a definition says of a field of the version that is stored.
 * @param path names of fields from the top; `*` stands for any name in a map
 * @returns undefined for a field that is pruned, `open` where the schema takes anything
 */
export function fieldOf(definition: ApiObject, path: readonly string[]): JsonObject | 'open' | undefined {
  const { spec } = definition as unknown as JsonObject;
  const versions = isJsonObject(spec) && Array.isArray(spec['versions']) ? (spec['versions'] as unknown[]) : [];
  const stored = versions.filter(isJsonObject).find(({ storage }) => storage === true) ?? versions.find(isJsonObject);
  const schema = stored?.['schema'];
  let at: unknown = isJsonObject(schema) ? schema['openAPIV3Schema'] : undefined;
  // A definition without a schema takes nothing away.
  if (!isJsonObject(at)) return 'open';
  for (const name of path) {
    if (!isJsonObject(at) || at['x-kubernetes-preserve-unknown-fields'] === true)
      return isJsonObject(at) ? 'open' : undefined;
    const { properties, additionalProperties }: JsonObject = at;
    at = name === '*' ? additionalProperties : isJsonObject(properties) ? properties[name] : undefined;
  }
  return isJsonObject(at) ? at : undefined;
}

/** Helm installs definitions and never upgrades them. */
export function replaceDefinitions(snapshot: Snapshot, { name }: ArcVersion): Action {
  const pull = t('helm pull {0} --version {1} --untar', CONTROLLER_CHART, name);
  const replace = kubectl(snapshot, '', 'replace', '-f', 'gha-runner-scale-set-controller/crds/');
  const isPublished = /^\d/.test(name);
  return {
    stage: 'definitions',
    does: t('replace the custom resource definitions by those of {0}; Helm does not', name),
    command: isPublished ? `${pull} && ${replace}` : undefined,
  };
}
