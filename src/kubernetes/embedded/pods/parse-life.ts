import { parseDurationUs } from '../../../base/duration.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { LAB_NODES, nodeNames } from './nodes.ts';
import { parseAction } from './parse-action.ts';
import { aCount, aList, aText, fields, LifeError, oneOf, shown, where } from './parse-value.ts';
import type { ExtraContainer, ExtraContainers, LifeCondition, LifeDelay, LifeStage, PodLife } from './pod-life.ts';

const MOST_STAGES = 200;
const MOST_NODES = 1000;
const MOST_CONTAINERS = 20;

/**
 * Reads the life of pods from a document, as YAML and JSON give it.
 * @throws LifeError with a sentence that names the place
 */
export function parseLife(document: unknown): PodLife {
  const life = fields(document, '', ['description', 'issues', 'job', 'capacity', 'nodes', 'runners', 'stages']);
  if (life['description'] !== undefined) aText(life['description'], 'description');
  if (life['issues'] !== undefined)
    aList(life['issues'], 'issues', MOST_STAGES).forEach((issue, index) => aCount(issue, where('issues', index), 1));
  return {
    stages: aList(life['stages'] ?? [], 'stages', MOST_STAGES).map((stage, index) =>
      parseStage(stage, where('stages', index)),
    ),
    job: oneOf(life['job'] ?? 'runs', 'job', ['runs', 'none', 'never-over']),
    capacity: life['capacity'] === undefined ? undefined : aCount(life['capacity'], 'capacity', 1),
    nodes: parseNodes(life['nodes']),
    podOfRunners: life['runners'] === undefined ? {} : parseRunners(life['runners']),
  };
}

function parseNodes(value: unknown): readonly string[] {
  if (value === undefined) return LAB_NODES;
  if (typeof value === 'number') return nodeNames(aCount(value, 'nodes', 1, MOST_NODES));
  const names = aList(value, 'nodes', MOST_NODES).map((name, index) => aName(name, where('nodes', index)));
  if (names.length === 0) throw new LifeError('nodes', 'must name a node or more');
  return names;
}

function parseRunners(value: unknown): ExtraContainers {
  const given = fields(value, 'runners', ['containers', 'initContainers']);
  const list = (field: 'containers' | 'initContainers'): ExtraContainers =>
    given[field] === undefined
      ? {}
      : {
          [field]: aList(given[field], where('runners', field), MOST_CONTAINERS).map((container, index) =>
            parseContainer(container, where(where('runners', field), index)),
          ),
        };
  return { ...list('containers'), ...list('initContainers') };
}

function parseContainer(value: unknown, at: string): ExtraContainer {
  const { name, image, restartPolicy } = fields(value, at, ['name', 'image', 'restartPolicy']);
  return {
    name: aName(name, where(at, 'name')),
    image: aText(image, where(at, 'image')),
    ...(restartPolicy === undefined
      ? {}
      : { restartPolicy: oneOf(restartPolicy, where(at, 'restartPolicy'), ['Always']) }),
  };
}

function parseStage(value: unknown, at: string): LifeStage {
  const stage = fields(value, at, ['name', 'when', 'after', 'weight', 'times', 'do']);
  if (stage['name'] !== undefined) aText(stage['name'], where(at, 'name'));
  if (stage['do'] === undefined)
    throw new LifeError(where(at, 'do'), 'is missing; say what happens, for example "do: start"');
  const actions = Array.isArray(stage['do']) ? aList(stage['do'], where(at, 'do'), MOST_STAGES) : [stage['do']];
  if (actions.length === 0) throw new LifeError(where(at, 'do'), 'must name what happens, for example "do: start"');
  const weight = stage['weight'];
  if (weight !== undefined && !(typeof weight === 'number' && weight > 0 && weight <= 1e9)) {
    throw new LifeError(where(at, 'weight'), `must be a number above 0, not ${shown(weight)}`);
  }
  return {
    when: parseCondition(stage['when'] ?? {}, where(at, 'when')),
    after: parseDelay(stage['after'] ?? '0', where(at, 'after')),
    weight: weight,
    times: stage['times'] === undefined ? Infinity : aCount(stage['times'], where(at, 'times'), 1),
    actions: actions.map((action, index) =>
      parseAction(action, Array.isArray(stage['do']) ? where(where(at, 'do'), index) : where(at, 'do')),
    ),
  };
}

