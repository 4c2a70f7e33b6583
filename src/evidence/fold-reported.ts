import { clean } from './clean.ts';
import { FailedPasses } from './failed-passes.ts';
import { objectField, textField } from './fields.ts';
import type { LogRecord } from './log-record.ts';
import type { Reading } from './reading.ts';
import { noteIn, once, type Seen } from './seen.ts';

/** What ends by itself, and what every process says that is asked to stop. */
const PASSING = /^Retryable client error|^request failed|terminated signal received|context canceled/;
const BY_CONTAINER = "The runner's container";
/** .NET's exceptions, and Go's plain words of an end: neither has a level that tells it. */
const CONTAINER =
  /^(?:Caught exception from \w+: )?(?:Retriable exception|\S*Exception|An error occurred): |\bwas not found\b|\bdeprecated\b|^Failed to create a session\b|^Runner connect error: /;

/** A line of a controller about an object that is no runner: an error of a pass, or that it goes on. */
export function foldControllerError(reading: Reading, record: LogRecord, seen: Seen): void {
  const object = objectField(record.fields, record.logger.toLowerCase());
  if (object === undefined) {
    if (record.level === 'error') report(reading, record.logger, record, seen);
    return;
  }
  if (record.level !== 'error') {
    reading.otherErrors.get(`${record.logger} ${object.namespace}/${object.name}`)?.goOn();
    return;
  }
  const text = reportedText(record);
  if (text !== undefined) failedPassesOf(reading, record.logger, object.namespace, object.name).report(seen, text);
}

const KINDS = ['EphemeralRunnerSet', 'AutoscalingRunnerSet', 'AutoscalingListener'];

/** @param kind as a logger or a controller has it, in any case */
export function failedPassesOf(reading: Reading, kind: string, namespace: string, name: string): FailedPasses {
  const known = KINDS.find((each) => each.toLowerCase() === kind.toLowerCase()) ?? kind;
  const by = `${known} ${namespace}/${name}`;
  const failed = reading.otherErrors.get(by) ?? new FailedPasses(name);
  reading.otherErrors.set(by, failed);
  return failed;
}

/** An error of a listener; its last words are kept with its own history. */
export function foldListenerError(reading: Reading, record: LogRecord, seen: Seen): void {
  if (NO_SESSION.test(record.message)) report(reading, FOR_SESSION, record, seen);
  else if (record.level === 'error') report(reading, 'The listener', record, seen);
}

/** A listener asks again every 30 s, without end, and has no job meanwhile; the line is no error by its level. */
const NO_SESSION = /^Unable to create message session/;
const FOR_SESSION = 'The listener, asking for its session,';

/** That it asks for messages shows that it has a session. */
export function hasSession(reading: Reading): void {
  reading.reportedErrors.delete(FOR_SESSION);
}

/** .NET's cause of an exception, in the line after it. */
const INNER = /^\s*---> (?:\(Inner Exception #\d+\) )?(\S*Exception: .+)/;
const HAS_INNER = /see inner exception/i;

/** An error in the log of a runner's own container. */
export function foldContainerError(reading: Reading, record: LogRecord, seen: Seen): void {
  const inner = INNER.exec(record.message)?.[1];
  const outer = reading.reportedErrors.get(BY_CONTAINER);
  if (inner !== undefined && outer !== undefined && HAS_INNER.test(outer.lastText)) {
    // A sentence keeps the end of an error: its last word alone says too little.
    const text = clean(inner).replace(/: (\w+)$/, ' ($1)');
    if (outer.count === 1) reading.reportedErrors.set(BY_CONTAINER, once(seen, text));
    else [outer.last, outer.text, outer.lastText] = [seen, text, text];
    return;
  }
  if (CONTAINER.test(record.message)) report(reading, BY_CONTAINER, record, seen);
}

function report(reading: Reading, by: string, record: LogRecord, seen: Seen): void {
  const text = reportedText(record);
  if (text !== undefined) noteIn(reading.reportedErrors, by, seen, text);
}

function reportedText({ message, fields }: LogRecord): string | undefined {
  const error = textField(fields, 'error') ?? textField(fields, 'err');
  const text = error === undefined ? message : `${message}: ${error}`;
  return PASSING.test(message) || PASSING.test(text) ? undefined : clean(text);
}
