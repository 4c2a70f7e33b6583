import { t } from '@vscode/l10n';
import { counted, namesInWords, thousands, timesText } from '../../base/count-words.ts';
import { groupBy } from '../../base/group.ts';
import type { Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';
import type { VersionDeletion } from '../version-deletion.ts';
import { clock, firstAndLast } from '../words.ts';

type Named = VersionDeletion & { readonly name: string };

/** Scale sets of another version than the controller's, which it deletes: the commonest accident of an upgrade. */
export const versionDeletions: Rule = (reading) => {
  const all = [...reading.versionDeletions].map(([name, deletion]): Named => ({ name, ...deletion }));
  const alike = groupBy(all, ({ build, label, gone, back }) =>
    [build, label, gone === undefined, back === undefined].join('/'),
  );
  return [...alike.values()].map((sets) => finding(reading, sets as [Named, ...Named[]]));
};

function finding(reading: Reading, sets: readonly [Named, ...Named[]]): Finding {
  const [first] = sets;
  const { build, label, gone, back, said } = first;
  const isGone = (gone ?? back) !== undefined;
  const which = sets.length === 1 ? t('scale set {0}', first.name) : t('{0} scale sets', thousands(sets.length));
  const labelled = label === '' ? t('without a version label') : t('labelled {0}', label);
  return {
    id: 'version-deletion',
    severity: back === undefined ? 'error' : 'warning',
    sentence: isGone
      ? t(
          '{0} deleted {1} {2} at {3}, with all runners, and at GitHub too.',
          ...[controllerText(build), which, labelled, clock(said.first)],
        )
      : t(
          '{0} began to delete {1} {2} at {3}, with all runners, and at GitHub too.',
          ...[controllerText(build), which, labelled, clock(said.first)],
        ),
    details: [
      ...(sets.length === 1 ? [] : [t('They are {0}.', namesInWords(sets.map(({ name }) => name)))]),
      t('A controller keeps only scale sets of its own version; since 0.12.0, of any patch of it.'),
      ...sinceText(sets),
    ],
    runners: [],
    evidence: [
      ...firstAndLast(said, t('the version label of {0} is another than that of the controller', first.name)),
      ...(gone === undefined ? [] : [{ at: gone, says: t('nothing of {0} is left', first.name) }]),
    ],
    confidence: 'sure',
    advice: adviceFor(build, isGone),
    weightUs: Math.max(1e6, (back?.at.us ?? reading.latestUs) - said.first.at.us),
  };
}

function controllerText(build: string): string {
  return isNumbered(build) ? t('Controller {0}', build) : t('A controller built without a version ({0})', build);
}

/** What happened to them since. */
function sinceText(sets: readonly [Named, ...Named[]]): string[] {
  const last = (of: 'gone' | 'back') =>
    sets
      .flatMap((set) => set[of] ?? [])
      .reduce((a, b) => (a.at.us >= b.at.us ? a : b), sets[0][of] ?? sets[0].said.last);
  const [{ gone, back }] = sets;
  const times = Math.max(...sets.map((set) => set.times));
  const again =
    times === 1
      ? []
      : [
          t(
            'That came {0}: something, such as Argo CD or Flux, installs it again with the same label.',
            timesText(times),
          ),
        ];
  if (back !== undefined) {
    const at = clock(last('back'));
    return [
      counted(
        sets.length,
        t('It was there again at {0}; its jobs waited in the meantime.', at),
        t('They were there again by {0}; their jobs waited in the meantime.', at),
      ),
    ];
  }
  if (gone === undefined)
    return [
      ...again,
      counted(sets.length, t('It is not gone when the log ends.'), t('They are not gone when the log ends.')),
    ];
  const at = clock(last('gone'));
  return [
    ...again,
    counted(
      sets.length,
      t('It was gone at {0}. Its jobs wait until it is installed again.', at),
      t('They were gone at {0}. Their jobs wait until they are installed again.', at),
    ),
  ];
}

function adviceFor(build: string, isGone: boolean): string {
  if (!isNumbered(build)) {
    return t(
      "Run the controller's published image, which has a version, and then install the scale set's chart (gha-runner-scale-set) in the same version again.",
    );
  }
  return isGone
    ? t(
        "Install the scale set's chart in the controller's version, with the values that it had: helm upgrade --install NAME oci://ghcr.io/actions/actions-runner-controller-charts/gha-runner-scale-set --version {0}. Before the next upgrade: arc-lab upgrade-check.",
        build,
      )
    : t(
        "Once it is gone, install the scale set's chart in the controller's version, with the values that it had: helm upgrade --install NAME oci://ghcr.io/actions/actions-runner-controller-charts/gha-runner-scale-set --version {0}. Before the next upgrade: arc-lab upgrade-check.",
        build,
      );
}

function isNumbered(build: string): boolean {
  return /^v?\d/.test(build);
}
