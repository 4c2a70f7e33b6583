import { slowBurst } from './burst-cause.ts';
import type { Finding } from './finding.ts';
import { fittedSettings, type FittedSettings } from './fitted-settings.ts';
import { SLOW_START, STUCK } from './findings/all.ts';
import { sampledFinding } from './findings/sampled.ts';
import { podWaitUs, runnerAnswer, type RunnerAnswer } from './milestones.ts';
import type { Evidence, ReadFile } from './read-evidence.ts';
import type { Reading, RunnerHistory, Seen } from './reading.ts';
import { releaseOf, type Release } from './release.ts';
import { count, spanText } from './words.ts';

/** What a log says, concluded. */
export interface Explanation {
  /** One sentence: why runners start late or hang, or that nothing is wrong. */
  readonly verdict: string;
  readonly isHealthy: boolean;
  readonly release: Release | undefined;
  readonly settings: FittedSettings;
  readonly runners: readonly RunnerAnswer[];
  /** The sure and grave ones first. */
  readonly findings: readonly Finding[];
  readonly files: readonly ReadFile[];
  readonly lookedAt: string;
  /** `file:line` */
  readonly lineName: (seen: Seen) => string;
  readonly reading: Reading;
}

const SEVERITIES = ['error', 'warning', 'note'] as const;
const CONFIDENCES = ['sure', 'likely', 'unsure'] as const;

export function explain({ reading, files }: Evidence): Explanation {
  // How long something took cannot be told where lines of it are missing.
  const isSampled = files.some(({ sampledAway }) => sampledAway > 0);
  const slow = isSampled ? undefined : slowBurst(reading);
  const main = slow?.cause === undefined ? [] : [SLOW_START[slow.cause](reading, slow)];
  const found = [...main, ...STUCK.flatMap((rule) => rule(reading)), ...sampledFinding(files)];
  const findings = found.sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
      b.weightUs - a.weightUs,
  );
  const lineName = ({ source, line }: Seen): string => `${files[source]?.file ?? '?'}:${line}`;
  const worst = findings[0];
  const isHealthy = worst === undefined || worst.severity === 'note';
  return {
    verdict: isHealthy ? healthy(reading) : worst.sentence,
    isHealthy,
    release: releaseOf(reading),
    settings: fittedSettings(reading, slow),
    runners: [...reading.runners.values()].map((runner) => runnerAnswer(runner, slow, isSampled, lineName)),
    findings,
    files,
    lookedAt: `${count(Object.keys(SLOW_START).length, 'cause')} of slow starts, ${count(STUCK.length, 'kind')} of stuck runners.`,
    lineName,
    reading,
  };
}

function healthy(reading: Reading): string {
  const runners = [...reading.runners.values()];
  const { first, last } = reading;
  const overUs = first === undefined || last === undefined ? 0 : last.at.us - first.at.us;
  const waits = runners.map(podWaitUs).filter((us): us is number => us !== undefined);
  if (runners.length === 0)
    return `Nothing wrong found, but no line is about a runner in ${spanText(reading, overUs)}.`;
  const pods = waits.length === 0 ? 'no pod made' : `pods ${range(reading, waits)} after their runner`;
  const counts = ['pod failed', 'error'].map((note) => timesOf(runners, note as 'error'));
  return `Nothing wrong found in ${count(runners.length, 'runner')} over ${spanText(reading, overUs)}: ${pods}, ${count(counts[0] as number, 'failure')}, ${count(counts[1] as number, 'failed pass', 'failed passes')}.`;
}

function range(reading: Reading, waits: readonly number[]): string {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const us of waits) [least, most] = [Math.min(least, us), Math.max(most, us)];
  const [from, to] = [spanText(reading, least), spanText(reading, most)];
  return from === to ? from : `${from} to ${to}`;
}

function timesOf(runners: readonly RunnerHistory[], note: 'pod failed' | 'error'): number {
  return runners.reduce((sum, runner) => sum + (runner.notes.get(note)?.count ?? 0), 0);
}
