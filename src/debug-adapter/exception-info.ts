import { t } from '@vscode/l10n';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { messageOf } from '../base/message.ts';
import { describe } from '../debug/breakpoints.ts';
import { brokenAt } from '../debug/broken-invariants.ts';
import { statusAt } from '../debug/facts.ts';
import type { Moment } from '../debug/moments.ts';
import type { Recording } from '../debug/recording.ts';

/** Why a run stands at an exception. */
export function exceptionInfo(recording: Recording, at: Moment): DebugProtocol.ExceptionInfoResponse['body'] {
  const { moments, secrets } = recording;
  const status = statusAt(recording, at);
  const outcome = moments.outcome(at);
  const said = status === undefined ? '' : answeredText(status);
  const error = outcome?.kind === 'error' ? secrets.redact(messageOf(outcome.error)) : '';
  return {
    exceptionId: outcome?.kind === 'error' ? t('a pass ends with an error') : describe(recording, at),
    description: [brokenText(recording, at), said, error].filter((text) => text !== '').join(' '),
    breakMode: 'always',
  };
}

/** @param status 0 where no answer comes */
function answeredText(status: number): string {
  return status === 0 ? t('No answer to it comes: the connection is lost.') : t('It is answered with {0}.', status);
}

/** A sentence where an invariant is broken there. */
function brokenText(recording: Recording, moment: Moment): string {
  const broken = brokenAt(recording, moment);
  return broken === undefined ? '' : t('It must never be that {0}.', broken);
}
