import type { RequestOptions } from 'node:https';
import { isLoopback } from '../../base/address.ts';
import type { SecretRegistry } from '../../base/redact.ts';
import { systemProblem } from '../../base/system-problem.ts';
import { kubeconfigFiles, KubeconfigError } from './kubeconfig-files.ts';

interface KubeconfigOptions {
  /** Path of the file; otherwise $KUBECONFIG, then ~/.kube/config. */
  readonly file?: string | undefined;
  /** Context to use; otherwise the current one. */
  readonly context?: string | undefined;
  /** Called with every credential found. */
  readonly secrets: SecretRegistry;
}

/** A cluster as people name it, and where in it they look for runners. */
export interface ClusterTarget {
  /** Path of the kubeconfig; the usual ones without it. */
  readonly kubeconfig?: string | undefined;
  /** The current one without it. */
  readonly context?: string | undefined;
  /** Of the runners; without it all that the user may see. */
  readonly namespace?: string | undefined;
}

/** How to reach one API server as one user. */
export interface ClusterAccess {
  readonly contextName: string;
  /** The kubeconfig's name for the user. */
  readonly userName: string;
  /** Base URL of the API server. */
  readonly server: URL;
  /** Namespace of the context, `default` without one. */
  readonly namespace: string;
  /** TLS options and headers; exec plugins and token files are read again, so that expired tokens get replaced. */
  requestOptions(): Promise<RequestOptions>;
}

/**
 * Reads a kubeconfig: certificates, tokens, exec plugins, proxies, custom authorities.
 * @throws KubeconfigError
 */
export async function openKubeconfig(options: KubeconfigOptions): Promise<ClusterAccess> {
  // Loaded here and nowhere else: it is large, and needs a current Node.js.
  const { KubeConfig } = await import('@kubernetes/client-node').catch(() => {
    throw new KubeconfigError(
      `reading a kubeconfig needs Node.js 22.15 or later; this is ${process.version}: npm ci in the folder of arc-lab brings one that it takes by itself, or update Node.js`,
    );
  });
  const files = kubeconfigFiles(options.file);
  const config = new KubeConfig();
  for (const [index, file] of files.entries()) {
    const one = index === 0 ? config : new KubeConfig();
    try {
      one.loadFromFile(file);
    } catch (error) {
      throw new KubeconfigError(`the kubeconfig ${file} cannot be read: ${systemProblem(error)}`);
    }
    if (one !== config) config.mergeConfig(one);
  }
  const contextName = options.context ?? config.getCurrentContext();
  const known = config.getContexts().map(({ name }) => name);
  if (known.length === 0) throw new KubeconfigError(`${files[0]} is no kubeconfig: it has no contexts`);
  if (!contextName) {
    throw new KubeconfigError(
      `the kubeconfig ${files[0]} has no current context; kubectl config use-context NAME sets one`,
    );
  }
  if (!known.includes(contextName)) {
    const listed = known.join(', ');
    throw new KubeconfigError(
      `the kubeconfig ${files[0]} has no context ${JSON.stringify(contextName)}; it has ${listed}`,
    );
  }
  config.setCurrentContext(contextName);
  const cluster = config.getCurrentCluster();
  if (cluster === null || !URL.canParse(cluster.server)) {
    throw new KubeconfigError(`the context ${contextName} names no cluster with a valid server URL`);
  }
  const server = new URL(cluster.server);
  if (server.protocol === 'http:' && !cluster.skipTLSVerify) {
    if (!isLoopback(server)) {
      throw new KubeconfigError(
        `the server of context ${contextName} is plain HTTP, over which others could read the credentials; ` +
          'use https, or give its cluster insecure-skip-tls-verify: true',
      );
    }
    // As kubectl proxy serves it: there is no certificate to verify, and nobody else on the way.
    config.clusters = config.clusters.map((each) => (each === cluster ? { ...each, skipTLSVerify: true } : each));
  }
  const user = config.getCurrentUser();
  // What a file holds in these places need not be text.
  const credentials: readonly unknown[] = [user?.token, user?.password, decoded(user?.keyData)];
  for (const secret of credentials) if (typeof secret === 'string') options.secrets.add(secret);

  return {
    contextName,
    userName: user?.name ?? '',
    server,
    namespace: config.getContextObject(contextName)?.namespace ?? 'default',
    requestOptions: async () => {
      const request: RequestOptions = {};
      try {
        await config.applyToHTTPSOptions(request);
      } catch (error) {
        throw new KubeconfigError(
          `the credentials of context ${contextName} cannot be had: ${options.secrets.redact(problemWithPath(error))}`,
        );
      }
      const authorization = (request.headers as Record<string, unknown> | undefined)?.['Authorization'];
      if (typeof authorization === 'string') options.secrets.add(authorization.replace(/^Bearer /, ''));
      return request;
    },
  };
}

function decoded(base64: unknown): string {
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('utf8') : '';
}

/** The certificate, key or program that could not be had is another file than the kubeconfig. */
function problemWithPath(error: unknown): string {
  const path = error instanceof Error ? (error as NodeJS.ErrnoException).path : undefined;
  return path === undefined ? systemProblem(error) : `${path}: ${systemProblem(error)}`;
}
