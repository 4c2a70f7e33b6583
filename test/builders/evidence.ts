import { explain, type Explanation } from '../../src/evidence/explain.ts';
import { openInput } from '../../src/evidence/open-input.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';

/** What is concluded from files, as `arc-lab why` reads them. */
export async function explainFiles(...names: readonly string[]): Promise<Explanation> {
  return explain(await readEvidence(names.map((name) => ({ name, bytes: openInput(name) }))));
}

/** What is concluded from several files, each given as its lines. */
export async function explainInputs(files: Readonly<Record<string, readonly string[]>>): Promise<Explanation> {
  const inputs = Object.entries(files).map(([name, lines]) => ({ name, bytes: inPieces(lines.join('\n')) }));
  return explain(await readEvidence(inputs));
}

/** What is concluded from a log's text. */
export async function explainText(text: string | Uint8Array, name = 'controller.log'): Promise<Explanation> {
  return explain(await readEvidence([{ name, bytes: inPieces(text) }]));
}

async function* inPieces(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text as string));
}

/** Lines as ARC's controller writes them about one runner. */
export function runnerLine(
  time: string,
  runner: string,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
  level = 'INFO',
): string {
  const rest = Object.entries(fields).map(([key, value]) => `, ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `${time}\t${level}\tEphemeralRunner\t${message}\t{"version": "NA", "ephemeralrunner": {"name":"${runner}","namespace":"ci"}${rest.join('')}}`;
}

/** A runner's way to its pod by a clock of whole seconds, from `fromS` to two seconds later. */
export function wayLines(runner: string, fromS: number): string[] {
  return [
    runnerLine(at(fromS), runner, 'Adding finalizers'),
    runnerLine(at(fromS + 1), runner, 'Successfully added finalizers'),
    runnerLine(at(fromS + 1), runner, 'Creating ephemeral runner JIT config'),
    runnerLine(at(fromS + 1), runner, 'Created ephemeral runner JIT config'),
    runnerLine(at(fromS + 2), runner, 'Created ephemeral runner secret'),
    runnerLine(at(fromS + 2), runner, 'Created ephemeral runner pod'),
  ];
}

export function createdLine(time: string, runner: string): string {
  return `${time}\tINFO\tEphemeralRunnerSet\tCreated new ephemeral runner\t{"version": "NA", "ephemeralrunnerset": {"name":"set","namespace":"ci"}, "runner": "${runner}"}`;
}

export function workersLine(time: string, workers: number): string {
  return `${time}\tINFO\tStarting workers\t{"controller": "ephemeralrunner", "controllerGroup": "actions.github.com", "controllerKind": "EphemeralRunner", "worker count": ${workers}}`;
}

/** RFC 3339 in whole seconds, `seconds` after noon. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 2, 2, 12) + Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}
