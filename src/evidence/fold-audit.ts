import { clean } from './clean.ts';
import { runnerOf } from './fold-runner.ts';
import type { AuditFields } from './formats/audit-event.ts';
import type { LogRecord } from './log-record.ts';
import type { Milestone } from './messages.ts';
import { countRequests, type Reading } from './reading.ts';
import type { Seen } from './seen.ts';

/** What a request that succeeds is in the life of the runner that its object is, or belongs to by name. */
const MILESTONES: ReadonlyMap<string, Milestone> = new Map<string, Milestone>([
  ['create ephemeralrunners', 'created'],
  ['create secrets', 'secret'],
  ['create pods', 'podCreated'],
  ['delete ephemeralrunners', 'deleted'],
]);

/** A request that the API server has logged. Dry runs change nothing and are left out. */
export function foldAuditEvent(reading: Reading, record: LogRecord, seen: Seen): void {
  const { verb, resource, namespace, name, status, message, isDryRun } = JSON.parse(record.fields) as AuditFields;
  if (isDryRun) return;
  const [kind = ''] = resource.split('/');
  if (kind === 'secrets' || kind === 'ephemeralrunners') countRequests(reading.audited, kind, seen, 1);
  if (name === '') return;
  const known = reading.runners.get(namespace, name);
  const isRefusedPod = verb === 'create' && kind === 'pods' && status >= 400;
  // Pods and secrets have their runner's name; others of that kind are not ARC's.
  if (kind !== 'ephemeralrunners' && known === undefined && !isRefusedPod) return;
  const runner = known ?? runnerOf(reading, namespace, name, seen, verb !== 'create' || kind !== 'ephemeralrunners');
  if (verb === 'patch') runner.isTouched = true;
  const milestone = MILESTONES.get(`${verb} ${resource}`);
  if (status < 400 && milestone !== undefined) {
    const before = runner.milestones.get(milestone);
    if (milestone === 'podCreated' && before === undefined) runner.pods++;
    // A log of whole seconds says the same less exactly; another time is another request.
    const isFiner = before !== undefined && seen.at.withinUs < before.at.withinUs && isSame(before, seen);
    if (before === undefined || isFiner) runner.milestones.set(milestone, seen);
  }
  if (isRefusedPod && status !== 409) {
    runner.note(message.includes('exceeded quota') ? 'quota' : 'pod refused', seen, clean(message));
  }
}

/** A request is done up to this long before the line that reports it. */
const REPORTED_US = 500e3;

function isSame({ at }: Seen, { at: exact }: Seen): boolean {
  return exact.us >= at.us - REPORTED_US && exact.us <= at.us + at.withinUs;
}
