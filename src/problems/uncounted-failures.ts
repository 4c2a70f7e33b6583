import { RELEASES } from '../reconciler/releases/releases.ts';
import type { TraceHeader } from '../trace/model.ts';

/**
 * Whether a run's release cannot count the failures of pods: it writes times, where the custom resource definitions that an
 * earlier release has left take `true` only. Every such write is refused.
 */
export function countsNoFailures({ settings }: TraceHeader): boolean {
  if (settings['oldDefinitions'] !== true) return false;
  const [from, to] = [settings['upgradeFrom'], settings['mode']].map((id) => RELEASES.find(String(id)));
  return from?.switches.has(4059) === false && to?.switches.has(4059) === true;
}
