import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { GUARD_USER_AGENT } from '../../src/apply/user-agent.ts';
import type { RecordedRequest } from './recording.ts';

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly requestObject?: { readonly metadata?: { readonly name?: string } };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
}

export interface WitnessedRequest {
  readonly atMs: number;
  readonly namespace: string;
  readonly request: RecordedRequest;
}

/** Follows an API server's audit log: the witness that does not depend on anything of ours. */
export class AuditLog {
  readonly #path: string;
  readonly #user: string;
  readonly #seen: WitnessedRequest[] = [];
  #offset = 0;
  #rest = Buffer.alloc(0);

  constructor(path: string, user: string) {
    this.#path = path;
    this.#user = user;
  }

  /** Requests of the user so far, in order of arrival; lists and watches that fill caches are left out. */
  read(): readonly WitnessedRequest[] {
    if (!existsSync(this.#path)) return this.#seen;
    const file = openSync(this.#path, 'r');
    const chunk = Buffer.alloc(1 << 20);
    for (let size = readSync(file, chunk, 0, chunk.length, this.#offset); size > 0;) {
      this.#offset += size;
      this.#rest = Buffer.concat([this.#rest, chunk.subarray(0, size)]);
      size = readSync(file, chunk, 0, chunk.length, this.#offset);
    }
    closeSync(file);
    const end = this.#rest.lastIndexOf(10);
    if (end < 0) return this.#seen;
    for (const line of this.#rest.subarray(0, end).toString('utf8').split('\n'))
      this.#add(JSON.parse(line) as AuditEvent);
    this.#rest = this.#rest.subarray(end + 1);
    this.#seen.sort((a, b) => a.atMs - b.atMs);
    return this.#seen;
  }

  #add(event: AuditEvent): void {
    const { verb, objectRef, requestObject, responseStatus } = event;
    // The checklist, the lease, and the look at the namespace before the run are not the controller's.
    if (event.userAgent === GUARD_USER_AGENT || objectRef?.resource === 'namespaces') return;
    if (event.user.username !== this.#user || objectRef?.namespace === undefined || verb === 'watch') return;
    const url = new URL(event.requestURI, 'http://localhost');
    const labelSelector = url.searchParams.get('labelSelector');
    if (verb === 'list' && labelSelector === null) return;
    const { resource = '', subresource } = objectRef;
    const name = objectRef.name ?? requestObject?.metadata?.name;
    this.#seen.push({
      atMs: micros(event.requestReceivedTimestamp) / 1000,
      namespace: objectRef.namespace,
      request: {
        via: 'k8s',
        verb,
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        ...(name === undefined ? {} : { name }),
        ...(labelSelector === null ? {} : { query: `labelSelector=${encodeURIComponent(labelSelector)}` }),
        code: responseStatus?.code ?? 0,
        ...(requestObject === undefined ? {} : { body: requestObject }),
      },
    });
  }
}

/** RFC 3339 with six digits after the point; Date keeps three. */
function micros(stamp: string): number {
  const fraction = /\.(\d+)Z$/.exec(stamp)?.[1] ?? '0';
  return Date.parse(stamp.replace(/\.\d+Z$/, 'Z')) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
