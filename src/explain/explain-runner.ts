import { t } from '@vscode/l10n';
import { capital } from '../base/capital.ts';
import { formatAge, formatDuration } from '../base/duration.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { EphemeralRunner, KubernetesEvent } from '../kubernetes/types.ts';
import { attachSentence } from '../model/at-attach.ts';
import { becauseOf, explainPass, knobsOf } from './explain-pass.ts';
import { failedPods, failedPodsText } from '../problems/failed-pods.ts';
import { workerHoldersOf } from '../analysis/worker-holders.ts';
import { problemWithEvents } from '../problems/pod-event-problem.ts';
import { problemSentence, type PodProblem } from '../problems/pod-problem.ts';
import { latestPasses, roundsOf, type Rounds } from '../analysis/rounds.ts';
import type { RunnerDescription } from '../model/runner-table.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { RunSession } from '../run/session.ts';
import { originSentences } from './explain-origin.ts';
import { waitAtEnd } from './wait-at-end.ts';

/** What of a session a runner is explained from. */
export type ExplainedSession = Pick<RunSession, 'table' | 'trace' | 'nowUs' | 'atAttach' | 'held'> & {
  readonly secrets: Pick<SecretRegistry, 'redact'>;
};

/**
 * What a runner waits for, since when and why; what to do, on a line of its own; then what its last pass was.
 * @param events of its pod, where they were asked for
 */
export function explainRunner(session: ExplainedSession, key: string, events: readonly KubernetesEvent[] = []): string {
  const { table, trace } = session;
  const about = table.describe(key);
  const then = attachSentence(session.atAttach, key);
  if (about === undefined) return paragraphs([[t('The runner is gone.')], [then]]);
  const noted = trace.lastRunnerEvent(key);
  const redact = (text: string): string => session.secrets.redact(text);
  const read = { events, redact, epochMs: Date.parse(trace.header.start) };
  const problem = noted === undefined ? about.problem : problemWithEvents(noted, session.nowUs(), read, trace.header);
  const { endedUs } = trace;
  const state = t('{0}, first seen {1} ago.', capital(about.state), formatAge(about.ageUs));
  return paragraphs([
    [
      ...(endedUs === undefined
        ? [...stateSentences(about, problem, session.nowUs()), ...queueSentences(session, key)]
        : waitAtEnd(trace, key, endedUs, problem)),
      ...roundsSentences(table.runner(key), about, roundsOf(latestPasses(trace, key)), session),
    ],
    problem === undefined ? [] : [t('What to do: {0}', problem.advice)],
    [...originSentences(trace, key), ...failureSentences(session, about), then, state],
    lastPassSentences(trace, key),
  ]);
}

function paragraphs(sentences: readonly (readonly string[])[]): string {
  const lines = sentences.map((line) => line.filter((sentence) => sentence !== '').join(' '));
  return lines.filter((line) => line !== '').join('\n\n');
}

function stateSentences({ waits }: RunnerDescription, problem: PodProblem | undefined, nowUs: number): string[] {
  if (problem !== undefined) return [problemSentence(problem, nowUs), problem.next];
  return [waits === '' ? t('It is not waiting for anything.') : t('Now: {0}.', waits)];
}

/** Which place it has among those that wait for a worker, and that no worker takes any while the session is held. */
function queueSentences({ table, held }: ExplainedSession, key: string): string[] {
  if (held) return [t('The session is held: nothing is reconciled until you start it.')];
  const ahead = table.aheadOf(key);
  if (ahead === undefined) return [];
  if (ahead === 0) return [t('It is next in the queue.')];
  return [ahead === 1 ? t('1 runner is before it in the queue.') : t('{0} runners are before it in the queue.', ahead)];
}

function lastPassSentences(trace: TraceLog, key: string): string[] {
  const passes = latestPasses(trace, key);
  const latest = passes.next().value;
  if (latest === undefined) return [t('No pass has ended yet.')];
  const { pass, index } = latest;
  const before = passes.next().value?.pass;
  const result = typeof pass.error !== 'string' ? pass.result : `${pass.result}: ${pass.error}`;
  const because = becauseOf(pass, before);
  return [
    pass.started === undefined
      ? t('Its last pass ran {0}; result: {1}.', because, result)
      : t(
          'Its last pass ran {0}; it took {1}; result: {2}.',
          because,
          formatDuration(pass.ended - pass.started),
          result,
        ),
    ...explainPass(pass, before, workerHoldersOf(trace, pass, index), knobsOf(trace.header)),
  ];
}

/** A loop that gets nowhere says how often and since when, and when it comes again. */
function roundsSentences(
  runner: EphemeralRunner | undefined,
  { waitsUntilUs }: RunnerDescription,
  rounds: Rounds | undefined,
  session: ExplainedSession,
): string[] {
  const askedMs = Date.parse(runner?.metadata.deletionTimestamp ?? '');
  const now = session.nowUs();
  const askedUs = (askedMs - Date.parse(session.trace.header.start)) * 1000;
  const asked = Number.isNaN(askedMs) ? '' : t('Deletion requested {0} ago', formatAge(now - askedUs));
  if (rounds === undefined || rounds.times < 2) return asked === '' ? [] : [`${asked}.`];
  const { times, sinceUs, answer, byService } = rounds;
  const next = waitsUntilUs === undefined ? '' : `, ${t('next in {0}', formatAge(waitsUntilUs - now))}`;
  const each = byService
    ? t('{0} passes, each refused by the service ({1})', times, answer)
    : t('{0} passes, each refused ({1})', times, answer);
  const since = t('since {0} ago', formatAge(now - sinceUs));
  return [asked === '' ? `${each}, ${since}${next}.` : `${asked}: ${each}${next}.`];
}

function failureSentences(session: ExplainedSession, { key, failures }: RunnerDescription): string[] {
  const failed = failedPods(session.trace.runnerEvents(key));
  const count = Math.max(failures, failed.length);
  if (count === 0) return [];
  const known = failedPodsText(failed, session.nowUs());
  return known === ''
    ? [t('Its failed pods: {0}; ARC gives up on a runner after more than five.', count)]
    : [t('Its failed pods: {0} ({1}); ARC gives up on a runner after more than five.', count, known)];
}
