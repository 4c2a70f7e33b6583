import { isController } from '../apply/running-controllers.ts';
import { AutoscalingRunnerSets, Deployments, EphemeralRunners } from '../kubernetes/resource.ts';
import type { ApiObject, Workload } from '../kubernetes/types.ts';
import { versionOfImage } from '../reconciler/arc-pods.ts';
import { VERSION_LABEL } from '../reconciler/labels.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Snapshot } from './snapshot.ts';
import { VersionNotSaidError } from './upgrade-error.ts';

/** The controller's version, and what says it: the end of a sentence. */
export interface Installed {
  readonly version: string;
  readonly saidBy: string;
}

/** Deployments that are ARC's controllers. */
export function controllersIn(snapshot: Snapshot): readonly Workload[] {
  return snapshot.of(Deployments).filter((deployment) => isController(deployment));
}

/**
 * The version of the controller that runs: by its deployment, or by what the scale sets and runners were made for.
 * @throws VersionNotSaidError where nothing says it, or two things differ
 */
export function installedIn(snapshot: Snapshot): Installed {
  const said = saidIn(snapshot);
  const [first] = said;
  const other = said.find(({ version }) => version !== first?.version);
  if (first === undefined) {
    throw new VersionNotSaidError(
      `no controller, scale set or runner in ${snapshot.source} says which version of ARC runs; say it with --from, for example --from ${RELEASES.published[0]}`,
    );
  }
  if (other === undefined) return first;
  throw new VersionNotSaidError(
    `two versions run: ${first.version} (${first.saidBy}) and ${other.version} (${other.saidBy}); say from which one with --from, and name its namespace with --namespace`,
  );
}

/** What shows another version than the one that was given, where nothing shows that one. */
export function shownInsteadOf(given: string, snapshot: Snapshot): Installed | undefined {
  const said = saidIn(snapshot);
  return said.some(({ version }) => version === given) ? undefined : said[0];
}

/** Of the controllers; where none says it, of the scale sets; else of the runners. */
function saidIn(snapshot: Snapshot): readonly Installed[] {
  const kinds = [controllersIn(snapshot), snapshot.of(AutoscalingRunnerSets), snapshot.of(EphemeralRunners)];
  const said = kinds.map((objects) =>
    objects.flatMap((object) => {
      const version = versionOf(object);
      return version === undefined ? [] : [{ version, saidBy: `${object.kind} ${object.metadata.name}` }];
    }),
  );
  return said.find((ofKind) => ofKind.length > 0) ?? [];
}

/** By the image of a controller, which is what runs; else by the label. */
function versionOf(object: ApiObject): string | undefined {
  const containers = (object as Partial<Workload>).spec?.template?.spec.containers;
  const tag = object.kind === 'Deployment' ? versionOfImage(containers?.[0]?.image ?? '') : undefined;
  const label = object.metadata.labels?.[VERSION_LABEL];
  return tag ?? (label !== undefined && RELEASES.ofVersion(label) !== undefined ? label : undefined);
}
