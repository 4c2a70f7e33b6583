import { t } from '@vscode/l10n';
import { scaleSetDeletedUs } from '../analysis/deleted-scale-set.ts';
import { milestonesOf } from '../analysis/milestones.ts';
import { Origins } from '../analysis/origin.ts';
import type { ScaleSetFigures } from '../analysis/scale-set-figures.ts';
import { jobsText, runnersText, thousands, timesText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { silencesOf, type Silence } from './listener-silence.ts';

/** For a shorter time nobody misses a listener. */
const LEAST_JOB_US = 500_000;
const LEAST_IDLE_US = 5e6;

/** In the order of the sentences about them. */
const WHYS: readonly Silence['why'][] = ['kill', 'evict', 'deleted', 'ended', 'refused', 'busy', 'none', 'slow'];

interface Limits {
  readonly minRunners: number;
  readonly maxRunners: number;
}

/** From when to when somebody waited. */
type Span = readonly [fromUs: number, untilUs: number];

/** From when to when a runner had no job, and when it was made. */
interface Idle {
  readonly madeUs: number;
  readonly span: Span;
}

/**
 * Which jobs waited for a listener and which runners stayed without a job while none asked for messages, or only a slow one:
 * why, since when, and what to do. Times are counted from when the first job was queued.
 * @param nowUs until when the trace tells what happened
 */
export function listenerWaitSentences(
  log: TraceLog,
  figures: ScaleSetFigures,
  limits: Limits,
  nowUs = log.endedUs ?? 0,
): readonly string[] {
  const deletedUs = scaleSetDeletedUs(log) ?? Infinity;
  const silences = silencesOf(log, nowUs).filter((one) => one.fromUs < deletedUs);
  const fromUs = figures.jobs[0]?.queuedUs;
  if (silences.length === 0 || fromUs === undefined) return [];
  const jobs = jobWaits(log, figures, nowUs);
  const idle = idleTimes(log, figures, limits, nowUs);
  return WHYS.flatMap((kind) => {
    const alike = silences.filter(({ why }) => why === kind);
    // A listener that had asked for as many as there may be was not missed: its set replaces runners that are done.
    const missed = alike.filter((one) => wantedAt(figures, one.fromUs) < limits.maxRunners);
    const told = kind === 'slow' ? slowText(missed, jobs, nowUs) : goneText(missed, jobs, fromUs, nowUs);
    const idleTexts = idleText(alike, idle, nowUs);
    return [...told, ...(idleTexts.length > 0 || kind === 'slow' ? idleTexts : replacedText(alike, idle, nowUs))];
  });
}

/**
 * What has become of the listener of a run that goes on or has ended, in a sentence: whether it polls again, or since when none
 * does. Empty where nothing has ended it.
 * @param originUs from where the run's times are counted
 */
export function listenerText(log: TraceLog, originUs: number, nowUs = log.endedUs ?? 0): string {
  const ends = silencesOf(log, nowUs).filter(
    ({ why }) => why !== 'slow' && why !== 'refused' && why !== 'busy' && why !== 'none',
  );
  const last = ends.at(-1);
  if (last === undefined) return '';
  const after = formatDuration(Math.max(0, Math.round(last.fromUs - originUs)));
  const what =
    ends.length === 1
      ? t('The listener stopped {0} after the start: {1}', after, endWords(last))
      : t(
          'The listener stopped {0}, the last time {1} after the start: {2}',
          timesText(ends.length),
          after,
          endWords(last),
        );
  return last.untilUs === undefined
    ? t('{0}. No listener has polled since then, so jobs wait, and runners without a job stay.', what)
    : t('{0}. It polled again {1} later.', what, formatDuration(Math.round(last.untilUs - last.fromUs)));
}

function wantedAt({ decisions }: ScaleSetFigures, us: number): number {
  return decisions.findLast(({ atUs }) => atUs <= us)?.runners ?? 0;
}

/** What has become of the listener, in a clause: `it was killed during its long poll`. */
function endWords({ why, wasPolling }: Silence): string {
  switch (why) {
    case 'kill':
      return wasPolling ? t('it was killed during its long poll') : t('it was killed while it acted on a message');
    case 'evict':
      return wasPolling ? t('it was evicted during its long poll') : t('it was evicted while it acted on a message');
    case 'deleted':
      return t('its AutoscalingListener was deleted');
    case 'ended':
      return wasPolling ? t('its pod ended during its long poll') : t('its pod ended');
    case 'refused':
      return t('its call for messages was refused');
    case 'busy':
      return t('it acted on a message');
    case 'slow':
      return t('each answer reaches it late');
    case 'none':
      return wasPolling ? t('its long poll was broken off') : t('it asked for no more messages');
  }
}

function goneText(gone: readonly Silence[], jobs: readonly Span[], fromUs: number, nowUs: number): readonly string[] {
  const waits = overlaps(gone, jobs, LEAST_JOB_US, nowUs);
  const [first, last] = [gone[0], gone.at(-1)];
  if (first === undefined || last === undefined || waits.length === 0) return [];
  const longest = formatDuration(Math.round(Math.max(...waits)));
  const what = gone.length === 1 ? endWords(first) : t('{0}, {1}', endWords(first), timesText(gone.length));
  const when =
    gone.length === 1
      ? afterText(first.fromUs - fromUs)
      : t(
          'the first time {0}, the last {1} later',
          afterText(first.fromUs - fromUs),
          formatDuration(Math.round(last.fromUs - first.fromUs)),
        );
  if (last.untilUs === undefined) {
    const who = waits.length === 1 ? t('1 job waits') : t('{0} jobs wait', thousands(waits.length));
    return [
      t(
        '{0} for a listener: {1}, {2}, and none has polled since then. Look at the pod of the listener, and in the log of ARC’s controller why it makes no other.',
        ...[who, what, when],
      ),
    ];
  }
  const who =
    waits.length === 1
      ? t('1 job waited {0} for a listener', longest)
      : t('{0} waited up to {1} for a listener', jobsText(waits.length), longest);
  return [
    gone.length === 1
      ? t('{0}: {1}, {2}, and the next poll came {3} later.', ...[who, what, when, longestText(gone, nowUs)])
      : t('{0}: {1}, {2}, and the next poll came up to {3} later.', ...[who, what, when, longestText(gone, nowUs)]),
  ];
}

function afterText(us: number): string {
  return us < 0
    ? t('{0} before the first job was queued', formatDuration(Math.round(-us)))
    : t('{0} after the first job was queued', formatDuration(Math.round(us)));
}

function slowText(slow: readonly Silence[], jobs: readonly Span[], nowUs: number): readonly string[] {
  const waits = overlaps(slow, jobs, LEAST_JOB_US, nowUs);
  if (waits.length === 0) return [];
  const longest = formatDuration(Math.round(Math.max(...waits)));
  const round = longestText(slow, nowUs);
  return [
    waits.length === 1
      ? t(
          '1 job waited {0} for the slow listener, which took up to {1} from a message to its next poll: each answer reached it late. A real listener that is this slow needs more CPU.',
          longest,
          round,
        )
      : t(
          '{0} waited up to {1} for the slow listener, which took up to {2} from a message to its next poll: each answer reached it late. A real listener that is this slow needs more CPU.',
          ...[jobsText(waits.length), longest, round],
        ),
  ];
}

/** Of runners that never had a job. A set takes runners down when its listener asks for fewer, and at no other time. */
function idleText(silences: readonly Silence[], idle: readonly Idle[], nowUs: number): readonly string[] {
  const times = overlaps(
    silences,
    idle.map(({ span }) => span),
    LEAST_IDLE_US,
    nowUs,
  );
  if (times.length === 0) return [];
  const longest = formatDuration(Math.round(Math.max(...times)));
  const what =
    times.length === 1
      ? t('1 runner had no job, for {0}', longest)
      : t('{0} had no job, for up to {1}', runnersText(thousands(times.length)), longest);
  return [
    silences[0]?.why === 'slow'
      ? t(
          '{0}: the listener asked for runners by messages up to {1} old, whose jobs others had taken by then, and a set takes runners down only when its listener asks for fewer.',
          ...[what, longestText(silences, nowUs)],
        )
      : t('{0}: a set takes runners down only when its listener asks for fewer, and none ran.', what),
  ];
}

/** Of runners that never had a job, and that a set made in place of others while nobody told it that fewer were wanted. */
function replacedText(silences: readonly Silence[], idle: readonly Idle[], nowUs: number): readonly string[] {
  const times = idle
    .filter(({ madeUs }) => silences.some(({ fromUs, untilUs = nowUs }) => fromUs <= madeUs && madeUs <= untilUs))
    .map(({ span: [from, until] }) => until - from)
    .filter((us) => us >= LEAST_IDLE_US);
  if (times.length === 0) return [];
  const longest = formatDuration(Math.round(Math.max(...times)));
  return [
    times.length === 1
      ? t(
          '1 runner had no job, for {0}: while no listener asked for messages, its set made it in place of one whose job was done.',
          longest,
        )
      : t(
          '{0} had no job, for up to {1}: while no listener asked for messages, their set made them in place of others whose jobs were done.',
          ...[runnersText(thousands(times.length)), longest],
        ),
  ];
}

function longestText(silences: readonly Silence[], nowUs: number): string {
  return formatDuration(Math.round(Math.max(...silences.map(({ fromUs, untilUs = nowUs }) => untilUs - fromUs))));
}

/** How long each of the spans lies in these silences, of those that do for long enough. */
function overlaps(silences: readonly Silence[], spans: readonly Span[], leastUs: number, nowUs: number): number[] {
  return spans
    .map(([from, until]) => {
      return silences.reduce((sum, { fromUs, untilUs = nowUs }) => {
        return sum + Math.max(0, Math.min(until, untilUs) - Math.max(from, fromUs));
      }, 0);
    })
    .filter((us) => us >= leastUs);
}

/**
 * Of each job: from when it was queued until its listener had asked for its runner, or acquired it where the runner ran
 * before.
 */
function jobWaits(log: TraceLog, { jobs, decisions }: ScaleSetFigures, nowUs: number): Span[] {
  const origins = new Origins(log);
  const milestones = milestonesOf(log);
  const lastUs = decisions.at(-1)?.atUs ?? 0;
  return jobs.flatMap(({ queuedUs, startedUs, runner = '' }): Span[] => {
    if (startedUs === undefined) return queuedUs > lastUs ? [[queuedUs, nowUs]] : [];
    const ranUs = milestones.get(runner)?.running?.atUs ?? startedUs;
    if (startedUs - ranUs > LEAST_JOB_US) return [[queuedUs, startedUs]];
    const decidedUs = origins.of(runner)?.state?.decision?.atUs;
    return decidedUs === undefined ? [] : [[queuedUs, Math.min(decidedUs, startedUs)]];
  });
}

/** Of each runner that never had a job: from when it ran until it was gone. As many as the minimum wants are not counted. */
function idleTimes(log: TraceLog, { jobs }: ScaleSetFigures, { minRunners }: Limits, nowUs: number): Idle[] {
  const busy = new Set(jobs.map(({ runner }) => runner));
  return [...milestonesOf(log)]
    .flatMap(([runner, { created, running, finished, deleted }]): Idle[] => {
      if (running === undefined || busy.has(runner)) return [];
      const span: Span = [running.atUs, finished?.atUs ?? deleted?.atUs ?? nowUs];
      return [{ madeUs: created?.atUs ?? running.atUs, span }];
    })
    .sort(({ span: [a, b] }, { span: [c, d] }) => d - c - (b - a))
    .slice(minRunners);
}
