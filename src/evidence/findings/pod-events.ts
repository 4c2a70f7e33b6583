import { timesText } from '../../base/count-words.ts';
import { problemSentence } from '../../problems/pod-problem.ts';
import { problemOfEvents } from '../../problems/pod-event-problem.ts';
import { clean } from '../clean.ts';
import type { Finding, Rule } from '../finding.ts';
import { shortened } from '../words.ts';

/** What kubelet and scheduler reported last of a pod, where that is a trouble. */
export const podEvents: Rule = (reading) =>
  [...reading.podEvents.values()].flatMap(({ name, namespace, events, seen }): Finding[] => {
    const problem = problemOfEvents({ events, epochMs: 0, redact: clean });
    if (problem === undefined) return [];
    const { code, next, advice, words } = problem;
    const same = events.filter(({ reason }) => reason === code).reduce((sum, { count = 1 }) => sum + count, 0);
    const sentence = shortened(`${name}: ${clean(problemSentence({ ...problem, sinceUs: undefined }, 0))}`, 24);
    const isWhole = sentence.includes(clean(words).replace(/[.\s]+$/, ''));
    const isRunners = reading.runners.get(namespace, name) !== undefined || /-runner-/.test(name);
    return [
      {
        id: 'pod-events',
        severity: isRunners ? 'error' : 'warning',
        sentence,
        details: [...(isWhole ? [] : [clean(words)]), ...(next === '' ? [] : [next])],
        runners: isRunners ? [name] : [],
        evidence: [{ at: seen, says: `${clean(code)} ${timesText(same)}` }],
        confidence: 'sure',
        advice,
        weightUs: 0,
      },
    ];
  });
