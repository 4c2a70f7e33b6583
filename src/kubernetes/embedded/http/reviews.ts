import type { JsonObject } from '../../../base/json.ts';
import { allResources } from '../../resource.ts';
import { decode } from '../schema/decode.ts';
import { isAllowed, type Action, type User } from './access.ts';
import type { Review } from './discovery.ts';

/**
 * Answers "may I", "may they" and "who am I".
 * @param users those that a review about somebody else may be about
 */
export function answerReview(review: Review, body: JsonObject, user: User, users: readonly User[]): JsonObject {
  const object = decode(review.kind, body);
  const spec = (object['spec'] ?? {}) as ReviewSpec;
  const head = { kind: review.kind, apiVersion: `${review.group}/v1`, ...object };
  switch (review.kind) {
    case 'SelfSubjectReview':
      return { ...head, status: { userInfo: { username: user.name, groups: user.groups } } };
    case 'SelfSubjectRulesReview':
      return { ...head, status: rulesOfUser(user) };
    case 'SelfSubjectAccessReview':
      return { ...head, status: verdict(user, spec) };
    default: {
      const subject = users.find(({ name }) => name === spec.user);
      return { ...head, status: subject === undefined ? { allowed: false } : verdict(subject, spec) };
    }
  }
}

interface ReviewSpec {
  readonly user?: string;
  readonly resourceAttributes?: Partial<Action>;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

function verdict(user: User, { resourceAttributes }: ReviewSpec): JsonObject {
  if (resourceAttributes === undefined) return { allowed: user.rights === undefined };
  const { verb = '', group = '', resource = '', subresource = '', namespace = '', name = '' } = resourceAttributes;
  return { allowed: isAllowed(user, { verb, group, resource, subresource, namespace, name }) };
}

function rulesOfUser(user: User): JsonObject {
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  const resourceRules = user.rights?.map(({ verbs, resources }) => ({
    verbs,
    apiGroups: [...new Set(resources.map(groupOf))],
    resources: resources.map((name) =>
      groupOf(name) === '' || name === '*' ? name : name.slice(0, name.indexOf('.')),
    ),
  })) ?? [everything];
  const nonResourceRules = user.rights === undefined ? [{ verbs: ['*'], nonResourceURLs: ['*'] }] : [];
  return { resourceRules, nonResourceRules, incomplete: false };
}

function groupOf(name: string): string {
  if (name === '*') return '*';
  const plain = name.split('/', 1)[0] as string;
  return allResources.find(({ plural, group }) => `${plural}.${group}` === plain)?.group ?? '';
}
