import type { Uri } from 'vscode';
import type { ExplainedLogs } from '../report/explain-logs.ts';
import type { FittedAnswer } from '../report/fitted-answer.ts';

/** What findings are about: logs that were read together, or a cluster that is watched. */
export interface Explained extends Pick<ExplainedLogs, 'explanation' | 'trace'> {
  /** Tells it from others; that of a watch is its session's. */
  readonly id: string;
  readonly title: string;
  /** By the name that the answer has for each; none where no file was read. */
  readonly uris: ReadonlyMap<string, Uri>;
  /** What the simulation of its burst says, once that has been made. */
  readonly fitted?: FittedAnswer;
}
