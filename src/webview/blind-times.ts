import { t } from '@vscode/l10n';
import type { BlindTime } from '../timeline/blind-times.ts';
import { tickLabel } from '../timeline/ticks.ts';
import type { SessionModel } from './session-model.ts';

/** Nobody knows more exactly when a connection was lost. */
const STEP_US = 100_000;

/** For example `no connection from 12.3 s to 31 s`, as the axis counts. */
export function blindText({ info }: Pick<SessionModel, 'info'>, { fromUs, toUs }: BlindTime): string {
  const after = (us: number): string => tickLabel(Math.max(0, us - info.originUs), STEP_US);
  return toUs === null
    ? t('no connection from {0} on', after(fromUs))
    : t('no connection from {0} to {1}', after(fromUs), after(toUs));
}

/** The time without a connection that a moment of the session's time lies in. */
export function blindAt({ info }: Pick<SessionModel, 'info'>, us: number): BlindTime | undefined {
  return info.blind?.find(({ fromUs, toUs }) => us >= fromUs && us <= (toUs ?? Infinity));
}
