import { t } from '@vscode/l10n';
import { ACTIONS_LOCK, hasActionsLock, LOCK_SINCE } from '../reconciler/releases/actions-lock.ts';

/** Where calls take this part of the time, what more workers can do beside them shortens it little. */
const MOST = 0.75;

/**
 * Why more workers would hardly help: their calls of the Actions service run one after another.
 * @param release of a run, or the version that logs name
 * @param actionsUs the part of `ofUs` (a wait, or the workers' time) spent in such calls
 * @returns undefined where more workers would help
 */
export function actionsLockText(release: string, actionsUs: number, ofUs: number): string | undefined {
  if (hasActionsLock(release) !== true || ofUs === 0 || actionsUs < ofUs * MOST) return undefined;
  return t(
    'More workers would hardly help: since ARC {0} one call to the Actions service runs at a time (#{1}).',
    LOCK_SINCE,
    ACTIONS_LOCK,
  );
}
