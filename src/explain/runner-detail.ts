import { t } from '@vscode/l10n';
import { formatAge } from '../base/duration.ts';
import type { ObjectEvent, TraceHeader } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { failedPods, failedPodsText } from '../problems/failed-pods.ts';
import { problemWithEvents, type ReadEvents } from '../problems/pod-event-problem.ts';
import { podProblem, problemSentence, type PodProblem } from '../problems/pod-problem.ts';
import { latestPasses, roundsOf } from '../analysis/rounds.ts';

/** What is shown about a runner beside its lane; the same for a live session and for a saved trace. */
interface RunnerTold {
  readonly state: string;
  /** What happened, and what ARC does about it. */
  readonly happened: string;
  /** When that began, in the trace's time. */
  readonly sinceUs: number | undefined;
  /** What to do; empty where nothing is wrong. */
  readonly advice: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/**
 * @param waits what a live runner waits for, in words, where nothing is wrong
 * @param read the events of its pod, where they were asked for
 * @returns undefined for a runner that the trace does not know
 */
export function runnerDetail(
  trace: TraceLog,
  runner: string,
  nowUs: number,
  waits = '',
  read?: ReadEvents,
): RunnerTold | undefined {
  const events = [...trace.runnerEvents(runner)];
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const problem = last.deleted === true ? undefined : problemOf(last, nowUs, read, trace.header);
  const facts = factsOf(trace, events, last, nowUs);
  if (problem !== undefined) {
    const { sinceUs, advice, next } = problem;
    const happened = `${problemSentence({ ...problem, sinceUs: undefined }, nowUs)} ${next}`;
    return { state: stateOf(last), happened, sinceUs: sinceUs ?? beganUs(events), advice, facts };
  }
  const happened = last.deleted === true ? t('The runner was deleted.') : waits === '' ? situation(last) : `${waits}.`;
  return {
    state: stateOf(last),
    happened,
    sinceUs: last.deleted === true ? last.at : beganUs(events),
    advice: '',
    facts,
  };
}

function problemOf(
  last: ObjectEvent,
  nowUs: number,
  read: ReadEvents | undefined,
  header: TraceHeader,
): PodProblem | undefined {
  return read === undefined ? podProblem(last, nowUs, header) : problemWithEvents(last, nowUs, read, header);
}

function stateOf({ deleted, phase = '' }: ObjectEvent): string {
  return deleted === true ? t('deleted') : phase === '' ? t('pending') : phase.toLowerCase();
}

/** When the runner came to be as it is: since when phase and pod are the last ones. */
function beganUs(events: readonly ObjectEvent[]): number | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const before = events.findLastIndex(
    (event) => event.phase !== last.phase || (event.pod !== last.pod && !(runs(event) && runs(last))),
  );
  return events[before + 1]?.at;
}

function runs({ pod }: ObjectEvent): boolean {
  return pod === 'running' || pod === 'ready';
}

function situation({ pod, phase }: ObjectEvent): string {
  if (phase === 'Succeeded') return t('The runner has done its job.');
  switch (pod) {
    case 'none':
      return t('The runner has no pod yet.');
    case 'created':
    case 'pending':
      return t('Its pod is being started.');
    case 'running':
    case 'ready':
      return t('Its pod is running.');
    case 'succeeded':
    case 'failed':
      return t('Its pod has ended.');
    case 'deleted':
      return t('Its pod is gone.');
    case undefined:
      return t('Nothing is known of its pod.');
  }
}

function factsOf(
  trace: TraceLog,
  events: readonly ObjectEvent[],
  last: ObjectEvent,
  nowUs: number,
): { label: string; value: string }[] {
  const { trouble, runnerId, reason, message, pod } = last;
  const rounds = roundsOf(latestPasses(trace, last.object));
  const failed = failedPods(events);
  const facts: (readonly [label: string, value: string])[] = [
    [t('status'), [reason ?? '', message ?? ''].filter((part) => part !== '').join(': ')],
    [t('pod'), pod ?? ''],
    [t('container'), trouble?.container ?? ''],
    [t('failed pods'), failedPodsText(failed, nowUs)],
    [
      t('passes without progress'),
      rounds === undefined || rounds.times < 2
        ? ''
        : t('{0} since {1} ago: {2}', rounds.times, formatAge(nowUs - rounds.sinceUs), rounds.answer),
    ],
    [t('registration'), runnerId === undefined || runnerId === 0 ? '' : String(runnerId)],
  ];
  return facts.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }));
}
