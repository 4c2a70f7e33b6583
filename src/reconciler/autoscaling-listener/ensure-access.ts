import { deepEqual } from '../../kubernetes/merge-patch.ts';
import { RoleBindings, Roles, ServiceAccounts, type Resource } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { ApiObject, Role } from '../../kubernetes/types.ts';
import {
  cached,
  create,
  done,
  log,
  orLogError,
  phase,
  requeue,
  update,
  type Result,
  type Step,
} from '../../runtime/effects.ts';
import { hasMetadata, withMetadata } from '../differences.ts';
import { passedOn } from '../labels.ts';
import { hashOf } from '../template-hash.ts';
import { roleBindingFor, roleFor, RULES_HASH_LABEL, rulesFor, serviceAccountFor } from './access.ts';
import { keyInScaleSet, keyOfListener, type ListenerPass } from './listener-pass.ts';

/** Makes the listener's service account; the event of it brings the next pass. */
export function* ensureServiceAccount(listener: AutoscalingListener, pass: ListenerPass): Step<Result | undefined> {
  const existing = yield* cached(ServiceAccounts, keyOfListener(listener));
  const wanted = serviceAccountFor(listener, pass);
  if (existing !== undefined) return yield* keepMetadata(ServiceAccounts, existing, wanted, pass, 'service account');
  yield* make(ServiceAccounts, wanted, 'service accounts');
  return done;
}

/** Makes the role, and changes its rules when it is for another set. */
export function* ensureRole(listener: AutoscalingListener, pass: ListenerPass): Step<Result | undefined> {
  const existing = yield* cached(Roles, keyInScaleSet(listener));
  const wanted = roleFor(listener, pass);
  if (existing === undefined) {
    yield* make(Roles, wanted, 'role');
    return requeue;
  }
  if (pass.switches.has(4516)) {
    const changed: Role = deepEqual(existing.rules, wanted.rules)
      ? existing
      : { ...existing, rules: wanted.rules ?? [] };
    return yield* keepMetadata(Roles, existing, wanted, pass, 'role', changed);
  }
  const rules = rulesFor(listener);
  const hash = hashOf(rules);
  if (existing.metadata.labels?.[RULES_HASH_LABEL] === hash) return undefined;
  yield* phase('update-role');
  yield* log('Updating the listener role with the up-to-date rules');
  const labels = { ...existing.metadata.labels, [RULES_HASH_LABEL]: hash };
  yield* orLogError(update(Roles, { ...withMetadata(existing, { labels }), rules }), 'Unable to update listener role');
  return requeue;
}

/** Makes the role binding. */
export function* ensureRoleBinding(listener: AutoscalingListener, pass: ListenerPass): Step<Result | undefined> {
  const existing = yield* cached(RoleBindings, keyInScaleSet(listener));
  const wanted = roleBindingFor(listener, pass);
  if (existing !== undefined) return yield* keepMetadata(RoleBindings, existing, wanted, pass, 'role binding');
  yield* make(RoleBindings, wanted, 'role binding');
  return requeue;
}

/** Makes an object for the listener. */
export function* make<T extends ApiObject>(resource: Resource<T>, object: T, what: string): Step<T> {
  const { namespace, name } = object.metadata;
  yield* phase(`create-${what.replaceAll(' ', '-')}`);
  yield* log(`Creating listener ${what}`, { namespace, name });
  const made = yield* orLogError(create(resource, object), `Unable to create listener ${what}`);
  yield* log(`Created listener ${what}`, { namespace, name });
  return made;
}

/**
 * Since pull request 4516 the labels and annotations of what a listener has are kept as they are to be; others are left.
 * @param changed the object with what else is to be otherwise
 */
export function* keepMetadata<T extends ApiObject>(
  resource: Resource<T>,
  existing: T,
  wanted: T,
  { switches, process }: ListenerPass,
  what: string,
  changed: T = existing,
): Step<Result | undefined> {
  if (!switches.has(4516)) return undefined;
  const labels = passedOn(process, existing.metadata.labels, wanted.metadata.labels);
  const annotations = { ...existing.metadata.annotations, ...wanted.metadata.annotations };
  const isSame = hasMetadata(existing, { labels, annotations });
  if (isSame && changed === existing) return undefined;
  yield* phase(`update-${what.replaceAll(' ', '-')}`);
  yield* log(`Updating listener ${what}`);
  const updated = isSame ? changed : withMetadata(changed, { labels, annotations });
  yield* orLogError(update(resource, updated), `Failed to update listener ${what}`);
  return requeue;
}
