import { t } from '@vscode/l10n';
import type { Pod } from '../kubernetes/types.ts';
import { LISTENER_CONTAINER } from '../reconciler/autoscaling-listener/names.ts';
import { publishedProcess, type ProcessOptions } from '../reconciler/process-options.ts';
import type { Release } from '../reconciler/releases/release.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { EmbeddedEnvironment } from './embedded-environment.ts';
import { fitting } from './fitting-settings.ts';
import { handoverOf } from './handover.ts';
import type { Manager } from './manage-runners.ts';
import type { Run } from './run.ts';
import type { Load } from './run-target.ts';
import type { RunSettings } from './settings.ts';

interface Upgraded {
  readonly load?: Load | undefined;
  readonly releases?: ReleaseList;
}

/** A release that takes over a scale set, its listener and its runners while jobs come and go, from another one. */
interface Takeover {
  readonly from: string;
  /** Microseconds after the scale set was made. */
  readonly atUs: number;
  readonly first: Manager;
  readonly next: Manager & { readonly process: ProcessOptions };
  readonly keepsLabel: boolean;
  /** What a listener's pod runs: its image is that of the controller that made its object. */
  readonly releaseOf: (pod: Pod) => Release;
}

/**
 * The takeover that a load asks for; undefined where it asks for none.
 * @param settings of the later release
 */
export function takeoverOf(settings: RunSettings, hooks: Upgraded): Takeover | undefined {
  const { load: { upgrade } = {}, releases = RELEASES } = hooks;
  if (upgrade === undefined) return undefined;
  const { from, afterUs: atUs, keepsLabel = false } = upgrade;
  const [first, next] = [fitting({ ...settings, mode: from }, releases), settings].map((each) => {
    return { settings: each, process: processOf(each.mode, hooks) };
  }) as [Takeover['next'], Takeover['next']];
  const releaseOf = ({ spec }: Pod): Release => {
    const image = spec.containers.find(({ name }) => name === LISTENER_CONTAINER)?.image;
    return releases.get(image === first.process.image ? from : settings.mode);
  };
  return { from, atUs, first, next, keepsLabel, releaseOf };
}

/** Scale sets carry the version of the build that they were made for. */
export function processOf(mode: string, { releases = RELEASES }: Pick<Upgraded, 'releases'>): ProcessOptions {
  const release = releases.get(mode);
  return publishedProcess(release.variation === undefined ? release : releases.get(release.variation.of));
}

/** Lets it happen when its time has come. @param startUs when the scale set is made */
export function scheduleTakeover(run: Run<EmbeddedEnvironment>, takeover: Takeover, startUs: number): void {
  run.environment.awaitsTakeover = true;
  run.clock.schedule(startUs + takeover.atUs, () => takeOver(run, takeover), undefined);
}

/**
 * Stops the controllers of the earlier release, upgrades the scale set's chart, and starts those of the later one; pods, jobs and
 * the Actions service go on meanwhile.
 */
function takeOver(run: Run<EmbeddedEnvironment>, { from, next, keepsLabel }: Takeover): void {
  run.replaceControllers(next, (start) => {
    const { environment, trace, clock } = run;
    environment.awaitsTakeover = false;
    environment.handover = handoverOf(from, environment);
    const text = t('{0} takes over from {1}', next.settings.mode, from);
    trace.addMark({ at: clock.nowUs(), what: 'controller-started', text, basis: 'run' });
    if (keepsLabel || environment.chain === undefined) start();
    else environment.chain.relabel(next.process, start);
  });
}
