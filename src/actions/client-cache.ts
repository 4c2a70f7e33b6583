import { createHash } from 'node:crypto';
import type { HttpRoute } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { ActionsClient } from './client.ts';
import { credentialsFrom } from './credentials.ts';

/** One client for each config URL, namespace, credentials and route, so that their passes share an admin token. */
export class ActionsClientCache {
  readonly #secrets: SecretRegistry;
  readonly #userAgent: string | undefined;
  readonly #clients = new Map<string, ActionsClient>();
  /** The last secret seen, so that passes over unchanged credentials hash nothing. */
  readonly #recent = new WeakMap<object, Map<string, ActionsClient>>();

  /**
   * @param secrets is told of every credential that passes through the clients
   * @param userAgent upstream's where none is given
   */
  constructor(secrets: SecretRegistry, userAgent?: string) {
    this.#secrets = secrets;
    this.#userAgent = userAgent;
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
      client = new ActionsClient(configUrl, credentials, route, this.#secrets, this.#userAgent);
      this.#clients.set(key, client);
    }
    if (secretData !== undefined && route === undefined) {
      const bySecret = this.#recent.get(secretData) ?? new Map<string, ActionsClient>();
      this.#recent.set(secretData, bySecret.set(quickKey, client));
    }
    return client;
  }
}
