import { crashPoints, describeCrashPoint, playCrashPoint } from './chain/crash-points.ts';
import { chainScenarioOf, describeChain } from './chain/scenarios.ts';
import { playChain } from './chain/world.ts';
import { describeInterleaving, interleavings, playInterleaving } from './interleavings.ts';
import { describeScenario, scenarioOf } from './scenarios.ts';
import { play } from './world.ts';

/** What a part of the campaign plays, as data that threads can be sent. */
export type Task =
  | { readonly kind: 'runners'; readonly first: number; readonly runs: number; readonly runners: number }
  | { readonly kind: 'chains'; readonly first: number; readonly runs: number }
  | { readonly kind: 'interleavings'; readonly runners: number; readonly modes: readonly string[] }
  | { readonly kind: 'crash-points'; readonly modes: readonly string[] };

export interface Played {
  readonly played: number;
  readonly crashes: number;
  readonly strategies: ReadonlySet<string>;
  /** How often each of upstream's flaws was met. */
  readonly flaws: ReadonlyMap<string, number>;
  /** The first run that went wrong: which, how to repeat it, and what was wrong. */
  readonly wrong: string | undefined;
}

/** One run: its title and what came of it. */
interface Turn {
  readonly title: string;
  readonly strategies: readonly string[];
  readonly play: () => {
    readonly violations: readonly string[];
    readonly flaws: ReadonlyMap<string, number>;
    readonly crashes: number;
  };
}

/** Plays every n-th run of a task, to the first that goes wrong. */
export function playPart(task: Task, part: number, parts: number): Played {
  const strategies = new Set<string>();
  const flaws = new Map<string, number>();
  let [played, crashes, index] = [0, 0, 0];
  for (const turn of turnsOf(task)) {
    if (index++ % parts !== part) continue;
    const outcome = turn.play();
    played++;
    crashes += outcome.crashes;
    for (const strategy of turn.strategies) strategies.add(strategy);
    for (const [flaw, count] of outcome.flaws) flaws.set(flaw, (flaws.get(flaw) ?? 0) + count);
    if (outcome.violations.length > 0) {
      return { played, crashes, strategies, flaws, wrong: [turn.title, ...outcome.violations].join('\n  ') };
    }
  }
  return { played, crashes, strategies, flaws, wrong: undefined };
}

function* turnsOf(task: Task): Generator<Turn> {
  switch (task.kind) {
    case 'runners':
      for (let seed = task.first; seed < task.first + task.runs; seed++) {
        const scenario = scenarioOf(seed, task.runners);
        const title = `${describeScenario(scenario)}; npm run campaign -- --seed ${seed} --log`;
        yield { title, strategies: scenario.strategies, play: () => play(scenario) };
      }
      return;
    case 'chains':
      for (let seed = task.first; seed < task.first + task.runs; seed++) {
        const scenario = chainScenarioOf(seed);
        const title = `${describeChain(scenario)}; npm run campaign -- --chain --seed ${seed} --log`;
        yield { title, strategies: scenario.strategies, play: () => playChain(scenario) };
      }
      return;
    case 'interleavings':
      for (const each of interleavings(task.runners, task.modes)) {
        yield { title: describeInterleaving(each), strategies: [], play: () => playInterleaving(each) };
      }
      return;
    case 'crash-points':
      for (const each of crashPoints(task.modes)) {
        yield { title: describeCrashPoint(each), strategies: [], play: () => playCrashPoint(each) };
      }
  }
}
