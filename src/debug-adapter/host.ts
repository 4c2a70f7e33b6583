import { t } from '@vscode/l10n';
import type { Moment } from '../debug/moments.ts';
import type { Recording } from '../debug/recording.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** Where a debug session has come to. */
export interface Standing {
  /** The future that it is in, of all there are. */
  readonly recording: Recording;
  readonly future: number;
  readonly moment: Moment;
  /** What happens next there. */
  readonly text: string;
  /** Whether a line of a source file is known for it. */
  readonly hasSource: boolean;
  /** Whether a breakpoint stopped it. */
  readonly isHit: boolean;
}

/** What an editor that shows runs itself has to do with a debug session. */
export interface DebugHost {
  /** A trace that is on screen, by the id that a launch names as `__timeline`; undefined where there is none. */
  traceOf(id: string): TraceLog | undefined;
  /** A session that a debugger can attach to, the only one where none is named; or a sentence that says why there is none. */
  targetOf(session: string | undefined): DebugTarget | string;
  /** Called before an editor hears of a stop; it does so when what is returned is over. */
  stands(standing: Standing): Promise<void> | undefined;
}

/** An editor that shows no runs. */
export const NO_HOST: DebugHost = {
  traceOf: () => undefined,
  targetOf: () =>
    t('Sessions run in VS Code and can be attached to there only: launch a run here, or replay a "trace".'),
  stands: () => undefined,
};
