import { existsSync } from 'node:fs';
import { explain } from '../evidence/explain.ts';
import { openInput } from '../evidence/open-input.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { whyJson } from '../report/why-json.ts';
import { whyMarkdown } from '../report/why-markdown.ts';
import { whyText } from '../report/why-text.ts';
import { parseMixed } from './options.ts';
import { UsageError } from './usage.ts';

/** `arc-lab why` */
export async function why(args: readonly string[], out: NodeJS.WriteStream): Promise<void> {
  const { values, positionals } = parseMixed(args, [], ['json', 'markdown', 'all', 'unknown']);
  const isJson = values['json'] === true;
  const isMarkdown = values['markdown'] === true;
  if (isJson && isMarkdown) throw new UsageError('--json and --markdown exclude each other');
  const { files, runner } = filesAndRunner(positionals);
  const explanation = explain(await readEvidence(files.map((name) => ({ name, bytes: openInput(name) }))));
  if (runner !== undefined && !explanation.runners.some(({ name }) => name === runner)) {
    throw new UsageError(`no line is about a runner called ${JSON.stringify(runner)}`, false);
  }
  const choice = { runner, isAll: values['all'] === true, isUnknownListed: values['unknown'] === true };
  const one = {
    ...explanation,
    runners: explanation.runners.filter(({ name }) => runner === undefined || name === runner),
  };
  out.write(isJson ? whyJson(one) : isMarkdown ? whyMarkdown(one, choice) : whyText(one, choice));
}

/**
 * Names of files come first, and perhaps a runner's after them. What looks like a file's name is one.
 * @throws UsageError
 */
function filesAndRunner(words: readonly string[]): { files: readonly string[]; runner: string | undefined } {
  if (words.length === 0) {
    throw new UsageError('name a log, or - for standard input: arc-lab why controller.log');
  }
  const last = words.at(-1) as string;
  const isRunner = words.length > 1 && last !== '-' && !existsSync(last) && /^[a-z0-9][a-z0-9-]*$/.test(last);
  const files = isRunner ? words.slice(0, -1) : words;
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('standard input can be read once');
  return { files, runner: isRunner ? last : undefined };
}
