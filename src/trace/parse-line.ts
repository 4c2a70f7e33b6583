import { isJsonObject, type JsonObject } from '../base/json.ts';
import { parseWhy } from './parse-why.ts';
import { integer, LineError, list, oneOf, optional, shown, text, truth, nonNegativeInteger } from './fields.ts';
import {
  BASES,
  MARKS,
  POD_STATES,
  RESULTS,
  type LineEvent,
  type MarkEvent,
  type ObjectEvent,
  type OpenPass,
  type OpenWait,
  type PassEvent,
  type RequestEvent,
  type TraceHeader,
  type TraceLine,
  type TracePhase,
  type TraceRequest,
  type TraceSource,
} from './model.ts';
import { headerOfVersion1, lineOfVersion1 } from './version-1.ts';

/** The version of the trace that a header begins. */
export type TraceVersion = 1 | 2;

interface CheckedHeader {
  readonly header: TraceHeader;
  /** Of the lines that follow. */
  readonly version: TraceVersion;
}

/** @throws LineError */
export function parseHeader(raw: JsonObject): CheckedHeader {
  if (raw['type'] !== 'header') throw new LineError('is not a trace header; is this an ARC trace file?');
  const { version } = raw;
  if (version === 1) return { header: headerOfVersion1(raw), version };
  if (version !== 2) {
    throw new LineError(`says that this trace has version ${shown(version)}; this release reads versions 1 and 2`);
  }
  const settings = raw['settings'] ?? {};
  if (!isJsonObject(settings)) throw new LineError('has settings that are not an object');
  const header: TraceHeader = {
    type: 'header',
    version: 2,
    start: text(raw, 'start'),
    ...optional(raw, 'release', text),
    sources: raw['sources'] === undefined ? [] : list(raw, 'sources').map(parseSource),
    settings,
    ...optional(raw, 'origin', nonNegativeInteger),
  };
  return { header, version };
}

function parseSource(raw: JsonObject): TraceSource {
  return {
    kind: text(raw, 'kind'),
    ...optional(raw, 'file', text),
    ...optional(raw, 'resolutionUs', nonNegativeInteger),
  };
}

/** A line that is no header. @throws LineError */
export function parseLine(raw: JsonObject, version: TraceVersion): Exclude<TraceLine, TraceHeader> {
  if (raw['type'] === 'end') return { type: 'end', at: nonNegativeInteger(raw, 'at') };
  if (version === 1) return lineOfVersion1(raw);
  switch (raw['type']) {
    case 'pass':
      return parsePass(raw);
    case 'request':
      return {
        ...{ type: 'request', ...optional(raw, 'pass', text), ...optional(raw, 'listener', text) },
        ...parseRequest(raw),
      } satisfies RequestEvent;
    case 'object':
      return parseObject(raw);
    case 'mark':
      return parseMark(raw);
    case 'line':
      return parseLineEvent(raw);
    default:
      throw new LineError(`has an unknown type: ${shown(raw['type'])}`);
  }
}

const basis = oneOf(BASES);
const target = oneOf(['kubernetes', 'actions'] as const);

/** A pass without an end is open, one that has neither beginning nor end is a wait. */
function parsePass(raw: JsonObject): PassEvent | OpenPass | OpenWait {
  const name = { type: 'pass' as const, ...optional(raw, 'id', text), ...optional(raw, 'controller', text) };
  const object = text(raw, 'object');
  const waited = {
    ...optional(raw, 'trigger', text),
    ...optional(raw, 'queued', nonNegativeInteger),
    ...optional(raw, 'ready', nonNegativeInteger),
  };
  const ofBasis = optional(raw, 'basis', basis);
  const { started, ended } = spanOf(raw);
  if (ended === undefined) refuse(raw, ['result', 'after', 'error'], 'but no end');
  if (started === undefined && ended === undefined) {
    refuse(raw, ['worker', 'attempt', 'phases', 'requests'], 'but neither beginning nor end');
    if (waited.queued === undefined && waited.ready === undefined) throw new LineError('has no time');
    return { ...name, object, ...waited, ...ofBasis };
  }
  const begun = {
    ...name,
    object,
    ...optional(raw, 'worker', nonNegativeInteger),
    ...optional(raw, 'attempt', nonNegativeInteger),
    ...waited,
    ...ofBasis,
  };
  const parts = {
    ...(raw['phases'] === undefined ? {} : { phases: list(raw, 'phases').map(parsePhase) }),
    ...(raw['requests'] === undefined ? {} : { requests: list(raw, 'requests').map(parseRequest) }),
  };
  if (ended === undefined) return { ...begun, started: started as number, ...parts };
  const { error } = raw;
  if (error !== undefined && error !== null && typeof error !== 'string') {
    throw new LineError('has an error that is not text');
  }
  return {
    ...begun,
    ...(started === undefined ? {} : { started }),
    ended,
    result: raw['result'] === undefined ? 'unknown' : oneOf(RESULTS)(raw, 'result'),
    ...optional(raw, 'after', nonNegativeInteger),
    ...(error === undefined ? {} : { error }),
    ...parts,
  };
}

