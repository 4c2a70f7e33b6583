import { t } from '@vscode/l10n';
import { groupBy } from '../base/group.ts';
import { formatDuration } from '../base/duration.ts';
import { runnersText, workersText } from '../base/count-words.ts';
import { isRealDifference } from './real-difference.ts';
import type { Row } from './floors.ts';
import { isWhole, settingsInWhichRowsDiffer } from './sweep-verdict.ts';

/**
 * Which of the settings that can be chosen makes the last pod come soonest, and which one with less comes as near that
 * nobody sees a difference: a sentence for each mode and load with several limits of the client. What workers alone do is in
 * sweepVerdict().
 */
export function bestSettings(rows: readonly Row[]): string[] {
  const groups = groupBy(rows, ({ settings }) => {
    const { workers: _workers, qps: _qps, burst: _burst, workqueueRateLimiter: _limiter, ...load } = settings;
    return JSON.stringify(load);
  });
  return [...groups.values()].flatMap((group) => {
    const limits = new Set(group.map(({ settings }) => `${settings.qps} ${settings.burst}`));
    const whole = group.filter(isWhole);
    return limits.size < 2 || whole.length < 2 ? [] : [sentence(rows, whole)];
  });
}

function sentence(all: readonly Row[], rows: readonly Row[]): string {
  const best = rows.reduce((soonest, row) => (lastUs(row) < lastUs(soonest) ? row : soonest));
  const least = rows
    .filter((row) => !isRealDifference(lastUs(row), lastUs(best)))
    .reduce((cheapest, row) => (isCheaper(row, cheapest) ? row : cheapest));
  const { mode, runners } = best.settings;
  const load =
    new Set(all.map(({ settings }) => settings.runners)).size > 1 ? `${mode}, ${runnersText(runners)}` : mode;
  const [of, time] = [rows.length, formatDuration(lastUs(best))];
  return least === best
    ? t('{0}: of {1} settings {2} is best (last pod {3}).', load, of, choiceText(all, best), time)
    : t(
        '{0}: of {1} settings {2} is best (last pod {3}); {4} is as good ({5}).',
        ...[load, of, choiceText(all, best), time, choiceText(all, least), formatDuration(lastUs(least))],
      );
}

/** What of a row can be chosen, as far as rows differ in it. The rest is the load, which is the same. */
function choiceText(all: readonly Row[], row: Row): string {
  const alike = all.map(({ settings: { qps, burst, workqueueRateLimiter }, statistics }): Row => {
    return { settings: { ...row.settings, qps, burst, workqueueRateLimiter }, statistics };
  });
  return [workersText(row.settings.workers), ...settingsInWhichRowsDiffer(alike, row).map(inSentence)].join(', ');
}

/** As it stands within a sentence: a text that could begin one begins with a capital. */
function inSentence(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Fewer requests a second first, then fewer workers, then fewer requests at once. */
function isCheaper({ settings: a }: Row, { settings: b }: Row): boolean {
  const rate = (qps: number): number => (qps === 0 ? Infinity : qps);
  if (a.qps !== b.qps) return rate(a.qps) < rate(b.qps);
  return a.workers === b.workers ? a.burst < b.burst : a.workers < b.workers;
}

function lastUs({ statistics }: Row): number {
  return statistics.lastPodUs ?? Infinity;
}
