import type { Finding, Rule } from '../finding.ts';
import type { Reading, SetHistory } from '../reading.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Seen } from '../seen.ts';
import { count, firstAndLast, names, withNote, times } from '../words.ts';

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
  const are = runners.length > 1 ? 'are' : 'is';
  const its = runners.length > 1 ? 'their' : 'its';
  const later = madeAfter(reading, note.first, new Set(runners.map(({ runner }) => runner.set)));
  return [
    {
      id: 'outdated',
      severity: 'error',
      sentence: `${who} ${are} outdated: GitHub no longer takes ${its} runner version${later.length === 0 ? '' : `; ${count(later.length, 'runner was', 'runners were')} made after that`}.`,
      details: [...sets.flatMap((set) => setTexts(reading, set)), ...laterTexts(later)],
      runners: runners.map(({ runner }) => runner.name),
      evidence: [
        ...firstAndLast(note, 'the status becomes Outdated'),
        ...later.slice(-1).map((runner) => ({ at: createdAt(runner), says: `${runner.name} is created` })),
      ],
      confidence: 'sure',
      advice: `Use a current image of actions-runner in the pod template.${later.length === 0 ? ' A change of the template also brings an outdated set back.' : ''}`,
      weightUs: 1e6,
    },
  ];
};

/** @param sets undefined in it where the log does not tell a runner's set */
function madeAfter(
  reading: Reading,
  { at, line, source }: Seen,
  sets: ReadonlySet<string | undefined>,
): RunnerHistory[] {
  return [...reading.runners.values()].filter((runner) => {
    const created = runner.milestones.get('created');
    if (created === undefined || (sets.size > 0 && !sets.has(undefined) && !sets.has(runner.set))) return false;
    const isLater = created.source === source && created.at.us === at.us ? created.line > line : created.at.us > at.us;
    return isLater;
  });
}

function setTexts(reading: Reading, set: SetHistory): string[] {
  const { outdated: said, name } = set;
  if (said === undefined) return [];
  const isLast = madeAfter(reading, said.last, new Set([name])).length === 0;
  return [`Set ${name} said so ${times(said.count)}${isLast ? ' and has made no runner since' : ''}.`];
}

function laterTexts(later: readonly RunnerHistory[]): Finding['details'] {
  if (later.length === 0) return [];
  const alive = later.filter(({ milestones }) => !milestones.has('deleted') && !milestones.has('gone'));
  return [`Of the later ones, ${alive.length} ${alive.length === 1 ? 'is' : 'are'} still there when the log ends.`];
}

function createdAt({ milestones, first }: RunnerHistory): Seen {
  return milestones.get('created') ?? first;
}
