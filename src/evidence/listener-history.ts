import { clean, copyOf } from './clean.ts';
import { numberField, textField } from './fields.ts';
import { decisionIn } from './listener-decision.ts';
import { LAST_WORDS } from './own-line.ts';
import type { LogRecord } from './log-record.ts';
import { again, type Repeated, type Seen } from './seen.ts';

/** Decisions one after another with more jobs than the scale set may have runners. */
export interface AboveMaximum {
  readonly since: Seen;
  last: Seen;
  /** The first decision after them, where the log has one. */
  end: Seen | undefined;
  times: number;
  readonly max: number;
  /** Fewest and most jobs that were assigned meanwhile. */
  least: number;
  most: number;
}

/** Requests of one kind that failed, and how long each went on before it did. */
export interface FailedRequests extends Repeated {
  shortestUs: number;
  longestUs: number;
}

/** What a process that is asked to stop says of its open request. */
const STOPPED = /terminated signal received|context canceled/;
/** As much of that as a cut line may have left. */
const STOPPED_CUT = /: (?:term[a-z ]*|cont[a-z ]*)\W*$/;
const REQUEST = /^"?(?:GET|POST|PATCH|PUT|DELETE) "[^"]*": /i;
/** The HTTP client of each release, about a request that it sends again. */
const REQUEST_FAILED = /^(?:Retryable client error|request failed)$/;

/** What the log of one listener tells; each writes a file of its own. */
export class ListenerHistory {
  readonly first: Seen;
  last: Seen;
  /** Whether the log shows its start. */
  start: Seen | undefined;
  /** The starts after the first that follow no word of an end. */
  restarts: Repeated | undefined;
  /** Whether its lines are those of several listeners, which somebody merged into one file. */
  isOfSeveral = false;
  #isStarted = false;
  /** Whether it has started again and not asked for a message since. */
  #isNew = false;
  /** Its set of runners, as `namespace/name`. */
  set: string | undefined;
  /** The first line after which it waited for a message, and the last. */
  asked: Repeated | undefined;
  /** Whether an answer to a request for messages is in the log. */
  hasHeard = false;
  decisions = 0;
  /** Decisions without one of the numbers that they rest on. */
  partial = 0;
  /** What the last decision says that the scale set may have at least and at most. */
  limits: { readonly min: number; readonly max: number; readonly seen: Seen } | undefined;
  mostAssigned = 0;
  /** Runners that exist by the last decision, and how many of them GitHub counted as registered just before. */
  existing = 0;
  registered: number | undefined;
  /** How many registered runners had no job, by GitHub's last count. */
  idle: number | undefined;
  /** Since when GitHub has counted assigned jobs and none that runs, without a break. */
  noneRunsSince: Seen | undefined;
  /** The most jobs that GitHub offered at one time, and how many of all the listener got. */
  mostOffered = 0;
  acquired = 0;
  /** The jobs that are assigned by the last decision, and by the first one. */
  assigned = 0;
  assignedAtFirst = 0;
  /**
   * The fewest that were assigned at any time: as long as no job starts, no more than these can be running since before the
   * log.
   */
  fewestAssigned = 0;
  /** Since when more than these have been assigned without a break. */
  moreSince: Seen | undefined;
  jobsEnded = 0;
  /** Lines about jobs that started; a release writes one of the two for each job, or both. */
  #startMessages = 0;
  #startUpdates = 0;
  /** Its last words, where it ended because of an error. */
  ends: Repeated | undefined;
  /** Whether its last words are that it ends, for whatever reason. */
  isOver = false;
  /** Its last words where they are cut: they may not say why it ends. */
  cutEnd: Repeated | undefined;
  /** The longest time with more jobs than may have runners. */
  above: AboveMaximum | undefined;
  /** Requests that failed; of those in a row, with no answer between them, the most. */
  failed: FailedRequests | undefined;
  failedInRow: FailedRequests | undefined;
  /** Requests that have failed since the last answer. */
  failing: FailedRequests | undefined;
  #aboveNow: AboveMaximum | undefined;
  #openSinceUs: number | undefined;

  constructor(first: Seen) {
    [this.first, this.last] = [first, first];
  }

  get jobsStarted(): number {
    return Math.max(this.#startMessages, this.#startUpdates);
  }

  /** Any line of the listener, in the order in which it wrote them. */
  take(record: LogRecord, seen: Seen): void {
    this.last = seen;
    const { message } = record;
    if (REQUEST_FAILED.test(message)) this.#fail(record, seen);
    else if (LAST_WORDS.test(message)) this.#end(record, seen);
    else if (message === 'performing request' || message.startsWith('retrying request')) this.#openSinceUs = seen.at.us;
    else this.#goOn(record, seen);
  }

  #goOn(record: LogRecord, seen: Seen): void {
    switch (record.message) {
      case 'Getting next message':
        // A listener that starts knows of no message, so that this is another, which goes on.
        if (this.#isNew && (numberField(record.fields, 'lastMessageID') ?? 0) > 0) this.isOfSeveral = true;
        this.#isNew = false;
        this.asked = again(this.asked, seen, '');
        this.#openSinceUs = seen.at.us;
        return;
      case 'app initialized':
        this.start ??= seen;
        return;
      case 'Starting listener':
        this.start ??= seen;
        if (this.#isStarted && !this.isOver) this.restarts = again(this.restarts, seen, '');
        this.#isNew = this.#isStarted;
        this.#isStarted = true;
        this.isOver = false;
        return;
      case 'refreshing token':
        // A listener that has asked for a message refreshes it, too, once an hour.
        if (this.asked === undefined) this.start ??= seen;
        return;
      case 'Ephemeral runner set scaled.': {
        const name = textField(record.fields, 'name');
        if (name === undefined) return;
        const set = copyOf(`${textField(record.fields, 'namespace') ?? ''}/${name}`);
        if (this.set !== undefined && this.set !== set) this.isOfSeveral = true;
        this.set = set;
        return;
      }
      case 'Calculated target runner count':
        this.#decide(record, seen);
        break;
      case 'Job started message received':
      case 'Job started message received.':
        this.#startMessages++;
        break;
      case 'Updating job info for the runner':
        this.#startUpdates++;
        break;
      case 'Job completed message received':
      case 'Job completed message received.':
        this.jobsEnded++;
        break;
      case 'Current runner scale set statistics.':
      case 'New runner scale set statistics':
      case 'New runner scale set statistics.':
        this.#count(record.fields, seen);
        return;
      case 'Job available message received':
      case 'Job available message received.':
        this.mostOffered = Math.max(this.mostOffered, 1);
        return;
      case 'Jobs are acquired':
      case 'Jobs are acquired.':
        this.acquired += numberField(record.fields, 'count') ?? 0;
        return;
      case 'Processing message':
        break;
      default:
        return;
    }
    // Only an answer to a request leads here.
    this.hasHeard = true;
    this.failing = undefined;
  }

  /** What GitHub counts of the scale set. */
  #count(fields: string, seen: Seen): void {
    // Up to 0.9 they are text within the line.
    const text = fields.replaceAll('\\"', '"');
    this.registered = numberField(text, 'totalRegisteredRunners');
    this.idle = numberField(text, 'totalIdleRunners');
    this.mostOffered = Math.max(this.mostOffered, numberField(text, 'totalAvailableJobs') ?? 0);
    const hasNone = numberField(text, 'totalRunningJobs') === 0 && (numberField(text, 'totalAssignedJobs') ?? 0) > 0;
    this.noneRunsSince = hasNone ? (this.noneRunsSince ?? seen) : undefined;
  }

  #decide(record: LogRecord, seen: Seen): void {
    const { assigned, decision, min, max, current } = decisionIn(record);
    // The last number before a cut may be cut as well.
    if (assigned === undefined || decision === undefined || current === undefined) {
      this.partial++;
      return;
    }
    if (min !== undefined && max !== undefined) this.limits = { min, max, seen };
    if (this.decisions++ === 0) [this.assignedAtFirst, this.fewestAssigned] = [assigned, assigned];
    this.mostAssigned = Math.max(this.mostAssigned, assigned);
    this.assigned = assigned;
    this.existing = current;
    this.fewestAssigned = Math.min(this.fewestAssigned, assigned);
    if (assigned === this.fewestAssigned) this.moreSince = undefined;
    else this.moreSince ??= seen;
    if (max === undefined || assigned <= max || decision < max) {
      if (this.#aboveNow !== undefined) this.#aboveNow.end = seen;
      this.#aboveNow = undefined;
      return;
    }
    if (this.#aboveNow?.max !== max) {
      this.#aboveNow = { since: seen, last: seen, end: undefined, times: 0, max, least: assigned, most: assigned };
    }
    const now = this.#aboveNow;
    now.last = seen;
    now.times++;
    now.least = Math.min(now.least, assigned);
    now.most = Math.max(now.most, assigned);
    // With another maximum what was before is no longer of use.
    if (this.above?.max !== max || lengthUs(now) >= lengthUs(this.above)) this.above = now;
  }

  #fail({ fields, isCut }: LogRecord, seen: Seen): void {
    const text = textField(fields, 'error') ?? textField(fields, 'err') ?? '';
    if (STOPPED.test(text) || (isCut === true && (STOPPED.test(fields) || STOPPED_CUT.test(fields)))) {
      this.isOver = true;
      return;
    }
    const us = seen.at.us - (this.#openSinceUs ?? seen.at.us);
    const error = clean(text.replace(REQUEST, ''));
    this.failed = oneMore(this.failed, seen, error, us);
    this.failing = oneMore(this.failing, seen, error, us);
    if (this.failing.count >= (this.failedInRow?.count ?? 0)) this.failedInRow = this.failing;
    // The client sends it again.
    this.#openSinceUs = seen.at.us;
  }

  #end({ message, isCut }: LogRecord, seen: Seen): void {
    const text = message.replace(LAST_WORDS, '');
    const wasAsked = this.isOver;
    this.isOver = true;
    if (STOPPED.test(text)) return;
    if (isCut !== true) this.ends = again(this.ends, seen, clean(text));
    else if (!wasAsked && !STOPPED_CUT.test(text)) this.cutEnd = again(this.cutEnd, seen, clean(text));
  }
}

function lengthUs({ since, last }: AboveMaximum): number {
  return last.at.us - since.at.us;
}

function oneMore(before: FailedRequests | undefined, seen: Seen, error: string, us: number): FailedRequests {
  const [shortestUs, longestUs] = [Math.min(before?.shortestUs ?? us, us), Math.max(before?.longestUs ?? us, us)];
  return Object.assign(again(before, seen, error), { shortestUs, longestUs });
}
