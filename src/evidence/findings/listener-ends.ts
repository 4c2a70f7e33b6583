import { t } from '@vscode/l10n';
import { splitKey } from '../../kubernetes/types.ts';
import type { Finding, Rule } from '../finding.ts';
import type { ListenerHistory } from '../listener-history.ts';
import type { Reading } from '../reading.ts';
import { lengthUs, once, type Repeated, type Seen } from '../seen.ts';
import { troubleOf } from '../service-trouble.ts';
import { clock, firstAndLast, spanBetween, timesOver, withStop } from '../words.ts';
import { adviceForError } from './error-advice.ts';
import { errorReason } from './error-reason.ts';

/** A listener that has ended this often has no time to work in between. */
const OFTEN = 3;

/** Listeners that end by themselves: no job of their set is heard of until another runs. */
export const listenerEnds: Rule = (reading) => {
  const own = [...reading.listeners.values()].flatMap((listener) => {
    const ends = listener.ends ?? withCause(listener.cutEnd);
    return ends === undefined ? [] : [withWords(reading, listener, ends)];
  });
  const seen = [...reading.listenerEnds].map(([pod, ends]) => byController(reading, pod, ends));
  // What the controller has seen is not inferred again.
  return [...own, ...seen, ...(reading.listenerEnds.size === 0 ? withoutWords(reading) : [])];
};

/** Words that are cut only after they have said what went wrong. */
function withCause(ends: Repeated | undefined): Repeated | undefined {
  return ends !== undefined && troubleOf(ends.text) !== undefined ? ends : undefined;
}

function withWords(reading: Reading, { asked, start }: ListenerHistory, ends: Repeated): Finding {
  const isDown = asked === undefined || asked.last.at.us <= ends.last.at.us;
  const often = timesOver(reading, ends.count, lengthUs(ends));
  const reason = errorReason(ends.text);
  return {
    ...finding(ends),
    // One that ends before it asks for anything does not come up; any other may have ended for good reason.
    severity: isDown && (ends.count > 1 || (start !== undefined && asked === undefined)) ? 'error' : 'warning',
    sentence: withStop(
      ends.count === 1
        ? t('The listener reported an error once: {0}', reason)
        : t('The listener ended with an error {0}: {1}', often, reason),
    ),
    details: isDown ? [t('It ended with it: no job becomes a runner without its listener.')] : [],
    evidence: firstAndLast(ends),
    advice: adviceForError(ends.text, 'listener'),
  };
}

function byController(reading: Reading, pod: string, ends: Repeated): Finding {
  const [namespace = '', name = ''] = pod.split('/');
  const { count, first, last, text } = ends;
  const us = lengthUs(ends);
  const why = text === '' ? '' : ` (${text})`;
  // It ends again in the time that it took from one end to the next, or the log shows that it has stayed.
  const isDown = count >= OFTEN && reading.latestUs - last.at.us <= (2 * us) / (count - 1);
  return {
    ...finding(ends),
    severity: count >= OFTEN ? 'error' : 'warning',
    sentence:
      count === 1
        ? t('Listener {0} ended at {1}{2}, not by its controller, and was made again.', name, clock(first), why)
        : t(
            'Listener {0} ended {1}{2}, not by its controller, and was made again each time.',
            name,
            timesOver(reading, count, us),
            why,
          ),
    details: [
      isDown ? t('It does so until the log ends: jobs of its scale set get no runner.') : waitText(reading, name, last),
      ...(count < 2 ? [] : [t('First at {0}, last at {1}.', clock(first), clock(last))]),
    ],
    evidence: firstAndLast(ends, t('the controller finds its pod ended{0}', why)),
    advice: isDown
      ? t(
          'Read what it says before it ends, as its pod is deleted with its log: kubectl logs -f -n {0} {1}.',
          namespace,
          name,
        )
      : t('Look for what ended it: kubectl get events -n {0} (memory, eviction, a node that went away).', namespace),
  };
}

/** How long there was none, where the next one's log is given. */
function waitText(reading: Reading, name: string, end: Seen): string {
  const next = [...reading.listeners.values()]
    .filter(({ start, first, set: key = '' }) => {
      const isOfSet = key !== '' && name.startsWith(`${splitKey(key).name}-`);
      return start !== undefined && isOfSet && first.at.us >= end.at.us;
    })
    .sort((a, b) => a.first.at.us - b.first.at.us)[0];
  return next === undefined
    ? t('Jobs of its scale set waited until the next one ran.')
    : t(
        'No job of its scale set was picked up until the next one started at {0}, {1} later.',
        clock(next.first),
        spanBetween(reading, end, next.first),
      );
}

/** A listener whose log stops while another of the same set starts: what it is asked for, it says. */
function withoutWords(reading: Reading): Finding[] {
  const listeners = [...reading.listeners.values()].sort((a, b) => a.first.at.us - b.first.at.us);
  return listeners.flatMap((next, index) => {
    if (next.start === undefined) return [];
    const before = listeners
      .slice(0, index)
      .findLast(({ set, last }) => set !== undefined && set === next.set && last.at.us <= next.first.at.us);
    if (before === undefined || before.isOver || before.asked === undefined) return [];
    const ends = once(before.last, '');
    return [
      {
        ...finding(ends),
        severity: 'warning' as const,
        sentence: t(
          'A listener of {0} stopped without a word after {1}; the next one started at {2}.',
          set(before),
          clock(before.last),
          clock(next.first),
        ),
        details: [t('Jobs were heard of {0} later, at the earliest.', spanBetween(reading, before.last, next.first))],
        evidence: [
          { at: before.last, says: t('its last line') },
          { at: next.first, says: t('the first line of the next one') },
        ],
        advice: t(
          'It was killed, as it says nothing of an end: look for why in the events of its namespace (memory, eviction, a node that went away).',
        ),
      },
    ];
  });
}

function set({ set: name = '' }: ListenerHistory): string {
  return splitKey(name).name;
}

function finding(ends: Repeated): Omit<Finding, 'sentence' | 'advice' | 'severity'> {
  return {
    id: 'listener-ends',
    details: [],
    runners: [],
    evidence: [],
    confidence: 'sure',
    weightUs: Math.max(0, lengthUs(ends)),
  };
}
