import type { AttachedTarget, EmbeddedTarget, RunTarget } from './run-target.ts';
import type { RunSettings } from './settings.ts';
import type { AttachedHooks, AttachedRun } from './start-attached.ts';
import { startEmbedded, type EmbeddedHooks, type EmbeddedRun } from './start-embedded.ts';

/**
 * Starts a run: the one way for the command line and sessions, wherever it is to run. On the embedded cluster the settings'
 * runners are created too. What a kubeconfig's cluster needs is loaded when there is one.
 * @throws Error with a sentence when the settings name a file of pods that cannot be used; of a cluster what attach() throws
 */
export function startRun(target: EmbeddedTarget, settings: RunSettings, hooks: EmbeddedHooks): EmbeddedRun;
export function startRun(target: AttachedTarget, settings: RunSettings, hooks: AttachedHooks): Promise<AttachedRun>;
export function startRun(
  target: RunTarget,
  settings: RunSettings,
  hooks: EmbeddedHooks | AttachedHooks,
): EmbeddedRun | Promise<AttachedRun> {
  if (target.kind === 'embedded') return startEmbedded(settings, hooks as EmbeddedHooks);
  return import('./start-attached.ts').then(({ startAttached }) => startAttached(target, settings, hooks));
}
