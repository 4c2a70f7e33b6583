import { POD_STATES, RUNNER_KIND, type PodTrouble } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { MadeByRows } from './made.ts';

/** What a runner comes by, in the usual order. */
export const MILESTONES = [
  'created',
  'firstPass',
  'registered',
  'secret',
  'pod',
  'scheduled',
  'running',
  'ready',
  'finished',
  'deleted',
] as const;

export type MilestoneName = (typeof MILESTONES)[number];

/** When a runner first came by something: at `atUs`, or where only an interval is known between that and `untilUs`. */
interface Milestone {
  readonly atUs: number;
  readonly untilUs?: number;
}

/** The milestones that a runner has reached, according to the trace. */
export type Milestones = Readonly<Partial<Record<MilestoneName, Milestone>>>;

const RUNS: ReadonlySet<string> = new Set(['running', 'ready']);
const RAN: ReadonlySet<string> = new Set(['running', 'ready', 'succeeded', 'failed']);
const ON_ITS_WAY: ReadonlySet<string> = new Set(['created', 'pending']);
const OF_NODE: ReadonlySet<string> = new Set(['NotStarted', 'NodeLost']);
const OVER: ReadonlySet<string> = new Set(['Succeeded', 'Failed', 'Outdated']);

/**
 * The milestones of each runner, by its name; those of one where it is given. The first time counts: a second pod changes
 * nothing.
 */
export function milestonesOf(log: TraceLog, runner?: string): Map<string, Milestones> {
  const found = new Map<number, Partial<Record<MilestoneName, Milestone>>>();
  const wanted = runner === undefined ? undefined : (log.rows.strings.find(runner) ?? NaN);
  const note = (object: number, name: MilestoneName, atUs: number, untilUs = NaN): void => {
    if (Number.isNaN(atUs) || (wanted !== undefined && object !== wanted)) return;
    let milestones = found.get(object);
    if (milestones === undefined) found.set(object, (milestones = {}));
    const known = milestones[name];
    if (known !== undefined && known.atUs <= atUs) return;
    milestones[name] = Number.isNaN(untilUs) ? { atUs } : { atUs, untilUs };
  };
  ofObjects(log, note);
  ofPasses(log, note);
  return new Map([...found].map(([object, milestones]) => [log.rows.strings.text(object), milestones]));
}

type Note = (object: number, name: MilestoneName, atUs: number, untilUs?: number) => void;

function ofPasses(log: TraceLog, note: Note): void {
  const { passes, requests } = log.rows;
  const made = new MadeByRows(log.rows);
  for (let pass = 0; pass < log.passCount; pass++) {
    if (!log.rows.isOfRunner(pass)) continue;
    const object = passes.object.get(pass);
    note(object, 'firstPass', passes.span.startedUs(pass));
    for (let request = passes.lastRequest.get(pass); request >= 0; request = requests.before(request)) {
      const what = made.of(request);
      if (what !== undefined)
        note(object, what === 'registration' ? 'registered' : what, requests.span.endedUs(request));
    }
  }
}

function ofObjects(log: TraceLog, note: Note): void {
  const { objects, words, whys } = log.rows;
  for (let row = 0; row < objects.object.length; row++) {
    const kind = words.textOf(objects.kind.get(row));
    const object = objects.object.get(row);
    const [atUs, untilUs] = [objects.span.startedUs(row), objects.span.endedUs(row)];
    const phase = words.textOf(objects.phase.get(row)) ?? '';
    if (kind === RUNNER_KIND) {
      note(object, 'created', atUs, untilUs);
      if (objects.runnerId.get(row) > 0) note(object, 'registered', atUs, untilUs);
      if (OVER.has(phase)) note(object, 'finished', atUs, untilUs);
      if (objects.deleted.get(row) === 1) note(object, 'deleted', atUs, untilUs);
    } else if (kind !== 'Pod') continue;
    const pod = kind === 'Pod' ? phase.toLowerCase() : (POD_STATES[objects.pod.get(row)] ?? 'none');
    if (pod !== 'none' && pod !== '' && pod !== 'deleted') note(object, 'pod', atUs, untilUs);
    const isPlaced = !Number.isNaN(objects.node.get(row)) || RAN.has(pod);
    if (isPlaced || (ON_ITS_WAY.has(pod) && isOfNode(whys[objects.why.get(row)]?.trouble))) {
      note(object, 'scheduled', atUs, untilUs);
    }
    if (RUNS.has(pod)) note(object, 'running', atUs, untilUs);
    if (pod === 'ready') note(object, 'ready', atUs, untilUs);
  }
}

/** A kubelet alone says how containers are, and `NotStarted` is to be on a node that has not said anything yet. */
function isOfNode(trouble: PodTrouble | undefined): boolean {
  return trouble !== undefined && (trouble.container !== undefined || OF_NODE.has(trouble.code));
}
