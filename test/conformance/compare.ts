import type { FinalState, ModeRecording, ReconcileCounts, RecordedRequest } from './recording.ts';

/** What a run made, in the terms of the recordings. */
export interface Observed {
  readonly requests: readonly RecordedRequest[];
  readonly reconciles: ReconcileCounts;
  readonly final: FinalState;
}

/**
 * Differences between a run and a recording, in words; none when the run is one that was recorded.
 * @param realTime whether the run was on a machine that may be slower than the recordings', so that back-offs of 5 and
 *   10 ms end while a pass is still going on
 */
export function differences(run: Observed, recorded: ModeRecording, realTime = false): string[] {
  const found: string[] = [];
  const observed = withoutPassAfterTheEnd(renamedByRegistration(run));
  const runs = [{ requests: recorded.requests, reconciles: recorded.reconciles }, ...(recorded.variants ?? [])].map(
    withoutPassAfterTheEnd,
  );
  const candidates = runs.map(({ requests }) => requests);
  const mine = observed.requests.map(lineOf);
  const lines = candidates.map((requests) => requests.map(lineOf));
  const several = new Set(observed.requests.map(({ name }) => name).filter((name) => name?.startsWith('job'))).size > 1;
  if (several) found.push(...interleavedDifferences(mine, lines));
  else if (!lines.some((candidate) => same(candidate.filter(isEffect), mine.filter(isEffect)))) {
    found.push(`writes and calls are those of no recorded run:\n${diff(lines[0] ?? [], mine)}`);
  } else if (!lines.some((candidate) => same(withoutRepeatedReads(candidate), withoutRepeatedReads(mine)))) {
    found.push(`reads differ by more than repetitions:\n${diff(lines[0] ?? [], mine)}`);
  }

  const counted = (recorded.reconcileVariants ?? []).map((reconciles) => ({ requests: recorded.requests, reconciles }));
  found.push(...countDifferences(observed, [...runs, ...counted], realTime));
  const matching = lines.findIndex((candidate) => same(candidate.filter(isEffect), mine.filter(isEffect)));
  const final = finalStateOf(recorded, candidates[Math.max(0, matching)] ?? [], matching > 0);
  if (canonical(observed.final) !== canonical(final)) {
    found.push(`final state ${canonical(observed.final)} instead of ${canonical(final)}`);
  }
  return found;
}

/**
 * Pass counts have to be recorded ones. A repeated read is a pass more, so a run that differs from a recorded one by
 * some repeated reads may differ by as many successful passes.
 */
function countDifferences(
  observed: Observed,
  runs: readonly Pick<Observed, 'requests' | 'reconciles'>[],
  realTime: boolean,
): string[] {
  const reads = (requests: readonly RecordedRequest[]): number => requests.filter(({ verb }) => verb === 'get').length;
  const found: string[] = [];
  for (const result of ['success', 'requeue', 'requeue_after', 'error'] as const) {
    const slack = result === 'success';
    const values = runs.flatMap(({ requests, reconciles }) =>
      slack
        ? [reconciles[result], reconciles[result] + reads(observed.requests) - reads(requests)]
        : [reconciles[result]],
    );
    // A requeue that comes before the end of the pod has reached the cache is a pass more that asks for nothing.
    const early = realTime && result === 'requeue' && observed.requests.some(isPodDeletion) ? 1 : 0;
    // An event during a back-off, and one that is served together with another, is a pass more or less that waits on.
    const waits = slack || result === 'requeue_after' ? 2 * failuresWithBackOff(observed.requests) : 0;
    const [low, high] = [Math.min(...values) - waits, Math.max(...values) + early + waits];
    const value = observed.reconciles[result];
    if (value < low || value > high)
      found.push(`${value} passes ended with ${result}, recorded were ${low} to ${high}`);
  }
  return found;
}

/**
 * An event or a requeue that is still outstanding when a runner's last finalizer goes makes one more pass on the stale cache:
 * it looks for what is gone, may ask the service a second time, and its patch is answered 404, which is ignored. The recordings
 * of releases that take a runner down in one pass show it in 11 of 57 runs; whether it comes is up to the machine.
 */
function withoutPassAfterTheEnd<Run extends Pick<Observed, 'requests' | 'reconciles'>>(run: Run): Run {
  const { requests, reconciles } = run;
  const end = requests.findIndex((request) => isLastPatch(request) && request.code === 200);
  const refused = requests.findIndex((request, index) => index > end && isLastPatch(request) && request.code === 404);
  if (end < 0 || refused < 0 || !requests.slice(end + 1, refused).every(isInVain)) return run;
  const kept = requests.filter((_request, index) => index <= end || index > refused);
  return { ...run, requests: kept, reconciles: { ...reconciles, success: reconciles.success - 1 } };
}

/** Takes the last finalizer off. */
function isLastPatch({ verb, resource, body }: RecordedRequest): boolean {
  const metadata = (body as { readonly metadata?: { readonly finalizers?: unknown } } | undefined)?.metadata;
  return verb === 'patch' && resource === 'ephemeralrunners' && metadata?.finalizers === null;
}

/** Changes nothing once the runner is gone. */
function isInVain({ verb, code, kind }: RecordedRequest): boolean {
  return verb === 'get' || verb === 'list' || (verb === 'delete' && code === 404) || kind === 'delete-runner';
}

/** How many failures a run counted with their time; a back-off follows each. */
export function failuresWithBackOff(requests: readonly RecordedRequest[]): number {
  const times = requests.flatMap(({ body }) => Object.values((body as PatchBody | undefined)?.status?.failures ?? {}));
  return times.filter((time) => typeof time === 'string').length;
}

