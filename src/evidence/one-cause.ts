import { t } from '@vscode/l10n';
import { namesInWords } from '../base/count-words.ts';
import type { Finding } from './finding.ts';

/**
 * Findings that different evidence shows of the same cause as one: the first of them, which names the runners of the others.
 * @param findings the most important first
 */
export function oneCause(findings: readonly Finding[]): Finding[] {
  const byCause = new Map<unknown, Finding[]>();
  for (const finding of findings) {
    const { cause = finding } = finding;
    byCause.set(cause, [...(byCause.get(cause) ?? []), finding]);
  }
  return [...byCause.values()].map((group) => group.reduce(withOther));
}

function withOther(main: Finding, other: Finding): Finding {
  const more = other.runners.filter((name) => !main.runners.includes(name));
  return {
    ...main,
    details: more.length === 0 ? main.details : [...main.details, t('The same holds for {0}.', namesInWords(more))],
    runners: [...main.runners, ...more],
    evidence: [...main.evidence, ...other.evidence.slice(0, 1)],
  };
}
