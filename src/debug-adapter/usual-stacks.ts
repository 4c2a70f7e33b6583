import { phaseAt, requestAt } from '../debug/facts.ts';
import { record } from '../debug/recording.ts';
import type { StackOf } from '../debug/replay.ts';
import type { SourcePlace } from '../debug/source-files.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS } from '../run/settings.ts';

/**
 * Where passes of a release do what a trace says, as a short run of it shows: a trace has phases and requests, and no lines
 * of the source. What the short run does not do is nowhere.
 * @param release as the trace's header names it
 */
export function usualStacks(release: string | undefined): StackOf {
  const mode = RELEASES.ids.find((id) => id === release);
  if (mode === undefined) return () => [];
  const found = new Map<string, readonly SourcePlace[]>();
  const recording = record({ ...DEFAULT_SETTINGS, mode, runners: 1 });
  const { moments, sites } = recording;
  for (let at = 0; at < moments.length; at++) {
    const { verb = '', resource = '' } = requestAt(recording, at) ?? {};
    if (verb === '' && moments.effect(at)?.kind !== 'phase') continue;
    const key = keyOf(moments.pass(at).controller, phaseAt(recording, at), verb, resource);
    if (!found.has(key)) found.set(key, sites.frames(moments.site(at)));
  }
  return (...what) => found.get(keyOf(...what)) ?? [];
}

function keyOf(...what: Parameters<StackOf>): string {
  return what.join(' ').toLowerCase();
}
