import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS, type RunSettings } from '../../src/run/settings.ts';
import { EmbeddedRig, type EmbeddedRigOptions } from './embedded-rig.ts';

/** As `kubectl logs` prints them: ARC's two formats, and the first with `--timestamps`. */
export type WrittenFormat = 'text' | 'json' | 'timestamps';

export interface WrittenLogOptions extends Pick<EmbeddedRigOptions, 'actions'> {
  readonly settings: Partial<RunSettings> & Pick<RunSettings, 'mode'>;
  readonly format?: WrittenFormat;
  /** Whether a set's controller makes the runners, whose lines the log then has. */
  readonly throughSet?: boolean;
  /** Whether the log has the line with the number of workers. */
  readonly saysWorkers?: boolean;
  /** What the controller meets, before the runners are asked for. */
  readonly before?: (rig: EmbeddedRig) => void;
  /** How long it is; until nothing is left to do, or an hour, without it. */
  readonly forUs?: number;
  /** Microseconds after a whole second at which it begins. */
  readonly phaseUs?: number;
}

const SET = 'lab';
const HOUR_US = 3600e6;

/** The log that ARC's controller would have written of a run in virtual time. */
export function writtenLog(options: WrittenLogOptions): string {
  const { format = 'text', throughSet = false, saysWorkers = true, phaseUs = 0 } = options;
  const clock = new VirtualClock();
  const settings: RunSettings = { ...DEFAULT_SETTINGS, ...options.settings };
  const version = RELEASES.get(settings.mode).versions.at(-1) ?? 'NA';
  const lines: string[] = [];
  const write = (us: number, level: string, logger: string, message: string, fields: object): void => {
    lines.push(lineOf(format, us + phaseUs, level, logger, message, fields));
  };
  const worker = (controller: string, count: number): void => {
    if (saysWorkers) write(0, 'info', '', 'Starting workers', { controller, 'worker count': count });
  };
  if (RELEASES.get(settings.mode).switches.has(4451)) write(0, 'info', '', 'Using default bucket rate limiter', {});
  worker('ephemeralrunnerset', 1);
  worker('ephemeralrunner', settings.workers);
  const rig = new EmbeddedRig({
    ...{ clock, settings, epochMs: VIRTUAL_EPOCH_MS, reconcilesSets: throughSet },
    ...(options.actions === undefined ? {} : { actions: options.actions }),
    onLogLine: ({ atUs, level, runner, message, fields = {} }) => {
      const [namespace = '', name = ''] = runner.split('/');
      const isSet = throughSet && name === SET;
      if (message === 'Reconciler error') {
        const kind = isSet ? 'EphemeralRunnerSet' : 'EphemeralRunner';
        write(atUs, level, '', message, { controller: kind.toLowerCase(), [kind]: { name, namespace }, ...fields });
        return;
      }
      const [logger, object] = isSet
        ? ['EphemeralRunnerSet', 'ephemeralrunnerset']
        : ['EphemeralRunner', 'ephemeralrunner'];
      write(atUs, level, logger, message, { version, [object]: { name, namespace }, ...fields });
    },
  });
  rig.start();
  options.before?.(rig);
  clock.run(50e3);
  if (throughSet) rig.runnerSet.wantThroughSet(settings.runners, () => undefined);
  else rig.runnerSet.create(settings.runners, () => undefined);
  clock.run(50e3 + (options.forUs ?? HOUR_US), () => clock.pending === 0);
  rig.dispose();
  return `${lines.join('\n')}\n`;
}

function lineOf(
  format: WrittenFormat,
  us: number,
  level: string,
  logger: string,
  message: string,
  fields: object,
): string {
  const stamp = new Date(VIRTUAL_EPOCH_MS + Math.floor(us / 1000)).toISOString();
  const second = `${stamp.slice(0, 19)}Z`;
  if (format === 'json') {
    const named = logger === '' ? {} : { logger };
    return JSON.stringify({ severity: level, ts: second, ...named, message, ...fields });
  }
  const columns = [second, level.toUpperCase(), ...(logger === '' ? [] : [logger]), message, JSON.stringify(fields)];
  const line = columns.join('\t');
  const nanos = `${stamp.slice(0, 23)}${String(Math.floor(us) % 1000).padStart(3, '0')}000Z`;
  return format === 'text' ? line : `${nanos} ${line}`;
}
