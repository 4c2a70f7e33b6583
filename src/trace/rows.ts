import { kindOfController } from './kinds.ts';
import { known, knownNumber } from './known.ts';
import {
  BASES,
  POD_STATES,
  RESULTS,
  RUNNER_KIND,
  type Basis,
  type LineEvent,
  type ObjectEvent,
  type OpenPass,
  type PassEvent,
  type PassResult,
  type RequestEvent,
  type RunnerWhy,
  type TracePhase,
  type TraceRequest,
} from './model.ts';
import { StringTable } from './string-table.ts';
import { LineTable, NONE, ObjectTable, PassTable, PhaseTable, RequestTable } from './tables.ts';

/** A pass's id that is a number as people write it takes no string. */
const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,8})$/;

/** The tables of a trace, and their rows as events. */
export class Rows {
  readonly strings = new StringTable();
  /** What there are few of: verbs, resources, phases, triggers, kinds. */
  readonly words = new StringTable();
  readonly passes = new PassTable();
  readonly phases = new PhaseTable();
  readonly requests = new RequestTable();
  readonly objects = new ObjectTable();
  readonly lines = new LineTable();
  whys: RunnerWhy[] = [];
  /** By number of a controller's word. */
  readonly #kinds: string[] = [];

  /** The kind of what a pass reconciles. */
  kindOfPass(pass: number): string {
    return this.kindOf(this.passes.controller.get(pass));
  }

  /** The kind of what a controller reconciles. @param controller the number of its word, NaN where it is not known */
  kindOf(controller: number): string {
    if (Number.isNaN(controller)) return RUNNER_KIND;
    return (this.#kinds[controller] ??= kindOfController(this.words.text(controller)));
  }

  isOfRunner(pass: number): boolean {
    return this.kindOfPass(pass) === RUNNER_KIND;
  }

  /** A pass that has ended. */
  pass(pass: number): PassEvent {
    const { passes } = this;
    const error = passes.error.get(pass);
    return {
      ...this.#begun(pass),
      ...known({ started: knownNumber(passes.span.startedUs(pass)) }),
      ended: passes.span.endedUs(pass),
      result: RESULTS[passes.result.get(pass) - 1] as PassResult,
      ...known({
        after: knownNumber(passes.after.get(pass)),
        error: error === NONE ? null : this.strings.textOf(error),
      }),
      ...this.#parts(pass),
    };
  }

  /** A pass in progress. */
  openPass(pass: number): OpenPass {
    return { ...this.#begun(pass), started: this.passes.span.startedUs(pass), ...this.#parts(pass) };
  }

  #begun(pass: number) {
    const { passes, words } = this;
    return {
      type: 'pass' as const,
      ...known({ id: this.idText(passes.id.get(pass)), controller: words.textOf(passes.controller.get(pass)) }),
      object: this.strings.text(passes.object.get(pass)),
      ...known({
        worker: knownNumber(passes.worker.get(pass)),
        attempt: knownNumber(passes.attempt.get(pass)),
        trigger: words.textOf(passes.trigger.get(pass)),
        queued: knownNumber(passes.queuedUs(pass)),
        ready: knownNumber(passes.readyUs(pass)),
        basis: basisOf(passes.basis.get(pass)),
      }),
    };
  }

  #parts(pass: number) {
    return known({ phases: this.#phasesOf(pass), requests: this.#requestsOf(pass) });
  }

  #phasesOf(pass: number): TracePhase[] | undefined {
    const { phases, passes } = this;
    const last = passes.lastPhase.get(pass);
    if (Number.isNaN(last)) return undefined;
    const found: TracePhase[] = [];
    for (let phase = last; phase !== NONE; phase = phases.before(phase)) {
      const ended = knownNumber(phases.span.endedUs(phase));
      const name = this.words.text(phases.name.get(phase));
      found.push({ name, started: phases.span.startedUs(phase), ...known({ ended }) });
    }
    return found.reverse();
  }

  #requestsOf(pass: number): TraceRequest[] | undefined {
    const last = this.passes.lastRequest.get(pass);
    if (Number.isNaN(last)) return undefined;
    const found: TraceRequest[] = [];
    for (let request = last; request !== NONE; request = this.requests.before(request)) {
      found.push(this.request(request));
    }
    return found.reverse();
  }

  request(request: number): TraceRequest {
    const { requests, words, strings } = this;
    const to = requests.to.get(request);
    return known({
      to: Number.isNaN(to) ? undefined : to === 0 ? ('kubernetes' as const) : ('actions' as const),
      verb: words.textOf(requests.verb.get(request)),
      resource: words.textOf(requests.resource.get(request)),
      object: strings.textOf(requests.object.get(request)),
      status: knownNumber(requests.status.get(request)),
      message: strings.textOf(requests.message.get(request)),
      throttled: knownNumber(requests.throttled.get(request)),
      locked: knownNumber(requests.locked.get(request)),
      started: knownNumber(requests.span.startedUs(request)),
      ended: knownNumber(requests.span.endedUs(request)),
      basis: basisOf(requests.basis.get(request)),
    });
  }

  /** A request on its own. */
  freeRequest(request: number): RequestEvent {
    const pass = this.idText(this.requests.pass.get(request));
    const listener = this.strings.textOf(this.requests.listener.get(request));
    return { type: 'request', ...known({ pass, listener }), ...this.request(request) };
  }

  object(index: number): ObjectEvent {
    const { objects, words, strings } = this;
    const deleted = objects.deleted.get(index);
    return {
      type: 'object',
      ...known({ kind: words.textOf(objects.kind.get(index)) }),
      object: strings.text(objects.object.get(index)),
      at: objects.span.startedUs(index),
      ...known({
        until: knownNumber(objects.span.endedUs(index)),
        phase: words.textOf(objects.phase.get(index)),
        runnerId: knownNumber(objects.runnerId.get(index)),
        pod: POD_STATES[objects.pod.get(index)],
        deleted: Number.isNaN(deleted) ? undefined : deleted === 1,
        node: strings.textOf(objects.node.get(index)),
        job: strings.textOf(objects.job.get(index)),
        scaleSet: strings.textOf(objects.scaleSet.get(index)),
        replicas: knownNumber(objects.replicas.get(index)),
        patchID: knownNumber(objects.patchID.get(index)),
        assigned: knownNumber(objects.assigned.get(index)),
      }),
      ...this.whys[objects.why.get(index)],
      ...known({ basis: basisOf(objects.basis.get(index)) }),
    };
  }

  line(index: number): LineEvent {
    const { lines } = this;
    return {
      type: 'line',
      ...known({
        source: knownNumber(lines.source.get(index)),
        line: knownNumber(lines.line.get(index)),
        pass: this.idText(lines.pass.get(index)),
      }),
    };
  }

  /** How columns hold the id of a pass. */
  idOf(id: string | number | undefined): number {
    if (id === undefined) return NaN;
    if (typeof id === 'number') return id;
    return PLAIN_NUMBER.test(id) ? Number(id) : ~this.strings.id(id);
  }

  idText(id: number): string | undefined {
    if (Number.isNaN(id)) return undefined;
    return id >= 0 ? String(id) : this.strings.text(~id);
  }
}

/** How columns hold a basis. */
export function basisNumber(basis: Basis | undefined): number {
  return basis === undefined ? NaN : BASES.indexOf(basis);
}

function basisOf(basis: number): Basis | undefined {
  return BASES[basis];
}
