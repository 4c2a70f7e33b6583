import { groupBy } from '../base/group.ts';
import { PlainError } from '../base/plain-error.ts';
import { SecretRegistry } from '../base/redact.ts';
import { allResources, EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import { splitKey, type ApiObject } from '../kubernetes/types.ts';
import { DEFAULT_SETTINGS } from '../run/settings.ts';
import { LogEffect, PhaseEffect } from '../runtime/effects.ts';
import type { ObjectEvent, OpenPass, PassEvent, TraceRequest } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { Site, Stacks } from './call-sites.ts';
import { History } from './history.ts';
import { Moments, type Deed, type Ending, type Moment, type SeenPass } from './moments.ts';
import { PassPath, type StackOf, type StepInPass } from './pass-path.ts';
import { objectKey, type Recording } from './recording.ts';
import type { SourcePlace } from './source-files.ts';

/** A line of a log that a pass wrote. */
export interface SeenLine {
  /** Number of the pass in the trace. */
  readonly pass: number;
  /** In the trace's time. */
  readonly atUs: number;
  /** Cleared of credentials. */
  readonly text: string;
  /** Where it can be opened; undefined where that is nowhere, as in a packed file. */
  readonly place: SourcePlace | undefined;
}

/** What a pass does, and what is known of it besides. */
interface SeenDeed {
  readonly deed: Deed;
  readonly atUs: number;
  /** Of a line, where it can be opened. */
  readonly place?: SourcePlace | undefined;
  readonly request?: TraceRequest;
}

/** Something that happened, in the order of `atUs`, and of these lists where that is the same. */
interface Step {
  readonly atUs: number;
  readonly note: (replay: Replay) => void;
}

/**
 * A trace as a recording: its passes, phases, requests and lines are moments, and objects are as it tells. What was sent and
 * answered is not in a trace, so that nothing of it can be run again.
 * @param lines of the logs that the trace was made from, those of a pass in their order
 * @param stackOf where in the reconciler's source passes do what they do
 */
export function replayOf(log: TraceLog, lines: readonly SeenLine[] = [], stackOf: StackOf = () => NOWHERE): Recording {
  const linesOf = groupBy(lines, ({ pass }) => pass);
  const requestsOf = groupBy(requestsApart(log), ({ pass }) => pass);
  const steps: Step[] = [];
  const ids = idsOf(log);
  for (let number = 0; number < log.passCount; number++) {
    const pass = log.pass(number);
    const requests = [...(pass.requests ?? []), ...(requestsOf.get(number) ?? [])];
    for (const step of stepsOf({ ...pass, requests }, ids[number] ?? number, linesOf.get(number) ?? []))
      steps.push(step);
  }
  for (const event of log.events()) if (event.type === 'object') steps.push(...stateSteps(event));
  steps.sort((one, other) => one.atUs - other.atUs);
  const replay = new Replay(stackOf);
  for (const { note } of steps) note(replay);
  return replay.recording(log);
}

/** The numbers that the run itself gave its passes; those of the trace where an id is none, or there twice. */
function idsOf(log: TraceLog): readonly number[] {
  const { id } = log.rows.passes;
  const given = Array.from({ length: log.passCount }, (_, number) => id.get(number));
  const isGood = given.every((each) => each >= 0) && new Set(given).size === given.length;
  return isGood ? given : given.map((_, number) => number);
}

/** Requests that are not written with their pass, as an audit log tells them. */
function* requestsApart(log: TraceLog): IterableIterator<TraceRequest & { readonly pass: number }> {
  for (let event = 0; event < log.length; event++) {
    const row = log.requestAt(event);
    const pass = row < 0 ? undefined : log.passOfRequest(row);
    if (pass !== undefined) yield { ...log.rows.request(row), pass };
  }
}

function stepsOf(pass: PassEvent | OpenPass, id: number, lines: readonly SeenLine[]): readonly Step[] {
  const { phases = [], requests = [] } = pass;
  const startedUs = pass.started ?? pass.ended ?? 0;
  const record = recordOf(pass, id, startedUs);
  const deeds: SeenDeed[] = [
    ...phases.map(({ name, started }) => ({ deed: new PhaseEffect(name), atUs: started })),
    ...lines.map(({ text, atUs, place }) => ({ deed: new LogEffect('info', text), atUs, place })),
    ...requests.map((request) => {
      return { deed: requestOf(request), atUs: request.started ?? request.ended ?? startedUs, request };
    }),
  ];
  const path = new PassPath(record.controller);
  const within = deeds
    .map((seen) => ({ ...seen, atUs: Math.max(seen.atUs, startedUs) }))
    .sort((one, other) => one.atUs - other.atUs)
    .map((seen): Step => {
      const step = stepOf(path, seen);
      return { atUs: seen.atUs, note: (replay) => replay.does(record, seen, step) };
    });
  if (pass.ended !== undefined) path.ends(pass.result);
  const queued = pass.queued;
  const wait = { trigger: record.trigger, queuedUs: record.queuedUs, readyUs: record.readyUs };
  return [
    ...(queued === undefined ? [] : [{ atUs: queued, note: (replay: Replay) => replay.waits(record, wait) }]),
    { atUs: startedUs, note: (replay) => (replay.waits(record, undefined), replay.stands(id, lines[0]?.place)) },
    ...within,
    ...(pass.ended === undefined ? [] : [endStep(pass, record, Math.max(pass.ended, within.at(-1)?.atUs ?? 0))]),
  ];
}

function endStep(pass: PassEvent, record: SeenPass, atUs: number): Step {
  return { atUs, note: (replay) => replay.end(record, endingOf(pass), atUs) };
}

function recordOf(pass: PassEvent | OpenPass, id: number, startedUs: number): SeenPass {
  const { controller = '', object, worker = -1, attempt = 1, trigger = '', queued, ready } = pass;
  const times = { queuedUs: queued ?? NaN, readyUs: ready ?? NaN, startedUs };
  return { id, controller, key: object, worker, attempt, trigger, priority: 0, ...times };
}

function requestOf({ verb = '', resource = '', object = '', locked = 0 }: TraceRequest): Deed {
  return { kind: 'seen-request', verb, resource, ...splitKey(object), lockedUs: locked };
}

/** The error that a pass is said to have ended with. */
class SeenError extends PlainError {
  override readonly name = 'SeenError';
}

function endingOf({ result, after = 0, error }: PassEvent): Ending {
  if (result === 'error') return { kind: 'error', error: new SeenError(error ?? '') };
  return result === 'requeue-after' ? { kind: result, afterUs: after } : { kind: result };
}

/** A runner's events in a trace are about its pod too. */
function stateSteps(event: ObjectEvent): readonly Step[] {
  const { kind = EphemeralRunners.kind, object, at: atUs, deleted, pod } = event;
  const { phase, runnerId, reason, message, replicas, patchID, failures } = event;
  const step = (of: string, status: Readonly<Record<string, unknown>> | undefined): Step => {
    return { atUs, note: (replay) => replay.is(of, object, status) };
  };
  const status = { phase, runnerId, reason, message, replicas, patchID, failures };
  return [
    step(kind, deleted === true ? undefined : status),
    ...(pod === undefined ? [] : [step(Pods.kind, pod === 'none' || pod === 'deleted' ? undefined : { phase: pod })]),
  ];
}

/** A recording while it is put together. */
class Replay {
  readonly #moments = new Moments();
  readonly #objects = new History<ApiObject>();
  readonly #waits: Recording['waits'] = new History();
  readonly #throttled = new Map<Moment, number>();
  readonly #places = new Places();
  /** At which line of a log each pass stands. */
  readonly #standing = new Map<number, SourcePlace>();
  readonly #stackOf: StackOf;

  constructor(stackOf: StackOf) {
    this.#stackOf = stackOf;
  }

  does(pass: SeenPass, { deed, atUs, place, request }: SeenDeed, step: StepInPass | undefined): void {
    this.stands(pass.id, place);
    const calls = step === undefined ? NOWHERE : this.#stackOf(step);
    const site = this.#places.site(this.#standing.get(pass.id), calls);
    const moment = this.#moments.addEffect(pass, deed, site, atUs);
    if (request !== undefined) this.#answer(moment, request);
  }

  end(pass: SeenPass, ending: Ending, atUs: number): void {
    this.#moments.addEnd(pass, ending, atUs);
    this.#standing.delete(pass.id);
  }

  #answer(moment: Moment, { status, message = '', ended, throttled = 0 }: TraceRequest): void {
    if (throttled > 0) this.#throttled.set(moment, throttled);
    if (ended === undefined && status === undefined) return;
    const atUs = ended ?? this.#moments.timeUs(moment);
    this.#moments.answer(moment, { kind: 'seen', status, message, atUs });
  }

  /** The pass has come to a place; it stays there where the next one is not known. */
  stands(pass: number, place: SourcePlace | undefined): void {
    if (place !== undefined) this.#standing.set(pass, place);
  }

  waits({ controller, key }: SeenPass, wait: Parameters<Recording['waits']['change']>[2]): void {
    this.#waits.change(`${controller} ${key}`, this.#moments.length, wait);
  }

  is(kind: string, key: string, status: Readonly<Record<string, unknown>> | undefined): void {
    const id = objectKey(kind, key);
    const before = this.#objects.at(id, this.#moments.length) as { readonly status?: object } | undefined;
    const told = Object.entries(status ?? {}).filter(([, value]) => value !== undefined);
    const apiVersion = allResources.find((each) => each.kind === kind)?.apiVersion ?? '';
    const now = {
      apiVersion,
      kind,
      metadata: splitKey(key),
      status: { ...before?.status, ...Object.fromEntries(told) },
    };
    this.#objects.change(id, this.#moments.length, status && now);
  }

  recording(log: TraceLog): Recording {
    const { settings, release = '' } = log.header;
    return {
      hasAnswers: false,
      cachedKinds: new Set(),
      // What is not known of them is as usual; nothing that is shown of a trace goes by it.
      settings: { ...DEFAULT_SETTINGS, ...settings, mode: release },
      finished: { trace: log, originUs: log.originUs, end: { kind: 'quiet' } },
      moments: this.#moments,
      sites: this.#places,
      ...{ truth: this.#objects, cache: this.#objects, waits: this.#waits, throttled: this.#throttled },
      ...{ locks: new History(), buckets: new History(), writers: new Map(), edits: [] },
      epochMs: Date.parse(log.header.start),
      secrets: new SecretRegistry(),
    };
  }
}

function stepOf(path: PassPath, { deed, request }: SeenDeed): StepInPass | undefined {
  if (deed.kind === 'phase') return path.beginsPhase(deed.phase);
  if (deed.kind === 'log') return path.writes(deed.message);
  return deed.kind === 'seen-request' ? path.sends(deed.verb, deed.resource, request?.status) : undefined;
}

const NOWHERE: readonly SourcePlace[] = [];

/** Stacks by number: a line of a log, where there is one, within calls of the reconciler. One that is there already is known by its identity. */
class Places implements Stacks {
  readonly #frames: (readonly SourcePlace[])[] = [NOWHERE];
  readonly #sites = new Map<readonly SourcePlace[], Map<SourcePlace | undefined, Site>>();

  site(line: SourcePlace | undefined, calls: readonly SourcePlace[]): Site {
    if (line === undefined && calls.length === 0) return 0;
    let withCalls = this.#sites.get(calls);
    if (withCalls === undefined) this.#sites.set(calls, (withCalls = new Map<SourcePlace | undefined, Site>()));
    let site = withCalls.get(line);
    if (site === undefined) {
      site = this.#frames.push(line === undefined ? calls : [line, ...calls]) - 1;
      withCalls.set(line, site);
    }
    return site;
  }

  frames(site: Site): readonly SourcePlace[] {
    return this.#frames[site] ?? NOWHERE;
  }
}
