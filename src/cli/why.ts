import { existsSync } from 'node:fs';
import { explain } from '../evidence/explain.ts';
import type { RunnerAnswer } from '../evidence/milestones.ts';
import { openInput } from '../evidence/open-input.ts';
import { TraceMaker } from '../evidence/passes/trace-maker.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { fitLog, unfitted } from '../fit/log-fit.ts';
import { sampledAwayOf } from '../report/explain-logs.ts';
import { whyJson } from '../report/why-json.ts';
import { whyMarkdown } from '../report/why-markdown.ts';
import { whyText } from '../report/why-text.ts';
import { writeFileOf } from '../base/write-pieces.ts';
import { traceExporter } from '../export/trace.ts';
import { traceLines } from '../trace/jsonl.ts';
import { parseMixed } from './options.ts';
import { ownOutput, writing } from './output.ts';
import { UsageError } from './usage.ts';

const RUNNER = /^(?:[a-z0-9][a-z0-9-]*\/)?[a-z0-9][a-z0-9-]*$/i;

/** `arc-lab why` */
export async function why(args: readonly string[], out: NodeJS.WriteStream): Promise<void> {
  const { values, positionals } = parseMixed(args, ['trace'], ['json', 'markdown', 'all', 'unknown']);
  const isJson = values['json'] === true;
  const isMarkdown = values['markdown'] === true;
  if (isJson && isMarkdown) throw new UsageError('--json and --markdown exclude each other');
  const { files, names } = filesAndRunners(positionals);
  const traceFile =
    typeof values['trace'] === 'string' ? ownOutput('trace', values['trace'], traceExporter) : undefined;
  const maker = traceFile === undefined ? undefined : new TraceMaker();
  const inputs = files.map((name) => ({ name, bytes: openInput(name) }));
  const explanation = explain(await readEvidence(inputs, maker && ((...line) => maker.take(...line))));
  const chosen = names.map((name) => {
    const found = explanation.runners.filter((each) => isCalled(each, name));
    if (found.length === 0) throw new UsageError(`no line is about a runner called ${JSON.stringify(name)}`, false);
    return found;
  });
  const choice = { runner: names[0], isAll: values['all'] === true, isUnknownListed: values['unknown'] === true };
  const one = names.length === 0 ? explanation : { ...explanation, runners: [...new Set(chosen.flat())] };
  if (traceFile !== undefined) {
    const trace = maker?.end(explanation.release?.text, sampledAwayOf(explanation));
    if (trace === undefined) throw new UsageError("--trace needs a line of the controller's about a runner", false);
    writing(traceFile, () => writeFileOf(traceFile, traceLines(trace, trace.endedUs, trace.originUs)));
  }
  // It takes seconds: only where a burst was slow, or a program asks for all there is.
  const isFitted = isJson || (names.length === 0 && explanation.findings.some(({ burst }) => burst !== undefined));
  const fit = isFitted ? await fitLog(explanation) : unfitted(explanation.reading);
  out.write(isJson ? whyJson(one, fit) : isMarkdown ? whyMarkdown(one, fit, choice) : whyText(one, fit, choice));
}

/** By name, or namespace and name; names of objects have no capital letters. */
function isCalled({ name, namespace }: RunnerAnswer, wanted: string): boolean {
  const word = wanted.toLowerCase();
  return word === name || word === `${namespace}/${name}`;
}

/**
 * Names of files come first, and perhaps those of runners after them. What looks like a file's name is one.
 * @throws UsageError
 */
function filesAndRunners(words: readonly string[]): { files: readonly string[]; names: readonly string[] } {
  if (words.length === 0) {
    throw new UsageError('name a log, or - for standard input: arc-lab why controller.log');
  }
  const isFile = (word: string): boolean => word === '-' || existsSync(word) || !RUNNER.test(word);
  const end = Math.max(1, words.findLastIndex(isFile) + 1);
  const files = words.slice(0, end);
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('standard input can be read once');
  return { files, names: words.slice(end) };
}
