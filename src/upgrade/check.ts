import { t } from '@vscode/l10n';
import { counted, thousands } from '../base/count-words.ts';
import { acquiresJobs } from '../reconciler/releases/acquires-jobs.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { arcVersion, isOlder, shownVersion, type ArcVersion } from './arc-version.ts';
import { Crossing } from './crossing.ts';
import { differencesOf, type Difference } from './differences.ts';
import type { Action, FoundHazard, Hazard } from './hazard.ts';
import { HAZARDS } from './hazards/all.ts';
import { installedIn, shownInsteadOf, type Installed } from './installed.ts';
import { emptyText, notLookedFor, readObjects, type NotLookedFor, type ReadObjects } from './looked-at.ts';
import type { Snapshot } from './snapshot.ts';
import { inOrder, upgradeActions, withoutGone } from './upgrade-actions.ts';
import { writtenByOther } from './written-by-other.ts';

/** What an upgrade would do to the objects of a cluster. */
export interface UpgradeAnswer {
  readonly verdict: string;
  /** Whether everything was looked at, there was something, and nothing was found. */
  readonly isClean: boolean;
  readonly from: string;
  readonly fromSaidBy: string;
  readonly to: string;
  readonly source: string;
  /** How many objects of each kind were read. */
  readonly read: ReadObjects;
  /** Good to know of the two versions, one sentence each. */
  readonly remarks: readonly string[];
  /** The worst come first. */
  readonly hazards: readonly Hazard[];
  /** What to do, in this order. */
  readonly actions: readonly Action[];
  readonly differences: readonly Difference[];
  /** What it would do to the load in a log, one sentence; undefined where no log was given. */
  readonly effect?: string | undefined;
  /** What was looked for in vain. */
  readonly notFound: readonly string[];
  /** What could not be looked for, or not everywhere, and why. */
  readonly notLookedFor: readonly NotLookedFor[];
}

const SEVERITIES = ['error', 'warning', 'note'] as const;

/**
 * @param to the version that is wanted
 * @param from the version that runs, where the objects do not say it, or are to be overruled
 * @throws UpgradeError where a version is not known, or nothing says which one runs
 */
export function checkUpgrade(snapshot: Snapshot, to: string, from?: string): UpgradeAnswer {
  const wanted = arcVersion(to);
  const installed: Installed = from === undefined ? installedIn(snapshot) : { version: from, saidBy: t('as given') };
  const crossing = new Crossing(from === undefined ? shownVersion(installed.version) : arcVersion(from), wanted);
  const crossed = HAZARDS.filter(({ isCrossed }) => isCrossed(crossing));
  const found = crossed.flatMap((rule): FoundHazard[] => {
    const hazard = rule.find(crossing, snapshot);
    return hazard === undefined ? [] : [{ id: rule.id, ...hazard }];
  });
  const hazards = withoutGone(found, snapshot).sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
  const missing = notLookedFor(crossed, crossing, snapshot);
  const but = [emptyText(snapshot) ?? [], missing.length > 0 ? t('not everything could be looked at') : []].flat();
  return {
    verdict: verdictOf(crossing, hazards, but),
    isClean: hazards.length === 0 && but.length === 0,
    from: crossing.from.name,
    fromSaidBy: installed.saidBy,
    to: wanted.name,
    source: snapshot.source,
    read: readObjects(snapshot),
    remarks: [
      ...(from === undefined ? [] : overruled(crossing.from, snapshot)),
      ...writtenByOther(crossing, snapshot),
      ...remarksOn(crossing),
    ],
    hazards,
    actions: inOrder([...hazards.flatMap(({ actions }) => actions), ...upgradeActions(snapshot, crossing)]),
    differences: differencesOf(crossing),
    notFound: crossed
      .filter(({ id }) => !hazards.some((hazard) => hazard.id === id))
      .map(({ looksFor }) => looksFor())
      .filter((what) => !missing.some((one) => one.what === what)),
    notLookedFor: missing,
  };
}

