import { isJsonObject, type JsonObject } from '../base/json.ts';
import {
  POD_STATES,
  RESULTS,
  type OpenPass,
  type OpenPhase,
  type OpenRequest,
  type OpenWait,
  type PassEvent,
  type PodTrouble,
  type RunnerEvent,
  type TraceHeader,
  type TraceLine,
  type TracePhase,
  type TraceRequest,
} from './model.ts';
import { whyOf } from './why.ts';

/** What is wrong with a line, without its number. */
export class LineError extends Error {
  override readonly name = 'LineError';
}

/** @throws LineError */
export function checkedHeader(raw: JsonObject): TraceHeader {
  if (raw['type'] !== 'header') throw new LineError('is not a trace header; is this an ARC trace file?');
  if (raw['version'] !== 1) {
    throw new LineError(`says that this trace has version ${shown(raw['version'])}; this release reads version 1`);
  }
  const settings = raw['settings'];
  if (!isJsonObject(settings)) throw new LineError('has no settings');
  return {
    type: 'header',
    version: 1,
    start: text(raw, 'start'),
    mode: text(raw, 'mode'),
    source: text(raw, 'source'),
    settings,
    ...(raw['origin'] === undefined ? {} : { origin: whole(raw, 'origin') }),
  };
}

/** @throws LineError */
export function checkedLine(raw: JsonObject): TraceLine {
  if (raw['type'] === 'runner') return checkedRunnerEvent(raw);
  if (raw['type'] === 'pass') return checkedPass(raw);
  if (raw['type'] === 'end') return { type: 'end', at: whole(raw, 'at') };
  if (raw['type'] === 'header') return checkedHeader(raw);
  throw new LineError(`has an unknown type: ${shown(raw['type'])}`);
}

function checkedRunnerEvent(raw: JsonObject): RunnerEvent {
  return {
    type: 'runner',
    runner: text(raw, 'runner'),
    at: whole(raw, 'at'),
    phase: text(raw, 'phase'),
    runnerId: whole(raw, 'runnerId'),
    // A state that this release does not know is no reason to refuse the file.
    pod: POD_STATES.find((state) => state === raw['pod']) ?? 'none',
    deleted: raw['deleted'] === true,
    ...whyOf({
      ...optionalText(raw, 'reason'),
      ...optionalText(raw, 'message'),
      ...checkedTrouble(raw['trouble']),
      ...optionalInteger(raw, 'failures'),
    }),
  };
}

function checkedTrouble(raw: unknown): { readonly trouble?: PodTrouble } {
  if (raw === undefined) return {};
  if (!isJsonObject(raw)) throw new LineError('has a trouble that is not an object');
  return {
    trouble: {
      code: text(raw, 'code'),
      ...optionalText(raw, 'container'),
      ...optionalTrue(raw, 'init'),
      ...optionalInteger(raw, 'exitCode'),
      ...optionalText(raw, 'message'),
      ...optionalInteger(raw, 'since'),
      ...optionalText(raw, 'detail'),
      ...optionalTrue(raw, 'ended'),
      ...optionalTrue(raw, 'overlooked'),
      ...optionalInteger(raw, 'due'),
    },
  };
}

/** A pass without an end is open, one without a beginning is a wait. */
function checkedPass(raw: JsonObject): PassEvent | OpenPass | OpenWait {
  const wait: OpenWait = {
    type: 'pass',
    runner: text(raw, 'runner'),
    mode: text(raw, 'mode'),
    // Version 1 had a word of its own for runners; the kind's name is used now.
    trigger: text(raw, 'trigger').replace(/^runner-/, 'ephemeralrunner-'),
    queued: whole(raw, 'queued'),
    ready: whole(raw, 'ready'),
  };
  if (raw['started'] === undefined) return wait;
  const begun = {
    ...wait,
    worker: whole(raw, 'worker'),
    attempt: whole(raw, 'attempt'),
    started: whole(raw, 'started'),
  };
  const [phases, requests] = [list(raw, 'phases'), list(raw, 'requests')];
  if (raw['ended'] === undefined) {
    return {
      ...begun,
      phases: phases.map((phase) => (phase['ended'] === undefined ? openPhase(phase) : endedPhase(phase))),
      requests: requests.map((one) => (one['ended'] === undefined ? openRequest(one) : endedRequest(one))),
    };
  }
  const result = RESULTS.find((known) => known === raw['result']);
  if (result === undefined) throw new LineError(`has an unknown result: ${shown(raw['result'])}`);
  const { error } = raw;
  if (error !== null && typeof error !== 'string') throw new LineError('has an error that is not text');
  return {
    ...begun,
    ended: whole(raw, 'ended'),
    result,
    after: whole(raw, 'after'),
    error,
    phases: phases.map(endedPhase),
    requests: requests.map(endedRequest),
  };
}

function openPhase(raw: JsonObject): OpenPhase {
  return { name: text(raw, 'name'), started: whole(raw, 'started') };
}

function endedPhase(raw: JsonObject): TracePhase {
  return { name: text(raw, 'name'), started: whole(raw, 'started'), ended: whole(raw, 'ended') };
}

function openRequest(raw: JsonObject): OpenRequest {
  return {
    to: target(raw),
    verb: text(raw, 'verb'),
    resource: text(raw, 'resource'),
    name: text(raw, 'name'),
    throttled: whole(raw, 'throttled'),
    started: whole(raw, 'started'),
  };
}

function endedRequest(raw: JsonObject): TraceRequest {
  return {
    to: target(raw),
    verb: text(raw, 'verb'),
    resource: text(raw, 'resource'),
    name: text(raw, 'name'),
    status: whole(raw, 'status'),
    throttled: whole(raw, 'throttled'),
    started: whole(raw, 'started'),
    ended: whole(raw, 'ended'),
    ...optionalText(raw, 'message'),
  };
}

function target(request: JsonObject): 'kubernetes' | 'actions' {
  const to = request['to'];
  if (to !== 'kubernetes' && to !== 'actions') throw new LineError(`has a request to ${shown(to)}`);
  return to;
}

function text(raw: JsonObject, field: string): string {
  const value = raw[field];
  if (typeof value !== 'string') throw new LineError(`has no text for ${field}`);
  return value;
}

/** The field alone, or nothing where it is absent or empty. */
function optionalText<Field extends string>(raw: JsonObject, field: Field): { readonly [name in Field]?: string } {
  const value = raw[field] === undefined ? '' : text(raw, field);
  return (value === '' ? {} : { [field]: value }) as { readonly [name in Field]?: string };
}

function optionalTrue<Field extends string>(raw: JsonObject, field: Field): { readonly [name in Field]?: true } {
  return (raw[field] === true ? { [field]: true } : {}) as { readonly [name in Field]?: true };
}

function optionalInteger<Field extends string>(raw: JsonObject, field: Field): { readonly [name in Field]?: number } {
  const value = raw[field];
  if (value === undefined) return {};
  if (!Number.isSafeInteger(value)) throw new LineError(`has no whole number for ${field}`);
  return { [field]: value } as { readonly [name in Field]?: number };
}

function whole(raw: JsonObject, field: string): number {
  const value = raw[field];
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new LineError(`has no whole number for ${field}`);
  return value as number;
}

function list(raw: JsonObject, field: string): readonly JsonObject[] {
  const value: unknown = raw[field];
  if (!Array.isArray(value) || !value.every(isJsonObject)) throw new LineError(`has no list of ${field}`);
  return value;
}

function shown(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, 60);
}
