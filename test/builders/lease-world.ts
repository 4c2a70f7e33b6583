import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import { ApiServer } from '../../src/kubernetes/embedded/api-server.ts';
import { createRequest, getRequest } from '../../src/kubernetes/request.ts';
import { Leases, Namespaces } from '../../src/kubernetes/resource.ts';
import type { ApiReply } from '../../src/kubernetes/cluster.ts';
import type { Lease } from '../../src/kubernetes/types.ts';
import { WriteLease, type LeaseOptions } from '../../src/apply/write-lease.ts';
import { passTime } from './pass-time.ts';

/** An API server that can be made to hang or refuse, and labs that want its lease. */
export class LeaseWorld {
  readonly clock = new VirtualClock();
  readonly api = new ApiServer(1, () => this.nowMs());
  mode: 'answers' | 'hangs' | 'refuses' = 'answers';

  constructor() {
    for (const name of ['arc', 'other', 'default']) {
      this.api.handle(createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    }
  }

  nowMs(): number {
    return 1_800_000_000_000 + this.clock.nowUs() / 1000;
  }

  async json(method: string, path: string, body?: unknown): Promise<unknown> {
    if (this.mode === 'hangs') return new Promise(() => undefined);
    if (this.mode === 'refuses') throw new ApiError(500, 'InternalError', 'etcd is away');
    const [, namespace = '', name = ''] = /namespaces\/([^/]+)\/leases(?:\/([^/?]+))?/.exec(path) ?? [];
    const target = { resource: Leases, subresource: '', namespace, name, labelSelector: '' } as const;
    let reply: ApiReply;
    if (method === 'GET' && namespace === '') {
      reply = { resourceVersion: '1', items: [...this.api.store.of(Leases).entries()].map(({ object }) => object) };
    } else {
      const verb = ({ GET: 'get', POST: 'create', PUT: 'update' } as const)[method as 'GET'];
      reply = this.api.handle({ ...target, verb, body });
    }
    if (reply instanceof ApiError) throw reply;
    return reply;
  }

  pass(seconds: number): Promise<void> {
    return passTime(this.clock, seconds * 1e6);
  }

  acquire(holder: string, namespace = 'arc', lost: string[] = []): Promise<WriteLease> {
    return WriteLease.acquire(this.options(holder, namespace, lost));
  }

  /** @param lost gets why it was lost */
  options(holder: string, namespace = 'arc', lost: string[] = []): LeaseOptions {
    const nowMs = (): number => this.nowMs();
    const onLost = (why: string): void => void lost.push(why);
    return { transport: { json: this.json.bind(this) }, clock: this.clock, nowMs, namespace, holder, onLost };
  }

  lease(namespace: string, name: string): Lease['spec'] {
    return (this.api.handle(getRequest(Leases, namespace, name)) as Lease).spec;
  }
}

/** Runs two things at once: one that waits for time, and time. */
export async function during<T>(work: Promise<T>, world: LeaseWorld, seconds: number): Promise<T | Error> {
  let outcome: T | Error = new Error(`nothing came of it within ${seconds} s`);
  void work.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error as Error),
  );
  await world.pass(seconds);
  return outcome;
}
