import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError, qualifiedName, type StatusDetails } from '../../api-error.ts';
import type { Resource } from '../../resource.ts';

/** Somebody who may use the embedded cluster. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly token: string;
  /** What the user may do; everything where it is undefined. */
  readonly rights?: readonly Right[];
}

/** `*` stands for everything; resources are named like `pods`, `pods/status` or `ephemeralrunners.actions.github.com`. */
export interface Right {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
}

export const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'], token: '', rights: [] };

/** What is asked for, as access reviews name it. */
export interface Action {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Finds users by their tokens. */
export class Users {
  readonly #byDigest = new Map<string, User>();

  constructor(users: readonly User[]) {
    for (const user of users) this.#byDigest.set(digest(user.token), user);
  }

  /** @returns undefined for a token that nobody has, ANONYMOUS where there is none */
  find(authorization: string | undefined): User | undefined {
    if (authorization === undefined) return ANONYMOUS;
    const token = /^Bearer (.+)$/i.exec(authorization)?.[1];
    if (token === undefined) return undefined;
    const user = this.#byDigest.get(digest(token));
    if (user === undefined || user.token.length !== token.length) return undefined;
    return timingSafeEqual(Buffer.from(user.token), Buffer.from(token)) ? user : undefined;
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

export function isAllowed(user: User, action: Action): boolean {
  if (user.rights === undefined) return true;
  const resource = action.subresource === '' ? action.resource : `${action.resource}/${action.subresource}`;
  const qualified =
    action.group === '' ? resource : `${action.resource}.${action.group}${resource.slice(action.resource.length)}`;
  return user.rights.some(
    ({ verbs, resources }) =>
      (verbs.includes('*') || verbs.includes(action.verb)) &&
      (resources.includes('*') || resources.includes(resource) || resources.includes(qualified)),
  );
}

/** @throws ApiError 403 naming user, verb and resource */
export function checkAccess(
  user: User,
  verb: string,
  resource: Pick<Resource, 'group' | 'plural'>,
  at: Omit<Action, 'verb' | 'group' | 'resource'>,
): void {
  const action = { verb, group: resource.group, resource: resource.plural, ...at };
  if (isAllowed(user, action)) return;
  const subject = at.subresource === '' ? resource.plural : `${resource.plural}/${at.subresource}`;
  const qualified = qualifiedName(resource);
  const named = at.name === '' ? qualified : `${qualified} ${JSON.stringify(at.name)}`;
  const scope = at.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(at.namespace)}`;
  const what = `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(subject)} in API group ${JSON.stringify(resource.group)} ${scope}`;
  const details: StatusDetails = {
    ...(at.name === '' ? {} : { name: at.name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
  throw new ApiError(403, 'Forbidden', `${named} is forbidden: ${what}`, details);
}

/** @throws ApiError 403 for a path that is no object */
export function forbiddenPath(user: User, verb: string, path: string): ApiError {
  const message = `forbidden: User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(path)}`;
  return new ApiError(403, 'Forbidden', message, {});
}
