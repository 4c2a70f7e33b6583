import { t } from '@vscode/l10n';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { LiveReading } from '../evidence/live-reading.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { LogFollower } from '../kubernetes/remote/log-follower.ts';
import type { Pod } from '../kubernetes/types.ts';
import { findLogPods, type LogPod } from './log-pods.ts';
import { scrapeMetrics } from './metrics-scrape.ts';
import type { Reach } from './reach.ts';

interface LogReadersOptions {
  readonly reach: Reach;
  readonly sinceS: number;
  readonly live: LiveReading;
  readonly clock: Clock;
  /** Microseconds since 1970. */
  readonly nowUs: () => number;
  /** A controller's flags say how many workers it has. */
  readonly onWorkers: (count: number) => void;
  /** Lines of a controller's log are missing. */
  readonly onHole: () => void;
}

interface Followed {
  readonly pod: LogPod;
  readonly follower: LogFollower;
  /** Why it cannot be read; undefined while it can. */
  trouble: string | undefined;
  isOver: boolean;
}

/** Pods are looked for this often, and metrics read. */
const PERIOD_US = 10_000_000;
/** Logs that have brought no line of the past for this long have been read up to now. */
const QUIET_US = 500_000;
/** A line that is older than this is of the past. */
const PAST_US = 2_000_000;

/** Follows the logs of all controllers and listeners that there are, those that come later too. */
export class LogReaders implements Disposable {
  readonly #options: LogReadersOptions;
  /** By uid. */
  readonly #followed = new Map<string, Followed>();
  readonly #metrics = new Map<string, (text: string, nowUs: number) => void>();
  readonly #ticks: Disposable;
  #unseenPods: readonly string[] = [];
  #unseenMetrics: readonly string[] = [];
  #noneFound = false;
  #pods: readonly Pod[] = [];
  #isLooking = false;
  /** When the last line of the past came, by the clock. */
  #lastPastUs = 0;
  #whenLooked: (() => void)[] = [];
  #hasLooked = false;
  #disposed = false;

  constructor(options: LogReadersOptions) {
    this.#options = options;
    this.#ticks = options.clock.every(PERIOD_US, () => void this.#look());
    void this.#look();
  }

  /** The pods whose logs are read, as namespace/name. */
  get names(): readonly string[] {
    const read = [...this.#followed.values()].filter(({ trouble, isOver }) => trouble === undefined && !isOver);
    return read.map(({ pod }) => `${pod.namespace}/${pod.pod}`);
  }

  /** What is not read, and why: sentences. */
  get unseen(): readonly string[] {
    const troubles = [...this.#followed.values()].flatMap(({ pod, trouble }) =>
      trouble === undefined ? [] : [t('The log of {0} is not read: {1}.', pod.pod, trouble)],
    );
    return [...this.#unseenPods, ...troubles, ...this.#unseenMetrics];
  }

  /** The pods of controllers and listeners, as they were when they were last looked for. */
  get pods(): readonly Pod[] {
    return this.#pods;
  }

  /** The namespaces that were looked through where none of their pods is a controller; none for all; undefined otherwise. */
  get withoutController(): readonly string[] | undefined {
    return this.#noneFound ? this.#options.reach.logPlaces.filter((place) => place !== '') : undefined;
  }

  reconnect(): void {
    for (const { follower, isOver } of this.#followed.values()) if (!isOver) follower.reconnect();
    void this.#look();
  }

  /** Resolves when pods have been looked for, and what their logs had then has come. */
  async whenRead(): Promise<void> {
    if (!this.#hasLooked) await new Promise<void>((resolve) => this.#whenLooked.push(resolve));
    const { clock } = this.#options;
    this.#lastPastUs = Math.max(this.#lastPastUs, clock.nowUs());
    while (clock.nowUs() - this.#lastPastUs < QUIET_US) {
      await new Promise<void>((resolve) => clock.schedule(QUIET_US / 5, resolve, undefined));
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#ticks.dispose();
    for (const { follower } of this.#followed.values()) follower.dispose();
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#disposed) return;
    this.#isLooking = true;
    const { reach } = this.#options;
    try {
      const { pods, found, unseen } = await findLogPods(reach.transport, reach.logPlaces);
      if (this.#disposed) return;
      this.#pods = found;
      this.#unseenPods = unseen;
      this.#noneFound = unseen.length === 0 && !pods.some(({ role }) => role === 'controller');
      for (const [uid, { isOver }] of this.#followed) {
        if (isOver && !pods.some((pod) => pod.uid === uid)) this.#followed.delete(uid);
      }
      for (const pod of pods) this.#follow(pod);
      await this.#scrape(pods);
    } catch (error) {
      // The watches say that the server cannot be reached.
      if (!(error instanceof ApiError)) throw error;
    } finally {
      this.#isLooking = false;
      this.#hasLooked = true;
      for (const resolve of this.#whenLooked.splice(0)) resolve();
    }
  }

  #follow(pod: LogPod): void {
    if (this.#followed.has(pod.uid)) return;
    const { reach, sinceS, clock, live, nowUs, onWorkers, onHole } = this.#options;
    if (pod.workers !== undefined) onWorkers(pod.workers);
    const take = live.log(`${pod.namespace}/${pod.pod}`);
    const followed: Followed = {
      pod,
      trouble: undefined,
      isOver: false,
      follower: new LogFollower(
        pod,
        {
          onLine: (line) => {
            const atUs = clock.enter(() => take(line)) ?? 0;
            if (atUs < nowUs() - PAST_US) this.#lastPastUs = clock.nowUs();
          },
          onHole: () => {
            if (pod.role === 'controller') onHole();
          },
          onOpen: () => (followed.trouble = undefined),
          onError: ({ message }) => (followed.trouble = message),
          onEnd: (error) => {
            followed.isOver = true;
            followed.trouble = error?.message;
          },
        },
        { transport: reach.transport, clock, sinceS, follows: true },
      ),
    };
    this.#followed.set(pod.uid, followed);
  }

  async #scrape(pods: readonly LogPod[]): Promise<void> {
    const { reach, live, nowUs } = this.#options;
    const unseen: string[] = [];
    for (const pod of pods) {
      const scraped = await scrapeMetrics(reach.transport, pod);
      if (scraped === undefined) continue;
      if ('unseen' in scraped) {
        unseen.push(scraped.unseen);
        continue;
      }
      const name = t('metrics of {0}', pod.pod);
      let take = this.#metrics.get(name);
      if (take === undefined) this.#metrics.set(name, (take = live.metrics(name)));
      take(scraped.text, nowUs());
    }
    this.#unseenMetrics = unseen;
  }
}
