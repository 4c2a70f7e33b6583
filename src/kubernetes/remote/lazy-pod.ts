import type { ObjectMeta, Pod } from '../types.ts';

/**
 * Pods whose spec and status are read when somebody looks. Of the thousands of changes a second that a large cluster
 * reports a controller reads the metadata of each, the status of most and the spec of almost none, and a pod's text is a
 * third of what it takes once it is parsed. The text is that of Go's encoder: metadata, spec and status in this order,
 * managedFields last in the metadata. Quotes within strings are escaped, so what is searched for here cannot be in one.
 */
const HEAD = Buffer.from('{"kind":"Pod","apiVersion":"v1","metadata":{');
const MANAGED_FIELDS = Buffer.from(',"managedFields":[');
const SPEC = Buffer.from(',"spec":{');
const STATUS = Buffer.from(',"status":{');

/**
 * @param line holds the object from `start` to its end, after which `after` bytes follow; it is not kept
 * @returns undefined for what is no pod in this form; it must be parsed as a whole then
 */
export function lazyPod(line: Buffer, start: number, after: number): Pod | undefined {
  if (!beginsWith(line, HEAD, start)) return undefined;
  const metadataAt = start + HEAD.length - 1;
  const specAt = line.indexOf(SPEC, metadataAt);
  const statusAt = line.lastIndexOf(STATUS);
  if (specAt < 0 || statusAt < specAt) return undefined;
  const managedAt = line.indexOf(MANAGED_FIELDS, metadataAt);
  const hasManaged = managedAt >= 0 && managedAt < specAt;
  // They serve the API server; nobody here reads them.
  const metadata = JSON.parse(
    hasManaged ? `${line.toString('utf8', metadataAt, managedAt)}}` : line.toString('utf8', metadataAt, specAt),
  ) as ObjectMeta;
  const specText = line.toString('utf8', specAt + SPEC.length - 1, statusAt);
  const statusText = line.toString('utf8', statusAt + STATUS.length - 1, line.length - after - 1);
  let spec: Pod['spec'] | undefined;
  let status: Pod['status'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    get spec() {
      return (spec ??= JSON.parse(specText) as Pod['spec']);
    },
    get status() {
      return (status ??= JSON.parse(statusText) as NonNullable<Pod['status']>);
    },
  };
}

/** Whether `bytes` stand in the line at a place. */
export function beginsWith(line: Buffer, bytes: Buffer, at: number): boolean {
  return line.length >= at + bytes.length && bytes.compare(line, at, at + bytes.length) === 0;
}

/** A pod of a list, whose parsed form is let go of. */
export function lazyPodOf(item: Pod): Pod {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = item;
  const text = `{"kind":"Pod","apiVersion":"v1",${JSON.stringify(rest).slice(1)}`;
  return lazyPod(Buffer.from(text), 0, 0) ?? { ...item, apiVersion: 'v1', kind: 'Pod' };
}