/** @param but ends of a sentence that say why to have found nothing is no proof */
function verdictOf({ from, to }: Crossing, hazards: readonly Hazard[], but: readonly string[]): string {
  const isBack = isOlder(to, from);
  const worst = hazards.filter(({ severity }) => severity === 'error').length;
  const also = but.length === 0 ? '' : t('; {0}', but.join(t(', and ')));
  if (worst > 0) {
    const many = hazardsText(worst);
    if (from.name === to.name) {
      return counted(
        worst,
        t('{0} runs already, and its upgrade is half done: 1 hazard stops or loses something{1}.', to.name, also),
        t(
          '{0} runs already, and its upgrade is half done: {2} hazards stop or lose something{1}.',
          to.name,
          also,
          worst,
        ),
      );
    }
    return isBack
      ? t(
          'Do not downgrade from {0} to {1} as it is: {2} would stop or lose something{3}.',
          from.name,
          to.name,
          many,
          also,
        )
      : t(
          'Do not upgrade from {0} to {1} as it is: {2} would stop or lose something{3}.',
          from.name,
          to.name,
          many,
          also,
        );
  }
  const others = hazards.filter(({ severity }) => severity === 'warning').length;
  if (others > 0) {
    const many = hazardsText(others);
    if (from.name === to.name) return t('{0} runs already; deal with {1}{2}.', to.name, many, also);
    return isBack
      ? t('You may downgrade from {0} to {1} if you deal with {2} first{3}.', from.name, to.name, many, also)
      : t('You may upgrade from {0} to {1} if you deal with {2} first{3}.', from.name, to.name, many, also);
  }
  const nothing =
    from.name === to.name
      ? t('{0} runs already, so there is nothing to upgrade, and nothing was found against staying with it', to.name)
      : isBack
        ? t('Nothing was found against the downgrade from {0} to {1}', from.name, to.name)
        : t('Nothing was found against the upgrade from {0} to {1}', from.name, to.name);
  return but.length === 0 ? t('{0}.', nothing) : t('{0}, but {1}.', nothing, but.join(t(', and ')));
}

function hazardsText(hazards: number): string {
  return counted(hazards, t('1 hazard'), t('{0} hazards', thousands(hazards)));
}

/** Who gives a version may not know that objects show another one. */
function overruled({ name }: ArcVersion, snapshot: Snapshot): readonly string[] {
  const shows = shownInsteadOf(name, snapshot);
  if (shows === undefined) return [];
  const { version, saidBy } = shows;
  return [
    t(
      '{0} shows ARC {1}, but the check is from {2}, as --from says; leave --from out to check from {1}.',
      saidBy,
      version,
      name,
    ),
  ];
}

function remarksOn({ from, to }: Crossing): readonly string[] {
  const known = (version: ArcVersion): readonly string[] =>
    version.takenFor === undefined
      ? []
      : [t('ARC {0} is not known here; it is checked as if it were {1}.', version.name, version.takenFor)];
  const mended = to.release.listed ?? to.release.id;
  const brought = [...RELEASES.get(mended).switches].filter((one) => !to.release.switches.has(one));
  const lacks = brought.filter((one) => one !== 4324);
  return [
    ...known(from),
    ...(from.name === to.name ? [] : known(to)),
    ...(isOlder(to, from)
      ? [
          t(
            '{0} is older than {1}, which runs: GitHub documents no way back, and hazards are those of going back.',
            to.name,
            from.name,
          ),
        ]
      : []),
    ...(to.name === to.release.id && !acquiresJobs(to.release)
      ? [
          t(
            'The listener of {0} acquires no jobs, so GitHub Enterprise Server assigns none; go to a later version.',
            to.name,
          ),
        ]
      : []),
    ...(lacks.length > 0
      ? [t('{0} lacks what {1} brought ({2}); go to {1} instead.', to.name, mended, lacks.join(', '))]
      : []),
  ];
}
