import { count } from '../../evidence/words.ts';
import { AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import { isVersionAllowed } from '../../reconciler/autoscaling-runner-set/version.ts';
import type { ArcVersion } from '../arc-version.ts';
import { helm, helmReleaseOf, kubectl, SCALE_SET_CHART } from '../commands.ts';
import type { Action, HazardRule } from '../hazard.ts';
import type { Snapshot } from '../snapshot.ts';
import { shown } from '../words.ts';

const LABEL = 'app.kubernetes.io/version';

/** A controller deletes scale sets that were made for another version: any other, and since pull request 4080 another minor one. */
export const versionLabel: HazardRule = {
  id: 'version-label',
  looksFor: 'scale sets whose version label the new controller does not take',
  kinds: [AutoscalingRunnerSets],
  isCrossed: () => true,
  find: ({ to, has }, snapshot) => {
    const sets = snapshot
      .of(AutoscalingRunnerSets)
      .filter(({ metadata }) => !isVersionAllowed(metadata.labels?.[LABEL], buildOf(to), has));
    if (sets.length === 0) return undefined;
    const labels = [...new Set(sets.map(({ metadata }) => metadata.labels?.[LABEL] ?? 'no version'))].join(', ');
    return {
      severity: 'error',
      sentence: `${to.name} deletes ${count(sets.length, 'scale set')} labelled ${labels}, with all runners, and at GitHub too.`,
      details: [
        `It takes scale sets labelled ${has.has(4080) ? `${minorOf(buildOf(to))}, any patch version` : buildOf(to)} only.`,
        'The way that GitHub documents is to uninstall the scale sets, upgrade, and install them again; jobs wait in the meantime.',
      ],
      objects: sets.map((set) => shown(set, `${LABEL}: ${set.metadata.labels?.[LABEL] ?? 'none'}`)),
      actions: sets.flatMap((set) => reinstall(snapshot, set, to)),
      confidence: 'likely',
    };
  },
};

/** The version that a controller is built as; the main branch has none, and takes every scale set. */
function buildOf({ name }: ArcVersion): string {
  return /^\d/.test(name) ? name : 'dev';
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function reinstall(
  snapshot: Snapshot,
  set: Parameters<typeof helmReleaseOf>[0],
  { name: version }: ArcVersion,
): readonly Action[] {
  const { name, namespace = '' } = set.metadata;
  const release = helmReleaseOf(set);
  if (release === undefined) {
    const command = kubectl(snapshot, namespace, 'delete', 'autoscalingrunnerset', name);
    return [{ stage: 'uninstall', does: `take the scale set ${name} away, and wait until it is gone`, command }];
  }
  const file = `${release}-values.yaml`;
  const values = `${helm(snapshot, namespace, 'get', 'values', release, '-o', 'yaml')} > ${file}`;
  const install = ['install', release, SCALE_SET_CHART, '--version', version, '-f', file];
  return [
    { stage: 'uninstall', does: `keep the values of the scale set ${name}`, command: values },
    {
      stage: 'uninstall',
      does: `uninstall ${name}, and wait until its runners are gone`,
      command: helm(snapshot, namespace, 'uninstall', release, '--wait'),
    },
    { stage: 'after', does: `install ${name} again`, command: helm(snapshot, namespace, ...install) },
  ];
}
