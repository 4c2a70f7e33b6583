import { t } from '@vscode/l10n';
import type { Finding, Rule } from '../finding.ts';
import type { Reading, ServiceCall } from '../reading.ts';
import { isJitCall, triesText, troubleOf, type ServiceTrouble } from '../service-trouble.ts';
import { spanText } from '../words.ts';
import { adviceForError } from './error-advice.ts';

/** Calls that hold a worker for longer have their own finding. */
const HELD_US = 30e6;
const LONG_US = 10e6;

/**
 * Calls that the HTTP client had to send again: for a session, a token, a scale set, a registration's removal. What JIT calls
 * lose that way is part of what the burst's own finding says.
 */
export const failedCalls: Rule = (reading) => {
  const byCause = new Map<string, { readonly trouble: ServiceTrouble; readonly calls: ServiceCall[] }>();
  for (const call of reading.calls) {
    const trouble = call.failures === 0 || isTold(reading, call) ? undefined : troubleOf(call.error);
    if (trouble === undefined) continue;
    const cause = `${trouble.says} ${whatOf(call)}`;
    const group = byCause.get(cause);
    if (group === undefined) byCause.set(cause, { trouble, calls: [call] });
    else group.calls.push(call);
  }
  return [...byCause.values()].map(({ trouble, calls }) => finding(reading, trouble, calls));
};

function isTold({ longSteps }: Reading, { path, runnerId, started, waitedUs }: ServiceCall): boolean {
  if (isJitCall(path)) return true;
  const isHeld = ({ from, until }: (typeof longSteps)[number]): boolean =>
    started.at.us >= from.at.us - 1e6 && started.at.us <= (until?.at.us ?? Number.POSITIVE_INFINITY);
  return runnerId !== undefined && (waitedUs >= HELD_US || longSteps.some(isHeld));
}

function finding(reading: Reading, trouble: ServiceTrouble, calls: readonly ServiceCall[]): Finding {
  const [first] = calls as readonly [ServiceCall, ...ServiceCall[]];
  const last = calls.at(-1) ?? first;
  const tries = calls.reduce((sum, { failures }) => sum + failures, 0);
  const waitedUs = calls.reduce((sum, call) => sum + call.waitedUs, 0);
  return {
    id: 'failed-calls',
    severity: waitedUs >= LONG_US ? 'error' : 'note',
    sentence: t('{0}.', triesText(trouble, tries, whatOf(first))),
    details:
      waitedUs > 0 ? [t('The client waited {0} in all before it tried again.', spanText(reading, waitedUs))] : [],
    runners: [],
    evidence: [
      { at: first.started, says: `${first.verb} ${first.path}` },
      ...(last.ended === undefined ? [] : [{ at: last.ended, says: last.error }]),
    ],
    confidence: 'sure',
    advice: adviceForError(last.error),
    weightUs: waitedUs,
  };
}

function whatOf({ verb, path, runnerId }: ServiceCall): string {
  if (runnerId !== undefined) return t('the {0} of registrations', verb);
  if (/\/sessions(?:\/|$)/.test(path)) return t("a listener's {0} for its session", verb);
  if (/\/(?:registration-token|access_tokens|runner-registration)$/.test(path)) return t('the call for a token');
  return `${verb} …/${path.split('/').slice(-2).join('/')}`;
}
