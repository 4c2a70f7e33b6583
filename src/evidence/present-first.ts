import type { Finding } from './finding.ts';
import { RAN_OR_GOES } from './messages.ts';
import type { Reading } from './reading.ts';
import type { RunnerHistory } from './runner-history.ts';

/** What began just before the log ends is not known to go on. */
const LASTING_US = 120e6;

/**
 * What still holds runners when the log ends comes before what is over for all of its runners, among findings as grave as the
 * first: that can still be helped.
 * @param findings the most important first
 */
export function presentFirst(reading: Reading, findings: readonly Finding[]): readonly Finding[] {
  const [first, second] = findings;
  if (first?.severity !== second?.severity || first === undefined || first.runners.length === 0) return findings;
  const waiting = new Set([...reading.runners.values()].filter(isWaiting).map(({ name }) => name));
  const goesOn = (finding: Finding): boolean => finding.runners.some((name) => waiting.has(name));
  if (waiting.size === 0 || goesOn(first)) return findings;
  const isPresent = (finding: Finding): boolean =>
    finding.severity === first.severity && finding.weightUs >= LASTING_US && goesOn(finding);
  return [...findings.filter(isPresent), ...findings.filter((finding) => !isPresent(finding))];
}

/** A runner that has not come to run, and that nobody has taken away. */
function isWaiting({ milestones }: RunnerHistory): boolean {
  return RAN_OR_GOES.every((name) => !milestones.has(name));
}
