import { t } from '@vscode/l10n';
import { timesText } from '../../base/count-words.ts';
import { clean } from '../clean.ts';
import type { OfOne, Rule } from '../finding.ts';
import { sameWords } from '../same-words.ts';
import { shortened } from '../words.ts';

/** Warnings that somebody, a policy or a controller, has reported of objects of ARC's. */
export const arcEvents: Rule = (reading) =>
  [...reading.arcEvents.values()].flatMap(({ kind, name, events, seen }): OfOne[] => {
    const warnings = events.filter(({ type }) => type === 'Warning');
    const last = warnings.at(-1);
    if (last === undefined) return [];
    const { reason = '', message = '' } = last;
    const times = warnings.filter((each) => each.reason === reason).reduce((sum, { count = 1 }) => sum + count, 0);
    const words = clean(`${reason}: ${message}`).replace(/[:.\s]+$/, '');
    return [
      {
        id: 'arc-events',
        severity: 'warning',
        sentence: shortened(`${kind} ${name}: ${words}.`, 24),
        details: words.split(' ').length > 20 ? [words] : [],
        runners: kind === 'EphemeralRunner' ? [name] : [],
        evidence: [{ at: seen, says: `${clean(reason)} ${timesText(times)}` }],
        confidence: 'sure',
        advice: t(
          'kubectl describe {0} {1} shows which component reported it: read its log, or ask its owner.',
          kind.toLowerCase(),
          name,
        ),
        weightUs: 0,
        ...(kind === 'EphemeralRunner'
          ? {
              alike: {
                cause: `${reason} ${sameWords(message, name)}`,
                sentence: (who) => shortened(`${who}: ${words.replaceAll(name, '…')}.`, 24),
              },
            }
          : {}),
      },
    ];
  });
