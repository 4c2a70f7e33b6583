import { ActionsClientCache } from '../actions/client-cache.ts';
import { credentialsFrom } from '../actions/credentials.ts';
import type { Clock } from '../base/clock.ts';
import type { HttpTransport } from '../base/http.ts';
import type { SecretRegistry } from '../base/redact.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { ApiTransport } from '../kubernetes/remote/transport.ts';
import { pathOf, Secrets } from '../kubernetes/resource.ts';
import type { EphemeralRunner, Secret } from '../kubernetes/types.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { clientFor } from '../reconciler/service.ts';
import { Controllers } from '../runtime/controllers.ts';
import type { Step } from '../runtime/effects.ts';
import type { Driver } from '../runtime/pass.ts';
import { runStep } from '../runtime/run-step.ts';
import { failed, passed, type Check } from './check.ts';
import { ImpatientDriver } from './impatient-driver.ts';
import { GUARD_USER_AGENT } from './user-agent.ts';

export interface GitHubCheckInput {
  readonly transport: Pick<ApiTransport, 'json'>;
  readonly cluster: Cluster;
  readonly http: HttpTransport;
  readonly secrets: SecretRegistry;
  /** All for ''. */
  readonly namespace: string;
  readonly mode: string;
  readonly clock: Clock;
  readonly nowMs: () => number;
}

/** Whether the service takes the runners' credentials; one runner stands for all with its config URL and secret. */
export async function gitHubChecks(input: GitHubCheckInput, runners: readonly EphemeralRunner[]): Promise<Check[]> {
  if (runners.length === 0) return [passed('GitHub', 'there is no runner yet whose secret could be looked at')];
  const kinds = new Map<string, EphemeralRunner>();
  for (const runner of runners) {
    const { githubConfigUrl, githubConfigSecret } = runner.spec;
    kinds.set(`${runner.metadata.namespace} ${githubConfigSecret} ${githubConfigUrl}`, runner);
  }
  const checks: Check[] = [];
  for (const runner of kinds.values()) checks.push(...(await gitHubCheck(input, runner)));
  return checks;
}

async function gitHubCheck(input: GitHubCheckInput, runner: EphemeralRunner): Promise<Check[]> {
  const { transport, secrets } = input;
  const { namespace = '' } = runner.metadata;
  const { githubConfigSecret, githubConfigUrl } = runner.spec;
  const where = `${namespace}/${githubConfigSecret}`;
  let kind: string;
  try {
    const { data } = (await transport.json('GET', pathOf(Secrets, namespace, githubConfigSecret))) as Secret;
    kind = credentialsFrom(data).kind === 'token' ? 'a personal access token' : 'the key of a GitHub App';
  } catch (error) {
    const isForbidden = error instanceof ApiError && error.code === 403;
    const todo = isForbidden ? `give the right to get secrets in ${namespace}` : 'correct the secret';
    return [failed('GitHub secret', `${where}: ${(error as Error).message}`, todo)];
  }
  const checks = [passed('GitHub secret', `${where} holds ${kind}`)];
  try {
    const clients = new ActionsClientCache(secrets, {
      ...RELEASES.get(input.mode).actions,
      userAgent: () => GUARD_USER_AGENT,
    });
    await connect(input, runner, clients);
    checks.push(passed('Actions service', `${githubConfigUrl} takes the credentials of ${where}`));
  } catch (error) {
    const says = `${githubConfigUrl}: ${secrets.redact((error as Error).message)}`;
    const todo = 'check the URL, the network and the rights of the credentials';
    checks.push(failed('Actions service', says, todo));
  }
  return checks;
}

/** Does what the first pass of a runner does to reach the service, without waiting and trying again. */
function connect(input: GitHubCheckInput, runner: EphemeralRunner, clients: ActionsClientCache): Promise<void> {
  const { clock, nowMs } = input;
  const epochMs = nowMs() - clock.nowUs() / 1000;
  const wrapDriver = (driver: Driver): Driver => new ImpatientDriver(driver);
  const { driver } = new Controllers([], { ...input, qps: 0, burst: 0, epochMs, wrapDriver });
  function* step(): Step<void> {
    const client = yield* clientFor(runner, clients);
    yield* client.connect();
  }
  return runStep(step(), driver);
}
