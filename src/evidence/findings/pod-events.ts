import { timesText } from '../../base/count-words.ts';
import { problemSentence } from '../../problems/pod-problem.ts';
import { problemOfEvents } from '../../problems/pod-event-problem.ts';
import { clean } from '../clean.ts';
import type { OfOne, Rule } from '../finding.ts';
import { sameWords } from '../same-words.ts';
import { shortened } from '../words.ts';
import { runnersLookedAt } from './object-problems.ts';

/** What kubelet and scheduler reported last of a pod, where that is a trouble. */
export const podEvents: Rule = (reading) => {
  const lookedAt = runnersLookedAt(reading);
  const names = new Set([...lookedAt].map((key) => key.slice(key.indexOf('/') + 1)));
  return [...reading.podEvents.values()].flatMap(({ name, namespace, events, seen }): OfOne[] => {
    if (namespace === '' ? names.has(name) : lookedAt.has(`${namespace}/${name}`)) return [];
    const problem = problemOfEvents({ events, epochMs: 0, redact: clean });
    if (problem === undefined) return [];
    const { code, what, next, advice, words } = problem;
    const said = problemSentence({ ...problem, sinceUs: undefined }, 0);
    const same = events.filter(({ reason }) => reason === code).reduce((sum, { count = 1 }) => sum + count, 0);
    const sentence = shortened(`${name}: ${clean(said)}`, 24);
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
        ...(isRunners
          ? {
              alike: {
                cause: `${code} ${what} ${sameWords(words, name)}`,
                sentence: (who) => shortened(`${who}: ${clean(said.replaceAll(name, '…'))}`, 24),
              },
            }
          : {}),
      },
    ];
  });
};
