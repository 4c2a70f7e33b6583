import { explain, type Explanation } from '../evidence/explain.ts';
import { TraceMaker } from '../evidence/passes/trace-maker.ts';
import { readEvidence, type Input } from '../evidence/read-evidence.ts';
import { unfitted, type LogFit } from '../fit/log-fit.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { withWaste } from './waste-findings.ts';
import { whyText } from './why-text.ts';

/** With more runners an answer shows the slowest. */
const ALL_RUNNERS = 500;

export interface ExplainedLogs {
  readonly explanation: Explanation;
  /** The passes that the lines show; undefined where none is the controller's. */
  readonly trace: TraceLog | undefined;
  /** The whole answer, as for a terminal, the first finding on its first line. */
  readonly text: string;
}

/**
 * Reads logs, and says why runners start late or hang, with the passes that their lines show.
 * @throws EvidenceError where one cannot be read, or none has a line that is understood
 */
export async function explainLogs(inputs: readonly Input[]): Promise<ExplainedLogs> {
  const maker = new TraceMaker();
  const found = explain(await readEvidence(inputs, (...line) => maker.take(...line)));
  const trace = maker.end(found.release?.text, sampledAwayOf(found));
  const explanation = withWaste(found, trace);
  return {
    explanation,
    trace,
    text: answerText(explanation, unfitted(explanation.reading)),
  };
}

/** The whole answer, as for a terminal, the first finding on its first line. */
export function answerText(explanation: Explanation, fit: LogFit): string {
  const isAll = explanation.runners.length <= ALL_RUNNERS;
  return whyText(explanation, fit, { runner: undefined, isAll, isUnknownListed: false, isAboutLast: true });
}

/** Lines that a sampling logger left out. */
export function sampledAwayOf({ files }: Explanation): number {
  return files.reduce((sum, { sampledAway }) => sum + sampledAway, 0);
}
