import { ActionsConnection, parseJson, type ConnectionOptions } from './connection.ts';
import type { CallerDetails } from './client-policy.ts';
import type { HttpResponse } from '../base/http.ts';
import type { ActionsOperation } from './operations.ts';
import type { ActionsStep } from './retry.ts';
import type { RunnerGroup, RunnerScaleSet, ScaleSetSpec } from './scale-set.ts';

export interface RunnerReference {
  readonly id: number;
  readonly name: string;
  readonly runnerScaleSetId: number;
}

export interface JitConfig {
  readonly runner: RunnerReference;
  readonly encodedJITConfig: string;
}

export const API_VERSION = 'api-version=6.0-preview';
export const SCALE_SETS = '_apis/runtime/runnerscalesets';
/** Go's time that nobody has set: the real clients send it for what the service sets itself. */
const NO_TIME = '0001-01-01T00:00:00Z';

/**
 * Client of the Actions service for one config URL and one set of credentials. Its methods are parts of passes: they
 * yield the HTTP requests they need.
 */
export class ActionsClient {
  readonly #connection: ActionsConnection;
  readonly #secrets: ConnectionOptions['secrets'];

  constructor(options: ConnectionOptions) {
    this.#connection = new ActionsConnection(options);
    this.#secrets = options.secrets;
  }

  /** Gets what every other call needs: shows that the service is there and takes the credentials. */
  *connect(): ActionsStep<void> {
    yield* this.#connection.connect();
  }

  /** From now on the calls of all who share this client's token say on whose behalf they are made. */
  *nameCaller(caller: CallerDetails): ActionsStep<void> {
    yield* this.#connection.nameCaller(caller);
  }

  /** @throws ActionsError 409 AgentExistsException when the name is registered */
  *generateJitConfig(scaleSetId: number, name: string, workFolder: string): ActionsStep<JitConfig> {
    const path = `_apis/runtime/runnerscalesets/${scaleSetId}/generatejitconfig?${API_VERSION}`;
    const body = JSON.stringify({ name, workFolder });
    const response = yield* this.#connection.service('generatejitconfig', name, 'POST', path, body);
    if (response.status !== 200) throw this.#connection.refused(response, 'generatejitconfig');
    const jitConfig = parseJson<JitConfig>(response, 'generatejitconfig');
    this.#secrets.addRecent(jitConfig.encodedJITConfig);
    return jitConfig;
  }

  /** @throws ActionsError 404 AgentNotFoundException when the service does not know the runner */
  *getRunner(id: number, subject: string): ActionsStep<RunnerReference> {
    const response = yield* this.#connection.service('get-runner', subject, 'GET', agentsPath(id));
    if (response.status !== 200) throw this.#connection.refused(response, 'get-runner');
    return parseJson<RunnerReference>(response, 'get-runner');
  }

  *getRunnerByName(name: string): ActionsStep<RunnerReference | undefined> {
    const path = `_apis/distributedtask/pools/0/agents?agentName=${encodeURIComponent(name)}&${API_VERSION}`;
    const response = yield* this.#connection.service('get-runner-by-name', name, 'GET', path);
    if (response.status !== 200) throw this.#connection.refused(response, 'get-runner-by-name');
    const { count, value } = parseJson<{ count: number; value: RunnerReference[] }>(response, 'get-runner-by-name');
    if (count > 1) throw new Error('multiple runner found with the same name');
    return count === 0 ? undefined : value[0];
  }

  /** @throws ActionsError for any answer but 204, 400 JobStillRunningException among them */
  *removeRunner(id: number, subject: string): ActionsStep<void> {
    const response = yield* this.#connection.service('delete-runner', subject, 'DELETE', agentsPath(id));
    if (response.status !== 204) throw this.#connection.refused(response, 'delete-runner');
  }

  /** @throws Error where no group has this name */
  *getRunnerGroupByName(name: string): ActionsStep<RunnerGroup> {
    const path = `_apis/runtime/runnergroups/?${API_VERSION}&groupName=${encodeURIComponent(name)}`;
    const found = yield* this.#list<RunnerGroup>('get-runner-group', name, path);
    if (found.length > 1) throw new Error(`multiple runner group found with name "${name}"`);
    if (found[0] === undefined) throw new Error(`no runner group found with name "${name}"`);
    return found[0];
  }

  /** @returns undefined where the group has no scale set of this name */
  *getRunnerScaleSet(runnerGroupId: number, name: string): ActionsStep<RunnerScaleSet | undefined> {
    const path = `${SCALE_SETS}?${API_VERSION}&name=${encodeURIComponent(name)}&runnerGroupId=${runnerGroupId}`;
    const found = yield* this.#list<RunnerScaleSet>('get-scale-set-by-name', name, path);
    if (found.length > 1) throw new Error(`multiple runner scale sets found with name "${name}"`);
    return found[0];
  }

  *createRunnerScaleSet(spec: ScaleSetSpec): ActionsStep<RunnerScaleSet> {
    const path = `${SCALE_SETS}?${API_VERSION}`;
    const operation = 'create-scale-set';
    const response = yield* this.#connection.service(operation, spec.name ?? '', 'POST', path, scaleSetBody(spec));
    return this.#answer(response, operation);
  }

  /** @param subject name of the scale set, as traces show it */
  *updateRunnerScaleSet(id: number, change: ScaleSetSpec, subject: string): ActionsStep<RunnerScaleSet> {
    const operation = 'update-scale-set';
    const response = yield* this.#connection.service(
      operation,
      subject,
      'PATCH',
      scaleSetPath(id),
      scaleSetBody(change),
    );
    return this.#answer(response, operation);
  }

  /**
   * @param subject name of the scale set, as traces show it
   * @throws ActionsError for any answer but 204
   */
  *deleteRunnerScaleSet(id: number, subject: string): ActionsStep<void> {
    const response = yield* this.#connection.service('delete-scale-set', subject, 'DELETE', scaleSetPath(id));
    if (response.status !== 204) throw this.#connection.refused(response, 'delete-scale-set');
  }

  *#list<T>(operation: ActionsOperation, subject: string, path: string): ActionsStep<readonly T[]> {
    const response = yield* this.#connection.service(operation, subject, 'GET', path);
    return this.#answer<{ readonly value: readonly T[] }>(response, operation).value;
  }

  #answer<T>(response: HttpResponse, operation: ActionsOperation): T {
    if (response.status !== 200) throw this.#connection.refused(response, operation);
    return parseJson<T>(response, operation);
  }
}

function agentsPath(id: number): string {
  return `_apis/distributedtask/pools/0/agents/${id}?${API_VERSION}`;
}

function scaleSetPath(id: number): string {
  return `${SCALE_SETS}/${id}?${API_VERSION}`;
}

/** As Go's structure of a scale set is written: what is empty is left out, but for these two. */
function scaleSetBody({ RunnerSetting = {}, ...spec }: ScaleSetSpec): string {
  return JSON.stringify({ ...spec, RunnerSetting, createdOn: NO_TIME });
}
