import { canonical, lineOf } from './compare.ts';
import { REGISTRATION_FINALIZER, RUNNER_FINALIZER } from '../../src/reconciler/names.ts';
import type { RecordedRequest } from './recording.ts';
import { runsOf, type SetFinalState, type SetModeRecording, type SetRun } from './set-recording.ts';
import type { ObservedSet } from './set-world.ts';

/**
 * Differences between a run with a set and those that were recorded, in words. Two controllers interleave freely, and how
 * many runners a stale list makes is a matter of microseconds, so that what is compared is each controller's own:
 * - what happens to each runner, by its own controller and by the set's, each in its order: as to some recorded runner;
 * - what the set's controller does to the set, in its order: as in some recorded run, but for what statuses count and
 *   how often they are written;
 * - how many runners are made and deleted: no more and no fewer than in some recorded run;
 * - what is there in the end, but for how many there are of the same.
 * @param elsewhere what was recorded of the mode in other scenarios: a runner too many is taken down at any point of its
 *   life, which a few runs of one scenario cannot have shown
 */
export function setDifferences(
  run: ObservedSet,
  recorded: SetModeRecording,
  elsewhere: readonly SetModeRecording[],
): string[] {
  const runs = runsOf(recorded);
  const found: string[] = [];
  const all = [...runs, ...elsewhere.flatMap(runsOf)];
  const known = all.flatMap(livesOf);
  for (const life of livesOf(run)) {
    for (const by of ['runnerController', 'setController'] as const) {
      const lives = known.map((one) => one[by]);
      if (isKnownLife(life[by], lives)) continue;
      const recordedOnes = [...new Set(lives.map((lines) => lines.join('\n')))].join('\n\n');
      found.push(`no recorded runner had this by its ${by}:\n${life[by].join('\n')}\n  but\n${recordedOnes}`);
    }
  }
  const sets = runs.map(setText);
  if (!sets.includes(setText(run))) found.push(`the set had\n${setText(run)}\n  recorded:\n${sets.join('\n\n')}`);
  const statuses = new Set(all.flatMap(statusFields));
  for (const fields of statusFields(run)) {
    if (!statuses.has(fields)) found.push(`a status with ${fields}, recorded were ${[...statuses].join(' and ')}`);
  }
  for (const verb of ['create', 'delete']) {
    const counts = runs.map((one) => runnerRequests(one, verb));
    // A few runs cannot have shown in each scenario the runner too many that a stale list makes in a third of all.
    const [low, high] = [Math.min(...counts), Math.max(...counts) + 1];
    const count = runnerRequests(run, verb);
    if (count < low || count > high) found.push(`${count} runners: ${verb}, recorded were ${low} to ${high}`);
  }
  const finals = [recorded.final, ...(recorded.finalVariants ?? [])].map(finalText);
  if (!finals.includes(finalText(run.final))) {
    found.push(`in the end there was\n${finalText(run.final)}\n  recorded:\n${finals.join('\n')}`);
  }
  return found;
}

interface Life {
  readonly runnerController: readonly string[];
  readonly setController: readonly string[];
}

/**
 * Whether a life was recorded, or one up to its end and the end of another: a runner too many is taken down at any point
 * of its life.
 */
export function isKnownLife(life: readonly string[], recorded: readonly (readonly string[])[]): boolean {
  const text = life.join('\n');
  if (recorded.some((other) => other.join('\n') === text)) return true;
  const [before, end] = parts(life);
  return (
    end !== '' &&
    recorded.some((other) => `${parts(other)[0]}\n`.startsWith(`${before}\n`)) &&
    recorded.some((other) => parts(other)[1] === end)
  );
}

/**
 * What happens to a runner until its last finalizers begin to go, and after that; what there is of pod and secret to
 * delete then depends on how far it has come.
 */
function parts(life: readonly string[]): readonly [before: string, end: string] {
  const index = life.findLastIndex((line) => line.endsWith(`{"metadata":{"finalizers":["${RUNNER_FINALIZER}"]}}`));
  // A runner made without finalizers gets the first one alone, and then both.
  const isAdded = life.slice(index + 1).some((line) => line.includes(REGISTRATION_FINALIZER));
  if (index < 0 || isAdded) return [life.join('\n'), ''];
  const end = life.slice(index).filter((line) => !line.startsWith('delete '));
  return [life.slice(0, index).join('\n'), end.join('\n')];
}

/**
 * Removals from the service are left out: both controllers ask for them, and nobody can tell by whom one was asked for.
 * So are writes that are answered 404, which passes on a stale cache send after the end.
 */
