import { t } from '@vscode/l10n';
import { capital } from '../base/capital.ts';
import { parseDurationUs } from '../base/duration.ts';
import { inWords } from '../base/count-words.ts';
import { parseLatency, type Latency } from '../base/latency.ts';
import { likelyWord } from '../base/likely-word.ts';
import { messageOf } from '../base/message.ts';
import { PlainError } from '../base/plain-error.ts';
import { NO_MAXIMUM } from '../reconciler/autoscaling-runner-set/listener-for.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { fitting } from '../run/fitting-settings.ts';
import { parseFaults, type Faults } from '../run/conditions-control.ts';
import { withJobDuration } from '../run/job-duration.ts';
import { countOf, expectedJobs, parseLoad, type JobLoad, type ScaleSetLoad } from '../run/job-load.ts';
import { isPodFile } from '../run/pod-file-name.ts';
import { USUAL_UPGRADE_US, type Load } from '../run/run-target.ts';
import { DEFAULT_SETTINGS, POD_PRESET_NAMES, type RunSettings } from '../run/settings.ts';
import type { ReplayedFiles } from './replay-file.ts';
import { WORKQUEUE_RATE_LIMITERS, type WorkqueueRateLimiter } from '../runtime/rate-limiter.ts';

/** A launch that asks for what there is not; the message is one sentence for people. */
export class LaunchError extends PlainError {
  override readonly name = 'LaunchError';
}

/** Where a launch stops first. */
export interface Entry {
  /** Stop before the first effect of all. */
  readonly stopOnEntry: boolean;
  /** Stop at the first effect of this runner. */
  readonly runner: string | undefined;
  /** Stop at the last effect up to then, of the runner where one is named; after the run's beginning. */
  readonly atUs: number | undefined;
}

export interface Launch extends Entry {
  readonly settings: RunSettings;
  /** How runners come, and what they meet. */
  readonly load: Load;
  /** When the run is ended at the latest; where nothing ends it by itself it needs one. */
  readonly horizonUs: number | undefined;
}

/** A trace, or a log, that is to be stepped through. */
export interface Replay extends Entry, ReplayedFiles {}

/** All that a run does is kept in memory. */
const MOST_RUNNERS = 10_000;

/** Fields that editors add by themselves, or that say how to launch and not what. */
const LOADS = ['jobs', 'minRunners', 'maxRunners', 'throughSet', 'upgradeFrom', 'fail'];
const ENTRY = ['stopOnEntry', 'runner', 'at'];
const OF_REPLAY = ['trace', 'section', ...ENTRY];
const OTHERS = ['virtual', 'horizon', ...OF_REPLAY, ...LOADS];
const FROM_EDITORS = [
  ...['type', 'request', 'name', 'noDebug', 'timeline', 'preLaunchTask', 'postDebugTask', 'presentation'],
  ...['internalConsoleOptions', 'serverReadyAction', 'suppressMultipleSessionWarning', 'debugServer'],
  ...['linux', 'osx', 'windows'],
];

/** How each knob is read, by the name of its setting in VS Code. */
const KNOBS: Readonly<Record<string, (name: string, value: unknown) => Partial<RunSettings>>> = {
  mode: (name, value) => ({ mode: modeOf(name, value) }),
  runners: (name, value) => ({ runners: whole(name, value, 1, MOST_RUNNERS) }),
  workers: (name, value) => ({ workers: whole(name, value, 1, 1000) }),
  seed: (name, value) => ({ seed: whole(name, value, 0, Number.MAX_SAFE_INTEGER) }),
  qps: (name, value) => ({ qps: number(name, value) }),
  burst: (name, value) => ({ burst: whole(name, value, 1, 100_000) }),
  workqueueRateLimiter: (name, value) => (value === '' ? {} : { workqueueRateLimiter: rateLimiter(name, value) }),
  jitLatency: (name, value) => {
    const { medianUs, shape } = latency(name, value);
    return { jitLatencyUs: medianUs, jitShape: shape };
  },
  apiLatency: (name, value) => {
    const { medianUs, shape } = latency(name, value);
    return { apiLatencyUs: medianUs, apiShape: shape };
  },
  podStart: (name, value) => ({ podStartUs: duration(name, value) }),
  jobDuration: (name, value) => ({ jobDurationUs: duration(name, value) }),
  pods: (name, value) => podsOf(name, value),
};

/** Whether a field says something about what is launched. */
function isArgument(name: string, value: unknown): boolean {
  return !name.startsWith('__') && !FROM_EDITORS.includes(name) && value !== undefined;
}

