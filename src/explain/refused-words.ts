import { t } from '@vscode/l10n';
import { refusedRequests, type RefusedRequests } from '../analysis/refused-requests.ts';
import { scaleSetDeletedUs } from '../analysis/deleted-scale-set.ts';
import { statisticsOf } from '../analysis/statistics.ts';
import { callsText, jitCallsText, podsText, requestsText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** The call that removes a runner's registration, as traces name it. */
const REMOVAL = 'delete-runner';
/** Kinds of refusals that are named; what comes after them hardly explains anything. */
const MOST_KINDS = 2;

/**
 * Which requests and calls were refused in a run, how often, since when and what to do, in sentences. What was refused because
 * the scale set had been deleted is left out.
 * @param fromUs times are counted from here
 * @param hasJobs whether that is when the first job was queued
 */
export function refusedSentences(log: TraceLog, fromUs: number, hasJobs = true): readonly string[] {
  const deletedUs = scaleSetDeletedUs(log) ?? Infinity;
  return refusedRequests(log)
    .filter(({ firstUs, resource }) => firstUs < deletedUs || resource === REMOVAL)
    .slice(0, MOST_KINDS)
    .map((refused) => {
      const { firstUs, lastUs } = refused;
      const [first, last] = [firstUs, lastUs].map((us) => formatDuration(Math.max(0, Math.round(us - fromUs))));
      const when =
        first === last
          ? hasJobs
            ? t('{0} after the first job was queued', first ?? '')
            : t('{0} after the start', first ?? '')
          : hasJobs
            ? t('the first {0} and the last {1} after the first job was queued', first ?? '', last ?? '')
            : t('the first {0} and the last {1} after the start', first ?? '', last ?? '');
      return t('{0}, {1}. {2}', refusedText(refused), when, adviceOn(refused, log));
    });
}

/** What was refused, or got no answer, and with which status: `2 JIT calls were refused (503)`. */
export function refusedText({ to, verb, resource, status, count }: RefusedRequests, whose = ''): string {
  const requests =
    resource === 'generatejitconfig'
      ? jitCallsText(count)
      : to === 'actions'
        ? t('{0} to the Actions service ({1})', callsText(count), resource)
        : t('{0} to Kubernetes ({1})', requestsText(count), `${verb} ${resource}`);
  const what = `${requests}${whose}`;
  if (status === 0) return t('{0} got no answer', what);
  return count === 1 ? t('{0} was refused ({1})', what, status) : t('{0} were refused ({1})', what, status);
}

function adviceOn(refused: RefusedRequests, log: TraceLog): string {
  return refused.to === 'kubernetes' ? onKubernetes(refused, log) : onActions(refused);
}

/** How the API server refuses failures of the other type: `true` before pull request 4059, times since. */
const FAILURES_OF_OTHER_TYPE = /status\.failures\.\S+ in body must be of type (\w+)/;

function onKubernetes({ status, message }: RefusedRequests, log: TraceLog): string {
  const type = FAILURES_OF_OTHER_TYPE.exec(message)?.[1];
  if (type !== undefined) {
    return t(
      'The definition of EphemeralRunners is that of another release, and takes status.failures as {0} only. {1} counts no failure because of that: it gives no runner up and has no back-off, and made {2}. Replace the custom resource definitions by those of {1}; Helm does not.',
      ...[type, log.header.release ?? 'ARC', podsText(statisticsOf(log, 0).pods)],
    );
  }
  if (status === 403)
    return t("Look at the rights of ARC's service account, and at quotas and webhooks of the namespace.");
  if (status === 400 || status === 422) {
    return t(
      'The API server says: {0}. Change what it objects to, in the pod template or in custom resource definitions of another release.',
      message.replace(/[.\s]+$/, ''),
    );
  }
  if (status === 404 || status === 409)
    return t(
      'The object had gone or changed in the meantime; the controller reads it again and tries again by itself.',
    );
  return t("Look at the API server's health; the controller tries again by itself.");
}

function onActions({ status, resource }: RefusedRequests): string {
  if (status === 400 && resource === REMOVAL) {
    return t(
      'GitHub takes the jobs of these runners for running: it removes the runners when it has given the jobs up, ten minutes after it last heard of them.',
    );
  }
  if (status === 401)
    return t('Look at the token or the key of the GitHub App in the secret that githubConfigSecret names.');
  if (status === 403)
    return t('Look at what the token or the GitHub App may do: it has to manage self-hosted runners.');
  if (status === 404)
    return t('Look at githubConfigUrl and the runner group: GitHub does not know them, or does not show them.');
  if (status === 409 && resource === 'create-session')
    return t('Another listener has the session of the scale set: GitHub gives only one at a time.');
  if (status === 429) return t('GitHub limits the rate of calls: use fewer scale sets with one GitHub App, or wait.');
  return t("Look at GitHub's status page; the controller tries again by itself.");
}
