import type { Rule } from '../finding.ts';
import type { RunnerHistory } from '../runner-history.ts';
import type { Repeated } from '../seen.ts';
import { count, firstAndLast, shortened, spanText, withNote } from '../words.ts';

const EXCEEDED = /exceeded quota: ([\w.-]+), requested: (.+?), used: (.+?), limited: ([^\s:;"]+)/;

/** Pods that a resource quota refuses, with its arithmetic. */
export const quota: Rule = (reading) => {
  const refused = new Map<RunnerHistory, Repeated>();
  for (const kind of ['quota', 'pod refused', 'error'] as const) {
    for (const { runner, note } of withNote(reading, kind)) {
      if (kind === 'quota' || EXCEEDED.test(note.text)) refused.set(runner, note);
    }
  }
  const all = [...refused.values()];
  const note = all.find(({ text }) => EXCEEDED.test(text)) ?? all[0];
  if (note === undefined) return [];
  const match = EXCEEDED.exec(note.text);
  const runners = [...refused.keys()];
  const waiting = runners.filter((runner) => runner.pods === 0);
  const us = all.reduce((longest, { first, last }) => Math.max(longest, last.at.us - first.at.us), 0);
  const arithmetic = match === null ? '' : ` Quota ${match[1]}: ${sum(match)}.`;
  return [
    {
      id: 'quota',
      severity: 'error',
      sentence:
        match === null
          ? `A resource quota refused the pods of ${count(refused.size, 'runner')}.`
          : `Quota ${match[1]} refused the pods of ${count(refused.size, 'runner')}: ${shortened(sum(match), 12)}.`,
      details: [
        ...(match === null ? ['The log does not say which quota and by how much.'] : []),
        ...(us > 0 ? [`It was tried for ${spanText(reading, us)}.`] : []),
        ...(waiting.length === 0 ? [] : [`${count(waiting.length, 'runner has', 'runners have')} no pod in this log.`]),
      ],
      runners: runners.map(({ name }) => name),
      evidence: firstAndLast(note, note.text === '' ? 'the quota is exceeded' : note.text),
      confidence: 'sure',
      advice: `Raise the quota, lower the requests of the runner's containers, or set maxRunners to what fits.${arithmetic} Up to ARC 0.13.0 such a runner fails for good and must be deleted by hand.`,
      weightUs: us,
    },
  ];
};

/** `used pods=1 + requested pods=1 > 1` */
function sum([, , requested = '', used = '', limited = '']: RegExpExecArray): string {
  return `used ${used} + requested ${requested} > ${limited.replace(/^[\w./-]+=/, '')}`;
}
