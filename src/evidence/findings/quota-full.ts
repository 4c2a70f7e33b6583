import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { EphemeralRunner, PodSpec } from '../../kubernetes/types.ts';
import { clean } from '../clean.ts';
import type { Finding, Rule } from '../finding.ts';
import { amountOf, amountLike } from '../quantity.ts';
import { quotaNamed } from '../quota-cause.ts';
import { failsForGood } from './quota.ts';
import { keyOf, type Found, type Quota, type Reading } from '../reading.ts';

/** What is left of one resource is less than what one more pod asks for. */
interface Short {
  readonly resource: string;
  readonly used: string;
  readonly asked: string;
  readonly hard: string;
}

/** Quotas that have no room for the pod of a runner that has none: without a log nothing else tells why it has none. */
export const quotaFull: Rule = (reading) => {
  const without = withoutPod(reading);
  return reading.objects.quotas.flatMap(({ object, seen }): Finding[] => {
    const own = without.filter(({ object: { metadata } }) => metadata.namespace === object.metadata.namespace);
    const [first] = own;
    const short = first === undefined ? undefined : shortOf(object, first.object);
    if (first === undefined || short === undefined) return [];
    const { name } = object.metadata;
    const sum = t('{0}: used {1} + requested {2} > {3}', short.resource, short.used, short.asked, short.hard);
    return [
      {
        id: 'quota-full',
        severity: 'error',
        sentence: counted(
          own.length,
          t('Quota {0} has no room for the pod of {1}: {2}.', name, first.object.metadata.name, sum),
          t('Quota {0} has no room for the pods of {1} runners: {2}.', name, thousands(own.length), sum),
        ),
        details: [],
        runners: own.map((runner) => runner.object.metadata.name),
        evidence: [
          { at: seen, says: clean(`status.used ${short.resource} ${short.used}`) },
          { at: first.seen, says: t('{0} has no pod', first.object.metadata.name) },
        ],
        confidence: 'likely',
        advice: [
          t('Raise the quota, remove pods that are no longer needed, or lower maxRunners so that all runners fit.'),
          ...failsForGood(reading),
        ].join(' '),
        weightUs: 0,
        cause: quotaNamed(name),
      },
    ];
  });
};

/** Runners that wait for a pod. Where nobody asked for pods, one that has no phase yet has none. */
function withoutPod({ objects: { runners, pods } }: Reading): Found<EphemeralRunner>[] {
  return runners.filter(({ object }) => {
    const { phase } = object.status ?? {};
    const isWaiting = (phase ?? '') === '' || (phase === 'Pending' && pods.size > 0);
    return isWaiting && object.metadata.deletionTimestamp === undefined && !pods.has(keyOf(object));
  });
}

function shortOf({ spec, status }: Quota, runner: EphemeralRunner): Short | undefined {
  for (const [resource, limit] of Object.entries(spec?.hard ?? {})) {
    const [hard, used] = [word(limit), word(status?.used?.[resource])];
    const asked = askedFor(runner, resource);
    if (used !== '' && asked > 0 && amountOf(used) + asked > amountOf(hard)) {
      return { resource, used, asked: amountLike(asked, hard), hard };
    }
  }
  return undefined;
}

/** How much of a resource the pod of a runner asks for: in whole units, 0 where it is not counted. */
function askedFor({ spec }: EphemeralRunner, resource: string): number {
  if (resource === 'pods' || resource === 'count/pods') return 1;
  const [kind, name = ''] = resource.includes('.') ? resource.split(/\.(.*)/s) : ['requests', resource];
  // People cut the spec out of what they paste.
  const { spec: pod } = (spec as Partial<EphemeralRunner['spec']> | undefined) ?? {};
  return ((pod as Partial<PodSpec> | undefined)?.containers ?? []).reduce((sum, { resources }) => {
    const of = (resources as Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined)?.[kind ?? ''];
    return sum + amountOf(word(of?.[name]));
  }, 0);
}

/** A quantity as it is written; empty for what is none. */
function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
