import { t } from '@vscode/l10n';
import { counted, thousands } from '../../base/count-words.ts';
import type { Finding } from '../finding.ts';
import type { ReadFile } from '../read-evidence.ts';

/** JSON logs leave out equal messages; said once a file, because waits across such a place are not known. */
export function sampledFinding(files: readonly ReadFile[]): Finding[] {
  return files.flatMap((file, source) => {
    const [first] = file.sampled;
    if (first === undefined) return [];
    return [
      {
        id: 'sampled',
        severity: 'warning' as const,
        sentence: t(
          'The JSON log is sampled: about {0} missing, the first {1} before line {2}.',
          counted(file.sampledAway, t('1 line is'), t('{0} lines are', thousands(file.sampledAway))),
          first.missing,
          first.line,
        ),
        details: [
          t('The message is "{0}": of equal ones the logger writes 100 a second, then every 100th.', first.message),
          t('Nothing is concluded from lines that are missing.'),
        ],
        runners: [],
        evidence: [{ at: { source, line: first.line, at: { us: 0, withinUs: 0 } }, says: first.message }],
        confidence: 'likely' as const,
        advice: t('The text format is not sampled: flags.logFormat "text" in the controller chart.'),
        knob: 'flags.logFormat',
        weightUs: 0,
      },
    ];
  });
}
