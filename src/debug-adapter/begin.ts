import { t } from '@vscode/l10n';
import { passesText, runnersText, workersText } from '../base/count-words.ts';
import { Debugger } from '../debug/debugger.ts';
import type { Recording } from '../debug/recording.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { standInFor } from '../reconciler/releases/stand-in.ts';
import { sourceOf } from '../trace/header.ts';
import type { DebugHost } from './host.ts';
import { entryOf, parseLaunch, type Entry } from './launch-arguments.ts';
import { readReplay, replayOfTrace } from './replay-file.ts';

/** What a launch has come to: a run that is to be simulated, or a trace that has been read. */
export interface Begun {
  readonly entry: Entry;
  /** Simulates the run where one is launched. */
  readonly make: () => Debugger;
  /** What has been launched, in a sentence. */
  readonly text: (recording: Recording) => string;
}

/**
 * Reads what is to be launched, and the trace that is replayed.
 * @param onFiles told before they are read which files are replayed
 * @throws LaunchError, ReplayError
 */
export async function begin(
  fields: Readonly<Record<string, unknown>>,
  host: DebugHost,
  onFiles: (paths: readonly string[]) => void,
): Promise<Begun> {
  const shown = fields['__timeline'];
  const trace = typeof shown === 'string' ? host.traceOf(shown) : undefined;
  if (trace !== undefined) return replayed(entryOf(fields), replayOfTrace(trace));
  const launch = parseLaunch(fields);
  if ('files' in launch) {
    onFiles(launch.files);
    return replayed(launch, await readReplay(launch));
  }
  const { settings, load, horizonUs } = launch;
  const make = (): Debugger => Debugger.simulate(settings, { load, ...(horizonUs === undefined ? {} : { horizonUs }) });
  return { entry: launch, make, text: (recording) => simulatedText(recording, fields['mode']) };
}

function replayed(entry: Entry, recording: Recording): Begun {
  return { entry, make: () => Debugger.replay(recording), text: replayedText };
}

/** @param named the mode as the launch names it */
function simulatedText({ settings: { runners, mode, workers }, moments }: Recording, named: unknown): string {
  const standIn = typeof named === 'string' ? standInFor(named, RELEASES) : undefined;
  const simulated = t(
    'Simulated {0} in {1} with {2}: {3} moments.',
    runnersText(runners),
    mode,
    workersText(workers),
    moments.length,
  );
  if (standIn === undefined) return simulated;
  const { version, id, isSame } = standIn;
  const note = isSame ? t('{0} is run as {1}.', version, id) : t('{0} is run as {1}, the nearest mode.', version, id);
  return `${note} ${simulated}`;
}

function replayedText({ finished: { trace }, moments }: Recording): string {
  return t('Read {0} from {1}: {2} moments.', passesText(trace.passCount), sourceOf(trace.header), moments.length);
}
