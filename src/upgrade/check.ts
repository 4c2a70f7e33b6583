import { count } from '../evidence/words.ts';
import { arcVersion, isOlder, type ArcVersion } from './arc-version.ts';
import { Crossing } from './crossing.ts';
import { differencesOf, type Difference } from './differences.ts';
import type { Action, FoundHazard, Hazard } from './hazard.ts';
import { HAZARDS } from './hazards/all.ts';
import { installedIn, type Installed } from './installed.ts';
import { emptyText, notLookedFor, readObjects, type NotLookedFor, type ReadObjects } from './looked-at.ts';
import type { Snapshot } from './snapshot.ts';
import { inOrder, upgradeActions, withoutGone } from './upgrade-actions.ts';

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
  readonly lookedFor: readonly string[];
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
  const installed: Installed = from === undefined ? installedIn(snapshot) : { version: from, saidBy: 'as given' };
  const crossing = new Crossing(arcVersion(installed.version), wanted);
  const crossed = HAZARDS.filter(({ isCrossed }) => isCrossed(crossing));
  const found = crossed.flatMap((rule): FoundHazard[] => {
    const hazard = rule.find(crossing, snapshot);
    return hazard === undefined ? [] : [{ id: rule.id, ...hazard }];
  });
  const hazards = withoutGone(found, snapshot).sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
  const missing = notLookedFor(crossed, crossing, snapshot);
  const but = [emptyText(snapshot) ?? [], missing.length > 0 ? 'not everything could be looked at' : []].flat();
  return {
    verdict: verdictOf(crossing, hazards, but),
    isClean: hazards.length === 0 && but.length === 0,
    from: crossing.from.name,
    fromSaidBy: installed.saidBy,
    to: wanted.name,
    source: snapshot.source,
    read: readObjects(snapshot),
    remarks: remarksOn(crossing),
    hazards,
    actions: inOrder([...hazards.flatMap(({ actions }) => actions), ...upgradeActions(snapshot, crossing)]),
    differences: differencesOf(crossing),
    lookedFor: crossed.map(({ looksFor }) => looksFor).filter((what) => !missing.some((one) => one.what === what)),
    notLookedFor: missing,
  };
}

/** @param but ends of a sentence that say why to have found nothing is no proof */
function verdictOf({ from, to }: Crossing, hazards: readonly Hazard[], but: readonly string[]): string {
  const change = isOlder(to, from) ? 'downgrade' : 'upgrade';
  const way = `from ${from.name} to ${to.name}`;
  const worst = hazards.filter(({ severity }) => severity === 'error').length;
  if (worst > 0) return `Do not ${change} ${way} as it is: ${count(worst, 'hazard')} would stop or lose something.`;
  const others = hazards.filter(({ severity }) => severity === 'warning').length;
  if (others > 0) return `You may ${change} ${way} if you deal with ${count(others, 'hazard')} first.`;
  const same = from.name === to.name ? `${to.name} runs already. ` : '';
  return `${same}Nothing was found against the ${change} ${way}${but.length === 0 ? '' : `, but ${but.join(', and ')}`}.`;
}

function remarksOn({ from, to }: Crossing): readonly string[] {
  const known = (version: ArcVersion): readonly string[] =>
    version.takenFor === undefined
      ? []
      : [`ARC ${version.name} is not known here; it is checked as if it were ${version.takenFor}.`];
  const lacks = to.release.variation?.without.filter((one) => one !== 4324) ?? [];
  const mended = to.release.variation?.of ?? '';
  return [
    ...known(from),
    ...(from.name === to.name ? [] : known(to)),
    ...(isOlder(to, from)
      ? [
          `${to.name} is older than ${from.name}, which runs: GitHub documents no way back, and hazards are those of going back.`,
        ]
      : []),
    ...(lacks.length > 0
      ? [`${to.name} lacks what ${mended} brought (${lacks.join(', ')}); go to ${mended} instead.`]
      : []),
  ];
}
