import { t } from '@vscode/l10n';
import { runnersText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { Origins, type SetState } from '../analysis/origin.ts';
import { kindOfController } from '../trace/kinds.ts';
import { RUNNER_KIND, SET_KIND, type OpenPass, type PassEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** That a pass came so soon after the patch needs no word. */
const WORTH_TELLING_US = 100_000;

/** Why there is a runner: what its set wanted, and why; no sentence where the trace does not show it. @param runner namespace/name */
export function originSentences(log: TraceLog, runner: string): string[] {
  const origin = new Origins(log).of(runner);
  if (origin?.state === undefined) return [];
  return [t('The runner was made because {0}.', whyText(origin.state, origin.madeUs))];
}

/**
 * Why a pass did what it did to the runners of a set, or why there is the runner of a first pass.
 * @param number of the pass in the trace
 * @param isFirst whether it is the first pass of its object
 */
export function passOriginSentences(
  log: TraceLog,
  pass: PassEvent | OpenPass,
  number: number,
  isFirst: boolean,
): string[] {
  const kind = kindOfController(pass.controller);
  if (kind === RUNNER_KIND) return isFirst ? originSentences(log, pass.object) : [];
  if (kind !== SET_KIND) return [];
  const runners = (pass.requests ?? []).filter(({ resource }) => resource === 'ephemeralrunners');
  const made = runners.filter(({ verb, status }) => verb === 'create' && status === 201).length;
  const removed = runners.filter(({ verb, status }) => verb === 'delete' && status === 200).length;
  const state = made + removed === 0 ? undefined : new Origins(log).stateOf(number);
  if (state === undefined) return [];
  const why = whyText(state, pass.started ?? NaN);
  return [
    ...(made > 0 ? [t('It made {0} because {1}.', runnersText(made), why)] : []),
    ...(removed > 0 ? [t('It deleted {0}; {1}.', runnersText(removed), why)] : []),
  ];
}

/** `the set's replicas were patched to 12, because the listener had 12 assigned jobs` */
function whyText({ replicas, decision, atUs }: SetState, untilUs: number): string {
  if (decision === undefined) return t('its set wants {0}', runnersText(replicas));
  const beforeUs = Math.round(untilUs - atUs);
  const patched =
    beforeUs < WORTH_TELLING_US
      ? t("the set's replicas were patched to {0}", replicas)
      : t("the set's replicas were patched to {0} {1} before", replicas, formatDuration(beforeUs));
  const { assigned } = decision;
  return assigned === undefined
    ? patched
    : t('{0}, because the listener had {1}', patched, assignedText(replicas, assigned));
}

/** The listener asks for the minimum and one for each assigned job, up to the maximum. */
function assignedText(replicas: number, assigned: number): string {
  const jobs = assigned === 1 ? t('1 assigned job') : t('{0} assigned jobs', assigned);
  if (replicas < assigned) return t('{0} and may ask for {1} at most', jobs, runnersText(replicas));
  return replicas > assigned ? t('{0} and keeps {1} idle', jobs, runnersText(replicas - assigned)) : jobs;
}
