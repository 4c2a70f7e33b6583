import { t } from '@vscode/l10n';
import { parseDurationUs } from '../base/duration.ts';
import { deleteRequest, patchRequest } from '../kubernetes/request.ts';
import { AutoscalingRunnerSets, EphemeralRunners } from '../kubernetes/resource.ts';
import { SIMULATED_SERVICE_URL } from './simulated-service.ts';
import { LAB_NAMESPACE, type EmbeddedEnvironment } from './embedded-environment.ts';
import { rejectNextPod } from './reject-pod.ts';
import type { Run } from './run.ts';

/**
 * What people, nodes or GitHub do to a run besides what its settings say. A runner without a name is the oldest that is
 * there then.
 */
export type Happening =
  | { readonly do: 'delete' | 'evict' | 'unregister'; readonly runner: string | undefined }
  | { readonly do: 'exit'; readonly runner: string | undefined; readonly code: number }
  /** Somebody gives a runner a finalizer that nobody takes away. */
  | { readonly do: 'hold'; readonly runner: string | undefined }
  /** Another scale set registers a runner of that name. */
  | { readonly do: 'claim'; readonly runner: string | undefined }
  /** The node is short of memory and does not take the next pod of a runner, or of a listener. */
  | { readonly do: 'reject'; readonly runner: string | undefined }
  | { readonly do: 'reject-listener' }
  /** The controllers' process is killed in the midst of what it does, and comes back. */
  | { readonly do: 'kill-controller' }
  /** GitHub deletes the scale set. */
  | { readonly do: 'delete-scale-set' }
  /** Somebody gives the AutoscalingRunnerSet another image for its runners. */
  | { readonly do: 'change-template' };

/** The same at a time, counted from the first runner's creation. */
export type TimedHappening = Happening & { readonly atUs: number };

const EVICTION = 'The node was low on resource: memory.';
const FOREIGN_FINALIZER = 'lab.example.com/held';
export const MOST_EXIT_CODE = 255;
const SCALE_SET = 'lab';
const ANOTHER_SCALE_SET_ID = 4_711;
/** From the end of the process until its container has been started again. */
const RESTART_US = 1_000_000;

/** @returns whether there was anything to do it to */
export function happen(run: Run<EmbeddedEnvironment>, happening: Happening): boolean {
  const { environment } = run;
  const { cluster, service, pods } = environment;
  if (happening.do === 'kill-controller') {
    run.restartControllers(RESTART_US);
    return true;
  }
  if (happening.do === 'delete-scale-set') {
    const { sets } = service.state.scaleSets;
    for (const { id } of sets) {
      const url = `${SIMULATED_SERVICE_URL}/_apis/runtime/runnerscalesets/${id}`;
      service.handle({ method: 'DELETE', url, headers: {} });
    }
    return sets.length > 0;
  }
  if (happening.do === 'change-template') {
    const containers = [{ name: 'runner', image: 'ghcr.io/actions/actions-runner:changed' }];
    const body = { spec: { template: { spec: { containers } } } };
    cluster.send(patchRequest(AutoscalingRunnerSets, LAB_NAMESPACE, SCALE_SET, body), ignore);
    return true;
  }
  if (happening.do === 'reject-listener') {
    const { process } = environment;
    if (process !== undefined) rejectNextPod(environment, ({ namespace }) => namespace === process.namespace);
    return process !== undefined;
  }
  if (happening.do === 'reject') {
    const { runner } = happening;
    rejectNextPod(environment, (pod) => pod.namespace === LAB_NAMESPACE && (runner ?? pod.name) === pod.name);
    return true;
  }
  const name = happening.runner ?? oldestRunner(environment);
  if (name === undefined) return false;
  const key = `${LAB_NAMESPACE}/${name}`;
  switch (happening.do) {
    case 'delete': {
      const isThere = cluster.api.store.of(EphemeralRunners).find(LAB_NAMESPACE, name) !== undefined;
      cluster.send(deleteRequest(EphemeralRunners, LAB_NAMESPACE, name), ignore);
      return isThere;
    }
    case 'hold': {
      const runner = cluster.api.store.of(EphemeralRunners).find(LAB_NAMESPACE, name)?.object;
      const finalizers = [...(runner?.metadata.finalizers ?? []), FOREIGN_FINALIZER];
      cluster.send(patchRequest(EphemeralRunners, LAB_NAMESPACE, name, { metadata: { finalizers } }), ignore);
      return runner !== undefined;
    }
    case 'unregister':
      if (!service.runners.has(name)) return false;
      service.forget(name);
      return true;
    case 'claim':
      if (service.runners.has(name)) return false;
      service.register(name, ANOTHER_SCALE_SET_ID);
      return true;
    case 'evict':
      return pods?.act(key, { do: 'evict', message: EVICTION }) === true;
    case 'exit': {
      const exit = { do: 'exit', exitCode: happening.code, container: undefined } as const;
      return pods?.act(key, { ...exit, reason: undefined, message: undefined }) === true;
    }
  }
}

