import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { BlindTime } from '../timeline/blind-times.ts';
import type { SessionModel } from './session-model.ts';

/** For example `no connection from 12.3 s to 31.0 s`, as the axis counts. */
export function blindText({ info }: Pick<SessionModel, 'info'>, { fromUs, toUs }: BlindTime): string {
  const after = (us: number): string => formatDuration(Math.max(0, Math.round((us - info.originUs) / 1e5) * 1e5));
  return toUs === null
    ? t('no connection since {0}', after(fromUs))
    : t('no connection from {0} to {1}', after(fromUs), after(toUs));
}

/** The time without a connection that a moment of the session's time lies in. */
export function blindAt({ info }: Pick<SessionModel, 'info'>, us: number): BlindTime | undefined {
  return info.blind?.find(({ fromUs, toUs }) => us >= fromUs && us <= (toUs ?? Infinity));
}
