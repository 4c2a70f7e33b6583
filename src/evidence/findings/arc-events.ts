import { t } from '@vscode/l10n';
import { timesText } from '../../base/count-words.ts';
import { refusalOfPod } from '../../problems/refusal.ts';
import { clean } from '../clean.ts';
import type { OfOne, Rule } from '../finding.ts';
import { quotaCause } from '../quota-cause.ts';
import { sameWords } from '../same-words.ts';
import { shortened } from '../words.ts';

/** What a controller reports of an object that the API server did not let it make. */
const REFUSED = /^(?:Error creating|Failed to create \w+): /i;

/** Warnings that somebody, a policy or a controller, has reported of objects of ARC's; what a quota refuses has its own rule. */
export const arcEvents: Rule = (reading) =>
  [...reading.arcEvents.values()].flatMap(({ kind, name, events, seen }): OfOne[] => {
    const warnings = events.filter(({ type }) => type === 'Warning');
    const last = warnings.at(-1);
    if (last === undefined || (kind === 'EphemeralRunner' && quotaCause(last.message ?? '') !== undefined)) return [];
    const { reason = '', message = '' } = last;
    const times = warnings.filter((each) => each.reason === reason).reduce((sum, { count = 1 }) => sum + count, 0);
    const isRefused = reason === 'FailedCreate' || REFUSED.test(message);
    const refusal = isRefused ? refusalOfPod(message.replace(REFUSED, '')) : undefined;
    const all = clean(`${reason}: ${message}`).replace(/[:.\s]+$/, '');
    const words = refusal === undefined ? all : clean(`${reason}: ${refusal.words}`).replace(/[:.\s]+$/, '');
    const sentence = shortened(`${kind} ${name}: ${words}.`, 24);
    const cause = quotaCause(message);
    return [
      {
        id: 'arc-events',
        severity: isRefused ? 'error' : 'warning',
        sentence,
        details: [],
        runners: kind === 'EphemeralRunner' ? [name] : [],
        evidence: [
          {
            at: seen,
            says: sentence.includes(all)
              ? `${clean(reason)} ${timesText(times)}`
              : `${clean(reason)} ${timesText(times)}: ${clean(message)}`,
          },
        ],
        confidence: 'sure',
        advice:
          refusal?.advice ??
          t(
            'kubectl describe {0} {1} shows which component reported it: read its log, or ask its owner.',
            kind.toLowerCase(),
            name,
          ),
        weightUs: 0,
        ...(cause === undefined ? {} : { cause }),
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
