import { RUNNER_KIND } from '../trace/model.ts';
import { NONE } from '../trace/tables.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { MadeByRows } from './made.ts';
import { passIndexOf, type PassIndex, type Release } from './pass-index.ts';
import { PartWriter, writePass, type WaitPart } from './wait-parts.ts';

/** A part of the critical path: what went on at the time, maybe at another runner, that the runner waited for. */
export interface PathLink extends WaitPart {
  /** namespace/name */
  readonly runner: string;
}

/** What held a runner. Times are microseconds of the trace. */
export interface CriticalPath {
  readonly runner: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** What it ends with: its pod ran, its pod was made, or neither has come and it goes on. */
  readonly until: 'running' | 'pod' | 'open';
  /** Whether the trace shows its beginning. */
  readonly isFromBeginning: boolean;
  /** What it waited for itself, one after the other; they sum to the whole exactly. */
  readonly parts: readonly WaitPart[];
  /**
   * The same time along the causes: where it waited for a worker or a lock, what those did that had these. They sum to the
   * whole exactly as well.
   */
  readonly links: readonly PathLink[];
}

/** More links than this nobody walks; what is before them is one. */
const MOST_LINKS = 4_000;
/** Releases that are followed without any time in between. */
const MOST_HOPS = 1_000;

/**
 * @param runner namespace/name
 * @param nowUs until when what has no end has lasted
 * @param hasLock whether the Actions client of this trace's release makes one call at a time
 * @returns undefined where the trace does not know the runner, or lines are missing in it
 */
export function criticalPath(log: TraceLog, runner: string, nowUs: number, hasLock: boolean): CriticalPath | undefined {
  // Where lines are missing it is not known how long anything took.
  if (log.marks.some(({ what }) => what === 'sampled')) return undefined;
  const object = log.rows.strings.find(runner);
  if (object === undefined) return undefined;
  const index = passIndexOf(log);
  const life = lifeOf(log, index, object, runner, nowUs);
  if (life === undefined || !(life.toUs > life.fromUs)) return undefined;
  const parts = partsOfLife(log, index, life, nowUs, hasLock);
  return {
    runner,
    ...{ fromUs: life.fromUs, toUs: life.toUs, until: life.until, isFromBeginning: life.isFromBeginning },
    parts,
    links: new Walk(log, index, nowUs, hasLock).along(parts, runner),
  };
}

interface Life extends Pick<CriticalPath, 'fromUs' | 'toUs' | 'until' | 'isFromBeginning'> {
  readonly object: number;
  readonly passes: readonly number[];
  /** When its first pod was made, Infinity while it has none. */
  readonly podUs: number;
  /** From when its pod waited for something else. */
  readonly podWaits: readonly { readonly atUs: number; readonly waitsFor: string }[];
}

function lifeOf(log: TraceLog, index: PassIndex, object: number, runner: string, nowUs: number): Life | undefined {
  const passes = index.passesOf(object);
  const events = [...log.runnerEvents(runner)];
  const [firstPass] = passes;
  const [first] = events;
  const queuedUs = firstPass === undefined ? NaN : log.rows.passes.queuedUs(firstPass);
  const startedUs = firstPass === undefined ? NaN : log.rows.passes.span.baseUs(firstPass);
  const seen = [first?.at ?? NaN, queuedUs, startedUs].filter((us) => !Number.isNaN(us));
  if (seen.length === 0) return undefined;
  const madeUs = podMadeUs(log, passes);
  const shown = events.find(({ pod }) => pod !== undefined && pod !== 'none')?.at ?? Infinity;
  const podUs = Number.isFinite(madeUs) ? madeUs : shown;
  const runningUs = events.find(({ at, pod }) => (pod === 'running' || pod === 'ready') && at >= podUs)?.at ?? Infinity;
  const ended = events.find(({ deleted }) => deleted === true)?.at ?? Infinity;
  const last = Math.min(nowUs, ended);
  const podWaits = events.flatMap(({ at, pod, trouble }) =>
    pod === undefined || pod === 'none' ? [] : [{ atUs: at, waitsFor: trouble?.code ?? pod }],
  );
  return {
    ...{ object, passes, podUs, podWaits, fromUs: Math.min(...seen) },
    toUs: Number.isFinite(runningUs) ? runningUs : Number.isFinite(podUs) ? podUs : last,
    until: Number.isFinite(runningUs) ? 'running' : Number.isFinite(podUs) ? 'pod' : 'open',
    isFromBeginning: first?.kind === RUNNER_KIND && first.pod === 'none',
  };
}

function podMadeUs(log: TraceLog, passes: readonly number[]): number {
  const made = new MadeByRows(log.rows);
  const { requests } = log.rows;
  for (const pass of passes) {
    let row = log.rows.passes.lastRequest.get(pass);
    for (; row >= 0; row = requests.before(row)) if (made.of(row) === 'pod') return requests.span.endedUs(row);
  }
  return Infinity;
}

function partsOfLife(log: TraceLog, index: PassIndex, life: Life, nowUs: number, hasLock: boolean): WaitPart[] {
  const writer = new PartWriter(life.fromUs, life.toUs);
  const until = Math.min(life.podUs, life.toUs);
  const toPod = new PartWriter(life.fromUs, until);
  for (const pass of life.passes) writePass(log, index, pass, toPod, nowUs, hasLock);
  const wait = [...log.waits.all()].find(
    ({ object, controller }) => object === life.object && log.rows.kindOf(controller) === RUNNER_KIND,
  );
  if (wait !== undefined) {
    toPod.until(wait.queuedUs, 'event', NONE);
    toPod.until(Math.min(wait.readyUs, nowUs), 'back-off', NONE, log.rows.words.textOf(wait.trigger));
    toPod.until(until, 'worker', NONE);
  }
  toPod.until(until, life.passes.length === 0 ? 'unknown' : 'event', NONE);
  const waits = life.podWaits.filter(({ atUs }) => atUs >= life.podUs);
  let waitsFor = 'created';
  writer.until(until, 'unknown', NONE);
  for (const next of waits) {
    writer.until(next.atUs, 'pod', NONE, waitsFor);
    ({ waitsFor } = next);
  }
  writer.until(life.toUs, 'pod', NONE, waitsFor);
  return [...toPod.parts, ...writer.parts.filter(({ fromUs }) => fromUs >= until)];
}

