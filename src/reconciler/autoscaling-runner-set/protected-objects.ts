import { ApiError, isForbidden } from '../../kubernetes/api-error.ts';
import { RoleBindings, Roles, Secrets, ServiceAccounts, type Resource } from '../../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import type { ApiObject } from '../../kubernetes/types.ts';
import { cached, find, log, phase, type Step } from '../../runtime/effects.ts';
import { hasFinalizer, patchDifference, withoutFinalizer } from '../differences.ts';
import { PROTECTION_FINALIZER } from './names.ts';

/** An object of the chart that an annotation of the scale set names. */
interface Protected {
  readonly annotation: string;
  readonly resource: Resource;
  /** As log messages call it. */
  readonly what: string;
}

/** In the order in which they are let go: the controller's own rights last. */
const PROTECTED: readonly Protected[] = [
  {
    annotation: 'kubernetes-mode-role-binding-name',
    resource: RoleBindings,
    what: 'container mode kubernetes role binding',
  },
  { annotation: 'kubernetes-mode-role-name', resource: Roles, what: 'container mode kubernetes role' },
  {
    annotation: 'kubernetes-mode-service-account-name',
    resource: ServiceAccounts,
    what: 'container mode kubernetes service account',
  },
  {
    annotation: 'no-permission-service-account-name',
    resource: ServiceAccounts,
    what: 'no permission service account',
  },
  { annotation: 'github-secret-name', resource: Secrets, what: 'GitHub secret' },
  { annotation: 'manager-role-binding', resource: RoleBindings, what: 'manager role binding' },
  { annotation: 'manager-role-name', resource: Roles, what: 'manager role' },
];

/** Takes the finalizer off what the chart has made and the scale set needed; then the chart's uninstallation goes on. */
export function* releaseProtected(scaleSet: AutoscalingRunnerSet): Step<void> {
  yield* phase('release-protected');
  for (const one of PROTECTED) {
    const name = scaleSet.metadata.annotations?.[`actions.github.com/cleanup-${one.annotation}`];
    if (name === undefined) yield* log(`Skipping cleaning up ${one.what}`);
    else yield* release(one, scaleSet.metadata.namespace ?? '', name);
  }
}

function* release({ resource, what }: Protected, namespace: string, name: string): Step<void> {
  yield* log(`Removing finalizer from ${what}`, { name });
  const object = yield* read(resource, namespace, name);
  if (object === undefined) yield* log(`${what} has already been deleted`, { name });
  else if (!hasFinalizer(object, PROTECTION_FINALIZER)) {
    yield* log(`${what} finalizer has already been removed`, { name });
  } else {
    yield* patchDifference(resource, object, withoutFinalizer(object, PROTECTION_FINALIZER));
    yield* log(`Removed finalizer from ${what}`, { name });
  }
}

/** Secrets are never cached; one that may be read no more counts as gone. */
function* read(resource: Resource, namespace: string, name: string): Step<ApiObject | undefined> {
  if (resource !== (Secrets as Resource)) return yield* cached(resource, `${namespace}/${name}`);
  try {
    return yield* find(resource, namespace, name);
  } catch (error) {
    if (error instanceof ApiError && isForbidden(error)) return undefined;
    throw error;
  }
}
