import type { ChainCall, ChainFinal, ChainRequest, ChainRun } from './chain-recording.ts';
import { canonical } from './compare.ts';
import { isKnownLife } from './compare-sets.ts';

/**
 * Differences between a run of the whole chain and those that were recorded, in words. Its controllers interleave freely,
 * so that each is compared by itself:
 * - the writes and calls of the AutoscalingRunnerSet's and the listener's controllers, in their order, as in some
 *   recorded run, but for statuses that count runners;
 * - what the set's controller does to the set, likewise, and which fields its statuses have;
 * - what happens to each runner, in its order: as to some recorded runner;
 * - what is there in the end.
 * @param elsewhere what was recorded in other scenarios: a runner too many, which a stale list makes, is taken down at any
 *   point of its life
 */
export function chainDifferences(
  run: ChainRun,
  recorded: readonly ChainRun[],
  elsewhere: readonly ChainRun[],
): string[] {
  const found: string[] = [];
  for (const controller of CONTROLLERS) {
    const mine = writesOf(run, controller).join('\n');
    const theirs = [...new Set(recorded.map((one) => writesOf(one, controller).join('\n')))];
    if (!theirs.includes(mine)) found.push(`the ${controller} wrote\n${diff(closest(mine, theirs), mine)}`);
    const fields = new Set(recorded.flatMap((one) => countsOf(one, controller)));
    const others = countsOf(run, controller).filter((field) => !fields.has(field));
    if (others.length > 0) found.push(`the ${controller} wrote a status with ${others.join(', ')}`);
  }
  const lives = [...recorded, ...elsewhere].flatMap(livesOf);
  for (const life of livesOf(run)) {
    for (const by of ['controllers', 'listener'] as const) {
      const known = lives.map((one) => one[by]);
      if (isKnownLife(life[by], known)) continue;
      const [mine, theirs] = [life[by].join('\n'), known.map((lines) => lines.join('\n'))];
      found.push(`a runner had by the ${by}\n${diff(closest(mine, theirs), mine)}`);
    }
  }
  const mine = finalText(run.final);
  const finals = [...new Set(recorded.map(({ final }) => finalText(final)))];
  if (!finals.includes(mine)) found.push(`in the end there was\n${diff(closest(mine, finals), mine)}`);
  return found;
}

const CONTROLLERS = ['autoscalingrunnerset', 'autoscalinglistener', 'ephemeralrunnerset'];
const COUNTS = /Runners$|Replicas$/;

type Line = { readonly tMs: number; readonly text: string };

/** Writes to objects that are not runners, and calls that are not about runners. */
function writesOf({ requests, actions }: ChainRun, controller: string): string[] {
  const lines: Line[] = [
    ...requests
      .filter((one) => one.by === controller && isKept(one))
      .map((one) => ({ tMs: one.tMs, text: textOf(one) })),
    ...actions
      .filter((one) => one.by === controller && isOfScaleSet(one))
      .map((one) => ({ tMs: one.tMs, text: callText(one) })),
  ];
  const texts = lines.sort((a, b) => a.tMs - b.tMs).map(({ text }) => text);
  return texts.filter((text, index) => text !== texts[index - 1]);
}

/** Left out are reads, runners, statuses that count, and what is answered 404 or 409: writes from a stale cache. */
function isKept(request: ChainRequest): boolean {
  const { verb, resource, code } = request;
  if (verb === 'get' || verb === 'list' || resource === 'ephemeralrunners') return false;
  return code !== 404 && code !== 409 && !isCount(request);
}

function isCount({ subresource, body }: ChainRequest): boolean {
  return subresource === 'status' && fieldsOf(body).some((field) => COUNTS.test(field));
}

function isOfScaleSet({ kind }: ChainCall): boolean {
  return kind.includes('scale-set') || kind.includes('runner-group');
}

function fieldsOf(body: unknown): string[] {
  return Object.keys((body as { status?: object } | undefined)?.status ?? {}).sort();
}

/** The fields of statuses that count runners; what they count depends on what the cache shows at the moment. */
function countsOf({ requests }: ChainRun, controller: string): string[] {
  const own = requests.filter((one) => one.by === controller && one.resource !== 'ephemeralrunners' && isCount(one));
  return own.flatMap(({ body }) => fieldsOf(body));
}

interface Life {
  readonly controllers: readonly string[];
  readonly listener: readonly string[];
}

