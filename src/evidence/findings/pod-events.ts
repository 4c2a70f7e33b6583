import { t } from '@vscode/l10n';
import { timesText } from '../../base/count-words.ts';
import { formatAge } from '../../base/duration.ts';
import { splitKey, type KubernetesEvent } from '../../kubernetes/types.ts';
import { problemSentence, type PodProblem } from '../../problems/pod-problem.ts';
import { isRemoval, problemOfEvents } from '../../problems/pod-event-problem.ts';
import { briefWords } from '../brief-words.ts';
import { clean } from '../clean.ts';
import { eventTimes } from '../event-times.ts';
import type { OfOne, Rule } from '../finding.ts';
import { TABLE_PRINTED_MS } from '../fold-more.ts';
import { eventsOfPod, isArcPod, runnerOfJobPodNamed } from '../pod-owner.ts';
import type { Reading } from '../reading.ts';
import { sameWords } from '../same-words.ts';
import type { Seen } from '../seen.ts';
import { shortened } from '../words.ts';
import { runnersLookedAt } from './object-problems.ts';

/** Reasons that many troubles share: they say nothing beside what is wrong. */
const NO_REASONS: ReadonlySet<string> = new Set(['Failed', 'BackOff']);

/** What a kubelet reports of a pull before it tries again. */
const PULL_FAILED: ReadonlySet<string> = new Set(['Failed', 'BackOff']);
/** An image of a few gigabytes takes less. */
const LONG_PULL_US = 180e6;

/** What kubelet and scheduler reported last of a runner's pod or one of ARC's own, where that is a trouble. */
export const podEvents: Rule = (reading) => {
  const lookedAt = runnersLookedAt(reading);
  const names = new Set([...lookedAt].map((key) => splitKey(key).name));
  return [...reading.podEvents.values()].flatMap(({ name, namespace, seen }): OfOne[] => {
    if (namespace === '' ? names.has(name) : lookedAt.has(`${namespace}/${name}`)) return [];
    const ofJob = runnerOfJobPodNamed(name);
    // The pod itself says more of the same.
    const isTold = ofJob !== undefined && reading.objects.pods.has(`${namespace}/${name}`);
    if (isTold || !isArcPod(reading, namespace, name)) return [];
    const events = eventsOfPod(reading, { name, namespace }).filter((event) => !isHarmless(event));
    const problem = problemOfEvents({ events, epochMs: 0, redact: clean, pod: { name: clean(name), namespace } });
    if (problem === undefined) return [];
    const { code, what, next, advice } = problem;
    const words = clean(problem.words);
    const brief = briefWords(words);
    const same = events.filter(({ reason }) => reason === code);
    // A removal is a moment; all else lasts until something better comes.
    const isMoment = same.some(isRemoval);
    const sinceUs = lasted(same, reading.objects.latestUs);
    const lastedUs = isMoment ? 0 : sinceUs;
    const isUsualPull =
      code === 'Pulling' && lastedUs < LONG_PULL_US && !events.some(({ reason = '' }) => PULL_FAILED.has(reason));
    const said = saidOf({ ...problem, words: brief }, lastedUs);
    const ofSeveral = saidOf({ ...problem, words: brief }, 0);
    const isRunners = reading.runners.get(namespace, name) !== undefined || /-runner-/.test(name);
    const times = timesText(same.reduce((sum, { count = 1 }) => sum + count, 0));
    const sentence = shortened(`${name}: ${said}`, 24);
    const isTimeSaid = lastedUs === 0 || sentence.includes(formatAge(lastedUs));
    return [
      {
        id: 'pod-events',
        severity: isUsualPull ? 'note' : isRunners ? 'error' : 'warning',
        sentence,
        details: [
          ...(isMoment && sinceUs > 0 ? [t('{0} ago.', formatAge(sinceUs))] : []),
          ...(isTimeSaid ? [] : [t('For {0}.', formatAge(lastedUs))]),
          ...(next === '' ? [] : [next]),
        ],
        runners: isRunners ? [ofJob ?? name] : [],
        evidence: [
          {
            // The last row of that reason has the words.
            at: lineOf(reading, same) ?? seen,
            says:
              words.startsWith(brief) && sentence.includes(brief)
                ? `${clean(code)} ${times}`
                : `${clean(code)} ${times}: ${words}`,
          },
        ],
        confidence: 'sure',
        advice: isUsualPull ? t('Wait: a large image takes minutes. Look again if the pull does not end.') : advice,
        weightUs: lastedUs,
        ...(isRunners
          ? {
              alike: {
                cause: `${what} ${sameWords(brief, name)}`,
                sentence: (who) => shortened(`${who}: ${ofSeveral.replaceAll(name, '…')}`, 24),
                ...(lastedUs > 0 ? { lastedUs } : {}),
              },
            }
          : {}),
      },
    ];
  });
};

/** What pods that work well have, too: nothing waits for a runner's readiness, and more than three nameservers are common. */
function isHarmless({ reason, message = '' }: KubernetesEvent): boolean {
  return reason === 'DNSConfigForming' || (reason === 'Unhealthy' && /^Readiness probe/.test(message));
}

function lineOf({ eventLines }: Reading, events: readonly KubernetesEvent[]): Seen | undefined {
  const last = events.at(-1);
  return last === undefined ? undefined : eventLines.get(last);
}

/** Without the reason, and then the time, where that leaves room for the cause. */
function saidOf(problem: PodProblem, lastedUs: number): string {
  const code = NO_REASONS.has(problem.code) ? '' : problem.code;
  const sinceUs = lastedUs > 0 ? 0 : undefined;
  const all = [
    { ...problem, code, sinceUs },
    { ...problem, code: '', sinceUs },
    { ...problem, code: '', sinceUs: undefined },
  ].map((each) => clean(problemSentence(each, lastedUs)));
  return all.find((text) => text.split(' ').length < 24) ?? (all[2] as string);
}

/** How long nothing better has come since the first of them, in microseconds: up to when the table was printed, or the last time of all. */
function lasted(events: readonly KubernetesEvent[], latestUs: number): number {
  const times = events.flatMap(eventTimes);
  if (times.length === 0) return 0;
  const nowMs = Math.max(...times) <= TABLE_PRINTED_MS ? TABLE_PRINTED_MS : latestUs / 1000;
  return Math.max(0, nowMs - Math.min(...times)) * 1000;
}
