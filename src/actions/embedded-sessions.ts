import type { Clock } from '../base/clock.ts';
import type { HttpResponse } from '../base/http.ts';
import type { Random } from '../base/random.ts';
import { json, NO_CONTENT, scaleSetException } from './answers.ts';
import { scaleSetNotFound, type EmbeddedScaleSets } from './embedded-scale-sets.ts';
import type { JobEvent } from './job.ts';
import { MessageQueue, TOKEN_EXPIRED, type QueueTimes, type Session } from './message-queue.ts';
import type { ScaleSetStatistics } from './scale-set.ts';

export interface SessionOptions {
  /** Life of the token of a message queue; default one hour. */
  readonly queueTokenLifeMs?: number;
  /**
   * For how long a session stays whose listener has gone without a word; meanwhile another is refused with 409. Default:
   * until the connection of its poll breaks, as in the recordings, or until it has not polled for BETWEEN_POLLS_MS.
   */
  readonly sessionLifeMs?: number;
}

/** Longer than a listener takes to handle a message. */
const BETWEEN_POLLS_MS = 10_000;

interface EmbeddedSessionsOptions extends SessionOptions {
  readonly clock: Clock;
  readonly nowMs: () => number;
  readonly baseUrl: string;
  readonly random: Random;
  readonly scaleSets: EmbeddedScaleSets;
  readonly times: QueueTimes;
  readonly statistics: (scaleSetId: number) => ScaleSetStatistics;
  /** Hears that a listener can have another number of runners than before. */
  readonly capacityChanged: () => void;
}

/** Who opens a message queue, as the headers of a request say. */
type Authorization = string | undefined;

/** Listeners' sessions with the embedded service, and the message queues that they open. */
export class EmbeddedSessions {
  readonly #options: EmbeddedSessionsOptions;
  readonly #queues = new Map<number, MessageQueue>();
  readonly #capacity = new Map<number, number>();

  constructor(options: EmbeddedSessionsOptions) {
    this.#options = options;
  }

  /** How many runners the listener of a scale set can have, as it has last said; undefined before that. */
  capacityOf(scaleSetId: number): number | undefined {
    return this.#capacity.get(scaleSetId);
  }

  /** Whether every listener waits for messages, and there is none. */
  get hasToldAll(): boolean {
    return [...this.#queues.values()].every(({ session, hasToldAll }) => session === undefined || hasToldAll);
  }

  add(scaleSetId: number, event: JobEvent): void {
    this.#queueOf(scaleSetId).add(event);
  }

  create(scaleSetId: number, body: string): HttpResponse {
    const set = this.#options.scaleSets.get(scaleSetId);
    if (set === undefined) return scaleSetNotFound(scaleSetId);
    const ownerName = ownerOf(body);
    if (ownerName === undefined) return scaleSetException(400, 'InvalidSessionException', 'The session has no owner.');
    const queue = this.#queueOf(scaleSetId);
    if (this.#isAlive(queue)) {
      const message = `The actions runner scaleset ${set.name} already has an active session.`;
      return scaleSetException(409, 'RunnerScaleSetSessionConflictException', message);
    }
    const session: Session = { id: this.#uuid(), ownerName, token: '', tokenExpiresMs: 0, seenMs: 0, hasHungUp: false };
    this.#renew(session);
    queue.open(session);
    return this.#shown(scaleSetId, session);
  }

  refresh(scaleSetId: number, id: string): HttpResponse {
    const session = this.#queues.get(scaleSetId)?.session;
    if (session?.id !== id) return noSession(id);
    this.#renew(session);
    return this.#shown(scaleSetId, session);
  }

  delete(scaleSetId: number, id: string): HttpResponse {
    const queue = this.#queues.get(scaleSetId);
    if (queue?.session?.id !== id) return noSession(id);
    queue.close();
    return NO_CONTENT;
  }

  isOpen(scaleSetId: number, authorization: Authorization): boolean {
    return this.#queues.get(scaleSetId)?.isOpenTo(authorization) === true;
  }

  /**
   * @param capacity how many runners the listener can have, as its header says
   * @param done called once, when there is a message or the poll is over
   * @returns what gives the poll up
   */
  poll(
    { scaleSetId, lastMessageId, authorization, capacity }: PollRequest,
    done: (answer: HttpResponse) => void,
  ): () => void {
    const queue = this.#queues.get(scaleSetId);
    if (queue?.isOpenTo(authorization) !== true) {
      done(TOKEN_EXPIRED);
      return () => undefined;
    }
    if (capacity !== undefined && capacity !== this.#capacity.get(scaleSetId)) {
      this.#capacity.set(scaleSetId, capacity);
      this.#options.capacityChanged();
    }
    return queue.poll(lastMessageId, done);
  }

  deleteMessage(scaleSetId: number, authorization: Authorization, messageId: number): HttpResponse {
    const queue = this.#queues.get(scaleSetId);
    return queue?.isOpenTo(authorization) === true ? queue.delete(messageId) : TOKEN_EXPIRED;
  }

  scaleSetDeleted(scaleSetId: number): void {
    this.#queues.get(scaleSetId)?.close();
    this.#queues.delete(scaleSetId);
    this.#capacity.delete(scaleSetId);
  }

  #queueOf(scaleSetId: number): MessageQueue {
    let queue = this.#queues.get(scaleSetId);
    if (queue === undefined) {
      const { clock, nowMs, times } = this.#options;
      const statistics = (): ScaleSetStatistics => this.#options.statistics(scaleSetId);
      queue = new MessageQueue({ clock, nowMs, times, statistics });
      this.#queues.set(scaleSetId, queue);
    }
    return queue;
  }

  #isAlive({ session, isPolled }: MessageQueue): boolean {
    if (session === undefined) return false;
    const { sessionLifeMs = session.hasHungUp ? 0 : BETWEEN_POLLS_MS, nowMs } = this.#options;
    return isPolled || session.seenMs + sessionLifeMs > nowMs();
  }

  #renew(session: Session): void {
    const { random, nowMs, queueTokenLifeMs = 3_600_000 } = this.#options;
    session.token = random.hex(40);
    session.seenMs = nowMs();
    session.tokenExpiresMs = session.seenMs + queueTokenLifeMs;
  }

  #shown(scaleSetId: number, session: Session): HttpResponse {
    const { scaleSets, baseUrl } = this.#options;
    const set = scaleSets.get(scaleSetId);
    if (set === undefined) return scaleSetNotFound(scaleSetId);
    const statistics = this.#options.statistics(scaleSetId);
    return json(200, {
      sessionId: session.id,
      ownerName: session.ownerName,
      runnerScaleSet: scaleSets.shown(set, statistics),
      messageQueueUrl: `${baseUrl}/mq/${scaleSetId}`,
      messageQueueAccessToken: session.token,
      statistics,
    });
  }

  #uuid(): string {
    return [8, 4, 4, 4, 12].map((digits) => this.#options.random.hex(digits)).join('-');
  }
}

interface PollRequest {
  readonly scaleSetId: number;
  /** 0 for the first message. */
  readonly lastMessageId: number;
  readonly authorization: Authorization;
  readonly capacity: number | undefined;
}

function noSession(id: string): HttpResponse {
  return scaleSetException(404, 'RunnerScaleSetSessionNotFoundException', `No session found with identifier ${id}.`);
}

function ownerOf(body: string): string | undefined {
  try {
    const { ownerName } = JSON.parse(body) as { ownerName?: unknown };
    return typeof ownerName === 'string' && ownerName !== '' ? ownerName : undefined;
  } catch {
    return undefined;
  }
}
