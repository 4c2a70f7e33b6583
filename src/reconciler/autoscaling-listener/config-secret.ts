import { AutoscalingListeners } from '../../kubernetes/resource.ts';
import type { AutoscalingListener } from '../../kubernetes/scale-set-types.ts';
import type { Secret } from '../../kubernetes/types.ts';
import { INTEGRITY_HASH_ANNOTATION } from '../autoscaling-runner-set/names.ts';
import { hashOf } from '../template-hash.ts';
import { passedOn } from '../labels.ts';
import { controllerReference } from '../owner-reference.ts';
import type { Switches } from '../releases/switches.ts';
import type { ListenerPass } from './listener-pass.ts';
import { CONFIG_FILE, configSecretName } from './names.ts';

/**
 * The secret with the file that a listener is configured by.
 * @param github the scale set's secret with its credentials
 * @param certificate of the GitHub server's authority; empty without one
 */
export function configSecretFor(
  listener: AutoscalingListener,
  github: Secret,
  certificate: string,
  pass: ListenerPass,
): Secret {
  const { name, namespace = '' } = listener.metadata;
  const text = goJson(configFor(listener, github, certificate, pass));
  const data = { [CONFIG_FILE]: Buffer.from(text).toString('base64') };
  const given = listener.spec.configSecretMetadata;
  const annotations = {
    ...given?.annotations,
    ...(pass.switches.has(4516) ? { [INTEGRITY_HASH_ANNOTATION]: hashOf({ data }) } : {}),
  };
  const labels = passedOn(pass.process, given?.labels);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: configSecretName(name),
      namespace,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [controllerReference(AutoscalingListeners, listener)],
    },
    data,
  };
}

/** Go's encoder ends a text with a line and writes these characters by their numbers. */
function goJson(value: object): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped)}\n`;
}

function configFor(
  listener: AutoscalingListener,
  github: Secret,
  certificate: string,
  { switches, process }: ListenerPass,
): Record<string, unknown> {
  const { spec } = listener;
  const { address = '', endpoint = '' } = process.listenerMetrics ?? {};
  const config = {
    configureUrl: spec.githubConfigUrl,
    ...credentialsFor(github, switches),
    ephemeralRunnerSetNamespace: spec.autoscalingRunnerSetNamespace,
    ephemeralRunnerSetName: spec.ephemeralRunnerSetName,
    maxRunners: spec.maxRunners ?? 0,
    minRunners: spec.minRunners ?? 0,
    runnerScaleSetId: spec.runnerScaleSetId,
    runnerScaleSetName: spec.autoscalingRunnerSetName,
    serverRootCA: certificate,
    logLevel: process.listenerLog.level,
    logFormat: process.listenerLog.format,
    metricsAddr: address,
    metricsEndpoint: endpoint,
    ...(switches.has(3975) ? { metrics: spec.metrics ?? null } : {}),
  };
  if (!switches.has(3937)) return config;
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [snakeCase(key), value]));
}

/** `serverRootCA` is `server_root_ca`. */
function snakeCase(key: string): string {
  return key.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
}

/** Values of a token leave those of an app out, from pull request 4090 on; before, what the secret holds is copied. */
function credentialsFor({ data }: Secret, switches: Switches): Record<string, unknown> {
  const value = (key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
  const token = value('github_token');
  const app = {
    id: value('github_app_id'),
    installation: numberIn(value('github_app_installation_id'), 'github_app_installation_id'),
    privateKey: value('github_app_private_key'),
  };
  if (!switches.has(4090)) {
    return {
      appID: numberIn(app.id, 'github_app_id'),
      appInstallationID: app.installation,
      appPrivateKey: app.privateKey,
      token,
    };
  }
  const used = token === '' ? app : { id: '', installation: 0, privateKey: '' };
  return {
    vault_type: '',
    vault_lookup_key: '',
    github_app_id: used.id,
    github_app_installation_id: used.installation,
    github_app_private_key: used.privateKey,
    github_token: token,
  };
}

/** @throws Error that names the key, never its value */
function numberIn(text: string, key: string): number {
  if (!/^\d*$/.test(text)) throw new Error(`failed to convert ${key} to int: it is not a number`);
  return Number(text);
}
