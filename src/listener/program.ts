import { parseConfigUrl } from '../actions/config-url.ts';
import type { JobEvent, JobEventType } from '../actions/job.ts';
import type { JobMessage, MessageSession } from '../actions/message-session.ts';
import type { ScaleSetStatistics } from '../actions/scale-set.ts';
import type { Switches } from '../reconciler/releases/switches.ts';
import { log, logError, type Step } from '../runtime/effects.ts';
import type { BackgroundPatches } from './background-patches.ts';
import type { ListenerConfig } from './config.ts';
import { desiredRunners, type Batch, type DesiredRunners } from './desired-runners.ts';
import type { ListenerObserver } from './observer.ts';
import { patchRunner, patchSet } from './patches.ts';

interface ListenerParts {
  readonly config: ListenerConfig;
  readonly switches: Switches;
  readonly session: MessageSession;
  readonly hostname: string;
  readonly acquiresJobs: boolean;
  readonly observer: ListenerObserver;
  /** Takes patches of runners off the way to the next decision. */
  readonly background: BackgroundPatches | undefined;
  /** Whether the process was asked to stop; polls are given up then by themselves. */
  readonly isStopping: () => boolean;
}

/**
 * The listener of a scale set: reads the messages of its queue one after the other, acquires jobs, tells runners which job
 * they have, and the set how many runners there are to be. It ends with an error only; its session is deleted then. Nothing
 * is tried again but what the clients try again: the controller starts another listener for one that fails.
 */
export function* listen(parts: ListenerParts): Step<never> {
  const { config, session, observer } = parts;
  const { setName, setNamespace, minRunners, maxRunners } = config;
  observer.started({ setName, setNamespace, minRunners, maxRunners, github: parseConfigUrl(config.configUrl) });
  const statistics = yield* session.create(parts.hostname);
  try {
    return yield* new Listening(parts).run(statistics);
  } finally {
    yield* log('Deleting message session');
    try {
      yield* session.close();
    } catch (error) {
      yield* logError('failed to delete message session', error);
    }
  }
}

class Listening {
  readonly #parts: ListenerParts;
  readonly #desired: DesiredRunners;
  #lastMessageId = 0;
  #assigned = 0;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#desired = desiredRunners(parts.config, parts.switches);
  }

  *run(statistics: ScaleSetStatistics): Step<never> {
    const { session, config, observer, isStopping } = this.#parts;
    this.#count(statistics);
    observer.desired(yield* this.#scale({ assigned: statistics.totalAssignedJobs, started: 0, completed: 0 }));
    for (;;) {
      if (isStopping()) throw new Error('context canceled');
      yield* log('Getting next message', { lastMessageID: this.#lastMessageId });
      const message = yield* session.getMessage(this.#lastMessageId, config.maxRunners);
      if (message === undefined) yield* this.#scale(this.#desired.emptyBatch(this.#assigned));
      else yield* this.#handle(message);
    }
  }

  *#handle(message: JobMessage): Step<void> {
    const { switches, observer, background } = this.#parts;
    yield* log('Processing message', { messageId: message.messageId });
    this.#lastMessageId = message.messageId;
    this.#count(message.statistics);
    const started = eventsOf(message, 'JobStarted');
    const completed = eventsOf(message, 'JobCompleted');
    const batch = {
      assigned: message.statistics.totalAssignedJobs,
      started: started.length,
      completed: completed.length,
    };
    // From pull request 4668 on nothing comes before the decision, and a message is gone when all has been begun.
    if (background !== undefined) {
      observer.desired(yield* this.#scale(batch));
      for (const job of started) {
        observer.jobStarted(job);
        background.push(job);
      }
      completed.forEach((job) => observer.jobCompleted(job));
      yield* this.#acquire(message);
      yield* this.#delete(message);
      return;
    }
    // From pull request 4383 on a message is gone before anything is done about it: an error then loses it.
    if (switches.has(4383)) {
      yield* this.#delete(message);
      yield* this.#acquire(message);
      yield* this.#tellRunners(started);
      completed.forEach((job) => observer.jobCompleted(job));
    } else {
      yield* this.#acquire(message);
      completed.forEach((job) => observer.jobCompleted(job));
      yield* this.#delete(message);
      yield* this.#tellRunners(started);
    }
    observer.desired(yield* this.#scale(batch));
  }

  *#delete({ messageId }: JobMessage): Step<void> {
    yield* log('Deleting last message', { lastMessageID: messageId });
    yield* this.#parts.session.deleteMessage(messageId);
  }

  *#acquire(message: JobMessage): Step<void> {
    const available = eventsOf(message, 'JobAvailable');
    if (available.length === 0 || !this.#parts.acquiresJobs) return;
    yield* log('Acquiring jobs', { count: available.length });
    const acquired = yield* this.#parts.session.acquireJobs(available.map(({ runnerRequestId }) => runnerRequestId));
    yield* log('Jobs are acquired', { count: acquired.length });
  }

  /** One patch after the other. */
  *#tellRunners(started: readonly JobEvent[]): Step<void> {
    const { config, switches, observer } = this.#parts;
    for (const job of started) {
      const { runnerName = '', jobDisplayName, runnerRequestId: requestId } = job;
      yield* log('Updating job info for the runner', { runnerName, jobDisplayName, requestId });
      observer.jobStarted(job);
      const runner = yield* patchRunner(config, job, switches);
      if (runner === undefined) {
        yield* log('Ephemeral runner not found, skipping patching of ephemeral runner status', { runnerName });
      }
    }
  }

  /** Patches the set, also with what it already has. */
  *#scale(batch: Batch): Step<number> {
    const { config, observer } = this.#parts;
    const decision = this.#desired.decide(batch);
    observer.decided(batch, decision);
    yield* log('Calculated target runner count', {
      'assigned job': batch.assigned,
      decision: decision.replicas,
      min: config.minRunners,
      max: config.maxRunners,
    });
    yield* patchSet(config, decision);
    yield* log('Ephemeral runner set scaled.', { name: config.setName, replicas: decision.replicas });
    return decision.replicas;
  }

  #count(statistics: ScaleSetStatistics): void {
    this.#assigned = statistics.totalAssignedJobs;
    this.#parts.observer.statistics(statistics);
  }
}

function eventsOf({ events }: JobMessage, type: JobEventType): readonly JobEvent[] {
  return events.filter(({ messageType }) => messageType === type);
}
