import { t } from '@vscode/l10n';
import { counted, podsText, runnersText, thousands } from '../base/count-words.ts';
import { formatAge } from '../base/duration.ts';
import type { EphemeralRunner } from '../kubernetes/types.ts';
import { belongsTo } from './belongs-to.ts';
import { isArcPod } from './pod-owner.ts';
import { keyOf, type Found, type Quota, type Reading } from './reading.ts';

/** A runner that has just been made has no pod yet. */
const YOUNG_US = 10e6;
/** By now it is registered where the controller gets to it. */
const LONG_US = 300e6;

/** What to give, or in a cluster to read, where the log is too short. */
export function giveMore({ isLive }: Reading): string {
  return isLive
    ? t('read more of the log with --since, or look again when jobs wait')
    : t("give more of the controller's log");
}

/**
 * What objects alone do not say of runners that wait, and what to give; undefined where none of them waits. Nothing that was
 * given is asked for again.
 */
export function missingFromObjects(reading: Reading): string | undefined {
  const { objects, isLive, hidden } = reading;
  const { runners, pods, quotas } = objects;
  if (hidden.has('EphemeralRunner')) {
    return t('runners cannot be seen, because the user may not list them; ask for the right to list and watch them');
  }
  if (hidden.has('Pod') && runners.some(({ object }) => isOnItsWay(object))) {
    return t(
      'the pods of runners cannot be seen, because the user may not list them; ask for the right to list and watch them',
    );
  }
  if (objects.count === 0) return undefined;
  const without = runners.filter(
    ({ object }) => isOnItsWay(object) && !pods.has(keyOf(object)) && (isLive || ageUs(reading, object) >= YOUNG_US),
  );
  if (without.length > 0 && (pods.size > 0 || isLive)) {
    const all = runnersText(thousands(runners.length));
    const untouched = isLive ? [] : without.filter(({ object }) => isUntouchedFor(reading, object));
    if (untouched.length > 0) return untouchedText(reading, untouched, all);
    const what = counted(
      without.length,
      t('1 of {0} has no pod, and its status does not say why', all),
      t('{0} of {1} have no pod, and their status does not say why', thousands(without.length), all),
    );
    return `${what}; ${isLive ? giveMore(reading) : t("give the controller's log as well")}`;
  }
  if (runners.length > 0 && pods.size === 0) {
    return t(
      "{0} without a pod; give kubectl get ephemeralrunners,pods,events -o yaml, and where that lists no pod the controller's log",
      runnersText(thousands(runners.length)),
    );
  }
  if (runners.length > 0) return isLive ? undefined : setsWanting(reading);
  if (isLive) return t('there is no runner; {0}', giveMore(reading));
  const [quota] = quotas;
  const what =
    pods.size > 0
      ? t('{0} and no runner', podsText(pods.size))
      : quota === undefined
        ? t('no runner and no pod')
        : quotaText(quota.object);
  return t("{0}; give kubectl get ephemeralrunners,pods -o yaml, or the controller's log", what);
}

/** How old a runner was when the objects were printed, as far as their times tell: at least this. */
function ageUs({ objects }: Reading, { metadata }: EphemeralRunner): number {
  const createdMs = Date.parse(metadata.creationTimestamp ?? '');
  return Number.isNaN(createdMs) ? Number.POSITIVE_INFINITY : objects.latestUs - createdMs * 1000;
}

/** One that has been there for long, and for which the controller has done nothing that its status shows. */
function isUntouchedFor(reading: Reading, runner: EphemeralRunner): boolean {
  const us = ageUs(reading, runner);
  return Number.isFinite(us) && us >= LONG_US && (runner.status?.runnerId ?? 0) === 0;
}

function untouchedText(reading: Reading, untouched: readonly Found<EphemeralRunner>[], all: string): string {
  const age = formatAge(Math.max(...untouched.map(({ object }) => ageUs(reading, object))));
  const [first] = untouched;
  return counted(
    untouched.length,
    t(
      "{0} has neither a registration nor a pod {1} after it was created: the controller does not get to it, or cannot register it; give the controller's log as well",
      first?.object.metadata.name ?? '',
      age,
    ),
    t(
      "{0} of {1} have neither a registration nor a pod, up to {2} after they were created: the controller does not get to them, or cannot register them; give the controller's log as well",
      thousands(untouched.length),
      all,
      age,
    ),
  );
}

/** Events alone, and none of a trouble. */
export function missingFromEvents(reading: Reading): string | undefined {
  const { podEvents, arcEvents, runners, isLive } = reading;
  const pods = podEvents.size;
  const isForeign =
    pods > 0 &&
    arcEvents.size === 0 &&
    [...podEvents.values()].every(({ namespace, name }) => !isArcPod(reading, namespace, name));
  if (isForeign && !isLive && [...runners.values()].length === 0) {
    const what = counted(
      pods,
      t('the events are of 1 pod that is not of ARC'),
      t('the events are of {0} pods, none of ARC', thousands(pods)),
    );
    return t('{0}; give kubectl get events -n with the namespace of the runners', what);
  }
  if (isLive || pods + arcEvents.size === 0 || [...runners.values()].length > 0) return undefined;
  const what =
    pods === 0
      ? t('the events tell of no trouble')
      : counted(
          pods,
          t('the events of 1 pod tell of no trouble'),
          t('the events of {0} pods tell of no trouble', pods),
        );
  return t("{0}; give kubectl get ephemeralrunners,pods -o yaml, or the controller's log", what);
}

/** A set that wants more runners than there are: the objects do not say why it does not have them. */
function setsWanting({ objects: { sets, runners } }: Reading): string | undefined {
  for (const { object } of sets) {
    const { spec, metadata, kind } = object;
    if (kind !== 'EphemeralRunnerSet' || metadata.deletionTimestamp !== undefined) continue;
    const own = runners.filter((runner) => belongsTo(object, runner.object)).length;
    const wanted = spec?.replicas;
    if (own === 0 || typeof wanted !== 'number' || wanted <= own) continue;
    return t(
      "set {0} wants {1} and has {2}, and its status does not say why; give the controller's log as well",
      metadata.name,
      runnersText(thousands(wanted)),
      thousands(own),
    );
  }
  return undefined;
}

/** Not yet at its pod: it has neither ended nor failed, and nobody has asked for its end. */
export function isOnItsWay({ metadata, status }: EphemeralRunner): boolean {
  return metadata.deletionTimestamp === undefined && ['', 'Pending'].includes(status?.phase ?? '');
}

/** `quota a lets 1 pod exist: with 1 used, 1 more requested is refused` */
function quotaText({ metadata, spec, status }: Quota): string {
  const pods = Number(spec?.hard?.['pods'] ?? spec?.hard?.['count/pods']);
  const name = t('quota {0} of namespace {1}', metadata.name, metadata.namespace ?? 'default');
  if (Number.isNaN(pods)) return t('{0} does not limit pods, and no runner is here', name);
  const used = Number(status?.used?.['pods'] ?? pods);
  const isFull = used >= pods;
  const sum = isFull
    ? t('exceeded quota: used {0} + requested 1 > {1}', used, pods)
    : t('used {0} + requested 1 ≤ {1}', used, pods);
  return isFull
    ? counted(
        used,
        t('{0} refuses the next pod once 1 is there ({1})', name, sum),
        t('{0} refuses the next pod once {2} are there ({1})', name, sum, used),
      )
    : counted(
        used,
        t('{0} lets pass the next pod while 1 is there ({1})', name, sum),
        t('{0} lets pass the next pod while {2} are there ({1})', name, sum, used),
      );
}
