import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import { parseLabelSelector, singleEquality } from '../../../src/kubernetes/selector.ts';

type Requirement =
  | { kind: 'equal' | 'not-equal'; key: string; value: string }
  | { kind: 'in' | 'not-in'; key: string; values: string[] }
  | { kind: 'exists' | 'absent'; key: string };

const key = fc.constantFrom('app', 'tier', 'runner-pod', 'example.com/name');
const value = fc.constantFrom('', 'a', 'b', 'c-1');
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({ kind: fc.constantFrom('equal' as const, 'not-equal' as const), key, value }),
  fc.record({
    kind: fc.constantFrom('in' as const, 'not-in' as const),
    key,
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('exists' as const, 'absent' as const), key }),
);

function textOf(requirement: Requirement): string {
  switch (requirement.kind) {
    case 'equal':
      return `${requirement.key}=${requirement.value}`;
    case 'not-equal':
      return `${requirement.key}!=${requirement.value}`;
    case 'in':
      return `${requirement.key} in (${requirement.values.join(', ')})`;
    case 'not-in':
      return `${requirement.key} notin (${requirement.values.join(',')})`;
    case 'exists':
      return requirement.key;
    case 'absent':
      return `!${requirement.key}`;
  }
}

function holds(requirement: Requirement, labels: Record<string, string>): boolean {
  const actual = labels[requirement.key];
  switch (requirement.kind) {
    case 'equal':
      return actual === requirement.value;
    case 'not-equal':
      return actual !== requirement.value;
    case 'in':
      return actual !== undefined && requirement.values.includes(actual);
    case 'not-in':
      return actual === undefined || !requirement.values.includes(actual);
    case 'exists':
      return actual !== undefined;
    case 'absent':
      return actual === undefined;
  }
}

describe('label selectors', () => {
  it('select what each requirement by itself selects', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 4 }), fc.dictionary(key, value), (requirements, labels) => {
        const selector = parseLabelSelector(requirements.map(textOf).join(','));
        assert.equal(
          selector(labels),
          requirements.every((each) => holds(each, labels)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('are refused with 400 when they are invalid', () => {
    for (const text of ['a b', 'a=b=c', '=b', 'a in b', 'a in (b', '!', 'a,,b', '-a=b', 'a=-b']) {
      assert.throws(
        () => parseLabelSelector(text),
        (error) => error instanceof ApiError && error.code === 400,
        text,
      );
    }
  });

  it('of one equality can be answered from an index', () => {
    assert.deepEqual(singleEquality('runner-pod=job1'), { key: 'runner-pod', value: 'job1' });
    for (const text of ['a!=b', 'a=b,c=d', 'a in (b)', 'a', '!a', ''])
      assert.equal(singleEquality(text), undefined, text);
  });
});
