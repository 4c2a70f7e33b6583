import type { Step } from './runner.ts';

/** How checks write the steps of a conversation. */
export const MERGE = { 'content-type': 'application/merge-patch+json' };
export const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
export const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };
export const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
export const PARTIAL = { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json' };
export const PARTIAL_LIST = {
  accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
};

export const get = (path: string, more: Partial<Step> = {}): Step => ({ method: 'GET', path, ...more });
export const post = (path: string, body: unknown, more: Partial<Step> = {}): Step => ({
  method: 'POST',
  path,
  body,
  ...more,
});
export const put = (path: string, body: unknown, more: Partial<Step> = {}): Step => ({
  method: 'PUT',
  path,
  body,
  ...more,
});
export const del = (path: string, body?: unknown, more: Partial<Step> = {}): Step => ({
  method: 'DELETE',
  path,
  ...(body === undefined ? {} : { body }),
  ...more,
});
export const patch = (
  path: string,
  body: unknown,
  headers: Step['headers'] = MERGE,
  more: Partial<Step> = {},
): Step => ({
  method: 'PATCH',
  path,
  body,
  ...(headers === undefined ? {} : { headers }),
  ...more,
});
export const silent = { silent: true } as const;