/** Goes back in time from a runner's end: from a wait for what another pass had to that pass. */
class Walk {
  readonly #log: TraceLog;
  readonly #index: PassIndex;
  readonly #nowUs: number;
  readonly #hasLock: boolean;
  readonly #partsOfPass = new Map<number, readonly WaitPart[]>();

  constructor(log: TraceLog, index: PassIndex, nowUs: number, hasLock: boolean) {
    this.#log = log;
    this.#index = index;
    this.#nowUs = nowUs;
    this.#hasLock = hasLock;
  }

  along(own: readonly WaitPart[], runner: string): PathLink[] {
    const fromUs = own[0]?.fromUs ?? 0;
    const links: PathLink[] = [];
    let [us, at] = [own.at(-1)?.toUs ?? 0, undefined as number | undefined];
    const add = (part: WaitPart, sinceUs: number, of: string): void => {
      if (us > sinceUs) links.push({ ...part, fromUs: sinceUs, toUs: us, runner: of });
      us = Math.min(us, sinceUs);
    };
    for (let hops = 0; us > fromUs && links.length < MOST_LINKS && hops < MOST_HOPS; hops++) {
      const found = at === undefined ? partAt(own, us) : this.#partOf(at, us);
      // It had no more to do with it before: what the runner itself did is what is left.
      if (found === undefined) {
        at = undefined;
        const mine = partAt(own, us);
        if (mine === undefined) break;
        add(mine, mine.fromUs, runner);
        continue;
      }
      const release = found.toUs === us || found.pass === NONE ? this.#releaseBefore(found) : undefined;
      if (release === undefined) {
        add(found, Math.max(fromUs, found.fromUs), this.#nameOf(found, runner));
        hops = 0;
        continue;
      }
      add(found, Math.max(fromUs, release.atUs), this.#nameOf(found, runner));
      at = release.pass;
    }
    const [earliest] = own;
    if (us > fromUs && earliest !== undefined) add({ ...earliest, cause: 'unknown', detail: '' }, fromUs, runner);
    return merged(links.reverse());
  }

  /** What gave free what a part waited for; undefined where it waited for nothing that a pass had. */
  #releaseBefore(part: WaitPart): Release | undefined {
    const { cause, pass, fromUs, toUs } = part;
    const release =
      cause === 'actions lock'
        ? this.#index.callEndedBefore(pass, toUs)
        : cause !== 'worker'
          ? undefined
          : pass === NONE
            ? this.#longestRunning()
            : this.#index.workerReleasedBefore(pass, toUs);
    return release !== undefined && release.atUs > fromUs ? release : undefined;
  }

  /** Of the passes that have not ended, and keep the workers from runners, the one that has had its worker longest. */
  #longestRunning(): Release | undefined {
    const { rows } = this.#log;
    const { span } = rows.passes;
    const running = [...this.#log.running()].filter((pass) => rows.isOfRunner(pass));
    const [pass] = running.sort((a, b) => span.startedUs(a) - span.startedUs(b));
    return pass === undefined ? undefined : { pass, atUs: this.#nowUs };
  }

  /** What a pass, or one of its object before it, did until a time. */
  #partOf(pass: number, us: number): WaitPart | undefined {
    for (let at: number | undefined = pass; at !== undefined; at = this.#index.passBefore(at)) {
      const part = partAt(this.#passParts(at), us);
      if (part !== undefined) return part;
    }
    return undefined;
  }

  #passParts(pass: number): readonly WaitPart[] {
    const known = this.#partsOfPass.get(pass);
    if (known !== undefined) return known;
    const { passes } = this.#log.rows;
    const before = this.#index.passBefore(pass);
    const sinceUs = before === undefined ? NaN : passes.span.endedUs(before);
    const firsts = [sinceUs, passes.queuedUs(pass), passes.readyUs(pass), passes.span.baseUs(pass)];
    const writer = new PartWriter(firsts.find((us) => !Number.isNaN(us)) ?? 0, Infinity);
    writePass(this.#log, this.#index, pass, writer, this.#nowUs, this.#hasLock);
    this.#partsOfPass.set(pass, writer.parts);
    return writer.parts;
  }

  #nameOf({ pass }: WaitPart, runner: string): string {
    return pass === NONE ? runner : this.#log.rows.strings.text(this.#log.rows.passes.object.get(pass));
  }
}

/** The part that ends at a time, or in which it lies. */
function partAt(parts: readonly WaitPart[], us: number): WaitPart | undefined {
  return parts.findLast(({ fromUs, toUs }) => fromUs < us && us <= toUs);
}

/** What goes on is one link. */
function merged(links: readonly PathLink[]): PathLink[] {
  const found: PathLink[] = [];
  for (const link of links) {
    const last = found.at(-1);
    const goesOn = last?.runner === link.runner && last.cause === link.cause && last.detail === link.detail;
    if (last !== undefined && goesOn && last.pass === link.pass) found[found.length - 1] = { ...last, toUs: link.toUs };
    else found.push(link);
  }
  return found;
}
