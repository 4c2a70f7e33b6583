import type { ActionsClient } from '../actions/client.ts';
import type { ActionsClientCache } from '../actions/client-cache.ts';
import { ActionsError } from '../actions/errors.ts';
import type { HttpRoute } from '../base/http.ts';
import { ConfigMaps, Secrets } from '../kubernetes/resource.ts';
import type { EphemeralRunner, ProxyServer } from '../kubernetes/types.ts';
import { find, get, log, phase, type Step } from '../runtime/effects.ts';

/** The controllers' dealings with the Actions service on behalf of one runner, or of the set of many. */

/** On whose behalf: a runner, a set with the spec of its runners, or a scale set. */
interface Principal {
  readonly metadata: EphemeralRunner['metadata'];
  readonly spec: Pick<EphemeralRunner['spec'], 'githubConfigUrl' | 'githubConfigSecret' | 'proxy' | 'githubServerTLS'>;
}

/**
 * A client for the runner's config URL. Every pass that needs the service reads the GitHub secret again, and with it the
 * proxies' credentials and the certificate authority, as upstream does.
 */
export function* clientFor(runner: Principal, clients: ActionsClientCache): Step<ActionsClient> {
  const { namespace = '' } = runner.metadata;
  const { githubConfigSecret, githubConfigUrl } = runner.spec;
  const secret = yield* find(Secrets, namespace, githubConfigSecret);
  if (secret === undefined) {
    throw new Error(`failed to get secret: secrets "${githubConfigSecret}" not found in namespace ${namespace}`);
  }
  const route = yield* routeFor(runner, namespace);
  return clients.clientFor(githubConfigUrl, namespace, secret.data, route);
}

function* routeFor(runner: Principal, namespace: string): Step<HttpRoute | undefined> {
  const { proxy, githubServerTLS } = runner.spec;
  if (proxy === undefined && githubServerTLS === undefined) return undefined;
  const httpProxy = yield* proxyUrl(proxy?.http, namespace);
  const httpsProxy = yield* proxyUrl(proxy?.https, namespace);
  const authorities = yield* certificateAuthorities(runner, namespace);
  return {
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(proxy?.noProxy === undefined ? {} : { noProxy: proxy.noProxy }),
    ...(authorities === undefined ? {} : { certificateAuthorities: authorities }),
  };
}

/** With the credentials that a secret of the namespace has for it; undefined where there is no proxy. */
export function* proxyUrl(server: ProxyServer | undefined, namespace: string): Step<string | undefined> {
  if (server === undefined) return undefined;
  const { url = '', credentialSecretRef = '' } = server;
  if (credentialSecretRef === '') return url === '' ? undefined : url;
  const secret = yield* find(Secrets, namespace, credentialSecretRef);
  if (secret === undefined) {
    throw new Error(`failed to get proxy credentials: secrets "${credentialSecretRef}" not found in ${namespace}`);
  }
  const value = (key: string): string => Buffer.from(secret.data?.[key] ?? '', 'base64').toString('utf8');
  let withCredentials: URL;
  try {
    withCredentials = new URL(url);
  } catch {
    throw new Error(`the proxy URL of the runner is not a URL: ${JSON.stringify(url)}`);
  }
  withCredentials.username = encodeURIComponent(value('username'));
  withCredentials.password = encodeURIComponent(value('password'));
  return withCredentials.href;
}

function* certificateAuthorities(runner: Principal, namespace: string): Step<string | undefined> {
  if (runner.spec.githubServerTLS === undefined) return undefined;
  const reference = runner.spec.githubServerTLS.certificateFrom?.configMapKeyRef;
  if (reference?.name === undefined)
    throw new Error('githubServerTLS names no config map to take the certificate from');
  const configMap = yield* get(ConfigMaps, namespace, reference.name);
  const certificate = configMap.data?.[reference.key];
  if (certificate === undefined) {
    throw new Error(`config map ${reference.name} has no key ${JSON.stringify(reference.key)} for githubServerTLS`);
  }
  return certificate;
}

/** A runner whose job is still running cannot be removed; it is asked for again after this time. */
export const JOB_STILL_RUNNING_RETRY_US = 30_000_000;

export function isJobStillRunning(error: unknown): boolean {
  return error instanceof ActionsError && error.is('JobStillRunningException');
}

/** Removes the runner's registration; any answer but 204 is thrown. */
export function* removeFromService(runner: EphemeralRunner, clients: ActionsClientCache): Step<void> {
  yield* phase('remove-registration');
  const client = yield* clientFor(runner, clients);
  const runnerId = runner.status?.runnerId ?? 0;
  yield* log('Removing runner from the service', { runnerId });
  yield* client.removeRunner(runnerId, runner.metadata.name);
  yield* log('Removed runner from the service', { runnerId });
}

/** Asks the service whether it still knows the runner. */
export function* isRegistered(runner: EphemeralRunner, clients: ActionsClientCache): Step<boolean> {
  yield* phase('check-registration');
  const client = yield* clientFor(runner, clients);
  const runnerId = runner.status?.runnerId ?? 0;
  yield* log('Checking if runner exists in GitHub service', { runnerId });
  try {
    yield* client.getRunner(runnerId, runner.metadata.name);
  } catch (error) {
    const gone = error instanceof ActionsError && error.is('AgentNotFoundException');
    if (!gone) throw error;
    yield* log('Runner does not exist in GitHub service', { runnerId });
    return false;
  }
  yield* log('Runner exists in GitHub service', { runnerId });
  return true;
}
