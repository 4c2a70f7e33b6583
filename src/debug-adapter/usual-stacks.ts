import { requestAt, statusAt } from '../debug/facts.ts';
import { CallSites } from '../debug/call-sites.ts';
import { PassPath, type StackOf, type StepInPass } from '../debug/pass-path.ts';
import { record, type Recording } from '../debug/recording.ts';
import type { SourcePlace } from '../debug/source-files.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { sampleRuns } from './sample-runs.ts';

const known = new Map<string, StackOf>();

/**
 * Where passes of a release do what a trace says, as short runs of it show: a trace has phases and requests, and no lines of
 * the source. Of what is done at several places there is what these have in common; what the short runs do not do is nowhere.
 * @param releases modes or versions that it may be, in order
 */
export function usualStacks(releases: readonly string[]): StackOf {
  const modes = releases.flatMap(modeOf);
  const [first] = modes;
  const last = modes.at(-1);
  if (first === undefined || last === undefined) return () => NOWHERE;
  // What these two have in common, those between them have too.
  const both = first === last ? [first] : [first, last];
  const name = both.join();
  const stackOf = known.get(name) ?? stacksOf(both);
  known.set(name, stackOf);
  return stackOf;
}

function modeOf(release: string): readonly string[] {
  try {
    return [RELEASES.get(release).id];
  } catch {
    return [];
  }
}

function stacksOf(modes: readonly string[]): StackOf {
  const found = new Map<string, readonly SourcePlace[]>();
  const sites = new CallSites();
  for (const { settings, ...options } of modes.flatMap(sampleRuns)) {
    addStacks(found, record(settings, options, [], sites));
  }
  return (step) => {
    for (const keyOf of KEYS) {
      const stack = found.get(keyOf(step));
      if (stack !== undefined) return stack;
    }
    return NOWHERE;
  };
}

const NOWHERE: readonly SourcePlace[] = [];

function addStacks(found: Map<string, readonly SourcePlace[]>, recording: Recording): void {
  const { moments, sites } = recording;
  for (const { id, controller } of moments.passes()) {
    const path = new PassPath(controller);
    const steps = moments.ofPass(id).flatMap((at) => {
      const step = stepAt(path, recording, at);
      return step === undefined ? [] : [{ step, stack: sites.frames(moments.site(at)) }];
    });
    for (const { step, stack } of steps) {
      for (const keyOf of KEYS) add(found, keyOf(step), stack);
    }
  }
}

function add(found: Map<string, readonly SourcePlace[]>, key: string, stack: readonly SourcePlace[]): void {
  const before = found.get(key);
  if (before !== stack) found.set(key, before === undefined ? stack : commonOf(before, stack));
}

/** Undefined for what is in no trace. */
function stepAt(path: PassPath, recording: Recording, at: number): StepInPass | undefined {
  const { moments } = recording;
  const [effect, outcome] = [moments.effect(at), moments.outcome(at)];
  if (outcome !== undefined) path.ends(outcome.kind);
  if (effect?.kind === 'phase') return path.beginsPhase(effect.phase);
  if (effect?.kind === 'log') return path.writes(effect.message);
  const request = requestAt(recording, at);
  return request === undefined ? undefined : path.sends(request.verb, request.resource, statusAt(recording, at));
}

/** By what a step is looked for, beginning with what says the most. A log may tell of a step without its phase. */
const KEYS: readonly ((step: StepInPass) => string)[] = [
  ({ path, before, step }) => `${path.controller}:${path.whole}:${before}: ${step}`,
  ({ path, before, step }) => `${path.controller}:${before}: ${step}`,
  ({ path, phase, previous, step }) => `${path.controller}:${phase}:${previous}: ${step}`,
  ({ path, phase, step }) => `${path.controller}:${phase}: ${step}`,
  ({ path, step }) => `${path.controller}: ${step}`,
];

/** What two stacks have in common: the line, where that is the same, and else the calls that lead to both. */
function commonOf(one: readonly SourcePlace[], other: readonly SourcePlace[]): readonly SourcePlace[] {
  const differsAt = one.findIndex((place, index) => !isSame(place, other[index]));
  if (differsAt !== 0) return differsAt < 0 ? one : one.slice(0, differsAt);
  const differsBefore = one.findLastIndex((place, index) => !isSame(place, other[index - one.length + other.length]));
  return one.slice(differsBefore + 1);
}

function isSame(one: SourcePlace, other: SourcePlace | undefined): boolean {
  return one.file === other?.file && one.line === other?.line && one.column === other?.column;
}