function livesOf({ requests }: SetRun): Life[] {
  const names = [...new Set(requests.flatMap((request) => /<runner-\d+>/.exec(subjectOf(request))?.[0] ?? []))];
  return names.map((name) => {
    const own = requests.filter((request) => subjectOf(request) === name && isKept(request));
    const ids = new Set(
      own.map(({ body }) => (body as { status?: { runnerId?: number } } | undefined)?.status?.runnerId),
    );
    const lines = (chosen: readonly RecordedRequest[]): string[] => {
      const all = chosen.map((request) => withoutIdentity(lineOf(request), name, ids));
      return all.filter((line, index) => line !== all[index - 1]);
    };
    const isOfSet = ({ verb, resource }: RecordedRequest): boolean =>
      resource === 'ephemeralrunners' && verb === 'delete';
    return {
      runnerController: lines(own.filter((request) => !isOfSet(request))),
      setController: lines(own.filter(isOfSet)),
    };
  });
}

/** Whose life a request is part of: the runner's that it names, in its address or in its body. */
function subjectOf({ via, kind, body, name }: RecordedRequest): string {
  if (via === 'actions') return kind === 'generatejitconfig' ? (body as { name: string }).name : '';
  return name ?? '';
}

function isKept(request: RecordedRequest): boolean {
  const { via, verb, code, status } = request;
  if (via === 'actions') return status !== 404;
  return verb !== 'get' && verb !== 'list' && code !== 404;
}

/** A runner's name as the API server makes it. In secrets it is encoded, and the recordings have it as it was. */
const MADE_NAME = /^set-runner-[a-z0-9]{5}$/;

function decoded(data: string): string {
  return Buffer.from(data, 'base64').toString();
}

function withoutIdentity(line: string, name: string, ids: ReadonlySet<number | undefined>): string {
  let text = line
    .replaceAll(name, '<runner>')
    .replace(/("runnerName":")([\w+/=]+)"/, (whole, before: string, data: string) =>
      MADE_NAME.test(decoded(data)) ? `${before}<runner>"` : whole,
    )
    .replace(/("runnerId":)"([\w+/=]+)"/, (_whole, before: string, data: string) => before + decoded(data));
  for (const id of ids) if (id !== undefined) text = text.replaceAll(`"runnerId":${id}`, '"runnerId":<id>');
  return text;
}

/** What Go's types write of a runner although there is nothing in it. */
const EMPTY_IN_GO =
  /,"creationTimestamp":null|"creationTimestamp":null,?|,"resources":\{\}|,"status":\{"ready":false\}/g;

/** Writes to the set, and creations of runners, whose bodies are equal. */
function setText({ requests }: SetRun): string {
  return requests
    .map((request) => lineOf(request).replaceAll(EMPTY_IN_GO, ''))
    .filter((line) => line.startsWith('patch ephemeralrunnersets ') || line.startsWith('create ephemeralrunners '))
    .filter((line, index, all) => line !== all[index - 1])
    .join('\n');
}

/** Which fields the statuses have that were written; what they count depends on what the cache shows at the moment. */
function statusFields({ requests }: SetRun): string[] {
  const statuses = requests.filter((request) => lineOf(request).startsWith('patch ephemeralrunnersets/status '));
  return statuses.map(({ body }) =>
    Object.keys((body as { status: object }).status)
      .sort()
      .join(', '),
  );
}

/** How many runners were made, or taken down; one that a stale list shows is deleted again. */
function runnerRequests({ requests }: SetRun, verb: string): number {
  const done = requests.filter((one) => one.resource === 'ephemeralrunners' && one.verb === verb);
  return verb === 'create' ? done.length : new Set(done.map(({ name }) => name)).size;
}

/** Kinds of what is left. A status of the set counts what there is, or it is wrong. */
function finalText({ runners, pods, secrets, set }: SetFinalState): string {
  const kinds = new Set(
    Object.entries(runners).map(([name, runner]) => {
      const { runnerId: _id, ...status } = runner.status;
      return canonical({ ...runner, status }).replaceAll(name, '<runner>');
    }),
  );
  return canonical({
    runners: [...kinds].sort(),
    hasPods: pods.length > 0,
    hasSecrets: secrets.length > 0,
    set: set.map((one) => ({ ...one, status: 'counted below' })),
    counts: set.map((one) => countsThat(one as SetState, Object.values(runners))),
  });
}

interface SetState {
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Whether what a set's status says of its runners is so. */
function countsThat({ status = {} }: SetState, runners: readonly SetFinalState['runners'][string][]): string {
  const alive = runners.filter(({ deletionRequested }) => !deletionRequested);
  const count = (...phases: unknown[]): number =>
    alive.filter((runner) => phases.includes(runner.status['phase'] ?? '')).length;
  const said = (field: string): number => Number(status[field] ?? 0);
  const isSo =
    said('runningEphemeralRunners') === count('Running') &&
    said('pendingEphemeralRunners') === count('', 'Pending') &&
    said('failedEphemeralRunners') === count('Failed') &&
    said('currentReplicas') === count('Running', '', 'Pending', 'Failed');
  return isSo ? 'right' : `wrong: ${canonical(status)}`;
}
