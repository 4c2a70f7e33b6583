import { t } from '@vscode/l10n';
import {
  AutoscalingListeners,
  AutoscalingRunnerSets,
  CustomResourceDefinitions,
  EphemeralRunners,
  EphemeralRunnerSets,
  type Resource,
} from '../kubernetes/resource.ts';
import type { Crossing } from './crossing.ts';
import type { HazardRule } from './hazard.ts';
import type { Snapshot } from './snapshot.ts';

/** How many objects of each kind a check has read; of definitions ARC's own count. */
export interface ReadObjects {
  readonly runners: number;
  readonly sets: number;
  readonly scaleSets: number;
  readonly listeners: number;
  readonly definitions: number;
}

/** What could not be looked for, or not everywhere, and the end of a sentence that says why. */
export interface NotLookedFor {
  readonly what: string;
  readonly why: string;
}

export function readObjects(snapshot: Snapshot): ReadObjects {
  const { group } = EphemeralRunners;
  return {
    runners: snapshot.of(EphemeralRunners).length,
    sets: snapshot.of(EphemeralRunnerSets).length,
    scaleSets: snapshot.of(AutoscalingRunnerSets).length,
    listeners: snapshot.of(AutoscalingListeners).length,
    definitions: snapshot.of(CustomResourceDefinitions).filter(({ metadata: { name } }) => name.endsWith(`.${group}`))
      .length,
  };
}

export function notLookedFor(
  rules: readonly HazardRule[],
  crossing: Crossing,
  snapshot: Snapshot,
): readonly NotLookedFor[] {
  const { namespace, unread } = snapshot;
  const elsewhere = t('only {0} was looked at; a runner elsewhere can stop the controller for all', namespace);
  return [
    ...(namespace === '' ? [] : [{ what: t('anything in other namespaces'), why: elsewhere }]),
    ...rules.flatMap(({ looksFor, kinds, isOpen }) => {
      const kind = kinds.find((each) => unread.has(each));
      const why = kind === undefined ? isOpen?.(crossing, snapshot) : unread.get(kind);
      return why === undefined ? [] : [{ what: looksFor(), why }];
    }),
  ];
}

/** The end of a sentence, where everything was read and nothing was there that an upgrade could harm; undefined elsewhere. */
export function emptyText(snapshot: Snapshot): string | undefined {
  const { source, namespace, unread } = snapshot;
  const kinds: readonly Resource[] = [EphemeralRunners, EphemeralRunnerSets, AutoscalingRunnerSets];
  if (kinds.some((kind) => unread.has(kind) || snapshot.of(kind).length > 0)) return undefined;
  return namespace === ''
    ? t('{0} holds no runner, set or scale set', source)
    : t('namespace {0} of {1} holds no runner, set or scale set', namespace, source);
}
