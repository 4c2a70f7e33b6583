import { t } from '@vscode/l10n';
import { counted, thousands, timesText } from '../../base/count-words.ts';
import type { Finding, Rule } from '../finding.ts';
import { isLaterLine, type Reading, type SetHistory } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Seen } from '../seen.ts';
import { firstAndLast, names, withNote } from '../words.ts';

/**
 * A runner of a version that GitHub no longer takes ends with exit code 7, since 0.14.0 as Outdated. What its set does then
 * depends on the release and on who looks first: whether it still makes runners, only the lines tell.
 */
export const outdated: Rule = (reading) => {
  const runners = withNote(reading, 'outdated');
  const sets = [...reading.sets.values()].filter((set) => set.outdated !== undefined);
  const note = runners[0]?.note ?? sets[0]?.outdated;
  if (note === undefined) return [];
  const who = runners.length > 0 ? names(runners.map(({ runner }) => runner)) : (sets[0]?.name ?? '');

  const concerned = new Set([...runners.map(({ runner }) => setKey(runner)), ...sets.map(keyOfSet)]);
  const later = madeAfter(reading, note.first, concerned);
  return [
    {
      id: 'outdated',
      severity: 'error',
      sentence: sentenceOf(who, runners.length > 1, later.length),
      details: [...sets.flatMap((set) => setTexts(reading, set)), ...laterTexts(later)],
      runners: runners.map(({ runner }) => runner.name),
      evidence: [
        ...firstAndLast(note, t('the status becomes Outdated')),
        ...later.slice(-1).map((runner) => ({ at: createdAt(runner), says: t('{0} is created', runner.name) })),
      ],
      confidence: 'sure',
      advice:
        later.length === 0
          ? t(
              'Use a current image of actions-runner in the pod template. A change of the template also brings an outdated set back.',
            )
          : t('Use a current image of actions-runner in the pod template.'),
      weightUs: 1e6,
    },
  ];
};

/** The name of a runner begins with that of its set. */
const OF_SET = /^(.+)-runner-[a-z0-9]+$/;

/** The set of a runner, by the line of its creation or by its name; undefined where neither does. */
function setKey({ namespace, name, set = OF_SET.exec(name)?.[1] }: RunnerHistory): string | undefined {
  return set === undefined ? undefined : `${namespace}/${set}`;
}

function keyOfSet({ namespace, name }: SetHistory): string {
  return `${namespace}/${name}`;
}

/** Runners of these sets, by their keys; of any where one is undefined. */
function madeAfter(reading: Reading, end: Seen, sets: ReadonlySet<string | undefined>): RunnerHistory[] {
  return [...reading.runners.values()].filter((runner) => {
    const created = runner.milestones.get('created');
    if (created === undefined || (!sets.has(undefined) && !sets.has(setKey(runner)))) return false;
    return created.source === end.source && created.at.us === end.at.us
      ? isLaterLine(reading, created, end)
      : created.at.us > end.at.us;
  });
}

function sentenceOf(who: string, areSeveral: boolean, later: number): string {
  const is = areSeveral
    ? t('{0} are outdated: GitHub no longer takes their runner version', who)
    : t('{0} is outdated: GitHub no longer takes its runner version', who);
  if (later === 0) return `${is}.`;
  return counted(
    later,
    t('{0}; 1 runner was made after that.', is),
    t('{0}; {1} runners were made after that.', is, thousands(later)),
  );
}

function setTexts(reading: Reading, set: SetHistory): string[] {
  const { outdated: said, name } = set;
  if (said === undefined) return [];
  const isLast = madeAfter(reading, said.last, new Set([keyOfSet(set)])).length === 0;
  const often = timesText(said.count);
  return [
    isLast
      ? t('Set {0} said so {1} and has made no runner since.', name, often)
      : t('Set {0} said so {1}.', name, often),
  ];
}

function laterTexts(later: readonly RunnerHistory[]): Finding['details'] {
  if (later.length === 0) return [];
  const alive = later.filter(({ milestones }) => !milestones.has('deleted') && !milestones.has('gone'));
  return [
    counted(
      alive.length,
      t('Of the later ones, 1 is still there when the log ends.'),
      t('Of the later ones, {0} are still there when the log ends.', thousands(alive.length)),
    ),
  ];
}

function createdAt({ milestones, first }: RunnerHistory): Seen {
  return milestones.get('created') ?? first;
}
