import { createHash } from 'node:crypto';
import type { HttpRoute } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { ActionsClient } from './client.ts';
import type { ActionsClientPolicy } from './client-policy.ts';
import { parseConfigUrl } from './config-url.ts';
import { credentialsFrom } from './credentials.ts';

/**
 * One client for each config URL, namespace, credentials and route. It spares passes over the same credentials the work of
 * reading them; what passes share is shared through the effects of its clients.
 */
export class ActionsClientCache {
  readonly #secrets: SecretRegistry;
  readonly #policy: ActionsClientPolicy;
  readonly #clients = new Map<string, ActionsClient>();
  /** The last secret seen, so that passes over unchanged credentials hash nothing. */
  readonly #recent = new WeakMap<object, Map<string, ActionsClient>>();

  /** @param secrets gets every credential that passes through the clients */
  constructor(secrets: SecretRegistry, policy: ActionsClientPolicy) {
    this.#secrets = secrets;
    this.#policy = policy;
  }

  /** @throws Error for an invalid URL or incomplete credentials */
  clientFor(
    configUrl: string,
    namespace: string,
    secretData: Readonly<Record<string, string>> | undefined,
    route: HttpRoute | undefined,
  ): ActionsClient {
    const quickKey = `${namespace} ${configUrl}`;
    if (secretData !== undefined && route === undefined) {
      const known = this.#recent.get(secretData)?.get(quickKey);
      if (known !== undefined) return known;
    }
    for (const value of Object.values(secretData ?? {})) {
      this.#secrets.add(Buffer.from(value, 'base64').toString('utf8'));
    }
    const credentials = credentialsFrom(secretData);
    const key = createHash('sha256')
      .update(JSON.stringify([configUrl, namespace, credentials, route ?? null]))
      .digest('hex');
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = new ActionsClient({
        ...{ identity: key, config: parseConfigUrl(configUrl), credentials, route },
        ...{ secrets: this.#secrets, policy: this.#policy },
      });
      this.#clients.set(key, client);
    }
    if (secretData !== undefined && route === undefined) {
      const bySecret = this.#recent.get(secretData) ?? new Map<string, ActionsClient>();
      this.#recent.set(secretData, bySecret.set(quickKey, client));
    }
    return client;
  }
}
