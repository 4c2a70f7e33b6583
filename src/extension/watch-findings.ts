import type { Disposable } from '../base/disposable.ts';
import type { Explained } from './explained.ts';
import type { ShownSession } from './run.ts';
import type { Sessions } from './sessions.ts';
import { labelOf } from './session-words.ts';

/** Findings are looked at this often while a cluster is watched. */
const REFRESH_MS = 2_000;

/** What is found in clusters while they are watched; what was found stays as long as the session is on view. */
export class WatchFindings implements Disposable {
  readonly #sessions: Pick<Sessions, 'all' | 'onDidChange'>;
  readonly #show: (watches: readonly Explained[]) => void;
  readonly #subscription: Disposable;
  #timer: NodeJS.Timeout | undefined;
  /** What is shown, as text. */
  #shown = '[]';

  /** @param show is called with all watches, the newest first, when something of them is other than before */
  constructor(sessions: Pick<Sessions, 'all' | 'onDidChange'>, show: (watches: readonly Explained[]) => void) {
    this.#sessions = sessions;
    this.#show = show;
    this.#subscription = sessions.onDidChange(() => this.#changed());
  }

  update(): void {
    const watches = this.#sessions.all.flatMap((session) => explainedOf(session) ?? []).reverse();
    const shown = JSON.stringify(watches.map(textOf));
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#show(watches);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#subscription.dispose();
  }

  #changed(): void {
    const isLive = this.#sessions.all.some(({ ended, run }) => !ended && run.explanation !== undefined);
    if (isLive) {
      this.#timer ??= setInterval(() => this.update(), REFRESH_MS);
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.update();
  }
}

function explainedOf(session: ShownSession): Explained | undefined {
  const { explanation, trace } = session.run;
  if (explanation === undefined) return undefined;
  return { id: session.id, title: labelOf(session), explanation, trace, uris: new Map() };
}

/** All that the tree shows of it. */
function textOf({ id, explanation }: Explained): unknown {
  const { verdict, findings, lineName } = explanation;
  const said = findings.map(({ evidence, runners: _, burst: __, ...finding }) => {
    return { ...finding, lines: evidence.map(({ at, says }) => [lineName(at), says]) };
  });
  return [id, verdict, said];
}
