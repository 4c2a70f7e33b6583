import { t } from '@vscode/l10n';
import { describe, type Stop } from '../debug/breakpoints.ts';
import type { Arrival, Debugger } from '../debug/debugger.ts';
import type { Moment } from '../debug/moments.ts';
import { search } from '../debug/navigation.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { BreakpointList } from './breakpoint-list.ts';
import { RequestError, type Answer, type Requests } from './requests.ts';
import type { Threads } from './threads.ts';
import type { Walk } from './walk.ts';

interface Parts {
  readonly breakpoints: BreakpointList;
  readonly threads: Threads;
  readonly walk: Walk;
  readonly say: (text: string) => void;
  /** Paths of the files that are replayed. */
  readonly replayed: () => readonly string[];
}

/** What takes an editor elsewhere in its run. It is answered before it hears where. */
export function walkRequests({ breakpoints, threads, walk, say, replayed }: Parts): Requests {
  /** Moments that were given as targets of lines. */
  const targets = new Set<number>();

  const step = (at: { readonly threadId?: number }, go: (debugging: Debugger) => Arrival | undefined): Answer => {
    threads.check(walk.begun(), at.threadId);
    return { after: () => walk.step(go) };
  };
  const stepOn = (at: { readonly threadId?: number }, go: (debugging: Debugger) => Arrival | undefined): Answer =>
    step(at, (debugging) => {
      const stuck = stuckText(debugging);
      if (stuck !== undefined) say(stuck);
      return go(debugging);
    });
  const run = (direction: 1 | -1, body?: unknown): Answer => {
    // There must be a run.
    walk.begun();
    return { body, after: () => walk.run(direction) };
  };

  return {
    continue: () => run(1, { allThreadsContinued: true }),
    reverseContinue: () => run(-1),
    next: (at) => stepOn(at, (debugging) => debugging.stepOver()),
    stepIn: (at) => stepOn(at, (debugging) => debugging.stepInto()),
    stepOut: (at) => stepOn(at, (debugging) => debugging.stepOut()),
    stepBack: (at) => step(at, (debugging) => debugging.stepBack()),
    pause: () => ({ after: () => walk.pause() }),
    gotoTargets: ({ source, line }) => {
      const debugging = walk.debugger;
      const stop = breakpoints.lineStop(source, line, replayed());
      const found = debugging === undefined || typeof stop === 'string' ? [] : passesOfLine(debugging, stop);
      for (const { moment } of found) targets.add(moment);
      return { body: { targets: found.map(({ moment, label }) => ({ id: moment, label, line })) } };
    },
    goto: ({ targetId }) => {
      if (!targets.has(targetId)) {
        throw new RequestError(t('No target with this id was given; ask for the targets of a line first.'));
      }
      return { after: () => walk.step((debugging) => debugging.goTo(targetId)) };
    },
  };
}

/** What to say before a step leaves a pass that goes no further; undefined where it does. */
function stuckText({ recording, at, isStuck }: Debugger): string | undefined {
  if (!isStuck) return undefined;
  const { name } = splitKey(recording.moments.pass(at).key);
  const what = describe(recording, at);
  return t('{0} has no answer before the run is over: the pass of {1} goes no further.', what, name);
}

/** Where passes come to a line: the next time and the time before. */
function passesOfLine({ recording, at }: Debugger, stop: Stop): readonly { moment: Moment; label: string }[] {
  const ways = [
    [1, t('Next pass')],
    [-1, t('Pass before')],
  ] as const;
  return ways.flatMap(([direction, way]) => {
    const moment = search(recording, at, direction, [stop])?.moment;
    return moment === undefined ? [] : [{ moment, label: `${way}: ${recording.moments.pass(moment).key}` }];
  });
}
