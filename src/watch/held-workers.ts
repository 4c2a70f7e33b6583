import { t } from '@vscode/l10n';
import { formatAge } from '../base/duration.ts';
import type { Reading, ServiceCall } from '../evidence/reading.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { OpenPass, TraceRequest } from '../trace/model.ts';

/** A worker that waits for an answer. */
export interface HeldWorker {
  /** From 0; undefined where it is not known how many there are. */
  readonly worker: number | undefined;
  /** The runner, namespace/name. */
  readonly runner: string;
  /** What it waits for: `DELETE agent 5511`. */
  readonly what: string;
  /** Since when, in microseconds since the trace's start. */
  readonly sinceUs: number;
}

/** A call to the Actions service takes less, and one to the API server far less. */
const LONG_US = 30e6;

/** Workers that wait for an answer, the longest first. */
export function heldWorkers(passes: Iterable<OpenPass>, reading: Reading, startUs: number): HeldWorker[] {
  const held: HeldWorker[] = [];
  for (const { worker, object, requests } of passes) {
    const asked = requests?.at(-1);
    if (asked?.started === undefined || asked.ended !== undefined) continue;
    const call = asked.to === 'actions' ? callOf(reading, object, asked, startUs) : undefined;
    const sinceUs = call === undefined ? asked.started : Math.max(asked.started, call.started.at.us - startUs);
    held.push({ worker, runner: object, what: whatOf(reading, object, asked, call), sinceUs });
  }
  return held.sort((a, b) => a.sinceUs - b.sinceUs);
}

/** Of the workers those that wait for longer than any call should take. */
export function heldForLong(held: readonly HeldWorker[], nowUs: number): HeldWorker[] {
  return held.filter(({ sinceUs }) => nowUs - sinceUs >= LONG_US);
}

/** For example `Worker 1 is in DELETE agent 5511 of runner X since 4 min 51 s; 38 runners wait.` */
export function heldText({ worker, runner, what, sinceUs }: HeldWorker, nowUs: number, waiting: number): string {
  const age = formatAge(nowUs - sinceUs);
  const { name } = splitKey(runner);
  const who =
    worker === undefined
      ? t('A worker is in {0} of runner {1} since {2}', what, name, age)
      : t('Worker {0} is in {1} of runner {2} since {3}', worker + 1, what, name, age);
  if (waiting === 0) return `${who}.`;
  return waiting === 1 ? t('{0}; 1 runner waits.', who) : t('{0}; {1} runners wait.', who, waiting);
}

/** The HTTP client's own line of a call: by the registration's id, or else by the time. */
function callOf(reading: Reading, runner: string, asked: TraceRequest, startUs: number): ServiceCall | undefined {
  const fromUs = startUs + (asked.started ?? 0) - 1e6;
  const id = runnerIdOf(reading, runner);
  const isJit = asked.resource === 'generatejitconfig';
  return reading.calls.findLast(
    ({ started, path, runnerId }) =>
      started.at.us >= fromUs &&
      (isJit ? path.endsWith('/generatejitconfig') : runnerId !== undefined && (id === undefined || runnerId === id)),
  );
}

function whatOf(reading: Reading, runner: string, asked: TraceRequest, call: ServiceCall | undefined): string {
  const { to, verb = '', resource = '' } = asked;
  if (to !== 'actions') return `${verb} ${resource}`;
  if (resource === 'generatejitconfig') return t('its JIT call');
  const id = call?.runnerId ?? runnerIdOf(reading, runner);
  const method = call?.verb ?? verb.toUpperCase();
  return id === undefined ? t('{0} of its registration', method) : t('{0} agent {1}', method, id);
}

function runnerIdOf(reading: Reading, runner: string): number | undefined {
  const { namespace, name } = splitKey(runner);
  return reading.runners.get(namespace, name)?.runnerId;
}
