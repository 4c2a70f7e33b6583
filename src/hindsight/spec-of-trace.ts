import { t } from '@vscode/l10n';
import { PlainError } from '../base/plain-error.ts';
import { countOf } from '../run/job-load.ts';
import { runNotedIn } from '../run/noted-run.ts';
import type { RunSpec } from '../run/run-spec.ts';
import { isRead, sourceOf } from '../trace/header.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { Chronicle } from './chronicle.ts';

/** Scale sets that never come to an end are looked at for this long. */
export const HORIZON_OF_SCALE_SETS_US = 600_000_000;
/** Thousands of runs are made of it. */
const MOST_RUNNERS = 10_000;

/** A run that has no futures to look at; the message is one sentence for people. */
export class NoFuturesError extends PlainError {
  override readonly name = 'NoFuturesError';
}

/**
 * The run of a trace as it can be made again.
 * @throws NoFuturesError, NotedRunError
 */
export function specOfTrace(trace: TraceLog): RunSpec {
  const { header } = trace;
  if (isRead(header)) {
    throw new NoFuturesError(
      t('This log shows what happened, not what was answered: a point of no return is found for simulated runs only.'),
    );
  }
  if (sourceOf(header) !== 'embedded') {
    throw new NoFuturesError(
      t(
        'This run was on a cluster of its own, which cannot be simulated: run the same settings on the embedded cluster.',
      ),
    );
  }
  const run = runNotedIn(header.settings);
  if (run.settings.runners > MOST_RUNNERS) {
    throw new NoFuturesError(t('This run has more than {0} runners: look at one with fewer.', MOST_RUNNERS));
  }
  const lengthUs = Math.max(0, (trace.endedUs ?? 0) - trace.originUs);
  return { ...run, horizonUs: horizonOf(run, lengthUs) };
}

/**
 * When a run is ended at the latest; undefined where it ends by itself.
 * @param lengthUs how long it has lasted
 */
export function horizonOf({ load }: Pick<RunSpec, 'load'>, lengthUs: number): number | undefined {
  const { scaleSet, throughSet } = load ?? {};
  if (scaleSet !== undefined && countOf(scaleSet.jobs) === Infinity) return Math.max(1_000_000, lengthUs);
  return scaleSet === undefined && throughSet !== true ? undefined : Math.max(HORIZON_OF_SCALE_SETS_US, lengthUs);
}

/** What people did while the run of the trace went on, and what is not in the run that was made again: a few words each. */
export function notRepeated(trace: TraceLog, { finished }: Chronicle): readonly string[] {
  const textsOf = ({ marks }: TraceLog): string[] =>
    marks.flatMap(({ what, text }) => (what === 'fault' && text !== undefined ? [text] : []));
  const repeated = new Set(textsOf(finished.trace));
  return [...new Set(textsOf(trace))].filter((text) => !repeated.has(text));
}
