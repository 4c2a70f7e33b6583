import type { Finding } from '../finding.ts';
import type { ReadFile } from '../read-evidence.ts';
import { count } from '../words.ts';

/** JSON logs leave out equal messages; said once a file, because waits across such a place are not known. */
export function sampledFinding(files: readonly ReadFile[]): Finding[] {
  return files.flatMap((file, source) => {
    const [first] = file.sampled;
    if (first === undefined) return [];
    return [
      {
        id: 'sampled',
        severity: 'warning' as const,
        sentence: `The JSON log is sampled: about ${count(file.sampledAway, 'line is', 'lines are')} missing, the first ${first.missing} before line ${first.line}.`,
        details: [
          `The message is "${first.message}": of equal ones the logger writes 100 a second, then every 100th.`,
          'Nothing is concluded from lines that are missing.',
        ],
        runners: [],
        evidence: [{ at: { source, line: first.line, at: { us: 0, withinUs: 0 } }, says: first.message }],
        confidence: 'likely' as const,
        advice: 'The text format is not sampled: flags.logFormat "text" in the controller chart.',
        knob: 'flags.logFormat',
        weightUs: 0,
      },
    ];
  });
}
