import { isJsonObject, type JsonObject } from '../base/json.ts';
import { known } from './known.ts';
import { LineError, list, optionalText, shown, text, nonNegativeInteger } from './fields.ts';
import {
  POD_STATES,
  RUNNER_KIND,
  type ObjectEvent,
  type OpenPass,
  type OpenWait,
  type PassEvent,
  type TraceHeader,
  type TraceLine,
  type TracePhase,
  type TraceRequest,
} from './model.ts';
import { parseWhy } from './parse-why.ts';

/** How passes of version 1 ended: it knew of all of them. */
const RESULTS = ['done', 'requeue', 'requeue-after', 'error'] as const;

/** Version 1 had runs of the lab alone. */
const OURS = { controller: 'ephemeralrunner', basis: 'run' } as const;

/** A header of version 1 as one of version 2. @throws LineError */
export function headerOfVersion1(raw: JsonObject): TraceHeader {
  const settings = raw['settings'];
  if (!isJsonObject(settings)) throw new LineError('has no settings');
  return {
    type: 'header',
    version: 2,
    start: text(raw, 'start'),
    release: text(raw, 'mode'),
    sources: [{ kind: text(raw, 'source') }],
    settings,
    ...(raw['origin'] === undefined ? {} : { origin: nonNegativeInteger(raw, 'origin') }),
  };
}

/** A line of version 1 as one of version 2. @throws LineError */
export function lineOfVersion1(raw: JsonObject): Exclude<TraceLine, TraceHeader> {
  if (raw['type'] === 'runner') return runnerEvent(raw);
  if (raw['type'] === 'pass') return pass(raw);
  throw new LineError(`has an unknown type: ${shown(raw['type'])}`);
}

function runnerEvent(raw: JsonObject): ObjectEvent {
  return {
    type: 'object',
    kind: RUNNER_KIND,
    object: text(raw, 'runner'),
    at: nonNegativeInteger(raw, 'at'),
    phase: text(raw, 'phase'),
    runnerId: nonNegativeInteger(raw, 'runnerId'),
    // A state that this release does not know is no reason to refuse the file.
    ...known({ pod: POD_STATES.find((state) => state === raw['pod']) }),
    deleted: raw['deleted'] === true,
    ...parseWhy(raw),
    basis: 'run',
  };
}

/** A pass without an end is open, one without a beginning is a wait. */
function pass(raw: JsonObject): PassEvent | OpenPass | OpenWait {
  const object = text(raw, 'runner');
  text(raw, 'mode');
  // It had a word of its own for runners; the kind's name is used now.
  const trigger = text(raw, 'trigger').replace(/^runner-/, 'ephemeralrunner-');
  const waited = { trigger, queued: nonNegativeInteger(raw, 'queued'), ready: nonNegativeInteger(raw, 'ready') };
  if (raw['started'] === undefined) return { type: 'pass', object, ...OURS, ...waited };
  const begun = {
    type: 'pass' as const,
    object,
    ...OURS,
    worker: nonNegativeInteger(raw, 'worker'),
    attempt: nonNegativeInteger(raw, 'attempt'),
    ...waited,
    started: nonNegativeInteger(raw, 'started'),
  };
  const phases = list(raw, 'phases');
  const requests = list(raw, 'requests');
  const namespace = object.slice(0, object.indexOf('/') + 1);
  if (raw['ended'] === undefined) {
    return { ...begun, phases: phases.map(phase), requests: requests.map((one) => request(one, namespace)) };
  }
  const result = RESULTS.find((one) => one === raw['result']);
  if (result === undefined) throw new LineError(`has an unknown result: ${shown(raw['result'])}`);
  const { error } = raw;
  if (error !== null && typeof error !== 'string') throw new LineError('has an error that is not text');
  if ([...phases, ...requests].some(({ ended }) => ended === undefined)) {
    throw new LineError('has ended, and something in it has not');
  }
  return {
    ...begun,
    ended: nonNegativeInteger(raw, 'ended'),
    result,
    after: nonNegativeInteger(raw, 'after'),
    error,
    phases: phases.map(phase),
    requests: requests.map((one) => request(one, namespace)),
  };
}

function phase(raw: JsonObject): TracePhase {
  return { name: text(raw, 'name'), started: nonNegativeInteger(raw, 'started'), ...end(raw) };
}

function request(raw: JsonObject, namespace: string): TraceRequest {
  const to = raw['to'];
  if (to !== 'kubernetes' && to !== 'actions') throw new LineError(`has a request to ${shown(to)}`);
  const name = text(raw, 'name');
  return {
    to,
    verb: text(raw, 'verb'),
    resource: text(raw, 'resource'),
    ...(name === '' ? {} : { object: to === 'kubernetes' ? `${namespace}${name}` : name }),
    throttled: nonNegativeInteger(raw, 'throttled'),
    started: nonNegativeInteger(raw, 'started'),
    ...(raw['ended'] === undefined
      ? {}
      : { ended: nonNegativeInteger(raw, 'ended'), status: nonNegativeInteger(raw, 'status') }),
    ...optionalText(raw, 'message'),
  };
}

function end(raw: JsonObject): { ended?: number } {
  return raw['ended'] === undefined ? {} : { ended: nonNegativeInteger(raw, 'ended') };
}
