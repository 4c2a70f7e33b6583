import { t } from '@vscode/l10n';
import { timesText } from '../base/count-words.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/**
 * Says of a listener that an earlier release left beside the one that a later release makes for the same scale set who has the
 * session, why the other has none, and what to do.
 * @param name of the earlier release's listener
 */
export function leftListenerText(name: string, from: string, to: string, log: TraceLog): string {
  const advice = t('Delete the AutoscalingListener {0}.', name);
  const { holder, refused, hasAsked } = sessionsIn(log);
  const other = [...refused.keys(), holder].find((one) => one !== undefined && one !== name);
  const isRefused = (who: string): string =>
    t('GitHub refuses it a session (409, {0})', timesText(refused.get(who) ?? 0));
  if (other === undefined || (holder === name && !refused.has(other))) {
    return `${t('The listener {0} of {1} stays beside the one that {2} makes for the same scale set. GitHub gives only one of them a session: the pod of the other ends and is made again.', name, from, to)} ${advice}`;
  }
  if (holder === name) {
    return `${t('The listener {0} of {1} stays and has the session of its scale set. The pod of {2}, the listener of {3}, ends and is made again: {4}.', name, from, other, to, isRefused(other))} ${advice}`;
  }
  const why = refused.has(name)
    ? isRefused(name)
    : hasAsked.has(name)
      ? t('it has lost its session')
      : t('{0} cannot read the configuration that {1} writes', from, to);
  return `${t('The listener {0} of {1} stays, but {2}, the listener of {3}, has the session of the scale set. The pod of the first ends and is made again: {4}.', name, from, other, to, why)} ${advice}`;
}

/** The same where the later release has deleted the scale set, and makes no listener for it. */
export function orphanText(name: string, from: string): string {
  return t('The listener {0} of {1} stays without its scale set. Delete the AutoscalingListener {0}.', name, from);
}

/** What the service answered listeners, by name, since another release took over. */
interface Sessions {
  /** Who was given a session last, before that or since. */
  readonly holder: string | undefined;
  /** How often others were refused one. */
  readonly refused: ReadonlyMap<string, number>;
  /** Who has asked the service for anything but to end a session. */
  readonly hasAsked: ReadonlySet<string>;
}

function sessionsIn({ rows: { requests, words, strings }, marks }: TraceLog): Sessions {
  const takeoverUs = marks.find(({ what }) => what === 'controller-started')?.at ?? 0;
  let holder: string | undefined;
  const refused = new Map<string, number>();
  const hasAsked = new Set<string>();
  for (let row = 0; row < requests.status.length; row++) {
    const listener = strings.textOf(requests.listener.get(row));
    if (listener === undefined || requests.to.get(row) !== 1) continue;
    const { name } = splitKey(listener);
    const [operation, status] = [words.textOf(requests.resource.get(row)), requests.status.get(row)];
    if (operation === 'create-session' && status === 200) holder = name;
    if (requests.span.startedUs(row) < takeoverUs || operation === 'delete-session') continue;
    hasAsked.add(name);
    if (operation === 'create-session' && status === 409) refused.set(name, (refused.get(name) ?? 0) + 1);
  }
  return { holder, refused, hasAsked };
}
