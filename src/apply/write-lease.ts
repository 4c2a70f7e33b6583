import type { Clock } from '../base/clock.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { listAllowed } from '../kubernetes/remote/list-allowed.ts';
import { Leases, pathOf } from '../kubernetes/resource.ts';
import type { Lease } from '../kubernetes/types.ts';

/** A lab that writes to a namespace holds this lease in it; one that writes to all, the other one in `default`. */
const NAME = 'arc-lab';
const NAME_FOR_ALL = 'arc-lab-all-namespaces';
const HOME_OF_ALL = 'default';

const LIFE_S = 15;
const RENEW_US = 5_000_000;
const RETRY_US = 1_000_000;
/** Nobody waits longer for a server to hear that the lease is free. */
const RELEASE_US = 1_000_000;
/** Writing stops when the lease has not been renewed for this long: well before another holder may take it. */
const DEADLINE_US = 10_000_000;

/** Somebody else's lab writes there. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
}

export interface LeaseOptions {
  readonly transport: Pick<ApiTransport, 'json'>;
  readonly clock: Clock;
  readonly nowMs: () => number;
  /** All for ''. */
  readonly namespace: string;
  /** Who holds it, as the next person reads it. */
  readonly holder: string;
  /** Called once, when writing has to stop at once, with the reason: a clause such as `the lease was deleted`. */
  readonly onLost: (why: string) => void;
  /** Called when somebody's lease has to be watched for a while, to see whether it is still renewed. */
  readonly onWait?: (text: string) => void;
  /** Ends the wait for the life of somebody's lease. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The right to write to a namespace, held by one lab at a time. As client-go's leader election does, it judges another
 * holder by whether the lease changes while it looks, not by comparing clocks.
 */
export class WriteLease {
  readonly #options: LeaseOptions;
  readonly #path: string;
  #lease: Lease;
  #renewedUs: number;
  /** What the server said when it last refused to renew; undefined when it did not answer. */
  #refusal: string | undefined;
  #state: 'held' | 'lost' | 'released' = 'held';
  /** While a request to renew it is under way. */
  #renewal: Promise<void> | undefined;

  private constructor(options: LeaseOptions, path: string, lease: Lease) {
    this.#options = options;
    this.#path = path;
    this.#lease = lease;
    this.#renewedUs = options.clock.nowUs();
    this.#renewLater(RENEW_US);
  }

  /**
   * Takes the lease, where need be after its life has passed without a sign of its holder.
   * @throws LeaseHeldError, ApiError
   */
  static async acquire(options: LeaseOptions): Promise<WriteLease> {
    const { transport, namespace } = options;
    const isForAll = namespace === '';
    if (isForAll) {
      const query = `?fieldSelector=${encodeURIComponent(`metadata.name=${NAME}`)}`;
      const { items } = (await transport.json('GET', pathOf(Leases) + query)) as { items: readonly Lease[] };
      for (const lease of items) await refuseIfAlive(options, lease);
    } else {
      const lease = await find(transport, pathOf(Leases, HOME_OF_ALL, NAME_FOR_ALL));
      if (lease !== undefined) await refuseIfAlive(options, lease);
    }
    const home = isForAll ? HOME_OF_ALL : namespace;
    const name = isForAll ? NAME_FOR_ALL : NAME;
    const path = pathOf(Leases, home, name);
    const before = await find(transport, path);
    if (before !== undefined) await refuseIfAlive(options, before);
    const spec = { ...held(options), leaseTransitions: (before?.spec?.leaseTransitions ?? -1) + 1 };
    try {
      const lease =
        before === undefined
          ? await transport.json('POST', pathOf(Leases, home), {
              apiVersion: 'coordination.k8s.io/v1',
              kind: 'Lease',
              metadata: { name, namespace: home },
              spec,
            })
          : await transport.json('PUT', path, { ...before, spec });
      return new WriteLease(options, path, lease as Lease);
    } catch (error) {
      const isRace = error instanceof ApiError && error.code === 409;
      if (isRace) throw new LeaseHeldError('another lab has just taken the lease; try again when it has ended');
      throw error;
    }
  }

  /** How often it had changed hands when it was taken. */
  get transitions(): number {
    return this.#lease.spec?.leaseTransitions ?? 0;
  }

