import { existsSync } from 'node:fs';
import type { SecretRegistry } from '../base/redact.ts';
import { anyOf } from '../base/count-words.ts';
import { likelyWord } from '../base/likely-word.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { visibleText } from '../base/visible-text.ts';
import { explain, type Explanation } from '../evidence/explain.ts';
import type { RunnerAnswer } from '../evidence/milestones.ts';
import { inputsOf } from '../evidence/inputs.ts';
import { TraceMaker } from '../evidence/passes/trace-maker.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { fitLog, fitThreads, unfitted } from '../fit/log-fit.ts';
import { sampledAwayOf } from '../report/explain-logs.ts';
import { whyJson } from '../report/why-json.ts';
import { whyMarkdown } from '../report/why-markdown.ts';
import { withWaste } from '../report/waste-findings.ts';
import { whyText } from '../report/why-text.ts';
import { writeFileOf } from '../base/write-pieces.ts';
import { traceExporter } from '../export/trace.ts';
import { traceLines } from '../trace/jsonl.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { lookAtCluster } from '../watch/look-at-cluster.ts';
import { duration, parseMixed, textOf, type Values } from './options.ts';
import { ownOutput, writing } from './output.ts';
import { keepHeapSmall } from './small-heap.ts';
import { inThreads } from './simulating.ts';
import { InterruptedError, UsageError } from './usage.ts';

const RUNNER = /^(?:[a-z0-9][a-z0-9-]*\/)?[a-z0-9][a-z0-9-]*$/i;

/** How far back the logs of a cluster are read. */
const SINCE = '1h';
const OF_CLUSTER = ['kubeconfig', 'context', 'namespace', 'since'] as const;

/** `arc-lab why` */
export async function why(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<void> {
  const { values, positionals } = parseMixed(args, ['trace', ...OF_CLUSTER], ['json', 'markdown', 'all', 'unknown']);
  const isJson = values['json'] === true;
  const isMarkdown = values['markdown'] === true;
  if (isJson && isMarkdown) throw new UsageError('--json and --markdown exclude each other');
  const traceName = textOf(values, 'trace');
  const traceFile = traceName === undefined ? undefined : ownOutput('trace', traceName, traceExporter);
  const isCluster = OF_CLUSTER.some((name) => values[name] !== undefined);
  const isAll = values['all'] === true;
  const {
    explanation: found,
    names,
    trace,
  } = isCluster
    ? await ofCluster(values, positionals, secrets, signal)
    : await unlessAborted(ofFiles(positionals, isAll || traceFile !== undefined), signal);
  const made = isAll || traceFile !== undefined ? trace() : undefined;
  const explanation = isAll ? withWaste(found, made) : found;
  const chosen = names.map((name) => {
    const found = explanation.runners.filter((each) => isCalled(each, name));
    if (found.length === 0) throw new UsageError(notFound(name, explanation.runners), false);
    return found;
  });
  const choice = { runner: names[0], isAll, isUnknownListed: values['unknown'] === true };
  const one = names.length === 0 ? explanation : { ...explanation, runners: [...new Set(chosen.flat())] };
  if (traceFile !== undefined) {
    if (made === undefined) throw new UsageError("--trace needs a line of the controller's about a runner", false);
    writing(traceFile, () => writeFileOf(traceFile, traceLines(made, made.endedUs, made.originUs)));
  }
  // It takes seconds: only where a burst was slow, or a program asks for all there is.
  const isFitted = isJson || (names.length === 0 && explanation.findings.some(({ burst }) => burst !== undefined));
  const fit = isFitted
    ? await inThreads(fitThreads(explanation), signal, (simulating) => fitLog(explanation, simulating))
    : unfitted(explanation.reading);
  out.write(isJson ? whyJson(one, fit) : isMarkdown ? whyMarkdown(one, fit, choice) : whyText(one, fit, choice));
}

interface Answered {
  readonly explanation: Explanation;
  /** Of the runners that are asked about. */
  readonly names: readonly string[];
  /** Undefined where no line is one of a controller's about a runner. */
  readonly trace: () => TraceLog | undefined;
}

async function ofFiles(positionals: readonly string[], isTraced: boolean): Promise<Answered> {
  const { files, names } = filesAndRunners(positionals);
  const maker = isTraced ? new TraceMaker() : undefined;
  keepHeapSmall(files);
  const inputs = await inputsOf(files);
  const explanation = explain(await readEvidence(inputs, maker && ((...line) => maker.take(...line))));
  return { explanation, names, trace: () => maker?.end(explanation.release?.text, sampledAwayOf(explanation)) };
}

async function ofCluster(
  values: Values,
  names: readonly string[],
  secrets: SecretRegistry,
  signal: AbortSignal,
): Promise<Answered> {
  const [kubeconfig, context, namespace, since = SINCE] = OF_CLUSTER.map((name) => textOf(values, name));
  const file = names.find((name) => existsSync(name) || !RUNNER.test(name));
  if (file !== undefined) throw new UsageError('name a cluster or files, not both');
  const sinceS = Math.max(1, Math.round(duration('since', since) / 1e6));
  const looked = await lookAtCluster({ kubeconfig, context, namespace }, sinceS, secrets, signal).catch(
    (error: unknown) => {
      if (signal.aborted) throw new InterruptedError('interrupted; the cluster was not read to its end');
      throw error;
    },
  );
  const { explanation } = looked;
  const unseen = looked.unseen.map((text) => visibleText(secrets.redact(text)));
  const remarks = [...explanation.remarks, ...unseen];
  return { explanation: { ...explanation, remarks }, names, trace: () => looked.trace };
}

const LIKE = 3;

/** The names that have the wanted one in them, or the one that is most like it, follow. */
function notFound(name: string, runners: readonly RunnerAnswer[]): string {
  const names = [...new Set(runners.map((each) => each.name))];
  const word = name.toLowerCase();
  const holding = names.filter((each) => each.includes(word));
  const likely = likelyWord(word, names);
  const meant = holding.length > 0 ? holding : likely === undefined ? [] : [likely];
  const shown = meant.length > LIKE ? [...meant.slice(0, LIKE), `${meant.length - LIKE} more`] : meant;
  const hint = meant.length === 0 ? '' : `; did you mean ${anyOf(shown)}?`;
  return `no line is about a runner called ${JSON.stringify(name)}${hint}`;
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
    throw new UsageError('name a log, - for standard input, or a cluster with --context: arc-lab why controller.log');
  }
  const isFile = (word: string): boolean => word === '-' || existsSync(word) || !RUNNER.test(word);
  const end = Math.max(1, words.findLastIndex(isFile) + 1);
  const files = words.slice(0, end);
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('standard input can be read once');
  return { files, names: words.slice(end) };
}
