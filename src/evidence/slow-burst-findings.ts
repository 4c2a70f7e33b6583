import { t } from '@vscode/l10n';
import { addTo } from '../base/group.ts';
import { counted, thousands } from '../base/count-words.ts';
import type { SlowBurst } from './burst-cause.ts';
import type { EvidenceLine, Finding } from './finding.ts';
import { SLOW_START } from './findings/all.ts';
import type { Reading } from './reading.ts';
import { clock, spanText } from './words.ts';

/** The first lines of this many further bursts are evidence; the others are counted. */
const SHOWN = 3;

/** Why bursts were slow: one finding for each cause, that of its longest burst, which counts the others. */
export function slowBurstFindings(reading: Reading, slow: readonly SlowBurst[]): Finding[] {
  const byCause = new Map<NonNullable<SlowBurst['cause']>, SlowBurst[]>();
  for (const each of slow) if (each.cause !== undefined) addTo(byCause, each.cause, each);
  return [...byCause].map(([cause, [longest, ...others]]) => {
    const finding = SLOW_START[cause](reading, longest as SlowBurst);
    if (slow.length === 1) return finding;
    const { start, lastPod } = (longest as SlowBurst).burst;
    return {
      ...finding,
      details: [
        t('This burst lasted from {0} to {1}.', clock(start), clock(lastPod)),
        ...othersText(reading, others),
        ...finding.details,
      ],
      runners: [...finding.runners, ...others.flatMap(runnersOf)],
      evidence: [...finding.evidence, ...others.slice(0, SHOWN).map(beginning)],
    };
  });
}

/** `4 more bursts were slow for the same reason: 12 s to 40 s each; the last one began at 14:02:11.` */
function othersText(reading: Reading, others: readonly SlowBurst[]): string[] {
  const [longest, shortest] = [others[0], others.at(-1)];
  if (longest === undefined || shortest === undefined) return [];
  const last = others.reduce((a, b) => (b.burst.start.at.us > a.burst.start.at.us ? b : a));
  const [least, most] = [spanText(reading, shortest.waitUs), spanText(reading, longest.waitUs)];
  const lasted = least === most ? most : t('{0} to {1}', least, most);

  return [
    counted(
      others.length,
      t('1 more burst was slow for the same reason: {0}; it began at {1}.', lasted, clock(last.burst.start)),
      t(
        '{0} more bursts were slow for the same reason: {1} each; the last one began at {2}.',
        thousands(others.length),
        lasted,
        clock(last.burst.start),
      ),
    ),
  ];
}

function runnersOf({ burst }: SlowBurst): string[] {
  return [...burst.runners, ...burst.waiting].map(({ name }) => name);
}

function beginning({ burst }: SlowBurst): EvidenceLine {
  return { at: burst.start, says: t('another burst of this kind begins') };
}
