import type { Clock } from '../base/clock.ts';
import type { HttpEffect } from '../base/effect.ts';
import { HttpTransportError, refusalOf, type HttpResponse, type HttpTransport } from '../base/http.ts';
import { SharedState } from '../base/shared-state.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiReply, Cluster } from '../kubernetes/cluster.ts';
import type { Resource } from '../kubernetes/resource.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import type { KubernetesEffect, ReconcileEffect } from './effects.ts';
import type { Informer } from './informer.ts';
import type { Driver, PassInProgress } from './pass.ts';

export interface ClusterDriverOptions {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly http: HttpTransport;
  readonly informers: ReadonlyMap<Resource, Informer<ApiObject>>;
  /** Requests a second that the client allows itself for each kind of object; 0 or less means no limit. */
  readonly qps: number;
  readonly burst: number;
  /** Wall-clock time at clock 0, in milliseconds since 1970. */
  readonly epochMs: number;
}

/**
 * Interprets passes against a cluster and the Actions service. Whether that is real or virtual time, a remote or the
 * embedded cluster, is decided by the clock and the ports it is given.
 *
 * Like upstream's client it has one token bucket for each kind of object, shared by reads and writes; reads that the
 * cache answers take no token.
 */
export class ClusterDriver implements Driver {
  readonly #options: ClusterDriverOptions;
  readonly #clock: Clock;
  readonly #buckets = new Map<Resource, TokenBucket>();
  readonly #shared = new SharedState();

  constructor(options: ClusterDriverOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  perform(effect: ReconcileEffect, pass: PassInProgress): void {
    switch (effect.kind) {
      case 'cached-get':
        pass.resume(this.#informer(effect.resource).get(effect.key));
        return;
      case 'cached-list':
        pass.resume(this.#informer(effect.resource).withLabel(effect.label, effect.labelValue, effect.namespace));
        return;
      case 'kubernetes':
        this.#request(effect, pass);
        return;
      case 'http':
        this.#exchange(effect, pass);
        return;
      case 'phase':
        pass.observer?.phaseStarted(pass, effect.phase, this.#clock.nowUs());
        pass.resume(undefined);
        return;
      case 'log':
        pass.observer?.logged(pass, effect, this.#clock.nowUs());
        pass.resume(undefined);
        return;
      case 'sleep':
        this.#clock.schedule(effect.delayUs, (sleeping) => sleeping.resume(undefined), pass);
        return;
      case 'lock':
      case 'unlock':
      case 'keep':
      case 'recall':
        this.#shared.perform(effect, (answer) => pass.resume(answer));
        return;
      case 'wall-time':
        pass.resume(this.#options.epochMs + this.#clock.nowUs() / 1000);
        return;
    }
  }

  #informer(resource: Resource): Informer<ApiObject> {
    const informer = this.#options.informers.get(resource);
    if (informer === undefined) throw new Error(`${resource.plural} are not cached`);
    return informer;
  }

  #request(effect: KubernetesEffect<unknown>, pass: PassInProgress): void {
    let bucket = this.#buckets.get(effect.resource);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#clock, this.#options.qps, this.#options.burst);
      this.#buckets.set(effect.resource, bucket);
    }
    PendingRequest.begin(new PendingRequest(this.#clock, this.#options.cluster, effect, pass, bucket));
  }

  #exchange(effect: HttpEffect, pass: PassInProgress): void {
    const startedUs = this.#clock.nowUs();
    const { operation, subject } = effect;
    const verb = effect.request.method.toLowerCase();
    pass.observer?.requestStarted?.(pass, 'actions', verb, operation, 0, startedUs, subject);
    this.#options.http.send(effect.request, (answer) => {
      const isLost = answer instanceof HttpTransportError;
      const status = isLost ? 0 : answer.status;
      const message = isLost ? answer.message : status < 400 ? '' : refusalOf(answer).message;
      const endedUs = this.#clock.nowUs();
      pass.observer?.requestEnded(pass, 'actions', verb, operation, subject, status, 0, startedUs, endedUs, message);
      if (answer instanceof HttpTransportError) pass.fail(answer);
      else pass.resume(answer satisfies HttpResponse);
    });
  }
}

function resourceText({ resource, subresource }: KubernetesEffect<unknown>): string {
  return subresource === '' ? resource.plural : `${resource.plural}/${subresource}`;
}

/** client-go repeats what a server asks it to repeat, and holds the worker meanwhile. */
const MAX_RETRIES = 10;

function retryAfterUs({ code, details }: ApiError): number | undefined {
  const seconds = details?.retryAfterSeconds ?? 0;
  return seconds > 0 && (code === 429 || code >= 500) ? seconds * 1e6 : undefined;
}

class PendingRequest {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly effect: KubernetesEffect<unknown>;
  readonly pass: PassInProgress;
  readonly bucket: TokenBucket;
  throttledUs = 0;
  startedUs = 0;
  tries = 0;

  constructor(
    clock: Clock,
    cluster: Cluster,
    effect: KubernetesEffect<unknown>,
    pass: PassInProgress,
    bucket: TokenBucket,
  ) {
    this.clock = clock;
    this.cluster = cluster;
    this.effect = effect;
    this.pass = pass;
    this.bucket = bucket;
  }

  /** Every try takes a token of its own. */
  static begin(this: void, request: PendingRequest): void {
    const { clock, effect, pass } = request;
    request.tries++;
    request.throttledUs = request.bucket.reserveUs();
    request.startedUs = clock.nowUs();
    pass.observer?.requestStarted?.(
      pass,
      'kubernetes',
      effect.verb,
      resourceText(effect),
      request.throttledUs,
      request.startedUs,
      effect.name,
    );
    if (request.throttledUs > 0) clock.schedule(request.throttledUs, PendingRequest.send, request);
    else PendingRequest.send(request);
  }

  static send(this: void, request: PendingRequest): void {
    request.cluster.send(request.effect, (reply) => request.#answer(reply));
  }

  #answer(reply: ApiReply): void {
    const { effect, pass } = this;
    const isError = reply instanceof ApiError;
    if (pass.observer !== undefined) {
      const status = isError ? reply.code : effect.verb === 'create' ? 201 : 200;
      pass.observer.requestEnded(
        pass,
        'kubernetes',
        effect.verb,
        resourceText(effect),
        effect.name,
        status,
        this.throttledUs,
        this.startedUs,
        this.clock.nowUs(),
        isError ? reply.message : '',
      );
    }
    const retryUs = isError && this.tries <= MAX_RETRIES ? retryAfterUs(reply) : undefined;
    if (retryUs !== undefined) this.clock.schedule(retryUs, PendingRequest.begin, this);
    else if (!isError) pass.resume(reply);
    else if (effect.absentOk && reply.reason === 'NotFound') pass.resume(undefined);
    else pass.fail(reply);
  }
}
