import { t } from '@vscode/l10n';
import { passesText, runnersText, workersText } from '../base/count-words.ts';
import { Debugger } from '../debug/debugger.ts';
import type { Recording, Waiter } from '../debug/recording.ts';
import { jobsText } from '../run/job-load.ts';
import type { Load } from '../run/run-target.ts';
import { standInText } from '../run/stand-in-words.ts';
import { isRead, sourceOf } from '../trace/header.ts';
import type { TraceHeader } from '../trace/model.ts';
import type { DebugHost } from './host.ts';
import { entryOf, parseLaunch, type Entry } from './launch-arguments.ts';
import { readReplay, replayOfTrace } from './replay-file.ts';

/** What a launch has come to: a run that is to be simulated, or a trace that has been read. */
export interface Begun {
  readonly entry: Entry;
  /** Simulates the run where one is launched; undefined where it was given up. */
  readonly make: (waiter: Waiter) => Promise<Debugger | undefined>;
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
  const options = { load, ...(horizonUs === undefined ? {} : { horizonUs }) };
  const make: Begun['make'] = (waiter) => Debugger.simulateInSlices(settings, options, waiter);
  return { entry: launch, make, text: (recording) => simulatedText(recording, load, fields) };
}

function replayed(entry: Entry, recording: Recording): Begun {
  return { entry, make: () => Promise.resolve(Debugger.replay(recording)), text: replayedText };
}

/** @param fields as the launch has them: the mode may be named by a version, and more workers asked for than there are */
function simulatedText(
  { settings, moments }: Recording,
  load: Load,
  fields: Readonly<Record<string, unknown>>,
): string {
  const { runners, mode, workers } = settings;
  const { mode: named, workers: asked = workers } = fields;
  const { scaleSet, upgrade } = load;
  const what = scaleSet === undefined ? runnersText(runners) : t('jobs ({0})', jobsText(scaleSet.jobs));
  const standIn = typeof named === 'string' ? standInText(named) : undefined;
  return [
    ...(standIn === undefined ? [] : [standIn]),
    t('Simulated {0} in {1} with {2}: {3} moments.', what, mode, workersText(workers), moments.length),
    ...(asked === workers ? [] : [t('{0} always runs {1}.', mode, workersText(workers))]),
    ...(upgrade === undefined
      ? []
      : [t('It begins with what {0} has left; the passes of {0} are not among the moments.', upgrade.from)]),
  ].join(' ');
}

function replayedText({ finished: { trace }, moments }: Recording): string {
  return t('Read {0} from {1}: {2} moments.', passesText(trace.passCount), sourceText(trace.header), moments.length);
}

/** Where what is replayed comes from. */
function sourceText(header: TraceHeader): string {
  if (isRead(header)) return t('a controller’s log');
  switch (sourceOf(header)) {
    case 'embedded':
      return t('a trace of the embedded cluster');
    case 'shadow':
      return t('a trace of a shadow run');
    default:
      return t('a trace of a cluster that was written to');
  }
}
