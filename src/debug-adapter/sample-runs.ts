import type { Fault, Faults } from '../run/conditions-control.ts';
import { parseHappenings } from '../run/happenings.ts';
import { parseLoad } from '../run/job-load.ts';
import type { Load } from '../run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../run/settings.ts';

/** A run that shows where passes do what they do. */
interface SampleRun {
  readonly settings: RunSettings;
  readonly load?: Load;
  readonly horizonUs?: number;
}

const SECOND_US = 1_000_000;
/** Pods that make passes do more than start and end a runner. */
const PRESETS = [
  'init-fails',
  'fails-at-start',
  'outdated-runner',
  'exits-unregistered',
  'evicted',
  'job-still-running',
];
const STATUSES = [403, 404, 409, 500];
const REFUSED: readonly (readonly [verb: string, ...resources: string[]])[] = [
  ['get', 'ephemeralrunners', 'pods', 'secrets'],
  ['create', 'pods', 'secrets'],
  ['patch', 'ephemeralrunners'],
  ['update', 'ephemeralrunners'],
  ['delete', 'ephemeralrunners', 'pods', 'secrets'],
];
const CALLS = [
  'generatejitconfig',
  'get-runner-by-name',
  'get-runner',
  'delete-runner',
  'runner-registration',
] as const;
const TROUBLES =
  'claim runner-4 at 0s, reject runner-3 at 0s, delete runner-1 at 150ms, kill controller at 300ms, delete runner-2 at 1500ms, ' +
  'evict runner-3 at 1500ms, unregister runner-5 at 1500ms, exit 7 runner-6 at 1500ms, delete runner-5 at 1600ms';

/**
 * Short runs of a release in which passes do most of what they ever do: all goes well, requests are refused, pods fail, people
 * and nodes interfere, scale sets grow, shrink and change.
 */
export function sampleRuns(mode: string): readonly SampleRun[] {
  const settings: RunSettings = { ...DEFAULT_SETTINGS, mode, runners: 1, podStartUs: SECOND_US };
  const jobs = { ...settings, jobDurationUs: 2 * SECOND_US };
  const six = { ...jobs, runners: 6 };
  const scaleSet = { jobs: parseLoad('0s, 0s, 10s'), minRunners: 1, maxRunners: 3 };
  const happens = (text: string): Load => ({ happenings: parseHappenings(text) });
  const ofScaleSet = (load: Load, seconds: number): SampleRun => {
    return { settings: jobs, load: { scaleSet, ...load }, horizonUs: seconds * SECOND_US };
  };
  const conflicts: Fault = { verb: 'patch', resource: 'ephemeralrunnersets', status: 409, times: 3 };
  return [
    { settings },
    { settings: jobs },
    ...PRESETS.map((pods) => ({ settings: { ...settings, pods }, horizonUs: 600 * SECOND_US })),
    ...STATUSES.map((status) => ({ settings: six, load: { conditions: refusals(status) } })),
    { settings: six, load: happens(TROUBLES) },
    ofScaleSet({}, 60),
    ofScaleSet(happens('change template at 10s, exit 7 at 20s, delete at 22s'), 40),
    ofScaleSet(happens('reject listener at 0s, delete scale-set at 5s'), 20),
    { settings: jobs, load: { throughSet: true, conditions: { faults: [conflicts] } }, horizonUs: 10 * SECOND_US },
  ];
}

/** The first two of each kind of request are refused. */
function refusals(status: number): Faults {
  const faults = REFUSED.flatMap(([verb, ...resources]) =>
    resources.map((resource): Fault => ({ verb, resource, status, times: 2 })),
  );
  return { faults, actionsFaults: CALLS.map((operation) => ({ operation, status, times: 2 })) };
}
