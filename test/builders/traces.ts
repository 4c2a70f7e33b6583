import assert from 'node:assert/strict';
import type { PassEvent, TraceHeader, TraceRequest } from '../../src/trace/model.ts';
import type { PassEnd, PassStart, TraceLog } from '../../src/trace/trace-log.ts';

export const A_HEADER: TraceHeader = {
  type: 'header',
  version: 2,
  start: '2026-01-01T00:00:00.000Z',
  release: 'new',
  sources: [{ kind: 'embedded' }],
  settings: {},
};

/** A request of our own run: all of it is known. */
export interface KnownRequest extends TraceRequest {
  readonly to: 'kubernetes' | 'actions';
  readonly verb: string;
  readonly resource: string;
  readonly status: number;
  readonly throttled: number;
  readonly started: number;
  readonly ended: number;
}

/** A pass of our own run. */
export interface KnownPass extends PassEvent {
  readonly worker: number;
  readonly attempt: number;
  readonly trigger: string;
  readonly queued: number;
  readonly ready: number;
  readonly started: number;
  readonly after: number;
  readonly error: string | null;
  readonly phases: readonly { readonly name: string; readonly started: number; readonly ended: number }[];
  readonly requests: readonly KnownRequest[];
}

const OF_PASS = ['worker', 'attempt', 'trigger', 'queued', 'ready', 'started', 'after', 'error', 'phases', 'requests'];
const OF_REQUEST = ['to', 'verb', 'resource', 'status', 'throttled', 'started', 'ended'];

/** The passes of our own run; fails where something of one is not known. */
export function knownPasses(trace: TraceLog): KnownPass[] {
  return [...trace.passes()].map(knownPass);
}

export function knownPass(pass: PassEvent): KnownPass {
  for (const field of OF_PASS) assert.ok(field in pass, `${field} of a pass of our own is not known`);
  for (const request of pass.requests ?? []) {
    for (const field of OF_REQUEST) assert.ok(field in request, `${field} of a request of our own is not known`);
  }
  return pass as KnownPass;
}

/** Begins a pass of a runner that has waited for nothing, but for what is given. @returns its number */
export function beginPass(log: TraceLog, object: string, started: number, more: Partial<PassStart> = {}): number {
  const { queued = started, ready = queued } = more;
  return log.beginPass({
    ...{ object, controller: 'ephemeralrunner', worker: 0, attempt: 1, trigger: 'ephemeralrunner-added' },
    ...{ queued, ready, started, basis: 'run', ...more },
  });
}

export function endPass(log: TraceLog, pass: number, ended: number, more: Partial<PassEnd> = {}): void {
  log.endPass(pass, { result: 'done', after: 0, error: null, ended, ...more });
}

export function beginWait(log: TraceLog, object: string, trigger: string, queued: number, ready: number): void {
  log.beginWait({ object, controller: 'ephemeralrunner', trigger, queued, ready, basis: 'run' });
}

/** What waits and is not in a pass. */
export function waitingIn(log: TraceLog): string[] {
  return [...log.open()].filter(({ started }) => started === undefined).map(({ object }) => object);
}