  /** Ends renewing and leaves the lease free, so that the next lab need not wait. */
  async release(): Promise<void> {
    if (this.#state !== 'held') return;
    this.#state = 'released';
    const { clock } = this.#options;
    const patience = new Promise<void>((resolve) => clock.schedule(RELEASE_US, resolve, undefined));
    await Promise.race([this.#free(), patience]);
  }

  async #free(): Promise<void> {
    // A renewal under way would change it in between.
    await this.#renewal;
    const spec = { ...this.#lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
    try {
      await this.#options.transport.json('PUT', this.#path, { ...this.#lease, spec });
    } catch {
      // It runs out by itself.
    }
  }

  #renewLater(delayUs: number): void {
    this.#options.clock.schedule(delayUs, () => void this.#renewOnce(), undefined);
    // A request may hang; the deadline does not wait for it.
    this.#options.clock.schedule(DEADLINE_US, () => this.#checkDeadline(), undefined);
  }

  async #renewOnce(): Promise<void> {
    if (this.#state !== 'held' || this.#renewal !== undefined) return;
    this.#renewal = this.#renew();
    await this.#renewal;
    this.#renewal = undefined;
  }

  async #renew(): Promise<void> {
    const { transport, clock } = this.#options;
    const startedUs = clock.nowUs();
    try {
      const spec = { ...this.#lease.spec, renewTime: microTime(this.#options.nowMs()) };
      this.#lease = (await transport.json('PUT', this.#path, { ...this.#lease, spec })) as Lease;
      this.#renewedUs = startedUs;
      this.#refusal = undefined;
      this.#renewLater(RENEW_US);
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #failed(error: unknown): Promise<void> {
    const code = error instanceof ApiError ? error.code : 0;
    this.#refusal = code === 0 ? undefined : (error as ApiError).message;
    if (code === 404) {
      this.#lose('the lease was deleted');
      return;
    }
    if (code === 409) {
      // Somebody wrote to it: taken over, or only annotated.
      const now = await find(this.#options.transport, this.#path).catch(() => undefined);
      if (now !== undefined) {
        if (now.spec?.holderIdentity !== this.#lease.spec?.holderIdentity) {
          this.#lose(`the lease is ${now.spec?.holderIdentity || 'nobody'}’s now`);
          return;
        }
        this.#lease = now;
      }
    }
    this.#renewLater(RETRY_US);
  }

  #checkDeadline(): void {
    if (this.#options.clock.nowUs() - this.#renewedUs >= DEADLINE_US) {
      const seconds = DEADLINE_US / 1e6;
      const isRefused = this.#refusal !== undefined;
      this.#lose(
        isRefused
          ? `the lease could not be renewed for ${seconds} s (${this.#refusal})`
          : `API server unreachable for ${seconds} s`,
      );
    }
  }

  #lose(why: string): void {
    if (this.#state !== 'held') return;
    this.#state = 'lost';
    this.#options.onLost(why);
  }
}

/** Who writes to a namespace, and to which: all for ''. */
export interface LabAtWork {
  readonly holder: string;
  readonly namespace: string;
}

/**
 * The labs that hold their lease now, by the times that they wrote into it.
 * @param place the namespace that is looked at; all for ''
 * @param nowMs the API server's time
 * @throws ApiError when the server does not answer
 */
export async function labsAtWork(
  transport: Pick<ApiTransport, 'json'>,
  place: string,
  nowMs: number,
): Promise<readonly LabAtWork[]> {
  const leases = await Promise.all(
    [
      [place, NAME],
      [HOME_OF_ALL, NAME_FOR_ALL],
    ].map(([home = '', name = '']) => {
      const query = `?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
      return listAllowed<Lease>(transport, pathOf(Leases, home) + query);
    }),
  );
  return leases.flatMap((some = []) =>
    some.flatMap(({ metadata, spec }) => {
      const { holderIdentity = '', renewTime = '', leaseDurationSeconds = LIFE_S } = spec ?? {};
      const isHeld = holderIdentity !== '' && nowMs - Date.parse(renewTime) < leaseDurationSeconds * 1000;
      const namespace = metadata.name === NAME_FOR_ALL ? '' : (metadata.namespace ?? '');
      return isHeld ? [{ holder: holderIdentity, namespace }] : [];
    }),
  );
}

function held({ holder, nowMs }: LeaseOptions): NonNullable<Lease['spec']> {
  const now = microTime(nowMs());
  return { holderIdentity: holder, leaseDurationSeconds: LIFE_S, acquireTime: now, renewTime: now };
}

/** A lease that says it is held may be what a lab left that has crashed: then nothing changes about it. */
async function refuseIfAlive(options: LeaseOptions, lease: Lease): Promise<void> {
  const { holderIdentity = '', leaseDurationSeconds = LIFE_S } = lease.spec ?? {};
  if (holderIdentity === '') return;
  const { transport, clock, onWait } = options;
  const path = pathOf(Leases, lease.metadata.namespace, lease.metadata.name);
  onWait?.(`${described(lease)}; waiting ${leaseDurationSeconds} s to see whether it is still renewed`);
  const endUs = clock.nowUs() + leaseDurationSeconds * 1e6;
  while (clock.nowUs() < endUs) {
    options.signal?.throwIfAborted();
    await new Promise<void>((resolve) => clock.schedule(RETRY_US, resolve, undefined));
    const now = await find(transport, path);
    if (now === undefined || (now.spec?.holderIdentity ?? '') === '') return;
    if (now.metadata.resourceVersion === lease.metadata.resourceVersion) continue;
    throw new LeaseHeldError(`${described(now)}; wait until it has ended, or ask its holder to stop it`);
  }
}

function described({ metadata, spec }: Lease): string {
  const { holderIdentity, acquireTime = '', renewTime = '' } = spec ?? {};
  const since = `since ${acquireTime.slice(0, 19)}Z, renewed ${renewTime.slice(11, 19)}Z`;
  return `${holderIdentity} writes to ${metadata.namespace} (lease ${metadata.name} ${since})`;
}

async function find(transport: LeaseOptions['transport'], path: string): Promise<Lease | undefined> {
  try {
    return (await transport.json('GET', path)) as Lease;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

/** As Kubernetes writes times of leases: RFC 3339 with microseconds. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
