import { CONTROLLER_CHART, helm, helmReleaseOf } from './commands.ts';
import type { Crossing } from './crossing.ts';
import type { Action } from './hazard.ts';
import { controllersIn } from './installed.ts';
import type { Snapshot } from './snapshot.ts';

/** The change itself, for each controller that Helm has installed. */
export function upgradeActions(snapshot: Snapshot, { from, to }: Crossing): readonly Action[] {
  if (from.name === to.name) return [];
  const does = `bring the controller to ${to.name}`;
  // The main branch has no chart that is published.
  if (!/^\d/.test(to.name)) return [{ stage: 'upgrade', does, command: undefined }];
  const commands = controllersIn(snapshot).flatMap((controller) => {
    const release = helmReleaseOf(controller);
    if (release === undefined) return [];
    const { namespace = '' } = controller.metadata;
    return [
      helm(
        snapshot,
        namespace,
        'upgrade',
        release,
        CONTROLLER_CHART,
        '--version',
        to.name,
        '--reset-then-reuse-values',
      ),
    ];
  });
  if (commands.length === 0) return [{ stage: 'upgrade', does, command: undefined }];
  return commands.map((command) => ({ stage: 'upgrade', does, command }));
}
