import { t } from '@vscode/l10n';
import { counted, thousands } from '../base/count-words.ts';
import { scaleSetsOf } from './belonging.ts';
import { CONTROLLER_CHART, helm, helmReleaseOf } from './commands.ts';
import type { Crossing } from './crossing.ts';
import { STAGES, type Action, type FoundHazard, type Hazard, type ObjectAction } from './hazard.ts';
import { controllersIn } from './installed.ts';
import type { Snapshot } from './snapshot.ts';

/** The change itself, for each controller that Helm has installed. */
export function upgradeActions(snapshot: Snapshot, { from, to }: Crossing): readonly Action[] {
  if (from.name === to.name) return [];
  const does = t('bring the controller to {0}', to.name);
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
  if (commands.length === 0) {
    const how = t('{0} in the way in which it was installed: nothing that was read says by which call', does);
    return [{ stage: 'upgrade', does: how, command: undefined }];
  }
  return commands.map((command) => ({ stage: 'upgrade', does, command }));
}

/** By stage, each call once. */
export function inOrder(actions: readonly Action[]): readonly Action[] {
  const once = new Map(actions.map((action) => [`${action.does}\n${action.command ?? ''}`, action]));
  return [...once.values()].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
}

/** What is to be done to objects of a scale set that is uninstalled first is left out: they go with it. */
export function withoutGone(hazards: readonly FoundHazard[], snapshot: Snapshot): Hazard[] {
  const scaleSetOf = scaleSetsOf(snapshot);
  const gone = new Set(
    hazards.flatMap(({ actions }) =>
      actions.flatMap((one) => (isUninstall(one) && one.of ? [scaleSetOf(one.of)] : [])),
    ),
  );
  const isGone = (action: ObjectAction): boolean => {
    const scaleSet = action.of === undefined || isUninstall(action) ? undefined : scaleSetOf(action.of);
    return scaleSet !== undefined && gone.has(scaleSet);
  };
  return hazards.map((hazard) => {
    const going = new Set(hazard.actions.filter(isGone).map(({ of }) => of)).size;
    const told = counted(
      going,
      t('1 of these goes with its scale set, which is uninstalled first.'),
      t('{0} of these go with their scale set, which is uninstalled first.', thousands(going)),
    );
    return {
      ...hazard,
      details: going === 0 ? hazard.details : [...hazard.details, told],
      actions: inOrder(hazard.actions.filter((action) => !isGone(action)).map(({ of: _of, ...action }) => action)),
    };
  });
}

function isUninstall({ stage }: Action): boolean {
  return stage === 'uninstall';
}