/** In a few words. */
export function happeningText(happening: Happening): string {
  if (happening.do === 'delete-scale-set') return t('GitHub deletes the scale set');
  if (happening.do === 'change-template') return t("somebody changes the template of the scale set's runners");
  if (happening.do === 'kill-controller') return t('the process of the controllers is killed');
  if (happening.do === 'reject-listener') return t('the node is short of memory for the next pod of a listener');
  const name = happening.runner ?? t('the oldest runner');
  switch (happening.do) {
    case 'delete':
      return t('somebody deletes {0}', name);
    case 'hold':
      return t('somebody gives {0} a finalizer that nobody takes away', name);
    case 'unregister':
      return t('GitHub forgets the registration of {0}', name);
    case 'reject':
      return t('the node is short of memory for the next pod of {0}', name);
    case 'claim':
      return t('another scale set registers a runner called {0}', name);
    case 'evict':
      return t('the pod of {0} is evicted', name);
    case 'exit':
      return t('the container of {0} ends with exit code {1}', name, happening.code);
  }
}

/**
 * Reads `delete runner-1 at 2s, exit 7 at 30s, delete scale-set at 1m`.
 * @throws Error with a sentence for anything else
 */
export function parseHappenings(text: string): readonly TimedHappening[] {
  return text.split(',').map((part) => {
    const [, what = '', time = ''] = /^\s*(.+?)\s+at\s+(\S+)\s*$/.exec(part) ?? [];
    const atUs = parseDurationUs(time);
    const happening = parseHappening(what);
    if (happening?.do === 'exit' && happening.code > MOST_EXIT_CODE) {
      throw new Error(t('an exit code is from 0 to {0}, not {1}', MOST_EXIT_CODE, happening.code));
    }
    if (atUs !== undefined && happening !== undefined) return { ...happening, atUs };
    throw new Error(
      t(
        'what happens meanwhile is given as "delete runner-1 at 2s, exit 7 runner-1 at 5s, kill controller at 1m" (arc-lab too-late --help lists all of it), not {0}',
        JSON.stringify(part.trim()),
      ),
    );
  });
}

/** As parseHappenings() reads it. */
export function happeningsText(happenings: readonly TimedHappening[]): string {
  return happenings.map((one) => `${words(one)} at ${one.atUs / 1000}ms`).join(', ');
}

function words(happening: Happening): string {
  if (happening.do === 'delete-scale-set') return 'delete scale-set';
  if (happening.do === 'change-template') return 'change template';
  if (happening.do === 'kill-controller') return 'kill controller';
  if (happening.do === 'reject-listener') return 'reject listener';
  const runner = happening.runner === undefined ? '' : ` ${happening.runner}`;
  return happening.do === 'exit' ? `exit ${happening.code}${runner}` : `${happening.do}${runner}`;
}

function parseHappening(text: string): Happening | undefined {
  if (text === 'delete scale-set') return { do: 'delete-scale-set' };
  if (text === 'change template') return { do: 'change-template' };
  if (text === 'kill controller') return { do: 'kill-controller' };
  if (text === 'reject listener') return { do: 'reject-listener' };
  const [, code, of] = /^exit (\d{1,3})(?: (\S+))?$/.exec(text) ?? [];
  if (code !== undefined) return { do: 'exit', code: Number(code), runner: of };
  const [, act, runner] = /^(delete|evict|unregister|hold|claim|reject)(?: (\S+))?$/.exec(text) ?? [];
  if (act === undefined) return undefined;
  return { do: act as 'delete' | 'evict' | 'unregister' | 'hold' | 'claim' | 'reject', runner };
}

function oldestRunner({ cluster }: EmbeddedEnvironment): string | undefined {
  for (const { object } of cluster.api.store.of(EphemeralRunners).entries()) return object.metadata.name;
  return undefined;
}

function ignore(): void {
  // People who do such things do not wait for the answer.
}
