import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { Credentials } from '../actions/credentials.ts';
import type { Switches } from '../reconciler/releases/switches.ts';

/** What the file says that a listener gets from its controller. */
export interface ListenerConfig {
  readonly configUrl: string;
  readonly credentials: Credentials;
  readonly setNamespace: string;
  readonly setName: string;
  readonly maxRunners: number;
  readonly minRunners: number;
  readonly scaleSetId: number;
  readonly scaleSetName: string;
  /** PEM certificate of the GitHub server's authority; empty without one. */
  readonly serverRootCa: string;
}

/** Names of the file's keys, by release. */
const KEYS = {
  camel: {
    configUrl: 'configureUrl',
    appId: 'appID',
    installationId: 'appInstallationID',
    privateKey: 'appPrivateKey',
    token: 'token',
    setNamespace: 'ephemeralRunnerSetNamespace',
    setName: 'ephemeralRunnerSetName',
    maxRunners: 'maxRunners',
    minRunners: 'minRunners',
    scaleSetId: 'runnerScaleSetId',
    scaleSetName: 'runnerScaleSetName',
    serverRootCa: 'serverRootCA',
  },
  snake: {
    configUrl: 'configure_url',
    appId: 'github_app_id',
    installationId: 'github_app_installation_id',
    privateKey: 'github_app_private_key',
    token: 'github_token',
    setNamespace: 'ephemeral_runner_set_namespace',
    setName: 'ephemeral_runner_set_name',
    maxRunners: 'max_runners',
    minRunners: 'min_runners',
    scaleSetId: 'runner_scale_set_id',
    scaleSetName: 'runner_scale_set_name',
    serverRootCa: 'server_root_ca',
  },
} as const;

type Keys = Readonly<Record<keyof typeof KEYS.camel, string>>;

/** Pull request 4090 gave the credentials' keys other names. */
const SNAKE_BEFORE_4090 = {
  ...KEYS.snake,
  appId: 'app_id',
  installationId: 'app_installation_id',
  privateKey: 'app_private_key',
  token: 'token',
} as const;

function keysOf(switches: Switches): Keys {
  if (!switches.has(3937)) return KEYS.camel;
  return switches.has(4090) ? KEYS.snake : SNAKE_BEFORE_4090;
}

/**
 * Reads a listener's config.json.
 * @throws Error with what is missing, in the words that a listener's last line has; never with a value
 */
export function listenerConfig(text: string, switches: Switches): ListenerConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('failed to decode config: it is not JSON');
  }
  if (!isJsonObject(value)) throw new Error('failed to decode config: it is not an object');
  const keys = keysOf(switches);
  const config: ListenerConfig = {
    configUrl: textOf(value, keys.configUrl),
    credentials: credentialsOf(value, keys),
    setNamespace: textOf(value, keys.setNamespace),
    setName: textOf(value, keys.setName),
    maxRunners: numberOf(value, keys.maxRunners),
    minRunners: numberOf(value, keys.minRunners),
    scaleSetId: numberOf(value, keys.scaleSetId),
    scaleSetName: textOf(value, keys.scaleSetName),
    serverRootCa: textOf(value, keys.serverRootCa),
  };
  const wrong = wrongIn(config);
  if (wrong !== undefined) throw new Error(wrong);
  return config;
}

function wrongIn({ configUrl, setNamespace, setName, scaleSetId, maxRunners, minRunners }: ListenerConfig) {
  if (configUrl === '') return 'GitHubConfigUrl is not provided';
  if (setNamespace === '' || setName === '') {
    return `EphemeralRunnerSetNamespace "${setNamespace}" or EphemeralRunnerSetName "${setName}" is missing`;
  }
  if (scaleSetId === 0) return 'RunnerScaleSetId "0" is missing';
  if (maxRunners < minRunners) {
    return `MinRunners "${minRunners}" cannot be greater than MaxRunners "${maxRunners}"`;
  }
  return undefined;
}

function credentialsOf(value: JsonObject, keys: Keys): Credentials {
  const token = textOf(value, keys.token);
  if (token !== '') return { kind: 'token', token };
  const id = value[keys.appId];
  // A number, or from pull request 4090 on a text.
  const appId = typeof id === 'number' ? String(id) : textOf(value, keys.appId);
  const installationId = numberOf(value, keys.installationId);
  const privateKey = textOf(value, keys.privateKey);
  if (appId === '' || appId === '0' || installationId === 0 || privateKey === '') {
    throw new Error('the listener has neither a token nor the id, installation id and private key of a GitHub App');
  }
  return { kind: 'app', appId, installationId, privateKey };
}

function textOf(value: JsonObject, key: string): string {
  const found = value[key] ?? '';
  if (typeof found !== 'string') throw new Error(`failed to decode config: ${key} is not a text`);
  return found;
}

function numberOf(value: JsonObject, key: string): number {
  const found = value[key] ?? 0;
  if (!Number.isSafeInteger(found)) throw new Error(`failed to decode config: ${key} is not a whole number`);
  return found as number;
}
