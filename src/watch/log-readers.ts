import { t } from '@vscode/l10n';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { isController } from '../apply/running-controllers.ts';
import { labsAtWork, type LabAtWork } from '../apply/write-lease.ts';
import type { LiveReading } from '../evidence/live-reading.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { LogFollower } from '../kubernetes/remote/log-follower.ts';
import { listAllowed } from '../kubernetes/remote/list-allowed.ts';
import { Deployments, pathOf, Pods } from '../kubernetes/resource.ts';
import type { Pod, Workload } from '../kubernetes/types.ts';
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
  readonly take: (line: string) => number | undefined;
  /** Why it cannot be read; undefined while it can. */
  trouble: string | undefined;
  isOver: boolean;
  /** When it ended: microseconds since 1970. */
  overUs: number;
}

/** What is there where no controller's pod is. */
interface Elsewhere {
  readonly labs: readonly LabAtWork[];
  readonly deployments: readonly Workload[];
}

const NOWHERE: Elsewhere = { labs: [], deployments: [] };

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
  #deployments: readonly Workload[] = [];
  #labs: readonly LabAtWork[] = [];
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

  /**
   * The pods of controllers and listeners, and where none is a controller's the deployments that should have one: as they were
   * when they were last looked for.
   */
  get objects(): readonly (Pod | Workload)[] {
    return [...this.#pods, ...this.#deployments];
  }

  /** The labs that reconcile where no controller's pod is. */
  get labs(): readonly LabAtWork[] {
    return this.#labs;
  }

  /** The namespaces that were looked through where none of their pods is a controller; none for all; undefined otherwise. */
  get withoutController(): readonly string[] | undefined {
    return this.#noneFound && this.#deployments.length === 0
      ? this.#options.reach.logPlaces.filter((place) => place !== '')
      : undefined;
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
      this.#pods = found.map((pod) => ({ ...pod, kind: Pods.kind }));
      this.#unseenPods = unseen;
      const isNone = unseen.length === 0 && !pods.some(({ role }) => role === 'controller');
      const { labs, deployments } = isNone ? await this.#lookElsewhere() : NOWHERE;
      if (this.#disposed) return;
      this.#noneFound = isNone;
      this.#labs = labs;
      this.#deployments = deployments;
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

  /** What is there in place of a controller's pod. A lab may have brought the controller to rest: that is no trouble. */
  async #lookElsewhere(): Promise<Elsewhere> {
    const { transport, logPlaces, namespace } = this.#options.reach;
    const labs = await labsAtWork(transport, namespace, this.#options.nowUs() / 1000);
    if (labs.length > 0) return { labs, deployments: [] };
    const lists = logPlaces.map((place) => listAllowed<Workload>(transport, pathOf(Deployments, place)));
    const deployments = (await Promise.all(lists)).flatMap((some = []) => some);
    const controllers = deployments.filter((deployment) => isController(deployment));
    return { labs, deployments: controllers.map((each) => ({ ...each, kind: Deployments.kind })) };
  }

  #follow(pod: LogPod): void {
    const before = this.#followed.get(pod.uid);
    // Where the right was missing for a time it is back: pods whose logs may not be read are not looked at.
    if (before !== undefined && (!before.isOver || before.trouble === undefined)) return;
    const { reach, clock, live, nowUs, onWorkers, onHole } = this.#options;
    const sinceS = before === undefined ? this.#options.sinceS : Math.ceil((nowUs() - before.overUs) / 1e6) + 1;
    if (pod.workers !== undefined) onWorkers(pod.workers);
    const take = before?.take ?? live.log(`${pod.namespace}/${pod.pod}`);
    const followed: Followed = {
      ...{ pod, take, trouble: undefined, isOver: false, overUs: 0 },
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
            followed.overUs = nowUs();
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
