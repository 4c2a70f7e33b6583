import { t } from '@vscode/l10n';
import { kubectl } from './commands.ts';
import type { Action } from './hazard.ts';
import { controllersIn } from './installed.ts';
import type { Snapshot } from './snapshot.ts';

/** Objects are repaired while nobody writes to them. */
export function stopController(snapshot: Snapshot): Action[] {
  return controllersIn(snapshot).map(({ metadata: { name, namespace = '' } }) => ({
    stage: 'stop',
    does: t('stop the controller'),
    command: kubectl(snapshot, namespace, 'scale', 'deployment', name, '--replicas=0'),
  }));
}
