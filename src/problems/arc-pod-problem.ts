import { t } from '@vscode/l10n';
import { counted, thousands } from '../base/count-words.ts';
import type { Pod } from '../kubernetes/types.ts';
import type { PodTrouble } from '../trace/model.ts';
import { withReason } from './code-words.ts';
import { podProblem } from './pod-problem.ts';
import { podTrouble } from './pod-trouble.ts';

/** Why a pod of ARC's own, a controller's or a listener's, does not run. */
export interface ArcPodProblem {
  /** `CrashLoopBackOff, exit code 137, OOMKilled, 17 restarts`: what follows a colon, without its full stop. */
  readonly how: string;
  /** Microseconds since 1970; undefined where the pod's status does not say. */
  readonly sinceUs: number | undefined;
  readonly advice: string;
}

/**
 * Why a pod does not run; undefined where it does, or has only begun to. One that is to go has its successor for that.
 * @param redact clears what the kubelet says of credentials
 */
export function arcPodProblem(pod: Pod, nowUs: number, redact: (text: string) => string): ArcPodProblem | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  const trouble = podTrouble(pod, {}, 0);
  const problem = podProblem({ ...(trouble === undefined ? {} : { trouble }), phase: 'Pending' }, nowUs);
  if (trouble === undefined || problem === undefined) return undefined;
  const { sinceUs, what, code, words } = problem;
  if (trouble.exitCode !== undefined)
    return { how: [...endOf(trouble), ...restartsOf(pod)].join(', '), sinceUs, advice: adviceAfterEnd(pod, trouble) };
  const restarts = restartsOf(pod).map((text) => `, ${text}`);
  const plain = `${withReason(what, code)}${restarts.join('')}`;
  const said = redact(words).replace(/[.\s]+$/, '');
  const how =
    code === 'CrashLoopBackOff' ? [code, ...restartsOf(pod)].join(', ') : said === '' ? plain : `${plain}: ${said}`;
  return { how, sinceUs, advice: code === 'CrashLoopBackOff' ? previousLog(pod) : (adviceOn(code) ?? problem.advice) };
}

/** What ended a container, and how: `ended, exit code 1`. */
function endOf({ code, exitCode, detail = '' }: PodTrouble): string[] {
  const isWaiting = code === 'CrashLoopBackOff';
  const reason = isWaiting ? detail : code.startsWith('exit ') ? '' : code;
  return [isWaiting ? code : t('ended'), t('exit code {0}', exitCode ?? ''), ...(isTelling(reason) ? [reason] : [])];
}

/** Kubernetes calls most ends an error. */
export function isTelling(reason: string): boolean {
  return !['', 'Error', 'Completed'].includes(reason);
}

/** How often its containers were started again. */
export function restartCount({ status }: Pod): number {
  return (status?.containerStatuses ?? []).reduce((sum, { restartCount: count = 0 }) => sum + count, 0);
}

function restartsOf(pod: Pod): string[] {
  const restarts = restartCount(pod);
  return restarts === 0 ? [] : [counted(restarts, t('1 restart'), t('{0} restarts', thousands(restarts)))];
}

function adviceAfterEnd(pod: Pod, { code, detail }: PodTrouble): string {
  return code === 'OOMKilled' || detail === 'OOMKilled' ? moreMemory() : previousLog(pod);
}

export const moreMemory = (): string => t("Raise the container's memory limit.");

/** A container that is not started again has its last log as its only one. */
export function previousLog({ metadata: { name, namespace = 'default' }, spec, status }: Pod): string {
  const isStartedAgain = spec.restartPolicy !== 'Never' && status?.phase !== 'Failed';
  return t('Read its last log: kubectl logs{0} -n {1} {2}.', isStartedAgain ? ' --previous' : '', namespace, name);
}

/** Where the advice for a runner's pod names what a chart's user does not have. */
function adviceOn(code: string): string | undefined {
  switch (code) {
    case 'CreateContainerConfigError':
      return t("Create the secret, config map or key that is missing in the pod's namespace.");
    case 'Evicted':
      return t("Set requests that fit what the pod uses, and look at the node's memory and disk.");
    default:
      return undefined;
  }
}
