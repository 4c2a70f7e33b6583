import { t } from '@vscode/l10n';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { pathOf, Pods } from '../kubernetes/resource.ts';
import type { LogPod } from './log-pods.ts';
import { lacks } from './reach.ts';

/** What a page of metrics has, or a sentence that says why it cannot be had. */
export type Scraped = { readonly text: string } | { readonly unseen: string };

/** Gets a controller's metrics through the API server, which reaches its pods. */
export async function scrapeMetrics(transport: Pick<ApiTransport, 'text'>, pod: LogPod): Promise<Scraped | undefined> {
  const { namespace, pod: name, metrics } = pod;
  if (metrics === undefined) return undefined;
  const path = `${pathOf(Pods, namespace, `${name}:${metrics.port}`, 'proxy')}${metrics.path}`;
  try {
    return { text: await transport.text(path) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 403)
      return { unseen: t('Metrics are not read. {0}', lacks([['get', '', 'pods', 'proxy']], namespace)) };
    return { unseen: t('Metrics of {0} are not read: {1}.', name, error.message.replace(/\.$/, '')) };
  }
}
