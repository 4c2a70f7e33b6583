import { VERSION_LABEL } from '../../reconciler/labels.ts';
import { count } from '../../evidence/words.ts';
import { AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import { isVersionAllowed } from '../../reconciler/autoscaling-runner-set/version.ts';
import type { ApiObject } from '../../kubernetes/types.ts';
import type { ArcVersion } from '../arc-version.ts';
import { helm, helmReleaseOf, SCALE_SET_CHART, shellWord } from '../commands.ts';
import type { HazardRule, ObjectAction } from '../hazard.ts';
import type { Snapshot } from '../snapshot.ts';
import { shown } from '../words.ts';

/** A controller deletes scale sets that were made for another version: any other, and since pull request 4080 another minor one. */
export const versionLabel: HazardRule = {
  id: 'version-label',
  looksFor: 'scale sets whose version label the new controller does not take',
  kinds: [AutoscalingRunnerSets],
  isCrossed: () => true,
  isOpen: ({ to }, snapshot) =>
    isNumbered(to) || snapshot.of(AutoscalingRunnerSets).length === 0
      ? undefined
      : `${to.name} has no version yet: built as dev or canary it takes every label, and as a release only its own`,
  find: ({ to, has }, snapshot) => {
    const sets = snapshot
      .of(AutoscalingRunnerSets)
      .filter(({ metadata }) => !isVersionAllowed(metadata.labels?.[VERSION_LABEL], buildOf(to), has));
    if (sets.length === 0) return undefined;
    return {
      severity: 'error',
      sentence: `${to.name} deletes ${count(sets.length, 'scale set')} ${labelsOf(sets)}, with all runners, and at GitHub too.`,
      details: [
        `It takes scale sets labelled ${has.has(4080) ? `${minorOf(buildOf(to))}, any patch version` : buildOf(to)} only.`,
        'The way that GitHub documents is to uninstall the scale sets, upgrade, and install them again; jobs wait in the meantime.',
      ],
      objects: sets.map((set) => shown(set, `${VERSION_LABEL}: ${set.metadata.labels?.[VERSION_LABEL] ?? 'none'}`)),
      actions: sets.flatMap((set) => reinstall(snapshot, set, to)),
      confidence: 'likely',
    };
  },
};

/** `labelled 0.12.1 and 0.11.0`, `without a version label` */
function labelsOf(sets: readonly ApiObject[]): string {
  const labels = new Set(sets.map(({ metadata }) => metadata.labels?.[VERSION_LABEL]));
  const isBare = labels.delete(undefined);
  const known = [...labels].join(', ').replace(/, ([^,]*)$/, ' and $1');
  if (known === '') return 'without a version label';
  return isBare ? `labelled ${known} or without a version label` : `labelled ${known}`;
}

function isNumbered({ name }: ArcVersion): boolean {
  return /^\d/.test(name);
}

/** The version that a controller is built as; the main branch has none, and takes every scale set. */
function buildOf(version: ArcVersion): string {
  return isNumbered(version) ? version.name : 'dev';
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** Without a release of Helm that is known, what installed the scale set is not: its name is what Helm's release is called as a rule. */
function reinstall(snapshot: Snapshot, set: ApiObject, { name: version }: ArcVersion): readonly ObjectAction[] {
  const { name, namespace = '' } = set.metadata;
  const known = helmReleaseOf(set);
  const release = known ?? name;
  const guess = known === undefined ? ' (this call is right if Helm installed it, under its name)' : '';
  // Releases of one name may be in several namespaces.
  const file = namespace === '' ? `${release}-values.yaml` : `${namespace}-${release}-values.yaml`;
  const values = `${helm(snapshot, namespace, 'get', 'values', release, '-o', 'yaml')} > ${shellWord(file)}`;
  const install = ['install', release, SCALE_SET_CHART, '--version', version, '-f', file];
  return [
    { stage: 'uninstall', does: `keep the values of the scale set ${name}${guess}`, command: values },
    {
      stage: 'uninstall',
      does: `uninstall ${name}, and wait until its runners are gone${guess}`,
      command: helm(snapshot, namespace, 'uninstall', release, '--wait'),
      of: set,
    },
    { stage: 'after', does: `install ${name} again${guess}`, command: helm(snapshot, namespace, ...install) },
  ];
}
