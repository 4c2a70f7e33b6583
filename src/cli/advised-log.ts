import { unlessAborted } from '../base/unless-aborted.ts';
import { explain } from '../evidence/explain.ts';
import { inputsOf } from '../evidence/inputs.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { fittedLoad, type FittedLoad } from '../fit/fitted-load.ts';
import { burstToFit, fitLog, fitThreads } from '../fit/log-fit.ts';
import { noBurstText, notItsReleaseText, sourceText } from '../report/advised-burst.ts';
import { offText } from '../report/why-fit.ts';
import { modeNotes, modeOf } from './modes.ts';
import { inThreads } from './simulating.ts';
import { RunError, UsageError } from './usage.ts';

/**
 * The settings with which a run of ours comes nearest to a burst of logs, and where they come from, a sentence each.
 * @param named the release that wrote it, as `--mode` has it; undefined where the log has to tell
 * @throws UsageError where the burst is of no such release, RunError where none can be simulated, InterruptedError
 */
export async function advisedLog(
  files: readonly string[],
  named: string | undefined,
  signal: AbortSignal,
): Promise<FittedLoad & { readonly source: readonly string[] }> {
  const mode = named === undefined ? undefined : modeOf({ mode: named });
  const explanation = explain(await unlessAborted(inputsOf(files).then(readEvidence), signal));
  const { slow } = burstToFit(explanation);
  if (slow === undefined) {
    throw new RunError(
      `no burst of what was given can be simulated. ${noBurstText(explanation)} Give --mode, --runners and the settings instead`,
    );
  }
  const contradiction = named === undefined ? undefined : notItsReleaseText(slow, named);
  if (contradiction !== undefined) throw new UsageError(`${contradiction}: leave out --mode, or name what did`, false);
  if (mode !== undefined) process.stderr.write(modeNotes({ mode: named }, [mode]));
  const { simulation } = await inThreads(fitThreads(explanation), signal, (simulating) =>
    fitLog(explanation, simulating, mode),
  );
  if (simulation?.isClose !== true) {
    const of = mode === undefined ? '' : ` of ${mode}`;
    const off = simulation === undefined ? '' : `; the nearest ${offText(simulation)}`;
    throw new RunError(
      `no simulation${of} comes within 10 % of the burst in the log${off}. None says therefore what would help: arc-lab why says what the log shows; to have advice on settings like those of this controller, give --mode, --runners and the settings instead of the log`,
    );
  }
  const load = fittedLoad({ release: slow.release }, simulation);
  return { ...load, named: named ?? load.named, source: sourceText(explanation, simulation, named) };
}
