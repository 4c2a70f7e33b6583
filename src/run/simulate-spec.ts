import { t } from '@vscode/l10n';
import { messageOf } from '../base/message.ts';
import type { ReleaseList } from '../reconciler/releases/release-list.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { simulateInSlices, simulateUnless, type FinishedRun, type RunOptions } from './embedded-run.ts';
import type { RunFigures, RunSpec } from './run-spec.ts';

/** A run that a spec describes; the trace is there where the spec asks for one. */
export interface SpecRun extends RunFigures {
  readonly trace: TraceLog | undefined;
}

/**
 * Does a run in one go.
 * @param isCancelled asked every few events
 * @returns undefined where it was cancelled
 * @throws Error with a sentence
 */
export function simulateSpec(spec: RunSpec, isCancelled: () => boolean): SpecRun | undefined {
  const run = simulateUnless(spec.settings, optionsOf(spec), isCancelled);
  return run === undefined ? undefined : specRun(spec, run);
}

/** The same with turns of the event loop in between; when the signal comes, the figures so far. */
export async function simulateSpecInSlices(
  spec: RunSpec,
  releases: ReleaseList,
  signal: AbortSignal,
): Promise<SpecRun> {
  return specRun(spec, await simulateInSlices(spec.settings, { ...optionsOf(spec), releases, signal }));
}

/** Why a run could not be done, for people: errors that a run throws on purpose are sentences already. */
export function sentenceOf(error: unknown): string {
  const message = messageOf(error);
  const isFlaw = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return isFlaw ? t('A simulation failed unexpectedly: {0}; please report it', message) : message;
}

function optionsOf({ load, horizonUs, subject, future, trace = 'figures' }: RunSpec): RunOptions {
  return {
    ...{ detail: trace, subject, future },
    ...(load === undefined ? {} : { load }),
    ...(horizonUs === undefined ? {} : { horizonUs }),
  };
}

function specRun({ trace: wanted }: RunSpec, run: FinishedRun): SpecRun {
  return { ...run, trace: wanted === undefined ? undefined : run.trace };
}
