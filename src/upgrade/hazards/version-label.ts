import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import { VERSION_LABEL } from '../../reconciler/labels.ts';
import { AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import { isVersionAllowed } from '../../reconciler/autoscaling-runner-set/version.ts';
import type { ApiObject } from '../../kubernetes/types.ts';
import type { ArcVersion } from '../arc-version.ts';
import { helm, helmReleaseOf, kubectl, SCALE_SET_CHART, shellWord } from '../commands.ts';
import type { HazardRule, ObjectAction } from '../hazard.ts';
import type { Snapshot } from '../snapshot.ts';
import { shown } from '../words.ts';

/** A controller deletes scale sets that were made for another version: any other, and since pull request 4080 another minor one. */
export const versionLabel: HazardRule = {
  id: 'version-label',
  looksFor: () => t('scale sets whose version label the new controller does not take'),
  kinds: [AutoscalingRunnerSets],
  isCrossed: () => true,
  isOpen: ({ to }, snapshot) =>
    isNumbered(to) || snapshot.of(AutoscalingRunnerSets).length === 0
      ? undefined
      : t(
          '{0} has no version yet: built as dev or canary it takes every label, and as a release only its own',
          to.name,
        ),
  find: ({ from, to, has }, snapshot) => {
    const sets = snapshot.of(AutoscalingRunnerSets).filter((set) => !isVersionAllowed(labelOf(set), buildOf(to), has));
    if (sets.length === 0) return undefined;
    // The chart writes the label: a set without one has it in the cluster, where nobody took it away.
    const bare = sets.filter((set) => labelOf(set) === undefined);
    const untold = t('The chart of a scale set writes that label: what was read may lack it.');
    const objects = sets.map((set) => shown(set, `${VERSION_LABEL}: ${labelOf(set) ?? 'none'}`));
    if (bare.length === sets.length && isVersionAllowed(buildOf(from), buildOf(to), has)) {
      return {
        severity: 'warning',
        sentence: counted(
          sets.length,
          t('{0} deletes 1 scale set if it is {1} in the cluster too.', to.name, labelsOf(sets)),
          t('{0} deletes {2} scale sets if they are {1} in the cluster too.', to.name, labelsOf(sets), sets.length),
        ),
        details: [untold],
        objects,
        actions: [
          {
            stage: 'settle',
            does: t('see that the scale sets have the label {0}: {1}', VERSION_LABEL, from.name),
            command: kubectl(snapshot, '', 'get', 'autoscalingrunnersets', '-A', '-L', VERSION_LABEL),
          },
        ],
        confidence: 'likely',
      };
    }
    return {
      severity: 'error',
      sentence: counted(
        sets.length,
        t('{0} deletes 1 scale set {1}, with all runners, and at GitHub too.', to.name, labelsOf(sets)),
        t(
          '{0} deletes {2} scale sets {1}, with all runners, and at GitHub too.',
          to.name,
          labelsOf(sets),
          thousands(sets.length),
        ),
      ),
      details: [
        has.has(4080)
          ? t('It takes scale sets labelled {0}, any patch version only.', minorOf(buildOf(to)))
          : t('It takes scale sets labelled {0} only.', buildOf(to)),
        t(
          'The way that GitHub documents is to uninstall the scale sets, upgrade, and install them again; jobs wait in the meantime.',
        ),
        ...(bare.length > 0 ? [untold] : []),
      ],
      objects,
      actions: sets.flatMap((set) => reinstall(snapshot, set, to)),
      confidence: 'likely',
    };
  },
};

function labelOf({ metadata }: ApiObject): string | undefined {
  return metadata.labels?.[VERSION_LABEL];
}

/** `labelled 0.12.1 and 0.11.0`, `without a version label` */
function labelsOf(sets: readonly ApiObject[]): string {
  const labels = new Set(sets.map(labelOf));
  const isBare = labels.delete(undefined);
  const known = [...labels].join(', ').replace(/, ([^,]*)$/, ' and $1');
  if (known === '') return t('without a version label');
  return isBare ? t('labelled {0} or without a version label', known) : t('labelled {0}', known);
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
  const isGuess = known === undefined;
  // Releases of one name may be in several namespaces.
  const file = namespace === '' ? `${release}-values.yaml` : `${namespace}-${release}-values.yaml`;
  const values = `${helm(snapshot, namespace, 'get', 'values', release, '-o', 'yaml')} > ${shellWord(file)}`;
  const install = ['install', release, SCALE_SET_CHART, '--version', version, '-f', file];
  return [
    { stage: 'uninstall', does: t('keep the values of the scale set {0}', name), command: values, isGuess },
    {
      stage: 'uninstall',
      does: t('uninstall {0}, and wait until its runners are gone', name),
      command: helm(snapshot, namespace, 'uninstall', release, '--wait'),
      isGuess,
      of: set,
    },
    { stage: 'after', does: t('install {0} again', name), command: helm(snapshot, namespace, ...install), isGuess },
  ];
}
