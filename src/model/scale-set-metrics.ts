import { groupBy } from '../base/group.ts';
import { Gauge, type Registry } from 'prom-client';
import { parseConfigUrl, type GitHubConfig } from '../actions/config-url.ts';
import { AutoscalingListeners, EphemeralRunners, EphemeralRunnerSets, Pods } from '../kubernetes/resource.ts';
import type { EphemeralRunner, EphemeralRunnerSet } from '../kubernetes/types.ts';
import { SCALE_SET_NAME_LABEL, SCALE_SET_NAMESPACE_LABEL } from '../reconciler/labels.ts';
import type { Switches } from '../reconciler/releases/switches.ts';
import { statesOf } from '../reconciler/runner-set/runner-states.ts';
import type { Caches } from '../runtime/caches.ts';
import { listenerPhase } from './scale-set-recorder.ts';

type Labels = Readonly<Record<string, string>>;
type Value = readonly [Labels, number];

const LABELS = ['name', 'namespace', 'repository', 'organization', 'enterprise'];

/**
 * The controllers' own metrics under upstream's names: how many runners a scale set has in which state, and which listeners
 * run. They are what the caches show when they are asked for; what is gone is 0.
 */
export function addScaleSetMetrics(registry: Registry, caches: Caches, switches: Switches): void {
  const gauge = (name: string, help: string, read: () => readonly Value[]): void => {
    const known = new Map<string, Labels>();
    new Gauge({
      ...{ name, help, labelNames: LABELS, registers: [registry] },
      collect() {
        for (const labels of known.values()) this.set(labels, 0);
        for (const [labels, value] of read()) {
          known.set(JSON.stringify(labels), labels);
          this.inc(labels, value);
        }
      },
    });
  };
  for (const state of ['pending', 'running', 'failed'] as const) {
    const help = `Number of ephemeral runners in a ${state} state.`;
    gauge(`gha_controller_${state}_ephemeral_runners`, help, () => {
      const runners = runnersBySet(caches);
      return [...caches.of(EphemeralRunnerSets).entries()].flatMap(([, set]) => {
        const labels = labelsOfSet(set);
        const own = runners.get(set.metadata.uid ?? '') ?? [];
        return labels === undefined ? [] : [[labels, statesOf(own, switches)[state].length] as const];
      });
    });
  }
  if (!caches.kinds.includes(AutoscalingListeners)) return;
  gauge('gha_controller_running_listeners', 'Number of running listeners.', () =>
    [...caches.of(AutoscalingListeners).entries()].flatMap(([key, { metadata, spec }]) => {
      const owners = ownersOf(spec.githubConfigUrl);
      const isRunning = listenerPhase(caches.of(Pods).get(key)) === 'Running';
      if (owners === undefined) return [];
      return [[{ name: metadata.name, namespace: metadata.namespace ?? '', ...owners }, isRunning ? 1 : 0] as const];
    }),
  );
}

function runnersBySet(caches: Caches): Map<string, EphemeralRunner[]> {
  const runners = Array.from(caches.of(EphemeralRunners).entries(), ([, runner]) => runner);
  return groupBy(
    runners,
    ({ metadata }) => metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? '',
  );
}

function labelsOfSet({ metadata, spec }: EphemeralRunnerSet): Labels | undefined {
  const owners = ownersOf(spec.ephemeralRunnerSpec.githubConfigUrl);
  const { [SCALE_SET_NAME_LABEL]: name = '', [SCALE_SET_NAMESPACE_LABEL]: namespace = '' } = metadata.labels ?? {};
  return owners === undefined ? undefined : { name, namespace, ...owners };
}

function ownersOf(url: string): Labels | undefined {
  let config: GitHubConfig;
  try {
    config = parseConfigUrl(url);
  } catch {
    return undefined;
  }
  const { repository = '', organization = '', enterprise = '' } = config;
  return { repository, organization, enterprise };
}
