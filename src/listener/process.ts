import { acquiresJobs } from '../reconciler/releases/acquires-jobs.ts';
import type { Credentials } from '../actions/credentials.ts';
import { parseConfigUrl } from '../actions/config-url.ts';
import { MessageSession } from '../actions/message-session.ts';
import type { Clock } from '../base/clock.ts';
import type { HttpRequest, HttpTransport } from '../base/http.ts';
import { messageOf } from '../base/message.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { splitKey } from '../kubernetes/types.ts';
import { LISTENER } from '../reconciler/autoscaling-listener/names.ts';
import type { Release } from '../reconciler/releases/release.ts';
import { Controllers } from '../runtime/controllers.ts';
import { done, logError, type Reconcile } from '../runtime/effects.ts';
import type { PassObserver } from '../runtime/observer.ts';
import type { Outcome } from '../runtime/pass-record.ts';
import { Pass, type Driver } from '../runtime/pass.ts';
import { BackgroundPatches } from './background-patches.ts';
import { listenerConfig } from './config.ts';
import type { ListenerObserver } from './observer.ts';
import { listen } from './program.ts';

export interface ListenerHost {
  readonly clock: Clock;
  /** Wall-clock time at clock 0, in milliseconds since 1970. */
  readonly epochMs: number;
  readonly cluster: Cluster;
  /** To the Actions service. */
  readonly http: HttpTransport;
  readonly secrets: SecretRegistry;
  readonly release: Pick<Release, 'switches' | 'actions'>;
  /** Puts another driver in front, for example one that notes requests. */
  readonly wrapDriver?: ((driver: Driver) => Driver) | undefined;
  /** How much later than it comes each answer reaches the listener, as on a node that is short of CPU; microseconds. */
  readonly pauseUs?: (() => number) | undefined;
  /** Hear of its requests and log lines. */
  readonly passObservers?: readonly PassObserver[] | undefined;
}

interface ListenerStart {
  /** Text of its config.json. */
  readonly config: string;
  /** Its pod, namespace/name. */
  readonly key: string;
  readonly observer: ListenerObserver;
}

/**
 * The client of client-go's discovery, which the listener uses: 5 requests a second after the first 300, whatever their
 * kind. (Recorded: messages with 50 started jobs show no limit.)
 */
const CLIENT = { qps: 5, burst: 300, sharesBucket: true } as const;

/** From the start of its container to its first request (recorded: 12 to 50 ms). */
const START_US = 20_000;

/** A listener's process: runs the program until that fails, or somebody ends it. */
export class ListenerProcess {
  readonly #host: ListenerHost;
  readonly #exit: (code: number) => void;
  readonly #stopping = new AbortController();
  #pass: Pass | undefined;
  #background: BackgroundPatches | undefined;
  #isOver = false;

  /** @param exit called once with the exit code; not when the process is killed */
  constructor(host: ListenerHost, start: ListenerStart, exit: (code: number) => void) {
    this.#host = host;
    this.#exit = exit;
    host.clock.schedule(START_US, () => this.#run(start), undefined);
  }

  /** SIGTERM: gives up its poll, or ends after the message it is at; deletes its session and exits with 1. */
  terminate(): void {
    this.#stopping.abort();
  }

  /** SIGKILL: its requests in flight are given up, and its session stays. */
  kill(): void {
    this.#isOver = true;
    this.#pass?.abort();
    this.#background?.end();
    this.#stopping.abort();
  }

  #run(start: ListenerStart): void {
    if (this.#isOver) return;
    const { clock } = this.#host;
    const { driver, observers } = this.#newClient();
    const nowUs = clock.nowUs();
    const times = { queuedUs: nowUs, readyUs: nowUs };
    const item = { key: start.key, trigger: 'requeue' as const, ...times, priority: 0, place: 0 };
    const owner = {
      name: LISTENER,
      driver,
      reconcile: () => this.#program(start),
      passEnded: (pass: Pass, outcome: Outcome | undefined) => {
        this.#isOver = true;
        this.#background?.end();
        // An aborted one was killed, and says nothing.
        if (outcome === undefined) observers.passAborted.tell(pass, clock.nowUs());
        else {
          observers.passEnded.tell(pass, outcome, clock.nowUs());
          this.#exit(1);
        }
      },
    };
    this.#pass = new Pass(owner, 0, 0, item, 1, nowUs);
    observers.passStarted.tell(this.#pass);
    this.#pass.start();
  }

  /** Each has a client of its own, with its own limit. */
  #newClient(): Pick<Controllers, 'driver' | 'observers'> {
    const { clock, epochMs, cluster, passObservers = [] } = this.#host;
    const wrapDriver = (driver: Driver): Driver => this.#slowed(this.#host.wrapDriver?.(driver) ?? driver);
    const http: HttpTransport = { send: (request, done) => this.#host.http.send(this.#interruptible(request), done) };
    const { driver, observers } = new Controllers([], {
      ...CLIENT,
      clock,
      epochMs,
      cluster,
      http,
      wrapDriver,
      namespace: '',
    });
    for (const observer of passObservers) observers.add(observer);
    return { driver, observers };
  }

  /** Only polls end early: what follows a message is done to its end. */
  #interruptible(request: HttpRequest): HttpRequest {
    return 'x-scalesetmaxcapacity' in request.headers ? { ...request, signal: this.#stopping.signal } : request;
  }

  #slowed(driver: Driver): Driver {
    const { clock, pauseUs } = this.#host;
    if (pauseUs === undefined) return driver;
    const later = (act: () => void): void => clock.schedule(pauseUs(), act, undefined);
    return {
      perform: (effect, pass, reply) => {
        if (effect.kind !== 'http' && effect.kind !== 'kubernetes') driver.perform(effect, pass, reply);
        else {
          driver.perform(effect, pass, {
            resume: (answer) => later(() => reply.resume(answer)),
            fail: (error) => later(() => reply.fail(error)),
          });
        }
      },
    };
  }

  *#program({ config: text, key, observer }: ListenerStart): Reconcile {
    const hostname = splitKey(key).name;
    const { release, secrets } = this.#host;
    const { switches, actions: policy } = release;
    try {
      const config = listenerConfig(text, switches);
      const { configUrl, credentials, scaleSetId, scaleSetName, serverRootCa } = config;
      secrets.add(secretsOf(credentials));
      const route = serverRootCa === '' ? undefined : { certificateAuthorities: serverRootCa };
      const session = new MessageSession(
        {
          ...{ identity: hostname, config: parseConfigUrl(configUrl), credentials, route, secrets, policy },
          // The own client says so of every listener (recorded).
          caller: { part: 'listener', scaleSetId, hasProxy: true },
        },
        { id: scaleSetId, name: scaleSetName },
      );
      const isStopping = (): boolean => this.#stopping.signal.aborted;
      if (switches.has(4668)) {
        const { clock } = this.#host;
        this.#background = new BackgroundPatches({ key, clock, driver: this.#newClient().driver, config, switches });
      }
      const background = this.#background;
      yield* listen({
        ...{ config, switches, session, hostname, observer, background, isStopping },
        acquiresJobs: acquiresJobs({ switches, actions: policy }),
      });
    } catch (error) {
      yield* logError('Application returned an error', new Error(secrets.redact(messageOf(error))));
    }
    return done;
  }
}

function secretsOf(credentials: Credentials): string {
  return credentials.kind === 'token' ? credentials.token : credentials.privateKey;
}