function parsePhase(raw: JsonObject): TracePhase {
  nonNegativeInteger(raw, 'started');
  return { name: text(raw, 'name'), ...spanOf(raw) } as TracePhase;
}

function parseRequest(raw: JsonObject): TraceRequest {
  const span = spanOf(raw);
  if (span.started === undefined && span.ended === undefined) throw new LineError('has a request without a time');
  return {
    ...optional(raw, 'to', target),
    ...optional(raw, 'verb', text),
    ...optional(raw, 'resource', text),
    ...optional(raw, 'object', text),
    ...optional(raw, 'status', nonNegativeInteger),
    ...optional(raw, 'message', text),
    ...optional(raw, 'throttled', nonNegativeInteger),
    ...optional(raw, 'locked', nonNegativeInteger),
    ...span,
    ...optional(raw, 'basis', basis),
  };
}

function moment(raw: JsonObject): { at: number; until?: number } {
  const [at, until] = [nonNegativeInteger(raw, 'at'), optional(raw, 'until', nonNegativeInteger).until];
  if (until !== undefined && until < at) throw new LineError('has an until before its at');
  return { at, ...(until === undefined ? {} : { until }) };
}

function parseObject(raw: JsonObject): ObjectEvent {
  return {
    type: 'object',
    ...optional(raw, 'kind', text),
    object: text(raw, 'object'),
    ...moment(raw),
    ...optional(raw, 'phase', text),
    ...optional(raw, 'runnerId', nonNegativeInteger),
    ...optional(raw, 'pod', oneOf(POD_STATES)),
    ...optional(raw, 'deleted', truth),
    ...optional(raw, 'node', text),
    ...optional(raw, 'job', text),
    ...optional(raw, 'scaleSet', text),
    ...optional(raw, 'replicas', nonNegativeInteger),
    // The listener counts from -1 where it has to begin again.
    ...optional(raw, 'patchID', integer),
    ...optional(raw, 'assigned', nonNegativeInteger),
    ...parseWhy(raw),
    ...optional(raw, 'basis', basis),
  };
}

function parseMark(raw: JsonObject): MarkEvent {
  return {
    type: 'mark',
    ...moment(raw),
    ...optional(raw, 'what', oneOf(MARKS)),
    ...optional(raw, 'text', text),
    ...optional(raw, 'basis', basis),
  };
}

function parseLineEvent(raw: JsonObject): LineEvent {
  return {
    type: 'line',
    ...optional(raw, 'source', nonNegativeInteger),
    ...optional(raw, 'line', nonNegativeInteger),
    ...optional(raw, 'pass', text),
  };
}

/** What is known of a beginning and an end. */
function spanOf(raw: JsonObject): { readonly started?: number; readonly ended?: number } {
  const span = { ...optional(raw, 'started', nonNegativeInteger), ...optional(raw, 'ended', nonNegativeInteger) };
  if (span.started !== undefined && span.ended !== undefined && span.ended < span.started) {
    throw new LineError('has an end before its beginning');
  }
  return span;
}

function refuse(raw: JsonObject, fields: readonly string[], why: string): void {
  const field = fields.find((one) => raw[one] !== undefined);
  if (field !== undefined) throw new LineError(`has ${field} ${why}`);
}
