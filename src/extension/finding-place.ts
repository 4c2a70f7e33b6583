import type { Uri } from 'vscode';
import { passOfLine } from '../analysis/pass-of-line.ts';
import type { Finding } from '../evidence/finding.ts';
import type { Seen } from '../evidence/seen.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import type { Explained } from './explained.ts';

/** Where a timeline shows a finding. */
export interface FindingPlace {
  /** namespace/name */
  readonly runner: string;
  /** Number of the pass; the runner's last one counts where it is undefined. */
  readonly pass?: number;
}

/** The first pass that lines of the finding are about, or else its first runner; undefined where it has neither. */
export function placeOfFinding({ trace, explanation }: Explained, finding: Finding): FindingPlace | undefined {
  if (trace === undefined) return undefined;
  for (const { at } of finding.evidence) {
    const place = placeIn(trace, at);
    if (place !== undefined) return place;
  }
  const [name] = finding.runners;
  const runner = explanation.runners.find((each) => each.name === name);
  return runner === undefined ? undefined : { runner: `${runner.namespace}/${runner.name}` };
}

/** The pass that a line of one of the logs is about, from 1; undefined where it is about none. */
export function placeOfLine({ trace, uris }: Explained, uri: Uri, line: number): FindingPlace | undefined {
  if (trace === undefined) return undefined;
  const of = uri.toString();
  const [name] = [...uris].find(([, one]) => one.toString() === of) ?? [];
  const source = trace.header.sources.findIndex(({ file }) => file === name);
  return source < 0 ? undefined : placeIn(trace, { source, line });
}

/** The pass that a line is about; undefined where it is about none. */
export function placeIn(trace: TraceLog, { source, line }: Pick<Seen, 'source' | 'line'>): FindingPlace | undefined {
  const pass = passOfLine(trace, source, line);
  if (pass === undefined) return undefined;
  const { passes, strings } = trace.rows;
  return { runner: strings.text(passes.object.get(pass)), pass };
}