function isPodDeletion({ verb, resource }: RecordedRequest): boolean {
  return verb === 'delete' && resource === 'pods';
}

/**
 * Which of several runners is created first is up to those who create them, and not quite in the player's hand on a busy
 * machine. Runners get the names job1, job2 … in the order in which they were registered, as in the recordings.
 */
function renamedByRegistration(observed: Observed): Observed {
  const registered = new Set(
    observed.requests
      .filter(({ kind }) => kind === 'generatejitconfig')
      .map(({ body }) => (body as { readonly name: string }).name),
  );
  const inOrder = [...registered];
  const names = [...registered].sort();
  if (names.length < 2) return observed;
  const newName = new Map(inOrder.map((name, index) => [name, names[index] as string]));
  const text = JSON.stringify(observed).replace(/job\d+/g, (name) => newName.get(name) ?? name);
  const renamed = JSON.parse(text) as Observed;
  const { pods, secrets } = renamed.final;
  return { ...renamed, final: { ...renamed.final, pods: [...pods].sort(), secrets: [...secrets].sort() } };
}

/**
 * Runners beside one another interleave in more ways than six runs can show. Each runner's own requests must be as
 * recorded, and so must what the modes are about: the order of registrations and pods among each other.
 */
function interleavedDifferences(mine: readonly string[], recorded: readonly (readonly string[])[]): string[] {
  const found: string[] = [];
  const milestones = (lines: readonly string[]): string[] =>
    lines.filter((line) => line.includes('generatejitconfig') || line.startsWith('create pods'));
  if (!recorded.some((lines) => same(milestones(lines), milestones(mine)))) {
    found.push(`registrations and pods in another order:\n${diff(milestones(recorded[0] ?? []), milestones(mine))}`);
  }
  for (const name of ['job1', 'job2', 'job3']) {
    const own = (lines: readonly string[]): string[] => lines.filter((line) => line.includes(name));
    if (!recorded.some((lines) => same(withoutRepeatedReads(own(lines)), withoutRepeatedReads(own(mine))))) {
      found.push(`${name} made other requests:\n${diff(own(recorded[0] ?? []), own(mine))}`);
    }
  }
  return found;
}

/** One request as a line; equal lines are equal requests. */
export function lineOf(request: RecordedRequest): string {
  if (request.via === 'actions') {
    const body = request.body === undefined ? '' : ` ${canonical(request.body)}`;
    return `${request.method} ${request.path} ${request.status} ${request.kind} ${request.auth}${body}`;
  }
  const { verb, subresource, name, query, code } = request;
  const resource = subresource === undefined ? request.resource : `${request.resource}/${subresource}`;
  const hasBody = verb === 'create' || verb === 'patch' || verb === 'update';
  return `${verb} ${resource} ${name ?? query ?? ''} ${code}${hasBody ? ` ${canonical(request.body)}` : ''}`;
}

function isEffect(line: string): boolean {
  return !line.startsWith('get ') && !line.startsWith('list ');
}

/** How often a pass with nothing to do repeats its read depends on which watch events arrive together. */
function withoutRepeatedReads(lines: readonly string[]): string[] {
  return lines.filter((line, index) => isEffect(line) || line !== lines[index - 1]);
}

/**
 * The recorded final state is that of the first run. Another run's failures are those that its own patches counted, and what
 * is left of its objects is what it made and did not delete.
 */
function finalStateOf(recorded: ModeRecording, requests: readonly RecordedRequest[], isVariant: boolean): FinalState {
  const { runners, pods, secrets } = recorded.final;
  if (!isVariant) return { runners, pods, secrets };
  const left = (resource: string, of: readonly string[]): readonly string[] =>
    same(leftOf(resource, recorded.requests), of) ? leftOf(resource, requests) : of;
  return { runners: withFailuresOf(requests, runners), pods: left('pods', pods), secrets: left('secrets', secrets) };
}

function leftOf(resource: string, requests: readonly RecordedRequest[]): string[] {
  const left = new Set<string>();
  for (const { verb, resource: of, name = '', code } of requests) {
    if (of !== resource) continue;
    if (verb === 'create' && code === 201) left.add(name);
    if (verb === 'delete' && code === 200) left.delete(name);
  }
  return [...left].sort();
}

function withFailuresOf(requests: readonly RecordedRequest[], runners: FinalState['runners']): FinalState['runners'] {
  const [name, runner] = Object.entries(runners)[0] ?? [];
  if (name === undefined || runner?.status['failures'] === undefined) return runners;
  const failures: Record<string, unknown> = {};
  for (const { body } of requests) Object.assign(failures, (body as PatchBody | undefined)?.status?.failures);
  return { [name]: { ...runner, status: { ...runner.status, failures } } };
}

interface PatchBody {
  readonly status?: { readonly failures?: Readonly<Record<string, unknown>> };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

/** JSON with sorted keys, without managedFields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) =>
    // The embedded API server keeps none, and they change nothing.
    key === 'managedFields'
      ? undefined
      : typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
  );
}

function diff(expected: readonly string[], actual: readonly string[]): string {
  const lines: string[] = [];
  const length = Math.max(expected.length, actual.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [expected[index] ?? '', actual[index] ?? ''];
    if (left === right) lines.push(`    ${left.slice(0, 160)}`);
    else lines.push(`  - ${left.slice(0, 400)}`, `  + ${right.slice(0, 400)}`);
  }
  return lines.join('\n');
}
