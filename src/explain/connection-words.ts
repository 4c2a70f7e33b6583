import { t } from '@vscode/l10n';
import { formatAge } from '../base/duration.ts';
import { RETRY_S, type ConnectionStatus } from '../kubernetes/remote/connection-monitor.ts';

type Lost = Extract<ConnectionStatus, { state: 'lost' }>;

/** For example `Connection to prod lost 9 s ago (no answer within 4 s); trying again every 5 s.` */
export function lostText(where: string, { sinceMs, error }: Lost, nowMs: number): string {
  const lastsMs = nowMs - sinceMs;
  // Messages and log lines stay as they were written: "just now" would soon be wrong.
  if (lastsMs < 1_000) return t('Connection to {0} lost ({1}); trying again every {2} s.', where, error, RETRY_S);
  const age = formatAge(lastsMs * 1_000);
  return t('Connection to {0} lost {1} ago ({2}); trying again every {3} s.', where, age, error, RETRY_S);
}

/** @param why for example `API server unreachable for 10 s` */
export function leaseLostText(where: string, why: string): string {
  return t('Stopped writing to {0}: {1}.', where, why);
}

/**
 * Says in a line that a connection was lost, and in another that it is back.
 * @param where the name of the cluster, when it is needed
 * @returns the function to call on each change
 */
export function connectionTeller(
  where: () => string,
  say: (text: string, status: ConnectionStatus) => void,
): (status: ConnectionStatus) => void {
  let lost: Lost | undefined;
  return (status) => {
    if (status.state === 'lost') {
      lost = status;
      say(lostText(where(), status, Date.now()), status);
    } else if (lost !== undefined) {
      const age = formatAge((Date.now() - lost.sinceMs) * 1_000);
      lost = undefined;
      say(t('Connection to {0} is back after {1}.', where(), age), status);
    }
  };
}
