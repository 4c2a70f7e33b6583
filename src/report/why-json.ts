import type { Explanation } from '../evidence/explain.ts';

/** The answer of `arc-lab why` for programs, as media/why.schema.json says. */
export function whyJson(explanation: Explanation): string {
  const { verdict, remarks, release, settings, runners, findings, files, lineName } = explanation;
  return `${JSON.stringify(
    {
      verdict,
      remarks,
      release: release?.text ?? null,
      settings,
      runners,
      findings: findings.map(({ evidence, weightUs: _, ...finding }) => ({
        ...finding,
        evidence: evidence.map(({ at, says }) => ({ line: lineName(at), says })),
      })),
      read: files.map(({ file, format, lines, unknown, sampledAway, problems }) => ({
        file,
        format: format ?? null,
        lines,
        unknownLines: unknown,
        sampledAway,
        problems,
      })),
    },
    null,
    2,
  )}\n`;
}
