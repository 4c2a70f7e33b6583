import type { ShownSession } from './run.ts';

/**
 * What people turned to last: the sessions of a timeline, or the session of what they selected in the tree. It is what
 * commands mean that are called without saying which session they are for.
 */
export class CurrentSessions {
  #sessions: readonly ShownSession[] = [];
  readonly #exists: (session: ShownSession) => boolean;

  /** @param exists whether a session is still on view */
  constructor(exists: (session: ShownSession) => boolean) {
    this.#exists = exists;
  }

  get sessions(): readonly ShownSession[] {
    return this.#sessions.filter(this.#exists);
  }

  turnTo(sessions: readonly ShownSession[]): void {
    if (sessions.length > 0) this.#sessions = sessions;
  }
}
