import { t } from '@vscode/l10n';
import type { PassObserver } from '../runtime/observer.ts';
import type { PassRecord, RequestRecord } from '../runtime/pass-record.ts';

/** Name under which a listener's program is observed; its key is that of its pod. Worker 0 is what polls and decides. */
const LISTENER = 'listener';

export interface Activity {
  /** As the trace names the request; `messages` for a poll. */
  readonly code: string;
  readonly text: string;
  /** In the clock's microseconds. */
  readonly sinceUs: number;
}

/** What the listeners do that run in simulated pods, from their requests. */
export class ListenerActivity implements PassObserver {
  readonly #byKey = new Map<string, Activity>();
  readonly #changed: (key: string) => void;

  /** @param changed told the key of a listener that does something else now */
  constructor(changed: (key: string) => void) {
    this.#changed = changed;
  }

  /** Undefined for a listener that runs elsewhere, or not at all. */
  of(pod: string): Activity | undefined {
    return this.#byKey.get(pod);
  }

  passStarted(pass: PassRecord): void {
    this.#note(pass, { code: 'start', text: t('starts'), sinceUs: pass.startedUs });
  }

  requestStarted(pass: PassRecord, request: RequestRecord): void {
    const { resource, startedUs } = request;
    this.#note(pass, { code: resource, text: wordsOf(request), sinceUs: startedUs });
  }

  passEnded(pass: PassRecord): void {
    this.#forget(pass);
  }

  passAborted(pass: PassRecord): void {
    this.#forget(pass);
  }

  #note(pass: PassRecord, activity: Activity): void {
    if (!isMain(pass)) return;
    const before = this.#byKey.get(pass.key);
    // Of polls that follow one another without a message the first one tells since when it waits.
    if (before?.code === activity.code) return;
    this.#byKey.set(pass.key, activity);
    this.#changed(pass.key);
  }

  #forget(pass: PassRecord): void {
    if (isMain(pass) && this.#byKey.delete(pass.key)) this.#changed(pass.key);
  }
}

function isMain({ controller, worker }: PassRecord): boolean {
  return controller === LISTENER && worker === 0;
}

function wordsOf({ resource }: RequestRecord): string {
  switch (resource) {
    case 'get-message':
      return t('polls for messages');
    case 'create-session':
      return t('opens its session');
    case 'refresh-session':
      return t('renews its session');
    case 'delete-session':
      return t('closes its session');
    case 'acquire-jobs':
    case 'get-acquirable-jobs':
      return t('acquires jobs');
    case 'delete-message':
      return t('deletes a message');
    case 'ephemeralrunnersets':
      return t('says how many runners there are to be');
    case 'ephemeralrunners':
      return t('tells a runner which job it has');
    default:
      return t('signs in to the Actions service');
  }
}
