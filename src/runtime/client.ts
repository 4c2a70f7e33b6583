import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/message.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiReply, ApiRequest, Cluster } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import type { KubernetesEffect } from './effects.ts';
import type { PassObservers } from './observer.ts';
import type { PassInProgress, Reply } from './pass.ts';
import { RequestInProgress } from './pass-record.ts';

interface ClientOptions {
  readonly clock: Clock;
  readonly cluster: Cluster;
  /** Requests a second that the client allows itself for each kind of object; 0 or less means no limit. */
  readonly qps: number;
  readonly burst: number;
  /** Whether requests of all kinds take their tokens from one bucket; default: each kind has its own. */
  readonly sharesBucket?: boolean | undefined;
  readonly observers: PassObservers;
}

/**
 * The client of a process for the API server, shared by all controllers. Like upstream's it has one token bucket for
 * each kind of object, for reads and writes alike, and another for lists of it, whose type is another one there; and it
 * repeats what the server asks it to repeat.
 */
export class Client {
  readonly options: ClientOptions;
  readonly #buckets = new Map<Resource | typeof ALL, TokenBucket>();
  readonly #listBuckets = new Map<Resource, TokenBucket>();

  constructor(options: ClientOptions) {
    this.options = options;
  }

  /** Sends a pass's request when the limiter lets it, and replies with the object, the list or the ApiError. */
  send(effect: KubernetesEffect<unknown>, pass: PassInProgress, reply: Reply): void {
    PendingRequest.begin(new PendingRequest(this.options, this.#bucketOf(effect.request), effect, pass, reply));
  }

  #bucketOf({ resource, verb }: ApiRequest): TokenBucket {
    const { sharesBucket = false } = this.options;
    if (sharesBucket) return this.#bucketIn(this.#buckets, ALL);
    return verb === 'list' ? this.#bucketIn(this.#listBuckets, resource) : this.#bucketIn(this.#buckets, resource);
  }

  #bucketIn<Key>(buckets: Map<Key, TokenBucket>, key: Key): TokenBucket {
    const { clock, qps, burst } = this.options;
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(clock, qps, burst);
      buckets.set(key, bucket);
    }
    return bucket;
  }
}

const ALL = 'all kinds';

/** client-go repeats what a server asks it to repeat, and holds the worker meanwhile. */
const MAX_RETRIES = 10;

function retryAfterUs({ code, details }: ApiError): number | undefined {
  const seconds = details?.retryAfterSeconds ?? 0;
  return seconds > 0 && (code === 429 || code >= 500) ? seconds * 1e6 : undefined;
}

function resourceText({ resource, subresource }: ApiRequest): string {
  if (subresource === '') return resource.plural;
  return subresource === 'status' ? resource.pluralStatus : `${resource.plural}/${subresource}`;
}

/** A request with its tries; each takes a token and has a record of its own. */
class PendingRequest {
  readonly #client: ClientOptions;
  readonly #bucket: TokenBucket;
  readonly #effect: KubernetesEffect<unknown>;
  readonly #pass: PassInProgress;
  readonly #reply: Reply;
  #record: RequestInProgress | undefined;
  #tries = 0;

  constructor(
    client: ClientOptions,
    bucket: TokenBucket,
    effect: KubernetesEffect<unknown>,
    pass: PassInProgress,
    reply: Reply,
  ) {
    this.#client = client;
    this.#bucket = bucket;
    this.#effect = effect;
    this.#pass = pass;
    this.#reply = reply;
  }

  static begin(this: void, request: PendingRequest): void {
    // An aborted pass repeats nothing.
    if (request.#pass.over) return;
    const { clock, observers } = request.#client;
    const { verb, namespace, name } = request.#effect.request;
    request.#tries++;
    const throttledUs = request.#bucket.reserveUs();
    const resource = resourceText(request.#effect.request);
    const record = new RequestInProgress('kubernetes', verb, resource, namespace, name, clock.nowUs(), throttledUs);
    request.#record = record;
    observers.requestStarted.tell(request.#pass, record);
    if (throttledUs > 0) clock.schedule(throttledUs, PendingRequest.send, request);
    else PendingRequest.send(request);
  }

  static send(this: void, request: PendingRequest): void {
    if (request.#pass.over) return;
    try {
      request.#client.cluster.send(request.#effect.request, (answer) => request.#answer(answer));
    } catch (error) {
      request.#answer(new ApiError(0, 'Unknown', messageOf(error)));
    }
  }

  #answer(answer: ApiReply): void {
    const { clock, observers } = this.#client;
    const isError = answer instanceof ApiError;
    const record = this.#record as RequestInProgress;
    const { verb } = this.#effect.request;
    record.status = isError ? answer.code : verb === 'create' ? 201 : 200;
    record.endedUs = clock.nowUs();
    if (isError) record.message = answer.message;
    else if (record.name === '' && verb === 'create') record.name = (answer as ApiObject).metadata.name;
    observers.requestEnded.tell(this.#pass, record);
    const retryUs = isError && this.#tries <= MAX_RETRIES ? retryAfterUs(answer) : undefined;
    if (retryUs !== undefined) clock.schedule(retryUs, PendingRequest.begin, this);
    else if (!isError) this.#reply.resume(answer);
    else if (this.#effect.absentOk && answer.reason === 'NotFound') this.#reply.resume(undefined);
    else this.#reply.fail(answer);
  }
}
