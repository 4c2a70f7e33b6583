import { t } from '@vscode/l10n';
import type { SlowBurst } from '../burst-cause.ts';
import { burstFinding } from '../burst-finding.ts';
import { partsOf } from '../bursts.ts';
import type { Doing } from '../messages.ts';
import type { Finding } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { lastPodCame, spanText } from '../words.ts';

const KINDS: Partial<Readonly<Record<Doing, string>>> = {
  secrets: 'secrets',
  registered: 'secrets',
  'secret made': 'secrets',
  runners: 'runners',
  pods: 'pods',
};

/** Requests to the API server take long, and the log does not show that the client's own limit is why. */
export function kubernetesSlow(reading: Reading, slow: SlowBurst): Finding {
  const { burst } = slow;
  const parts = burst.runners
    .flatMap((runner) => partsOf(runner))
    .filter(({ doing }) => KINDS[doing] !== undefined)
    .sort((a, b) => b.us - a.us);
  const byKind = new Map<string, number>();
  for (const { doing, us } of parts) byKind.set(KINDS[doing] as string, (byKind.get(KINDS[doing] as string) ?? 0) + us);
  const [kind, us] = [...byKind].sort((a, b) => b[1] - a[1])[0] ?? ['objects', 0];
  const slowest = parts[0];
  return burstFinding(slow, {
    id: 'kubernetes-slow',
    sentence: t(
      '{0}; workers spent {1} of their time on requests for {2}.',
      lastPodCame(reading, slow),
      spanText(reading, us),
      kind,
    ),
    details: [t('The log does not tell whether the API server was slow or the client held them back.')],
    evidence:
      slowest === undefined
        ? []
        : [
            { at: slowest.from, says: t('the longest of them begins, {0}', slowest.from.doing) },
            { at: slowest.until, says: t('it has ended') },
          ],
    confidence: 'likely',
    advice: t(
      'Compare rest_client_request_duration_seconds of the controller with the latency that the API server reports.',
    ),
  });
}
