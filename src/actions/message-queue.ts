import type { Clock } from '../base/clock.ts';
import type { HttpResponse } from '../base/http.ts';
import { json, NO_CONTENT, scaleSetException } from './answers.ts';
import type { JobEvent } from './job.ts';
import type { ScaleSetStatistics } from './scale-set.ts';

/** A listener's claim to the messages of a scale set. */
export interface Session {
  readonly id: string;
  readonly ownerName: string;
  /** Opens the queue until it expires. */
  token: string;
  /** In milliseconds since 1970. */
  tokenExpiresMs: number;
  /** When its listener was last heard of, in milliseconds since 1970. */
  seenMs: number;
  /** Its listener has broken off a poll, and has not been heard of since. */
  hasHungUp: boolean;
}

export interface Message {
  readonly messageId: number;
  readonly messageType: 'RunnerScaleSetJobMessages';
  /** JSON of a list of job events, as text. */
  readonly body: string;
  readonly statistics: ScaleSetStatistics;
}

export interface QueueTimes {
  /** How long a poll is held open when there is no message. GitHub: about 50 s. */
  readonly pollUs: number;
  /** How long the service waits for further events, so that they go into one message. */
  readonly gatherUs: number;
}

interface Poll {
  readonly session: Session;
  readonly lastMessageId: number;
  readonly done: (answer: HttpResponse) => void;
}

interface MessageQueueOptions {
  readonly clock: Clock;
  readonly nowMs: () => number;
  readonly times: QueueTimes;
  readonly statistics: () => ScaleSetStatistics;
}

const EMPTY: HttpResponse = { status: 202, headers: {}, body: '' };

/**
 * The messages of one scale set. Events that come at about the same time go into one message; a message stays until it is
 * deleted. One poll at a time is held open.
 */
export class MessageQueue {
  readonly #options: MessageQueueOptions;
  #session: Session | undefined;
  #events: JobEvent[] = [];
  #isGathering = false;
  #messages: Message[] = [];
  #poll: Poll | undefined;
  #nextId = 1;

  constructor(options: MessageQueueOptions) {
    this.#options = options;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** Begins a session in place of the one before. */
  open(session: Session): void {
    this.close();
    this.#session = session;
  }

  /** Ends the session: a poll in progress is refused, as if its token had expired. */
  close(): void {
    this.#answer(TOKEN_EXPIRED);
    this.#session = undefined;
  }

  /** Whether an authorization header opens the queue now. */
  isOpenTo(authorization: string | undefined): boolean {
    const session = this.#session;
    if (session === undefined || authorization !== `Bearer ${session.token}`) return false;
    session.seenMs = this.#options.nowMs();
    session.hasHungUp = false;
    return session.tokenExpiresMs > session.seenMs;
  }

  /** Whether its listener waits for messages now. */
  get isPolled(): boolean {
    return this.#poll !== undefined;
  }

  /** Whether its listener waits for messages, and none is on its way. */
  get hasToldAll(): boolean {
    return this.isPolled && this.#events.length === 0;
  }

  add(event: JobEvent): void {
    this.#events.push(event);
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#options.clock.schedule(this.#options.times.gatherUs, this.#gathered, undefined);
  }

  /**
   * Answers with the first message after the one given: at once, or when it is there, or with 202 after the time of a poll.
   * @returns a function that cancels the poll
   */
  poll(lastMessageId: number, done: (answer: HttpResponse) => void): () => void {
    const { session } = this;
    // Who polls a second time does not wait for the first answer any more.
    this.#answer(EMPTY);
    if (session === undefined) {
      done(TOKEN_EXPIRED);
      return doNothing;
    }
    const poll: Poll = { session, lastMessageId, done };
    this.#poll = poll;
    this.#deliver();
    if (this.#poll === poll) this.#options.clock.schedule(this.#options.times.pollUs, this.#timeOut, poll);
    return () => {
      if (this.#poll !== poll) return;
      this.#poll = undefined;
      session.hasHungUp = true;
    };
  }

  delete(messageId: number): HttpResponse {
    this.#messages = this.#messages.filter((message) => message.messageId !== messageId);
    return NO_CONTENT;
  }

  readonly #gathered = (): void => {
    this.#isGathering = false;
    this.#deliver();
  };

  readonly #timeOut = (poll: Poll): void => {
    if (this.#poll === poll) this.#answer(EMPTY);
  };

  #deliver(): void {
    const poll = this.#poll;
    if (poll === undefined) return;
    if (!this.#isGathering) this.#compose();
    const message = this.#messages.find(({ messageId }) => messageId > poll.lastMessageId);
    if (message !== undefined) this.#answer(json(200, message));
  }

  /** What waits becomes one message, with the counts of this moment. */
  #compose(): void {
    if (this.#events.length === 0) return;
    this.#messages.push({
      messageId: this.#nextId++,
      messageType: 'RunnerScaleSetJobMessages',
      body: JSON.stringify(this.#events),
      statistics: this.#options.statistics(),
    });
    this.#events = [];
  }

  #answer(answer: HttpResponse): void {
    const poll = this.#poll;
    this.#poll = undefined;
    if (poll === undefined) return;
    poll.session.seenMs = this.#options.nowMs();
    poll.done(answer);
  }
}

export const TOKEN_EXPIRED = scaleSetException(
  401,
  'MessageQueueTokenExpiredException',
  'The message queue access token has expired.',
);

function doNothing(): void {
  // The poll has its answer.
}
