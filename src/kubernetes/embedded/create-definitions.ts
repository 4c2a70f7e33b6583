import { CustomResourceDefinitions } from '../resource.ts';
import type { ApiServer } from './api-server.ts';
import { arcDefinitions } from './definitions.ts';

/** Makes the definitions of the kinds that are served. Those that are there stay as they are. */
export function createDefinitions(api: ApiServer): void {
  const collection = api.store.of(CustomResourceDefinitions);
  for (const definition of arcDefinitions()) {
    const { name } = definition.metadata;
    if (collection.find('', name) === undefined) api.create(CustomResourceDefinitions, '', definition);
  }
}
