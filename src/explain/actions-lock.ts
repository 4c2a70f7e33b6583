import { t } from '@vscode/l10n';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Switch } from '../reconciler/releases/switches.ts';

/** The change with which the Actions client makes one call at a time. */
const LOCK: Switch = 4390;
/** Where calls take this part of the time, what more workers can do beside them shortens it little. */
const MOST = 0.75;

/**
 * Why more workers would hardly help: their calls of the Actions service run one after another.
 * @param release of a run, or the version that logs name
 * @param actionsUs how much of `ofUs`, a wait or what the workers did, went by with such calls
 * @returns undefined where more workers would help
 */
export function actionsLockText(release: string, actionsUs: number, ofUs: number): string | undefined {
  const version = RELEASES.firstWith(LOCK)?.versions[0];
  const isLocked = (RELEASES.find(release) ?? RELEASES.ofVersion(release))?.switches.has(LOCK) === true;
  if (version === undefined || !isLocked || ofUs === 0 || actionsUs < ofUs * MOST) return undefined;
  return t(
    'More workers would hardly help: since ARC {0} one call to the Actions service runs at a time (#{1}).',
    version,
    LOCK,
  );
}