/**
 * What is written of each runner, its pod and its secret. When the set deletes it is up to the set; what is answered 404
 * comes from a stale cache.
 */
function livesOf({ requests }: ChainRun): Life[] {
  const names = [...new Set(requests.flatMap(({ name = '' }) => /^<runner-\d+>$/.exec(name) ?? []))];
  return names.map((name) => {
    const own = requests.filter((one) => one.name === name && one.verb !== 'get' && one.code !== 404);
    const lines = (chosen: readonly ChainRequest[]): string[] => {
      const texts = chosen.map((one) => textOf(one).replaceAll(name, '<runner>'));
      return texts.filter((text, index) => text !== texts[index - 1]);
    };
    const isDeletion = ({ verb, resource }: ChainRequest): boolean =>
      verb === 'delete' && resource === 'ephemeralrunners';
    return {
      controllers: lines(own.filter((one) => one.by !== 'listener' && !isDeletion(one))),
      listener: lines(own.filter(({ by }) => by === 'listener')),
    };
  });
}

function textOf({ verb, resource, subresource, name, code, body }: ChainRequest): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  // Go's types write of a runner that it is not ready although nobody has said so.
  if (verb === 'create' && resource === 'ephemeralrunners') {
    const { status: _status, ...given } = body as { readonly status?: unknown };
    return `create ${what} ${name ?? ''} ${code} ${normal(given)}`;
  }
  return `${verb} ${what} ${name ?? ''} ${code}${verb === 'delete' ? '' : ` ${normal(body)}`}`;
}

function callText({ method, path, status, body }: ChainCall): string {
  return `${method} ${path.replace(/\?.*/, '')} ${status}${body === undefined ? '' : ` ${normal(body)}`}`;
}

const PATCH_IDS = new Set(['patchID', 'actions.github.com/patch-id']);
const HASHES = /-hash$/;

/** What differs from run to run is called the same. */
function normal(value: unknown): string {
  return canonical(walk(value, ''));
}

function walk(value: unknown, key: string): unknown {
  if (key === 'uid') return '<uid>';
  if (key === 'failures') return Object.values(value as object).map(() => '<failure>');
  if (key === 'resourceVersion') return '<rv>';
  if (key === 'creationTimestamp' && value !== null) return '<time>';
  if (key === 'runnerId') return '<id>';
  // Which number a decision has depends on which events came in one message; that it has one says that something happened.
  if (PATCH_IDS.has(key) && Number(value) !== 0) return '<number>';
  if (key === 'runnerJITConfig') return '<jit>';
  if (key === 'data') return dataOf(value as Readonly<Record<string, unknown>>);
  if (typeof value === 'string') {
    if (HASHES.test(key) && !key.endsWith('values-hash')) return '<hash>';
    return value.replace(/127\.0\.0\.1:<port>|actions\.lab\.invalid/, '<service>');
  }
  if (Array.isArray(value)) return value.map((item) => walk(item, ''));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, child]) => [inner, walk(child, inner)]));
}

/** Credentials and configurations as they are; what a runner's secret holds is known by its keys. */
function dataOf(data: Readonly<Record<string, unknown>>): unknown {
  const isShown = (key: string): boolean => key === 'github_token' || key === 'config.json';
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, isShown(key) ? walk(value, '') : `<${key}>`]),
  );
}

/** Kinds of what is left; how many there are of the same kind is counted. */
function finalText(final: ChainFinal): string {
  const kinds = Object.entries(final).map(([kind, objects]) => {
    const texts = (objects as readonly unknown[]).map((object) => normal(object).replace(/<runner-\d+>/g, '<runner>'));
    return `${kind}: ${texts.sort().join(' ')}`;
  });
  return kinds.join('\n');
}

function closest(mine: string, theirs: readonly string[]): string {
  const lines = new Set(mine.split('\n'));
  const score = (text: string): number => text.split('\n').filter((line) => lines.has(line)).length;
  return [...theirs].sort((a, b) => score(b) - score(a))[0] ?? '';
}

function diff(expected: string, actual: string): string {
  const [left, right] = [expected.split('\n'), actual.split('\n')];
  const lines: string[] = [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [theirs = '', mine = ''] = [left[index], right[index]];
    if (theirs === mine) lines.push(`    ${mine.slice(0, 120)}`);
    else lines.push(`  - ${theirs.slice(0, 1500)}`, `  + ${mine.slice(0, 1500)}`);
  }
  return lines.join('\n');
}
