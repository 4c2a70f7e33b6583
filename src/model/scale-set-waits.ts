import { t } from '@vscode/l10n';
import { runnersText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import type { AutoscalingListener, AutoscalingRunnerSet } from '../kubernetes/scale-set-types.ts';
import type { EphemeralRunnerSet, Pod } from '../kubernetes/types.ts';
import { LISTENER_CONTAINER } from '../reconciler/autoscaling-listener/names.ts';
import { SCALE_SET_ID_ANNOTATION } from '../reconciler/autoscaling-runner-set/names.ts';
import type { Activity } from './listener-activity.ts';
import type { RunnerState } from './runner-state.ts';

/** What an object above runners waits for. */
export interface Wait {
  /** Stays the same for as long as it waits for the same thing, whatever numbers the text has. */
  readonly code: string;
  readonly text: string;
  readonly level: 'well' | 'waits' | 'trouble';
  /** Since when, where an object says it, as Kubernetes writes times. */
  readonly sinceText?: string | null | undefined;
  /** The same in the run's microseconds. */
  readonly sinceUs?: number | undefined;
}

/** How many runners of a set are in which state. */
export type StateCounts = Readonly<Record<RunnerState, number>>;

/** What an EphemeralRunnerSet waits for: the runners that it has are to become those that it wants. */
export function waitOfSet({ metadata, spec, status }: EphemeralRunnerSet, counts: StateCounts): Wait {
  const { pending, running, succeeded, failed, deleting } = counts;
  const has = pending + running + succeeded + failed;
  const { deletionTimestamp: sinceText } = metadata;
  if (sinceText !== undefined) {
    const left = has + deleting;
    const text = left === 0 ? t('being deleted') : t('being deleted: waits for {0} to go', runnersText(left));
    return { code: 'deleting', text, level: 'waits', sinceText };
  }
  const wants = spec.replicas ?? 0;
  const parts = [wants === has ? t('wants {0}, has them', wants) : t('wants {0}, has {1}', wants, has)];
  if (wants > has) parts.push(t('{0} being made', wants - has));
  if (wants < has) parts.push(t('{0} too many', has - wants));
  if (deleting > 0) parts.push(t('{0} being removed', deleting));
  const text = wants === 0 && has === 0 && deleting === 0 ? t('wants no runners') : parts.join(', ');
  if (status?.phase === 'Outdated') {
    return { code: 'outdated', text: t('outdated, makes no runners: {0}', text), level: 'trouble' };
  }
  if (wants === has) return { code: deleting > 0 ? 'removing' : 'has', text, level: deleting > 0 ? 'waits' : 'well' };
  return { code: wants > has ? 'making' : 'too-many', text, level: 'waits' };
}

/** Of a listener whose pod may not be read. */
export const UNSEEN = (): Wait => ({ code: 'unseen', text: t('its pod may not be read'), level: 'well' });

/** What a listener waits for: its pod, or what its program does where that runs here. */
export function waitOfListener(
  { metadata }: AutoscalingListener,
  pod: Pod | undefined,
  activity: Activity | undefined,
  pauseUs: number,
): Wait {
  if (metadata.deletionTimestamp !== undefined) {
    return { code: 'deleting', text: t('being deleted'), level: 'waits', sinceText: metadata.deletionTimestamp };
  }
  if (pod === undefined) return { code: 'no-pod', text: t('waits for its pod'), level: 'waits' };
  const container = pod.status?.containerStatuses?.find(({ name }) => name === LISTENER_CONTAINER);
  const { waiting, running, terminated } = container?.state ?? {};
  const { creationTimestamp, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) {
    return { code: 'pod-deleting', text: t('its pod is being deleted'), level: 'waits', sinceText: deletionTimestamp };
  }
  if (pod.status?.phase === 'Failed' || terminated !== undefined) {
    const reason = pod.status?.reason ?? t('exit {0}', terminated?.exitCode ?? 0);
    const text = t('its pod has ended ({0}), waits for another', reason);
    return { code: 'ended', text, level: 'trouble', sinceText: terminated?.finishedAt };
  }
  if (running === undefined) {
    const reason = waiting?.reason ?? pod.status?.conditions?.find(({ status }) => status === 'False')?.reason ?? '';
    const text = reason === '' ? t('pod pending') : t('pod pending: {0}', reason);
    const isTrouble = /Err|BackOff|Unschedulable/.test(reason);
    return { code: `pending ${reason}`, text, level: isTrouble ? 'trouble' : 'waits', sinceText: creationTimestamp };
  }
  const slow = pauseUs === 0 ? '' : t('slowed down by {0}', formatDuration(pauseUs));
  if (activity === undefined) {
    const text = [t('runs'), slow].filter((part) => part !== '').join(', ');
    return { code: 'runs', text, level: 'well', sinceText: running.startedAt };
  }
  const { code, sinceUs } = activity;
  const text = [activity.text, slow].filter((part) => part !== '').join(', ');
  return { code, text, level: code === 'get-message' ? 'well' : 'waits', sinceUs };
}

/** What is below a scale set; a kind that may not be read is undefined. */
export interface BelowScaleSet {
  readonly sets: readonly EphemeralRunnerSet[] | undefined;
  readonly listeners: readonly Wait[] | undefined;
  readonly runners: number;
}

/** What an AutoscalingRunnerSet waits for: the first thing that it lacks on the way to runners. */
export function waitOfScaleSet(scaleSet: AutoscalingRunnerSet, below: BelowScaleSet): Wait {
  const { metadata, status } = scaleSet;
  const { sets, listeners, runners } = below;
  const waits = (code: string, text: string, since?: Pick<Wait, 'sinceText' | 'sinceUs'>): Wait => ({
    ...{ code, text, level: 'waits' },
    ...since,
  });
  if (metadata.deletionTimestamp !== undefined) {
    const since = { sinceText: metadata.deletionTimestamp };
    if ((listeners?.length ?? 0) > 0) return waits('deleting', t('being deleted: waits for its listener to go'), since);
    if (runners > 0) return waits('deleting', t('being deleted: waits for {0} to go', runnersText(runners)), since);
    return waits('deleting', t('being deleted'), since);
  }
  if (status?.phase === 'Outdated') {
    const text = t('outdated: the service refuses this version of the runner; needs a newer image');
    return { code: 'outdated', text, level: 'trouble' };
  }
  const created = { sinceText: metadata.creationTimestamp };
  if ((metadata.annotations?.[SCALE_SET_ID_ANNOTATION] ?? '') === '')
    return waits('no-id', t('waits for its scale set at the Actions service'), created);
  if (sets?.length === 0) return waits('no-set', t('waits for its set of runners'));
  if (listeners?.length === 0) return waits('no-listener', t('waits for its listener'));
  const busy = listeners?.find(({ code }) => /^(no-pod|pod-deleting|pending|ended|deleting)/.test(code));
  if (busy === undefined) return { code: 'well', text: '', level: 'well' };
  const { code, sinceText, sinceUs, level } = busy;
  const what = code === 'no-pod' ? t('waits for its listener’s pod') : t('waits for its listener: {0}', busy.text);
  return { code: `listener ${code}`, text: what, level, sinceText, sinceUs };
}
