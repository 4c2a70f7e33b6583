import fc from 'fast-check';
import { KINDS, type KindSample } from './kinds.ts';
import type { Step } from './runner.ts';

/**
 * Random conversations about a few objects of a few kinds: made, changed in every way, listed and deleted, sometimes
 * wrongly.
 */
const NAMES = ['one', 'two', 'three'];
const names = fc.constantFrom(...NAMES);

const labels = fc.dictionary(
  fc.constantFrom('a', 'b', 'app.example/c', 'bad key!'),
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('1', '2', '') },
    { weight: 1, arbitrary: fc.constant('bad value!') },
  ),
  { maxKeys: 3 },
);
const labelChanges = fc.dictionary(fc.constantFrom('a', 'b', 'app.example/c'), fc.constantFrom('1', '2', null), {
  maxKeys: 3,
});
const finalizers = fc.uniqueArray(fc.constantFrom('lab.example/x', 'lab.example/y', 'bad'), { maxLength: 2 });
const annotations = fc.dictionary(fc.constantFrom('note', 'x/y'), fc.constantFrom('1', '2'), { maxKeys: 2 });

const metadata = fc.record({ labels, annotations, finalizers }, { requiredKeys: [] });

const metadataChange = fc.record(
  {
    labels: fc.oneof(labelChanges, fc.constant(null)),
    annotations: fc.oneof(annotations, fc.constant(null)),
    finalizers: fc.oneof(finalizers, fc.constant(null)),
  },
  { requiredKeys: [] },
);

const selectors = fc.constantFrom(
  '',
  'labelSelector=a%3D1',
  'labelSelector=a!%3D1',
  'labelSelector=a%20in%20(1,2)',
  'labelSelector=a%20notin%20(1)',
  'labelSelector=b',
  'labelSelector=!b',
  'fieldSelector=metadata.name%3Done',
  'fieldSelector=metadata.name!%3Done',
  'limit=1',
  'limit=2&labelSelector=!a',
);

const TABLE = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

function stepsOf(kind: KindSample): fc.Arbitrary<Step> {
  const { path, object, custom } = kind;
  const at = (name: string): string => `${path}/${name}`;
  const create = fc.record({
    name: names,
    meta: metadata,
    query: fc.constantFrom('', '?dryRun=All', '?fieldValidation=Strict'),
  });
  const content = fc.constantFrom<object>({}, kind.patch, { unheard: 1 });
  const step: fc.Arbitrary<Step>[] = [
    create.map(({ name, meta, query }) => ({
      method: 'POST',
      path: path + query,
      body: { ...object, metadata: { name, ...meta } },
    })),
    names.map((name) => ({ method: 'GET', path: at(name) })),
    names.map((name) => ({ method: 'GET', path: at(name), headers: TABLE })),
    selectors.map((query) => ({ method: 'GET', path: `${path}?${query}` })),
    fc.record({ name: names, meta: metadataChange, more: content }).map(({ name, meta, more }) => ({
      method: 'PATCH',
      path: at(name),
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { ...more, metadata: meta },
    })),
    fc.record({ name: names, meta: metadata }).map(({ name, meta }) => ({
      method: 'PUT',
      path: at(name),
      body: { ...object, metadata: { name, ...meta } },
    })),
    fc
      .record({
        name: names,
        key: fc.constantFrom('a', 'b', 'x'),
        op: fc.constantFrom('add', 'replace', 'remove', 'test'),
      })
      .map(({ name, key, op }) => ({
        method: 'PATCH',
        path: at(name),
        headers: { 'content-type': 'application/json-patch+json' },
        body: [{ op, path: `/metadata/labels/${key}`, ...(op === 'remove' ? {} : { value: '1' }) }],
        anyMessage: true,
      })),
    fc
      .record({
        name: names,
        query: fc.constantFrom(
          '',
          '?dryRun=All',
          '?propagationPolicy=Background',
          '?propagationPolicy=Foreground',
          '?propagationPolicy=Orphan',
        ),
      })
      .map(({ name, query }) => ({ method: 'DELETE', path: at(name) + query })),
    fc
      .constantFrom('a%3D1', 'a', '!a')
      .map((selector) => ({ method: 'DELETE', path: `${path}?labelSelector=${selector}` })),
  ];
  if (!custom) {
    step.push(
      fc.record({ name: names, meta: metadataChange }).map(({ name, meta }) => ({
        method: 'PATCH',
        path: at(name),
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
        body: { metadata: meta },
      })),
    );
  }
  const { status } = kind;
  if (status !== undefined) {
    step.push(
      fc.record({ name: names, meta: metadataChange }).map(({ name, meta }) => ({
        method: 'PATCH',
        path: `${at(name)}/status`,
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { metadata: meta, status },
      })),
    );
  }
  return fc.oneof(...step);
}

/** Each is about one kind, so that its objects meet one another. */
export const conversations: fc.Arbitrary<Step[]> = fc
  .constantFrom(...KINDS)
  .chain((kind) => fc.array(stepsOf(kind), { minLength: 2, maxLength: 8 }));
