import { addTo } from '../../base/group.ts';
import type { AuditFields } from '../formats/audit-event.ts';
import type { LogRecord } from '../log-record.ts';

/** A request as the API server has logged it; wall clock in microseconds. */
export interface AuditedRequest {
  readonly verb: string;
  readonly resource: string;
  readonly status: number;
  readonly startedUs: number;
  readonly endedUs: number;
}

/** What the passes of runners ask for. Creations of runners are those of their set's controller, which is the same program. */
const OF_PASSES = /^(?:(?:patch|update|delete) ephemeralrunners|(?:get|create|delete) (?:secrets|pods))/;
/** What a runner's own controller does, and nobody else. */
const TELLS_USER = /^(?:create (?:secrets|pods)|(?:patch|update) ephemeralrunners)$/;

/** The requests of an audit log that the controller of runners has made, by the runner that each is about. */
export class AuditedRequests {
  readonly #byUser = new Map<string, { readonly byRunner: Map<string, AuditedRequest[]>; told: number }>();

  take({ at, fields }: LogRecord): void {
    const { verb, resource, namespace, name, status, tookUs, user, isDryRun } = JSON.parse(fields) as AuditFields;
    const what = `${verb} ${resource}`;
    if (isDryRun || name === '' || !OF_PASSES.test(what)) return;
    let own = this.#byUser.get(user);
    if (own === undefined) this.#byUser.set(user, (own = { byRunner: new Map(), told: 0 }));
    if (TELLS_USER.test(what)) own.told++;
    const runner = `${namespace}/${name}`;
    const request = { verb, resource, status, startedUs: at.us, endedUs: at.us + tookUs };
    addTo(own.byRunner, runner, request);
  }

  /** Of the user who did the most of what the controller does: others look at runners, too. */
  ofController(): ReadonlyMap<string, readonly AuditedRequest[]> {
    const [controller] = [...this.#byUser.values()].sort((a, b) => b.told - a.told);
    return controller?.byRunner ?? new Map<string, AuditedRequest[]>();
  }
}
