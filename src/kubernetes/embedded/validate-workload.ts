import type { FieldError } from '../api-error.ts';
import { deepEqual } from '../merge-patch.ts';
import { Deployments, type Resource } from '../resource.ts';
import { parseLabelSelector } from '../selector.ts';
import type { LabelSelector, Workload, WorkloadStatus } from '../types.ts';
import { forbiddenField, immutable, invalidValue, notSupported, required } from './field-errors.ts';
import { validatePod } from './validate-pod.ts';

/** Why the API server would refuse a deployment or a replica set. */
export function validateWorkload(resource: Resource, { spec }: Workload, errors: FieldError[]): void {
  const { replicas = 0, template } = spec;
  const selector = spec.selector ?? undefined;
  checkNotNegative('spec.replicas', replicas, errors);
  if (selector === undefined) errors.push(required('spec.selector'));
  else if (isEmpty(selector)) {
    errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'));
  }
  const { labels } = template.metadata ?? {};
  // No selector at all selects nothing, an empty one everything.
  const selects = selector === undefined ? () => false : parseLabelSelector(selectorText(selector));
  if (!selects(labels)) {
    const why = '`selector` does not match template `labels`';
    errors.push(invalidValue('spec.template.metadata.labels', labels, why));
  }
  validatePod(template, errors, 'spec.template.spec');
  const { restartPolicy = 'Always', activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  }
  if (activeDeadlineSeconds !== undefined) {
    const field = 'spec.template.spec.activeDeadlineSeconds';
    errors.push(forbiddenField(field, 'activeDeadlineSeconds in ReplicaSet is not Supported'));
  }
  if (resource === Deployments) validateStrategy(spec['strategy'] as Strategy, errors);
}

/** What selects a workload's pods may not change. */
export function validateWorkloadUpdate(next: Workload, before: Workload, errors: FieldError[]): void {
  if (!deepEqual(next.spec.selector, before.spec.selector)) errors.push(immutable('spec.selector', next.spec.selector));
}

export function validateWorkloadStatus(status: WorkloadStatus, errors: FieldError[]): void {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  for (const [field, value] of Object.entries(status)) {
    if (typeof value === 'number') checkNotNegative(`status.${field}`, value, errors);
  }
  const counts = ['updatedReplicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'];
  for (const field of counts) {
    const value = status[field];
    if (typeof value === 'number' && value > replicas) {
      errors.push(invalidValue(`status.${field}`, value, 'cannot be greater than status.replicas'));
    }
  }
  if (availableReplicas > readyReplicas) {
    errors.push(invalidValue('status.availableReplicas', availableReplicas, 'cannot be greater than readyReplicas'));
  }
}

interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: object;
}

function validateStrategy(strategy: Strategy, errors: FieldError[]): void {
  if (strategy.type === 'Recreate' && strategy.rollingUpdate !== undefined) {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    errors.push(forbiddenField('spec.strategy.rollingUpdate', why));
  }
  if (strategy.type === 'Recreate' || strategy.type === 'RollingUpdate') return;
  errors.push({
    field: 'spec.strategy',
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(strategy)}: supported values: "Recreate", "RollingUpdate"`,
  });
}

/** The selector in the form that lists and the subresource scale have: `a=b,c in (d,e)`. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const equalities = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}=${matchLabels[key] ?? ''}`);
  const others = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
  });
  return [...equalities, ...others].join(',');
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}

function checkNotNegative(field: string, value: number, errors: FieldError[]): void {
  if (value < 0) errors.push(invalidValue(field, value, 'must be greater than or equal to 0'));
}
