import type { ProxyConfig } from '../kubernetes/types.ts';
import type { Step } from '../runtime/effects.ts';
import { proxyUrl } from './service.ts';

/**
 * What a secret holds for containers that use the proxies, in base64: each URL with its credentials, empty for one that is
 * not given.
 * @param namespace where the secrets with the credentials are
 */
export function* proxyData(
  { http, https, noProxy = [] }: ProxyConfig,
  namespace: string,
): Step<Record<string, string>> {
  const values = {
    http_proxy: (yield* proxyUrl(http, namespace)) ?? '',
    https_proxy: (yield* proxyUrl(https, namespace)) ?? '',
    no_proxy: noProxy.join(','),
  };
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
}
