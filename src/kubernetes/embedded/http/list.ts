import { refusedOption } from './refused-options.ts';
import { ApiError, badRequest, type StatusDetails } from '../../api-error.ts';
import type { Resource } from '../../resource.ts';
import { parseLabelSelector, type LabelSelector } from '../../selector.ts';
import type { ApiObject } from '../../types.ts';
import type { ApiServer } from '../api-server.ts';
import { parseFieldSelector, selectedName } from '../field-selector.ts';
import type { History } from '../history.ts';
import { keyOf } from '../../types.ts';

interface ListResult {
  readonly metadata: { readonly resourceVersion: string; continue?: string; remainingItemCount?: number };
  readonly items: readonly ApiObject[];
}

/** What a client narrows a list or watch to. */
export class Selection {
  readonly namespace: string;
  readonly isEverything: boolean;
  readonly #labels: LabelSelector | undefined;
  readonly #fields: ((object: ApiObject) => boolean) | undefined;
  readonly name: string | undefined;

  /** @throws ApiError 400 */
  constructor(resource: Resource, namespace: string, query: URLSearchParams) {
    const labels = query.get('labelSelector') ?? '';
    const fields = query.get('fieldSelector') ?? '';
    this.namespace = resource.namespaced ? namespace : '';
    this.isEverything = labels === '' && fields === '';
    this.#labels = labels === '' ? undefined : parseLabelSelector(labels);
    this.#fields = fields === '' ? undefined : parseFieldSelector(resource, fields);
    this.name = selectedName(fields);
  }

  matches(object: ApiObject): boolean {
    return (
      (this.namespace === '' || object.metadata.namespace === this.namespace) &&
      this.#labels?.(object.metadata.labels) !== false &&
      this.#fields?.(object) !== false
    );
  }
}

/**
 * Lists in pages and at versions, as list options ask; objects are given as they are stored.
 * @throws ApiError 400, 410 for a page or version that is not remembered any more, 504 for a version yet to come
 */
export function list(
  api: ApiServer,
  history: History,
  resource: Resource,
  selection: Selection,
  query: URLSearchParams,
): ListResult {
  const stored = resource.storedAs ?? resource;
  const limit = numberOf(query, 'limit');
  const match = query.get('resourceVersionMatch') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const token = query.get('continue') ?? '';
  checkVersionOptions(version, match, token);
  const currentVersion = Number(api.store.resourceVersion);
  let atVersion = currentVersion;
  let after = '';
  let objects: readonly ApiObject[];
  if (token !== '') {
    const position = readToken(token);
    atVersion = position.version;
    after = position.after;
    try {
      objects = history.stateAt(stored, atVersion);
    } catch (error) {
      if (error instanceof ApiError && error.reason === 'Expired') throw expiredToken();
      throw error;
    }
  } else {
    checkFuture(version, currentVersion);
    if (match === 'Exact') {
      atVersion = Number(version);
      objects = history.stateAt(stored, atVersion);
    } else
      objects = api.store
        .of(stored)
        .sorted()
        .map(({ object }) => object);
  }
  const items: ApiObject[] = [];
  let remaining = 0;
  for (const object of objects) {
    if (after !== '' && keyOf(object.metadata) <= after) continue;
    if (!selection.matches(object)) continue;
    if (limit > 0 && items.length === limit) remaining++;
    else items.push(object);
  }
  const metadata: ListResult['metadata'] = { resourceVersion: String(atVersion) };
  if (remaining > 0) {
    const last = items[items.length - 1] as ApiObject;
    metadata.continue = writeToken(atVersion, keyOf(last.metadata));
    if (selection.isEverything) metadata.remainingItemCount = remaining;
  }
  return { metadata, items };
}

/** @throws ApiError 504 with what tells clients to try again */
function checkFuture(version: string, current: number): void {
  if (version === '' || Number(version) <= current) return;
  const details: StatusDetails = {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  };
  throw new ApiError(504, 'Timeout', `Too large resource version: ${version}, current: ${current}`, details);
}

export function numberOf(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null || text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function checkVersionOptions(version: string, match: string, token: string): void {
  const field = 'resourceVersionMatch';
  if (match !== '' && token !== '') {
    throw refusedOption('ListOptions', field, 'Forbidden: resourceVersionMatch is forbidden when continue is provided');
  }
  if (match !== '' && version === '') {
    throw refusedOption(
      'ListOptions',
      field,
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan') {
    const text = `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`;
    throw refusedOption('ListOptions', field, text, 'FieldValueNotSupported');
  }
  if (match === 'Exact' && version === '0') {
    throw refusedOption(
      'ListOptions',
      field,
      'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
  }
  if (token !== '' && version !== '' && version !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (version !== '' && !/^\d+$/.test(version)) {
    throw badRequest(
      `Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
    );
  }
}

interface Position {
  readonly version: number;
  readonly after: string;
}

function writeToken(version: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: after })).toString('base64url');
}

function readToken(token: string): Position {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
    if (v === 'meta.k8s.io/v1' && typeof rv === 'number' && typeof start === 'string') {
      return { version: rv, after: start };
    }
  } catch {
    // Not one of ours.
  }
  throw badRequest('continue key is not valid: invalid token');
}

function expiredToken(): ApiError {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
    'the continue parameter.';
  return new ApiError(410, 'Expired', message);
}
