import type { Rule } from '../finding.ts';
import { count, firstAndLast, meanText, names, spanText, withNote } from '../words.ts';

/** Passes further apart than this are those that events of a pod bring. */
const OFTEN_US = 10e6;

/** Passes over a runner that neither changed nor found anything, one right after the other: something queues it again and again. */
export const passesForNothing: Rule = (reading) => {
  const busy = withNote(reading, 'nothing new')
    .map((each) => ({ ...each, us: each.note.last.at.us - each.note.first.at.us }))
    .filter(({ note, us }) => us / note.count <= OFTEN_US)
    .sort((a, b) => b.note.count - a.note.count);
  const [worst] = busy;
  if (worst === undefined) return [];
  const { runner, note, us } = worst;
  return [
    {
      id: 'passes-for-nothing',
      severity: 'warning',
      sentence: `${count(note.count, 'pass', 'passes')} of ${runner.name} in ${spanText(reading, us)} changed nothing, one every ${meanText(us / note.count)}.`,
      details: busy.length === 1 ? [] : [`The same happened to ${names(busy.slice(1).map((each) => each.runner))}.`],
      runners: busy.map((each) => each.runner.name),
      evidence: firstAndLast(note, 'a pass that found nothing new'),
      confidence: 'likely',
      advice:
        'See who writes to the runner or its pod that often (kubectl get pod -w, or the audit log): each write queues a pass.',
      weightUs: us,
    },
  ];
};
