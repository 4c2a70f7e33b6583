import type { TraceLog } from '../../trace/trace-log.ts';
import { busyWorkers } from './busy-workers.ts';
import { callsAhead } from './calls-ahead.ts';
import { heldRequests } from './held-requests.ts';
import { idleGrace } from './idle-grace.ts';
import { idlePasses } from './idle-passes.ts';
import { lateDecisions } from './late-decisions.ts';
import { needlessRemovals } from './needless-removals.ts';
import { selfWakingWrites } from './self-waking-writes.ts';
import type { Waste, WasteRule } from './waste.ts';

const RULES: readonly WasteRule[] = [
  callsAhead,
  needlessRemovals,
  lateDecisions,
  selfWakingWrites,
  idlePasses,
  busyWorkers,
  heldRequests,
  idleGrace,
];

/** Every kind of waste that a trace shows, the one that took longest first. */
export function wasteOf(log: TraceLog): Waste[] {
  return RULES.flatMap((rule) => rule(log) ?? []).sort((a, b) => b.us - a.us);
}