const CONDITION_FIELDS = [
  ...(['node', 'init', 'container', 'state', 'reason', 'exitCode', 'phase', 'labels', 'attempt', 'deleting'] as const),
];

function parseCondition(value: unknown, at: string): LifeCondition {
  const given = fields(value, at, CONDITION_FIELDS);
  const { deleting = false } = given;
  if (typeof deleting !== 'boolean') throw new LifeError(where(at, 'deleting'), 'must be true or false');
  const condition: Record<string, unknown> = { deleting };
  const take = (field: (typeof CONDITION_FIELDS)[number], read: (value: unknown, at: string) => unknown): void => {
    if (given[field] !== undefined) condition[field] = read(given[field], where(at, field));
  };
  take('node', aText);
  take('init', (init, place) => oneOf(init, place, ['waiting', 'running', 'failed', 'done']));
  take('container', aText);
  take('state', (state, place) => oneOf(state, place, ['waiting', 'running', 'terminated']));
  take('reason', aText);
  take('exitCode', (code, place) => aCount(code, place, 0, 255));
  take('phase', (phase, place) => oneOf(phase, place, ['Pending', 'Running', 'Succeeded', 'Failed']));
  take('labels', parseLabels);
  take('attempt', parseAttempt);
  return condition as unknown as LifeCondition;
}

function parseLabels(value: unknown, at: string): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) throw new LifeError(at, 'must be labels and their values, like {app: web}');
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, aText(text, where(at, name))]));
}

function parseAttempt(value: unknown, at: string): LifeCondition['attempt'] {
  if (!isJsonObject(value)) {
    const attempt = aCount(value, at, 1);
    return { atLeast: attempt, atMost: attempt };
  }
  const { atLeast, atMost }: JsonObject = fields(value, at, ['atLeast', 'atMost']);
  return {
    atLeast: atLeast === undefined ? 1 : aCount(atLeast, where(at, 'atLeast'), 1),
    atMost: atMost === undefined ? Infinity : aCount(atMost, where(at, 'atMost'), 1),
  };
}

const DELAY_RULE =
  'must be a duration like 200ms or 1m30s, two of them like 1s..30s, "start", "job", or "job or" and a duration';

function parseDelay(value: unknown, at: string): LifeDelay {
  const refuse = (): LifeError => new LifeError(at, `${DELAY_RULE}, not ${shown(value)}`);
  const text = value === 0 ? '0' : value;
  if (typeof text !== 'string' || text.length > 60) throw refuse();
  if (text === 'start') return { of: 'start' };
  if (text === 'job') return { of: 'job', otherwiseUs: Infinity };
  const or = /^job or (\S+)$/.exec(text)?.[1];
  const [from = '', to, ...more] = (or ?? text).split('..');
  const minUs = parseDurationUs(from);
  const maxUs = to === undefined ? minUs : parseDurationUs(to);
  if (more.length > 0 || minUs === undefined || maxUs === undefined || !Number.isSafeInteger(maxUs)) throw refuse();
  if (or !== undefined) {
    if (minUs !== maxUs) throw refuse();
    return { of: 'job', otherwiseUs: minUs };
  }
  if (minUs > maxUs) {
    throw new LifeError(at, `is ${shown(value)}: the first duration must not be longer than the second`);
  }
  return { minUs, maxUs };
}

/** Names of nodes and containers, which the API server would refuse otherwise. */
function aName(value: unknown, at: string): string {
  const name = aText(value, at);
  if (!/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/.test(name)) {
    throw new LifeError(at, `must be a name of lower-case letters, digits, "-" and ".", not ${shown(value)}`);
  }
  return name;
}
