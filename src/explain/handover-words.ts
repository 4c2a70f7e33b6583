import { t } from '@vscode/l10n';
import { finishedRunners } from '../analysis/finished-runners.ts';
import { scaleSetFigures, type JobTimes } from '../analysis/scale-set-figures.ts';
import { inWords, jobsText, runnersText, thousands } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { handoverOf, outcomeOf, type HandoverOutcome } from '../run/handover.ts';
import type { ScaleSetLoad } from '../run/job-load.ts';
import type { EmbeddedRun } from '../run/start-embedded.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { leftListenerText, orphanText } from './left-listener.ts';

/**
 * What a release did with what an earlier one left, in sentences: what happened, why, and what to do.
 * @param to id of the release that took over
 * @param wantsTimes whether it reads times in a runner's failures, or `true`
 */
export function handoverText(to: string, outcome: HandoverOutcome, wantsTimes: boolean, trace: TraceLog): string {
  return hazardLines(to, outcome, wantsTimes, trace, runnersTakenOver(to, outcome)).join('\n');
}

function runnersTakenOver(to: string, { from, runners, takenDown, finished, made }: HandoverOutcome): string {
  const [kept, deleted] = [runners - takenDown, takenDown - finished];
  if (takenDown === 0) return t('{0} took over {1} of {2} as they were.', to, runnersText(runners), from);
  const done =
    finished === 1
      ? t('1 runner of {0} finished its job and was deleted.', from)
      : t('{0} of {1} finished their jobs and were deleted.', runnersText(finished), from);
  const others =
    deleted > 0
      ? t('{0} deleted {1} of {2}, kept {3} and created {4} new.', to, runnersText(deleted), from, kept, made)
      : kept + made > 0
        ? t('{0} kept {1} and created {2} new.', to, runnersText(kept), made)
        : '';
  return [finished > 0 ? done : '', others].filter((text) => text !== '').join(' ');
}

/**
 * The same for a run in which a release took over a scale set while its jobs came and went; undefined where none was to.
 * Runners that are gone have done their jobs: what counts is how far the jobs had come.
 */
export function takeoverText({ environment, trace }: EmbeddedRun): string | undefined {
  const { handover: before, settings, awaitsTakeover, chain } = environment;
  const to = RELEASES.get(settings.mode);
  if (awaitsTakeover) return t('The run ended before {0} took over.', to.id);
  if (before === undefined) return undefined;
  const outcome = outcomeOf(before, handoverOf(to.id, environment), to, finishedRunners(trace));
  const wantsTimes = to.switches.has(4059);
  if (chain === undefined) return handoverText(to.id, outcome, wantsTimes, trace);
  return hazardLines(to.id, outcome, wantsTimes, trace, jobsTakenOver(trace, before.from, to.id)).join('\n');
}

function jobsTakenOver(trace: TraceLog, from: string, to: string): string {
  const atUs = trace.marks.find(({ what }) => what === 'controller-started')?.at ?? 0;
  const jobs = scaleSetFigures(trace).jobs.filter(({ queuedUs }) => queuedUs <= atUs);
  const by = (of: (job: JobTimes) => number | undefined): number =>
    jobs.filter((job) => (of(job) ?? Infinity) <= atUs).length;
  const done = by(({ completedUs }) => completedUs);
  const running = by(({ startedUs }) => startedUs) - done;
  const after = formatDuration(Math.max(0, Math.round(atUs - trace.originUs)));
  return t(
    '{0} took over from {1} after {2}. Jobs by then: {3} done, {4} running, {5} waiting.',
    ...[to, from, after, done, running, jobs.length - done - running],
  );
}

/** What went wrong, behind what was taken over. */
function hazardLines(
  to: string,
  outcome: HandoverOutcome,
  wantsTimes: boolean,
  trace: TraceLog,
  taken: string,
): string[] {
  const { from, unreadable, wrongIds, heldSets, deletedScaleSets, leftListeners, oldListeners, leftSets } = outcome;
  const lines: string[] = [];
  if (unreadable.length > 0) {
    const [wrote, reads] = wantsTimes ? [t('true'), t('times')] : [t('times'), t('true')];
    lines.push(
      t(
        '{0} starts no worker: {1} wrote {2} into status.failures of {3}, where {0} reads {4}, and one such runner makes its list of all runners fail. Delete it, or empty its status.failures.',
        ...[to, from, wrote, inWords(unreadable), reads],
      ),
    );
    return lines;
  }
  lines.push(taken);
  if (wrongIds.length > 0) {
    lines.push(
      t(
        'The status of {0} keeps the id of a registration that {1} has replaced: its removal asks the service for the wrong runner. Remove the runner in the settings of GitHub when it is done.',
        ...[inWords(wrongIds), to],
      ),
    );
  }
  for (const { name, version } of deletedScaleSets) {
    lines.push(
      t(
        '{0} deleted the scale set {1} with its runners and its registration: its label app.kubernetes.io/version names {2}. Install it again with the chart of {3}.',
        ...[to, name, version, chartOf(to)],
      ),
    );
  }
  for (const name of leftListeners) {
    const text = deletedScaleSets.length > 0 ? orphanText(name, from) : leftListenerText(name, from, to, trace);
    lines.push(text);
  }
  for (const name of from === to ? [] : oldListeners) {
    lines.push(
      t(
        'The listener {0} goes on as {1}, as its AutoscalingListener names that image. Delete this AutoscalingListener: {2} makes it again with its own.',
        ...[name, from, to],
      ),
    );
  }
  for (const name of leftSets) {
    lines.push(
      t(
        'The set {0} of {1} stays with its runners beside the one that {2} made for the same scale set. Delete it when its runners have no job.',
        ...[name, from, to],
      ),
    );
  }
  if (leftSets.length > 0) lines.push(...surplusSentences(trace));
  for (const { name, finalizer } of heldSets) {
    lines.push(
      t(
        'The set {0} has the finalizer {1} of {2}, which {3} never removes. After deleting the set, remove that finalizer by hand.',
        ...[name, finalizer, from, to],
      ),
    );
  }
  return lines;
}

/** The published version whose chart goes with a release; its id where none was published. */
function chartOf(id: string): string {
  const versions = RELEASES.find(id)?.versions ?? [];
  return versions.includes(id) ? id : (versions.at(-1) ?? id);
}

/** How many runners more than needed a scale set had whose jobs two sets make runners for; none where no jobs come. */
function surplusSentences(trace: TraceLog): readonly string[] {
  const { minRunners = 0, maxRunners } = (trace.header.settings['scaleSet'] ?? {}) as Partial<ScaleSetLoad>;
  const { jobs, runners, mostRunners } = scaleSetFigures(trace);
  const made = runners.created?.length ?? 0;
  if (maxRunners === undefined || made <= jobs.length + minRunners) return [];
  const both = t('Together the two sets made {0} for {1}', runnersText(thousands(made)), jobsText(jobs.length));
  return [
    mostRunners > maxRunners
      ? t('{0}, and had up to {1} at a time, where the maximum is {2}.', ...[both, mostRunners, maxRunners])
      : t('{0}, and had up to {1} at a time.', both, mostRunners),
  ];
}
