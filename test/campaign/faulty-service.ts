import { operationOf } from '../../src/actions/operations.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { Random } from '../../src/base/random.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse, type HttpTransport } from '../../src/base/http.ts';
import { SERVICE_STRATEGIES } from './strategies.ts';

type Done = (answer: HttpResponse | HttpTransportError) => void;

/** An Actions service that is slow, down, refuses or answers nonsense. */
export class FaultyService implements HttpTransport {
  readonly #inner: HttpTransport;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #kinds: readonly (typeof SERVICE_STRATEGIES)[number][];
  readonly #oneIn: number;
  calm = false;
  /** Answers that were not the service's own, by status. */
  readonly injected = new Map<number, number>();

  constructor(
    inner: HttpTransport,
    options: { clock: Clock; random: Random; strategies: ReadonlySet<string>; oneIn: number },
  ) {
    this.#inner = inner;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#oneIn = options.oneIn;
    this.#kinds = SERVICE_STRATEGIES.filter((strategy) => options.strategies.has(strategy));
  }

  send(request: HttpRequest, done: Done): void {
    if (this.calm || this.#kinds.length === 0 || this.#random.below(this.#oneIn) !== 0) {
      this.#inner.send(request, done);
      return;
    }
    switch (this.#kinds[this.#random.below(this.#kinds.length)]) {
      case 'service-down':
        this.#answer(done, new HttpTransportError('injected: connection refused'));
        return;
      case 'service-slow':
        this.#inner.send(request, (answer) => {
          this.#clock.schedule(this.#random.below(40_000_000), done, answer);
        });
        return;
      case 'service-refuses':
        this.#answer(done, this.#refusal(request));
        return;
      case 'service-unanswered':
        this.#inner.send(request, () => this.#answer(done, new HttpTransportError('injected: connection reset')));
        return;
      case 'service-garbage':
      case undefined:
        this.#inner.send(request, (answer) => this.#garble(done, answer));
    }
  }

  #refusal({ method, url }: HttpRequest): HttpResponse {
    const headers = { 'content-type': 'application/json' };
    const conflict = { typeName: 'GitHub.DistributedTask.WebApi.AgentExistsException, x', message: 'injected' };
    const choices: readonly HttpResponse[] = [
      { status: 401, headers, body: '{"message":"injected: Bad credentials"}' },
      {
        status: 403,
        headers: { ...headers, 'x-ratelimit-remaining': '0' },
        body: '{"message":"injected: rate limit"}',
      },
      { status: 500, headers, body: '{"message":"injected"}' },
      { status: 503, headers: { ...headers, 'retry-after': '3' }, body: 'injected: no JSON' },
      operationOf(method, url)?.operation === 'generatejitconfig'
        ? { status: 409, headers, body: JSON.stringify(conflict) }
        : { status: 429, headers, body: '' },
    ];
    return choices[this.#random.below(choices.length)] as HttpResponse;
  }

  /** A byte order mark is to be read over; anything else is no JSON. */
  #garble(done: Done, answer: HttpResponse | HttpTransportError): void {
    if (answer instanceof HttpTransportError || answer.body === '') {
      done(answer);
      return;
    }
    const bodies = [`\uFEFF${answer.body}`, answer.body.slice(0, -2), '<html>injected</html>', ''];
    done({ ...answer, body: bodies[this.#random.below(bodies.length)] as string });
  }

  #answer(done: Done, answer: HttpResponse | HttpTransportError): void {
    const status = answer instanceof HttpTransportError ? 0 : answer.status;
    this.injected.set(status, (this.injected.get(status) ?? 0) + 1);
    this.#clock.schedule(1_000, done, answer);
  }
}
