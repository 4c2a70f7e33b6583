import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { ApiError, isForbidden, isNotFound } from '../api-error.ts';
import { pathOf, Pods } from '../resource.ts';
import type { Pod } from '../types.ts';
import { DeliveredLines } from './delivered-lines.ts';
import type { ApiTransport, LineStream } from './transport.ts';

/** A container of a pod. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Hears what a container writes, in order, each line once and with kubelet's time stamp. */
export interface LogListener {
  onLine(line: string): void;
  /** Lines are missing between the last line and the next. @param why the end of a sentence */
  onHole(why: string): void;
  /** The log is open, or cannot be read at the moment; it is tried again. */
  onOpen(): void;
  onError(error: ApiError): void;
  /** Nothing more comes: the pod is gone or has ended, or the user may not read its log. */
  onEnd(error: ApiError | undefined): void;
}

interface LogFollowerOptions {
  readonly transport: Pick<ApiTransport, 'json' | 'stream'>;
  /** For the waits between tries. */
  readonly clock: Clock;
  /** How far back the first lines go, in whole seconds. */
  readonly sinceS: number;
  /** Whether to go on with what the container writes from now on; otherwise it ends where the log does. */
  readonly follows: boolean;
}

const FIRST_WAIT_US = 500_000;
const LONGEST_WAIT_US = 30_000_000;
/** A stream that says nothing for this long is opened again: what is between may have forgotten it. */
const SILENCE_MS = 300_000;
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

interface Query {
  readonly follow: boolean;
  readonly previous: boolean;
}

/**
 * Follows a container's log through the API: over streams that end, lost connections, starts of the container again (what
 * the one before wrote last is read first) and rotated files, in which lines may be lost.
 */
export class LogFollower implements Disposable {
  readonly #options: LogFollowerOptions;
  readonly #place: LogPlace;
  readonly #listener: LogListener;
  readonly #delivered = new DeliveredLines();
  /** How often the container had been started again when its log was last opened. */
  #restarts: number | undefined;
  #stream: LineStream | undefined;
  #wakes: (() => void) | undefined;
  #waitUs = FIRST_WAIT_US;
  #disposed = false;

  constructor(place: LogPlace, listener: LogListener, options: LogFollowerOptions) {
    this.#place = place;
    this.#listener = listener;
    this.#options = options;
    void this.#run();
  }

  /** Opens the stream again, which may be dead, at once. */
  reconnect(): void {
    this.#waitUs = FIRST_WAIT_US;
    this.#stream?.close();
    this.#wakes?.();
  }

  dispose(): void {
    this.#disposed = true;
    this.reconnect();
  }

  async #run(): Promise<void> {
    while (!this.#disposed) {
      try {
        if (await this.#readOnce()) {
          this.#end(undefined);
          return;
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (this.#disposed) return;
        // A pod that is gone has no log; what may not be read now will not be allowed by asking again.
        if (isNotFound(error) || isForbidden(error)) {
          this.#end(isForbidden(error) ? error : undefined);
          return;
        }
        this.#listener.onError(error);
      }
      await this.#pause();
    }
  }

  #end(error: ApiError | undefined): void {
    if (!this.#disposed) this.#listener.onEnd(error);
  }

  /** @returns whether nothing more will come */
  async #readOnce(): Promise<boolean> {
    const { namespace, pod: name, container } = this.#place;
    const pod = (await this.#options.transport.json('GET', pathOf(Pods, namespace, name))) as Pod;
    if (this.#disposed) return true;
    const restarts = pod.status?.containerStatuses?.find((each) => each.name === container)?.restartCount ?? 0;
    const before = this.#restarts;
    if (restarts > (before ?? 0)) await this.#readPrevious(before === undefined ? 1 : restarts - before);
    const isSame = before === restarts;
    this.#restarts = restarts;
    await this.#read({ follow: this.#options.follows, previous: false }, isSame);
    return !this.#options.follows || ENDED.has(pod.status?.phase ?? '');
  }

  /** @param starts how often the container has been started again since it was read last */
  async #readPrevious(starts: number): Promise<void> {
    const wasRead = this.#restarts !== undefined;
    if (starts > 1) this.#listener.onHole(`the container was started ${starts} times meanwhile`);
    try {
      await this.#read({ follow: false, previous: true }, wasRead && starts === 1);
    } catch (error) {
      if (!(error instanceof ApiError) || (error.code !== 400 && error.code !== 404)) throw error;
      if (wasRead) this.#listener.onHole('the log of the container that ended is gone');
    }
  }

  /** @param isSame whether the log has what was read last, unless its file was rotated */
  #read(query: Query, isSame: boolean): Promise<void> {
    const delivered = this.#delivered;
    if (isSame) delivered.readAgain();
    else delivered.readOther();
    return new Promise((resolve, reject) => {
      const done = (error?: ApiError): void => {
        this.#stream = undefined;
        if (error === undefined) resolve();
        else reject(error);
      };
      const stream = this.#options.transport.stream(
        this.#path(query),
        SILENCE_MS,
        (line) => this.#take(line.toString('utf8')),
        done,
        () => this.#listener.onOpen(),
      );
      // A stream that is closed from here says nothing any more.
      this.#stream = {
        close: () => {
          stream.close();
          done();
        },
      };
    });
  }

  #take(line: string): void {
    const what = this.#delivered.take(line);
    if (what === 'again') return;
    this.#waitUs = FIRST_WAIT_US;
    if (what === 'after a hole') this.#listener.onHole('the log was rotated meanwhile');
    this.#listener.onLine(line);
  }

  #path({ follow, previous }: Query): string {
    const { namespace, pod, container } = this.#place;
    const query = new URLSearchParams({ container, timestamps: 'true' });
    if (follow) query.set('follow', 'true');
    if (previous) query.set('previous', 'true');
    const { since } = this.#delivered;
    if (since === undefined) query.set('sinceSeconds', String(this.#options.sinceS));
    else query.set('sinceTime', since);
    return `${pathOf(Pods, namespace, pod, 'log')}?${query.toString()}`;
  }

  /** Waits before the next try, longer each time, until a line has come. */
  #pause(): Promise<void> {
    if (this.#disposed) return Promise.resolve();
    const waitUs = this.#waitUs;
    this.#waitUs = Math.min(2 * waitUs, LONGEST_WAIT_US);
    return new Promise((resolve) => {
      this.#wakes = resolve;
      this.#options.clock.schedule(waitUs, resolve, undefined);
    });
  }
}
