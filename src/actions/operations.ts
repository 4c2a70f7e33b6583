/** The calls that the service knows, as traces name them. */
export const ACTIONS_OPERATIONS = [
  'access-token',
  'registration-token',
  'runner-registration',
  'generatejitconfig',
  'get-runner',
  'get-runner-by-name',
  'delete-runner',
  'get-runner-group',
  'get-scale-set-by-name',
  'get-scale-set',
  'create-scale-set',
  'update-scale-set',
  'delete-scale-set',
  'create-session',
  'refresh-session',
  'delete-session',
  'get-acquirable-jobs',
  'acquire-jobs',
  'get-message',
  'delete-message',
] as const;
export type ActionsOperation = (typeof ACTIONS_OPERATIONS)[number];

/** Which call a request is. */
export interface ActionsCall {
  readonly operation: ActionsOperation;
  /** The id or name that it is about; of calls below a scale set, that of the scale set. */
  readonly argument: string;
  /** The group, session or message that it is about besides, or the message that comes before what is asked for. */
  readonly part: string;
}

type Route = readonly [method: string, path: RegExp, operation: ActionsOperation];

const SCALE_SETS = String.raw`\/_apis\/runtime\/runnerscalesets`;

const ROUTES: readonly Route[] = [
  ['GET', new RegExp(`${SCALE_SETS}/(\\d+)$`), 'get-scale-set'],
  ['POST', new RegExp(`${SCALE_SETS}$`), 'create-scale-set'],
  ['PATCH', new RegExp(`${SCALE_SETS}/(\\d+)$`), 'update-scale-set'],
  ['DELETE', new RegExp(`${SCALE_SETS}/(\\d+)$`), 'delete-scale-set'],
  ['POST', new RegExp(`${SCALE_SETS}/(\\d+)/sessions$`), 'create-session'],
  ['PATCH', new RegExp(`${SCALE_SETS}/(\\d+)/sessions/([\\w-]+)$`), 'refresh-session'],
  ['DELETE', new RegExp(`${SCALE_SETS}/(\\d+)/sessions/([\\w-]+)$`), 'delete-session'],
  ['GET', new RegExp(`${SCALE_SETS}/(\\d+)/acquirablejobs$`), 'get-acquirable-jobs'],
  ['POST', new RegExp(`${SCALE_SETS}/(\\d+)/acquirejobs$`), 'acquire-jobs'],
  ['DELETE', /\/mq\/(\d+)\/(\d+)$/, 'delete-message'],
];

/** @returns undefined for an unknown request */
export function operationOf(method: string, url: string): ActionsCall | undefined {
  const pathStart = url.indexOf('/', url.indexOf('//') + 2);
  const query = url.indexOf('?');
  const path = query < 0 ? url.slice(pathStart) : url.slice(pathStart, query);
  const parameter = (name: string): string | null =>
    query < 0 ? null : new URLSearchParams(url.slice(query + 1)).get(name);
  return githubCall(method, path) ?? runnerCall(method, path, parameter) ?? scaleSetCall(method, path, parameter);
}

function githubCall(method: string, path: string): ActionsCall | undefined {
  if (method !== 'POST') return undefined;
  if (path.endsWith('/actions/runners/registration-token')) return call('registration-token');
  if (path.endsWith('/actions/runner-registration')) return call('runner-registration');
  return path.endsWith('/access_tokens') ? call('access-token') : undefined;
}

type Parameter = (name: string) => string | null;

function runnerCall(method: string, path: string, parameter: Parameter): ActionsCall | undefined {
  if (path.endsWith('/generatejitconfig')) {
    const scaleSet = /\/runnerscalesets\/(\d+)\/generatejitconfig$/.exec(path)?.[1];
    return scaleSet === undefined || method !== 'POST' ? undefined : call('generatejitconfig', scaleSet);
  }
  const agent = /\/_apis\/distributedtask\/pools\/0\/agents(?:\/(-?\d+))?$/.exec(path);
  if (agent === null) return undefined;
  const id = agent[1];
  if (method === 'DELETE' && id !== undefined) return call('delete-runner', id);
  if (method !== 'GET') return undefined;
  if (id !== undefined) return call('get-runner', id);
  const name = parameter('agentName');
  return name === null ? undefined : call('get-runner-by-name', name);
}

function scaleSetCall(method: string, path: string, parameter: Parameter): ActionsCall | undefined {
  if (method === 'GET' && /\/_apis\/runtime\/runnergroups\/?$/.test(path)) {
    return call('get-runner-group', parameter('groupName') ?? '');
  }
  if (method === 'GET' && /\/_apis\/runtime\/runnerscalesets$/.test(path)) {
    return call('get-scale-set-by-name', parameter('name') ?? '', parameter('runnerGroupId') ?? '');
  }
  const queue = method === 'GET' ? /\/mq\/(\d+)$/.exec(path) : null;
  if (queue !== null) return call('get-message', queue[1], parameter('lastMessageId') ?? '0');
  for (const [of, pattern, operation] of ROUTES) {
    const match = of === method ? pattern.exec(path) : null;
    if (match !== null) return call(operation, match[1], match[2]);
  }
  return undefined;
}

function call(operation: ActionsOperation, argument = '', part = ''): ActionsCall {
  return { operation, argument, part };
}
