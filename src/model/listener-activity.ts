import { t } from '@vscode/l10n';
import type { PassObserver } from '../runtime/observer.ts';
import type { PassRecord, RequestRecord } from '../runtime/pass-record.ts';

/** Name under which a listener's program is observed; its key is the name of its pod. */
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
  readonly #byPod = new Map<string, Activity>();
  readonly #changed: (pod: string) => void;

  /** @param changed told the name of a pod whose listener does something else now */
  constructor(changed: (pod: string) => void) {
    this.#changed = changed;
  }

  /** Undefined for a listener that runs elsewhere, or not at all. */
  of(pod: string): Activity | undefined {
    return this.#byPod.get(pod);
  }

  passStarted(pass: PassRecord): void {
    this.#note(pass, { code: 'start', text: t('starts'), sinceUs: pass.startedUs });
  }

  requestStarted(pass: PassRecord, request: RequestRecord): void {
    const { resource, startedUs } = request;
    this.#note(pass, { code: resource, text: wordsOf(request), sinceUs: startedUs });
  }

  passEnded({ controller, key }: PassRecord): void {
    this.#forget(controller, key);
  }

  passAborted({ controller, key }: PassRecord): void {
    this.#forget(controller, key);
  }

  #note({ controller, key }: PassRecord, activity: Activity): void {
    if (controller !== LISTENER) return;
    const before = this.#byPod.get(key);
    // Of polls that follow one another without a message the first one tells since when it waits.
    if (before?.code === activity.code) return;
    this.#byPod.set(key, activity);
    this.#changed(key);
  }

  #forget(controller: string, pod: string): void {
    if (controller === LISTENER && this.#byPod.delete(pod)) this.#changed(pod);
  }
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
