import type { LogRecord } from '../log-record.ts';
import { AUTOSCALING_LISTENER } from './autoscaling-listener.ts';
import { AUTOSCALING_RUNNER_SET } from './autoscaling-runner-set.ts';
import { EPHEMERAL_RUNNER } from './ephemeral-runner.ts';
import { EPHEMERAL_RUNNER_SET } from './ephemeral-runner-set.ts';
import { LISTENER } from './listener.ts';

const LISTENERS = new Set(LISTENER);
/** By logger what ARC's programs log, from 0.2.0 to 0.14.2 and its main branch (commit 2ee6b3b8), as their source has it. */
const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['EphemeralRunner', new Set(EPHEMERAL_RUNNER)],
  ['EphemeralRunnerSet', new Set(EPHEMERAL_RUNNER_SET)],
  ['AutoscalingRunnerSet', new Set(AUTOSCALING_RUNNER_SET)],
  ['AutoscalingListener', new Set(AUTOSCALING_LISTENER)],
  ['listener-app', LISTENERS],
  ['listener-app.listener', LISTENERS],
  ['listener-app.metrics', LISTENERS],
  ['listener-app.worker', LISTENERS],
  ['listener-app.worker.kubernetesworker', LISTENERS],
  ['listener', LISTENERS],
  ['worker', LISTENERS],
  ['metrics exporter', LISTENERS],
]);

/** Whether a line is of one of ARC's programs and has a message that no known release writes. */
export function isNewMessage({ logger, message, fields }: LogRecord): boolean {
  const known = KNOWN.get(logger);
  if (known === undefined || known.has(message)) return false;
  const plain = plainOf(message);
  // Without fields the message itself may be cut.
  const isSaid = known.has(plain) || known.has(`${plain}.`);
  return !isSaid && (fields !== '' || ![...known].some((each) => each.startsWith(plain)));
}

/** Without what editors and web pages make of blanks and apostrophes; a sentence may lose its full stop. */
function plainOf(message: string): string {
  return message
    .replace(/\s+/g, ' ')
    .replace(/[\u2018\u2019]/g, "'")
    .trim();
}
