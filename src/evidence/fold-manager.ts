import { clean } from './clean.ts';
import { numberField, objectField, textField } from './fields.ts';
import { endWithError, errorOf, runnerOf } from './fold-runner.ts';
import { failedPassesOf } from './fold-reported.ts';
import { endScaleSetCall } from './fold-scale-set.ts';
import { startProcess } from './start-process.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import { noteIn, type Seen } from './seen.ts';

const [ARC_GROUP, LEGACY_GROUP] = ['actions.github.com', 'actions.summerwind.dev'];
/** Whose objects the controller before runner scale sets looks after. */
export const LEGACY =
  "lines are those of ARC's legacy controller (RunnerDeployment, RunnerReplicaSet), which is another program";

const THROTTLED = /^"?Waited (?:before sending request|for [\d.]+m?s)|client-side throttling/;
/** controller-runtime, once it is asked to end. */
const STOPPING = /^(?:Shutdown signal received|Stopping and waiting for)/;
/** Of client-go's leader election: one that waits, and one that leads from now on. */
const [LEASE, LEADS] = [/^"?attempting to acquire leader lease/i, /^"?(?:successfully acquired lease|became leader)/i];
const PROCESS =
  /leader election lost|failed to renew lease|became leader|^panic|panic recovered|Observed a panic|problem running manager|failed to acquire lease|timed out waiting for cache|could not wait for cache to sync/i;

/** The program that a line of klog names as its own: `logger="cert-manager.controller"`. client-go's own names have capitals. */
const OF_PROGRAM = /\blogger="([a-z][a-z0-9-]*)[."]/;

/** A line of the process itself or of client-go: workers, failed passes, its limiter, its end. */
export function foldManagerLine(reading: Reading, record: LogRecord, seen: Seen): void {
  const group =
    textField(record.fields, 'controllerGroup') ?? textField(record.fields, 'reconciler group') ?? ARC_GROUP;
  if (group !== ARC_GROUP) {
    reading.stranger ??=
      group === LEGACY_GROUP ? LEGACY : `lines are those of a controller of ${clean(group)}, not of ARC`;
    return;
  }
  const program = record.logger === 'klog' ? OF_PROGRAM.exec(record.message)?.[1] : undefined;
  if (program !== undefined) reading.stranger ??= `lines are those of ${clean(program)}, not of ARC`;
  switch (record.message) {
    case 'Starting workers':
      reading.isController = true;
      if (textField(record.fields, 'controller') === 'ephemeralrunner') {
        const count = numberField(record.fields, 'worker count');
        startProcess(reading, seen);
        reading.process.waitsForLease = false;
        if (count !== undefined) reading.process.workers = { count, at: seen };
      }
      return;
    case 'Using options': {
      const count = numberField(record.fields, 'runner-max-concurrent-reconciles');
      startProcess(reading, seen);
      if (count !== undefined) reading.process.workers ??= { count, at: seen };
      return;
    }
    case 'starting manager':
      startProcess(reading, seen);
      return;
    case 'Reconciler error':
      foldError(reading, record, seen);
      return;
    default:
  }
  if (LEASE.test(record.message)) reading.process.waitsForLease = reading.process.workers === undefined;
  else if (LEADS.test(record.message)) reading.process.waitsForLease = false;
  if (STOPPING.test(record.message)) reading.process.stopping ??= seen;
  else if (record.logger === 'klog' && THROTTLED.test(record.message)) foldThrottled(reading, record.message, seen);
  else if (PROCESS.test(record.message)) noteProcessEvent(reading, record, seen);
  else if (record.logger === 'klog') foldFailedList(reading, record, seen);
}

function noteProcessEvent(reading: Reading, { message, fields, level }: LogRecord, seen: Seen): void {
  const panic = textField(fields, 'panic');
  const name = textField(fields, 'name');
  if (panic !== undefined && name !== undefined) {
    const namespace = textField(fields, 'namespace') ?? '';
    const panicOf = clean(namespace === '' ? name : `${namespace}/${name}`);
    reading.processEvents.push({ text: clean(panic).replace(/^runtime error: /, ''), at: seen, panicOf });
    return;
  }
  const error = panic ?? textField(fields, 'error') ?? (level === 'error' ? textField(fields, 'err') : undefined) ?? '';
  reading.processEvents.push({ text: clean(error === '' ? message : `${message}: ${error}`), at: seen });
}

/** A list that client-go does not get, and asks for again without end: the cache of that kind stays as it is, or empty. */
function foldFailedList(reading: Reading, { message }: LogRecord, seen: Seen): void {
  // With fields the error is one of them, in quotes.
  const said = message.replaceAll('\\"', '"').replace(/" (?:logger|reflector|type)=.*$/, '');
  const match = /failed to (?:list|watch) \*?(?:[\w/-]+\.)?(\w+): (.+)/i.exec(said);
  if (match === null) return;
  const [, kind = '', error = ''] = match;
  noteIn(reading.failedLists, kind, seen, clean(error));
}

function foldError(reading: Reading, record: LogRecord, seen: Seen): void {
  const error = errorOf(record);
  const controller = textField(record.fields, 'controller') ?? '';
  if (controller === 'ephemeralrunner') {
    const object = objectField(record.fields, 'EphemeralRunner');
    if (object === undefined) return;
    endWithError(reading, runnerOf(reading, object.namespace, object.name, seen, true), seen, error);
    return;
  }
  if (controller === 'autoscalingrunnerset') endScaleSetCall(reading, seen);
  const [namespace = '', name = ''] = ['namespace', 'name'].map((field) => textField(record.fields, field));
  if (controller === '' && name === '') reading.cutBeforeName++;
  else failedPassesOf(reading, controller, namespace, name).end(seen, error);
}

function foldThrottled(reading: Reading, message: string, seen: Seen): void {
  const match = /(?:Waited for |delay="?)(?:(\d+)m)?([\d.]+)(m?s)/.exec(message);
  const us = match === null ? 0 : Number(match[1] ?? 0) * 60e6 + Number(match[2]) * (match[3] === 'ms' ? 1e3 : 1e6);
  const { throttled } = reading;
  throttled.count++;
  throttled.totalUs += us;
  throttled.longestUs = Math.max(throttled.longestUs, us);
  throttled.first ??= seen;
}
