import type { Rule } from '../finding.ts';
import { count, spanText } from '../words.ts';

/** client-go says itself that the client's limit held requests back. */
export const throttled: Rule = (reading) => {
  const { first, totalUs, longestUs, count: times } = reading.throttled;
  if (first === undefined) return [];
  return [
    {
      id: 'throttled',
      severity: longestUs >= 1e6 ? 'error' : 'warning',
      sentence: `The Kubernetes client's own limit held back ${count(times, 'request')}, ${spanText(reading, totalUs)} in all, ${spanText(reading, longestUs)} the longest.`,
      details: ['client-go writes only of waits of a second or more, so there may have been others.'],
      runners: [],
      evidence: [{ at: first, says: 'Waited … due to client-side throttling (first)' }],
      confidence: 'sure',
      advice: 'Raise flags.k8sClientRateLimiterQPS and flags.k8sClientRateLimiterBurst of the controller chart.',
      knob: 'flags.k8sClientRateLimiterQPS',
      weightUs: longestUs,
    },
  ];
};
