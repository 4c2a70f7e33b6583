import { addTo } from '../../base/group.ts';
import type { PassEvent, TraceRequest } from '../../trace/model.ts';
import { TraceLog } from '../../trace/trace-log.ts';
import type { AuditedRequest } from './audited-requests.ts';

/** A line is written this long, at most, before its request arrives or after it was answered; the client's limit may hold it back. */
const NEAR_US = 100e3;
/** A request this far from each pass belongs to one that has no line. */
const FAR_US = 2e6;

/**
 * The same trace with what the API server's audit log knows better: when the requests of passes began and ended, and so when
 * the passes did, and requests without a line.
 * @param startUs wall clock of the trace's start
 */
export function joinAudit(
  log: TraceLog,
  startUs: number,
  audited: ReadonlyMap<string, readonly AuditedRequest[]>,
): TraceLog {
  const resolutionUs = Math.max(1, ...log.header.sources.map((source) => source.resolutionUs ?? 1));
  const passes = new Map<string, PassEvent[]>();
  for (const pass of log.passes()) if (audited.has(pass.object)) addTo(passes, pass.object, pass);
  const exact = new Map<string, PassEvent>();
  for (const [object, own] of passes) {
    const requests = (audited.get(object) ?? []).map((request) => sinceStart(request, object, startUs));
    for (const pass of joined(own, requests.sort(byStart), resolutionUs)) exact.set(pass.id ?? '', pass);
  }
  const result = new TraceLog(log.header);
  for (const event of log.events()) {
    if (event.type === 'pass') result.addPass(('ended' in event ? exact.get(event.id ?? '') : undefined) ?? event);
    else if (event.type === 'object') result.addObject(event);
    else if (event.type === 'line') result.addLine(event);
  }
  for (const open of log.open()) if (open.started !== undefined) result.addPass(open);
  for (const mark of log.marks) result.addMark(mark);
  return result;
}

type Exact = TraceRequest & { readonly started: number; readonly ended: number };

function sinceStart(request: AuditedRequest, object: string, startUs: number): Exact {
  const { verb, resource, status, startedUs, endedUs } = request;
  const [started, ended] = [Math.max(0, startedUs - startUs), Math.max(0, endedUs - startUs)];
  return { to: 'kubernetes', verb, resource, object, status, started, ended, basis: 'seen' };
}

function byStart(a: Exact, b: Exact): number {
  return a.started - b.started;
}

/** The passes of one runner with its requests, both in the order of their times. */
function joined(passes: readonly PassEvent[], requests: readonly Exact[], resolutionUs: number): PassEvent[] {
  const nearUs = NEAR_US + resolutionUs;
  const owners = passes.map((): Exact[] => []);
  const told = new Map<TraceRequest, Exact>();
  const taken = new Set<Exact>();
  for (const [index, pass] of passes.entries()) {
    for (const asked of pass.requests ?? []) {
      const { verb, resource, started = 0, ended = Number.POSITIVE_INFINITY, basis } = asked;
      if (asked.to !== 'kubernetes' || basis === 'inferred') continue;
      const found = requests.find(
        (request) =>
          !taken.has(request) &&
          request.verb === verb &&
          request.resource === resource &&
          request.started >= started - nearUs &&
          request.ended <= ended + nearUs,
      );
      if (found === undefined) continue;
      taken.add(found);
      told.set(asked, found);
      owners[index]?.push(found);
    }
  }
  for (const request of requests) {
    if (!taken.has(request)) owners[ownerOf(passes, request, resolutionUs)]?.push(request);
  }
  return passes.map((pass, index) => withRequests(pass, (owners[index] ?? []).sort(byStart), told, resolutionUs));
}

/** The pass that is nearest in time; of two as near the later one, as what has no line is a read at a pass's beginning. */
function ownerOf(passes: readonly PassEvent[], { started, ended }: Exact, resolutionUs: number): number {
  let [nearest, leastUs] = [-1, FAR_US + resolutionUs];
  for (const [index, pass] of passes.entries()) {
    const awayUs = Math.max(firstLineUs(pass) - ended, started - pass.ended, 0);
    if (awayUs <= leastUs) [nearest, leastUs] = [index, awayUs];
  }
  return nearest;
}

/** When the first line of a pass came; the read that was inferred before it ends there. */
function firstLineUs({ started, ended, requests = [] }: PassEvent): number {
  const [first] = requests;
  return (first?.basis === 'inferred' ? first.ended : started) ?? ended;
}

function withRequests(
  pass: PassEvent,
  own: readonly Exact[],
  told: ReadonlyMap<TraceRequest, Exact>,
  resolutionUs: number,
): PassEvent {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return pass;
  const others = (pass.requests ?? []).filter((asked) => !told.has(asked) && asked.basis !== 'inferred');
  const requests = [...own, ...others].sort((a, b) => (a.started ?? 0) - (b.started ?? 0));
  const endedUs = own.reduce((latest, { ended }) => Math.max(latest, ended), 0);
  const isCoarse = resolutionUs > NEAR_US;
  const isAskingFirst = others.some(({ started = 0 }) => started <= first.started);
  const started = isCoarse && !isAskingFirst ? first.started : Math.min(firstLineUs(pass), first.started);
  const isAskingLast = others.some(({ ended = 0 }) => ended >= endedUs);
  // The last line reports the last answer; its stamp is that of who took the line, later.
  const ended =
    !isAskingLast && pass.ended - endedUs <= NEAR_US + (isCoarse ? resolutionUs : 0)
      ? endedUs
      : Math.max(pass.ended, endedUs);
  const phases = (pass.phases ?? []).map((phase) => ({
    ...phase,
    started: Math.min(ended, Math.max(started, phase.started)),
    ...(phase.ended === undefined ? {} : { ended: Math.min(ended, Math.max(started, phase.ended)) }),
  }));
  return { ...pass, started, ended, basis: 'seen', phases, requests };
}