/** @throws LaunchError */
export function parseLaunch(fields: Readonly<Record<string, unknown>>): Launch | Replay {
  if (fields['trace'] !== undefined) return replayOf(fields);
  let settings: RunSettings = { ...DEFAULT_SETTINGS, mode: RELEASES.default.id };
  for (const [name, value] of Object.entries(fields)) {
    if (!isArgument(name, value) || OTHERS.includes(name)) continue;
    const knob = KNOBS[name];
    if (knob === undefined) throw unknown(name, [...Object.keys(KNOBS), ...OTHERS]);
    settings = { ...settings, ...knob(name, value) };
  }
  checkTogether(fields);
  if (fields['virtual'] !== undefined && !flag('virtual', fields['virtual'])) {
    throw new LaunchError(
      t(
        'A launched run is debugged in virtual time, where the world stands still while it is stopped: leave "virtual" out or set it to true.',
      ),
    );
  }
  const load = loadOf(fields);
  const horizonUs = fields['horizon'] === undefined ? undefined : duration('horizon', fields['horizon']);
  if (load.scaleSet !== undefined) settings = { ...settings, runners: jobsOf(load.scaleSet, horizonUs) };
  const fitted = fitting(withJobDuration(settings));
  if (load.throughSet === true && fitted.jobDurationUs !== undefined && horizonUs === undefined) {
    throw new LaunchError(
      t(
        'A set replaces runners whose jobs are done, for ever: give "horizon", such as "1m", or leave "throughSet" out.',
      ),
    );
  }
  return { settings: fitted, load, horizonUs, ...entryOf(fields) };
}

function replayOf(fields: Readonly<Record<string, unknown>>): Replay {
  const { trace, section = 1 } = fields;
  const meant = Object.keys(fields).find((name) => isArgument(name, fields[name]) && !OF_REPLAY.includes(name));
  if (meant !== undefined && KNOBS[meant] === undefined && !OTHERS.includes(meant)) throw unknown(meant, OF_REPLAY);
  if (meant !== undefined) {
    throw new LaunchError(
      t('"{0}" means nothing for a trace, which is replayed as it is: leave it or "trace" out.', meant),
    );
  }
  const files = Array.isArray(trace) ? (trace as unknown[]) : [trace];
  if (files.length === 0 || !files.every((file): file is string => typeof file === 'string' && file !== '')) {
    throw new LaunchError(t('"trace" must be the path of a trace or of a log, or a list of the parts of a log.'));
  }
  return { files, section: whole('section', section, 1, Number.MAX_SAFE_INTEGER), ...entryOf(fields) };
}

/** The session that is to be attached to; the only one where none is named. @throws LaunchError */
export function parseAttach(fields: Readonly<Record<string, unknown>>): string | undefined {
  const known = ['session'];
  const other = Object.keys(fields).find((name) => isArgument(name, fields[name]) && !known.includes(name));
  if (other !== undefined) throw unknown(other, known);
  const { session } = fields;
  if (session === undefined || typeof session === 'string') return session;
  throw new LaunchError(t('"session" must be the id of a session, not {0}.', JSON.stringify(session)));
}

/** @throws LaunchError */
export function entryOf({ stopOnEntry, runner, at }: Readonly<Record<string, unknown>>): Entry {
  if (runner !== undefined && (typeof runner !== 'string' || runner === '')) {
    throw new LaunchError(t('"runner" must be the name of a runner, such as "runner-1".'));
  }
  return {
    stopOnEntry: flag('stopOnEntry', stopOnEntry),
    runner,
    atUs: at === undefined ? undefined : duration('at', at),
  };
}

function loadOf(fields: Readonly<Record<string, unknown>>): Load {
  const { jobs, minRunners = 0, maxRunners, throughSet, upgradeFrom, fail } = fields;
  const faults = fail === undefined ? undefined : faultsOf(fail);
  const upgrade = upgradeFrom === undefined ? undefined : modeOf('upgradeFrom', upgradeFrom);
  const load = {
    ...(faults === undefined ? {} : { conditions: faults }),
    ...(upgrade === undefined ? {} : { upgrade: { from: upgrade, afterUs: USUAL_UPGRADE_US } }),
    ...(flag('throughSet', throughSet) ? { throughSet: true } : {}),
  };
  if (jobs === undefined) return load;
  if (upgrade !== undefined) {
    throw new LaunchError(
      t(
        '"upgradeFrom" and "jobs" cannot be debugged together, as a recording follows the controllers of one release: leave one of them out.',
      ),
    );
  }
  const least = whole('minRunners', minRunners, 0, MOST_RUNNERS);
  const most = maxRunners === undefined ? NO_MAXIMUM : whole('maxRunners', maxRunners, least, MOST_RUNNERS);
  return { ...load, scaleSet: { jobs: jobLoadOf(jobs), minRunners: least, maxRunners: most } };
}

