import { t } from '@vscode/l10n';
import { jitCallsText } from '../../base/count-words.ts';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding, lastPodSays } from '../burst-finding.ts';
import { partsOf } from '../bursts.ts';
import type { EvidenceLine, Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { isJitCall, triesText, troubleOf } from '../service-trouble.ts';
import { lastPodCame, meanText, spanText } from '../words.ts';
import { adviceForError } from './error-advice.ts';

/** The Actions service answers JIT calls slowly. */
export function serviceSlow(reading: Reading, slow: SlowBurst): Finding {
  const { burst, jitMeanUs, jitEveryUs } = slow;
  const isLocked = slow.release?.hasLock === true && burst.process.mostJitCallsAtOnce > 1;
  const calls = burst.runners
    .flatMap((runner) => partsOf(runner).filter(({ doing }) => doing === 'jit'))
    .sort((a, b) => b.us - a.us);
  const slowest = calls[0];
  const lost = lostTries(reading, slow);
  const few = fewOf(calls.map(({ us }) => us));
  return burstFinding(slow, {
    id: 'service-slow',
    sentence: lost?.isCause
      ? t('{0} because {1}.', lastPodCame(reading, slow), lost.says)
      : few !== undefined
        ? t(
            '{0} because {1} of {2} took {3}.',
            lastPodCame(reading, slow),
            few.count,
            jitCallsText(calls.length),
            few.count === 1 ? spanText(reading, few.longestUs) : t('up to {0} each', spanText(reading, few.longestUs)),
          )
        : sentence(
            lastPodCame(reading, slow),
            burst.runners.length,
            meanText(isLocked ? jitEveryUs : jitMeanUs, burst.runners.length),
            isLocked,
          ),
    details: [
      ...(lost === undefined ? [] : lost.isCause ? [lost.waited] : [t('{0}.', lost.says), lost.waited]),
      ...(slowest === undefined || few !== undefined
        ? []
        : [t('The longest took {0}, waiting included.', spanText(reading, slowest.us))]),
    ],
    evidence: [
      ...(lost?.evidence ?? []),
      ...(slowest === undefined
        ? []
        : [
            { at: slowest.from, says: t('the longest JIT call begins') },
            { at: slowest.until, says: t('it ends') },
          ]),
      { at: burst.lastPod, says: lastPodSays(burst) },
    ],
    confidence: 'sure',
    advice: lost?.advice ?? adviceFor(reading.calls.some(({ path }) => isJitCall(path))),
  });
}

/** Calls that take at least this long each and this share of the time of all are the cause, and not that each of them is slow. */
const FEW_US = 30e6;
const FEW_SHARE = 0.8;

/** @param us how long each call took, the longest first */
function fewOf(us: readonly number[]): { readonly count: number; readonly longestUs: number } | undefined {
  const long = us.filter((each) => each >= FEW_US);
  const sum = (some: readonly number[]): number => some.reduce((all, each) => all + each, 0);
  if (long.length === 0 || long.length > us.length / 2 || sum(long) < FEW_SHARE * sum(us)) return undefined;
  return { count: long.length, longestUs: long[0] as number };
}

function adviceFor(areCallsSeen: boolean): string {
  return areCallsSeen
    ? t('No call failed and was sent again, so look at the way to GitHub (proxy, DNS) and at githubstatus.com.')
    : t(
        'Look at the way to GitHub (proxy, DNS, rate limits) and at githubstatus.com. The log does not tell a slow service from one that fails and is asked again.',
      );
}

/** JIT calls of the burst that the HTTP client had to send again. */
function lostTries(
  reading: Reading,
  { burst, waitUs }: SlowBurst,
): { says: string; waited: string; isCause: boolean; evidence: EvidenceLine[]; advice: string } | undefined {
  const failed = reading.calls.filter(
    ({ path, failures, started }) =>
      isJitCall(path) &&
      failures > 0 &&
      started.at.us >= burst.start.at.us - 1e6 &&
      started.at.us <= burst.lastPod.at.us,
  );
  const [worst] = [...failed].sort((a, b) => b.waitedUs - a.waitedUs);
  const trouble = troubleOf(worst?.error ?? '');
  if (worst?.ended === undefined || trouble === undefined) return undefined;
  const tries = failed.reduce((sum, { failures }) => sum + failures, 0);
  const waitedUs = failed.reduce((sum, call) => sum + call.waitedUs, 0);
  const mostAtOnce = Math.max(1, burst.process.mostJitCallsAtOnce);
  return {
    says: triesText(trouble, tries, jitCallsText(failed.length)),
    waited: t('The client waited {0} in all before it tried again.', spanText(reading, waitedUs)),
    isCause: waitedUs / mostAtOnce >= waitUs / 2,
    evidence: [{ at: worst.ended, says: worst.error }],
    advice: adviceForError(worst.error),
  };
}

function sentence(came: string, calls: number, took: string, isLocked: boolean): string {
  if (calls === 1) return t('{0} because 1 JIT call took {1} in all.', came, took);
  return isLocked
    ? t('{0} because {1} took {2} each, one at a time.', came, jitCallsText(calls), took)
    : t('{0} because {1} took {2} each.', came, jitCallsText(calls), took);
}