function jobLoadOf(jobs: unknown): JobLoad {
  try {
    return parseLoad(String(jobs));
  } catch (error) {
    throw new LaunchError(`${capital(messageOf(error))}.`);
  }
}

function jobsOf({ jobs }: ScaleSetLoad, horizonUs: number | undefined): number {
  if (Number.isFinite(countOf(jobs, horizonUs))) return expectedJobs(jobs, horizonUs);
  throw new LaunchError(
    t(
      'Jobs that come for ever need an end: give "horizon", such as "10m", or a number of jobs, such as "20 jobs, 5 a minute".',
    ),
  );
}

function faultsOf(value: unknown): Faults {
  const faults = typeof value === 'string' ? parseFaults(value) : t('it must be text, such as "create pods 500 3"');
  if (typeof faults === 'string') throw new LaunchError(`"fail": ${faults}.`);
  return faults;
}

function unknown(name: string, known: readonly string[]): LaunchError {
  const meant = likelyWord(name, known);
  const hint = meant === undefined ? t('There are {0}.', inWords(known)) : t('Did you mean "{0}"?', meant);
  return new LaunchError(t('Unknown launch argument "{0}". {1}', name, hint));
}

/** @throws LaunchError where a field is there that says nothing without another one, or beside it */
function checkTogether(fields: Readonly<Record<string, unknown>>): void {
  for (const name of ['minRunners', 'maxRunners']) {
    if (fields[name] === undefined || fields['jobs'] !== undefined) continue;
    throw new LaunchError(t('"{0}" is of a scale set with jobs: give "jobs" too, or leave it out.', name));
  }
  if (fields['section'] !== undefined) {
    throw new LaunchError(t('"section" is of a file with several traces: give "trace" too, or leave it out.'));
  }
  if (fields['jobs'] === undefined) return;
  if (fields['runners'] !== undefined) {
    throw new LaunchError(t('The runners of "jobs" come when jobs do: leave "runners" out, or give "maxRunners".'));
  }
}

function flag(name: string, value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw new LaunchError(t('"{0}" must be true or false, not {1}.', name, JSON.stringify(value)));
}

function modeOf(name: string, value: unknown): string {
  if (typeof value !== 'string')
    throw new LaunchError(t('"{0}" must be the name of a mode, such as "new" or "0.14.2".', name));
  try {
    return RELEASES.get(value).id;
  } catch (error) {
    throw new LaunchError((error as Error).message.replace(/[^.?]$/, '$&.'));
  }
}

function whole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new LaunchError(
    t('"{0}" must be a whole number from {1} to {2}, not {3}.', name, least, most, JSON.stringify(value)),
  );
}

function number(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new LaunchError(t('"{0}" must be a number that is not negative, not {1}.', name, JSON.stringify(value)));
}

function duration(name: string, value: unknown): number | undefined {
  if (value === '') return undefined;
  const us = typeof value === 'string' ? parseDurationUs(value) : undefined;
  if (us !== undefined) return us;
  throw new LaunchError(t('"{0}" must be a duration like "200ms" or "1.5s", not {1}.', name, JSON.stringify(value)));
}

/** A duration, or a distribution as the command line takes it. */
function latency(name: string, value: unknown): Omit<Latency, 'shape'> & Partial<Latency> {
  if (value === '') return { medianUs: 0 };
  const medianUs = typeof value === 'string' ? parseDurationUs(value) : undefined;
  const found = medianUs === undefined ? parseLatency(String(value)) : { medianUs };
  if (typeof found === 'string') throw new LaunchError(`"${name}": ${String(value)} ${found}.`);
  if (found !== undefined) return found;
  throw new LaunchError(
    t(
      '"{0}" must be a duration, or lognormal(400ms,0.3), p50=400ms,p95=900ms or empirical(300ms,400ms,900ms), not {1}.',
      ...[name, JSON.stringify(value)],
    ),
  );
}

function rateLimiter(name: string, value: unknown): WorkqueueRateLimiter {
  const found = WORKQUEUE_RATE_LIMITERS.find((each) => each === value);
  if (found !== undefined) return found;
  throw new LaunchError(
    t('"{0}" must be {1}, not {2}.', name, WORKQUEUE_RATE_LIMITERS.join(' or '), JSON.stringify(value)),
  );
}

/** As the setting `pods`: `running` and `none` are no presets. */
function podsOf(name: string, value: unknown): Partial<RunSettings> {
  if (value === 'running' || value === 'jobs') return { pods: undefined };
  if (value === 'none') return { pods: undefined, podStartUs: undefined };
  if (typeof value === 'string' && (POD_PRESET_NAMES.has(value) || isPodFile(value))) return { pods: value };
  throw new LaunchError(
    t('"{0}" must be one of {1}, not {2}.', name, inWords([...POD_PRESET_NAMES.keys()]), JSON.stringify(value)),
  );
}
