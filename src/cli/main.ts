import { likelyWord } from '../base/likely-word.ts';
import { SecretRegistry } from '../base/redact.ts';
import { systemProblem } from '../base/system-problem.ts';
import { visibleText } from '../base/visible-text.ts';
import { EvidenceError } from '../evidence/evidence-error.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import { ApplyRefusedError, ApplyUndoneError } from '../apply/apply-errors.ts';
import { LeaseHeldError } from '../apply/write-lease.ts';
import { KubeconfigError, NoKubeconfigError } from '../kubernetes/remote/kubeconfig-files.ts';
import { PreflightError } from '../kubernetes/remote/preflight.ts';
import { CreationError } from '../run/creation-error.ts';
import { SimulationError } from '../run/simulation-errors.ts';
import { NotesUnreadableError } from '../apply/restore-notes.ts';
import { whenParentEnds } from './newer-node.ts';
import { HELP, helpOf, InterruptedError, NotCleanError, RunError, SHORT_HELP, UsageError } from './usage.ts';

type Command = (
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
) => Promise<void>;

/** Each is loaded when it is called: together they take a tenth of a second, and memory that a large log needs. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  advise: async () => (await import('./advise.ts')).advise,
  bench: async () => (await import('./bench.ts')).bench,
  compare: async () => (await import('./compare.ts')).compare,
  conditions: async () => (await import('./conditions.ts')).conditions,
  'debug-adapter': async () => (await import('./debug-adapter.ts')).debugAdapter,
  export: async () => (await import('./export.ts')).exportTraces,
  restore: async () => (await import('./restore.ts')).restore,
  run: async () => (await import('./run.ts')).run,
  serve: async () => (await import('./serve.ts')).serve,
  sweep: async () => (await import('./sweep.ts')).sweep,
  'too-late': async () => (await import('./too-late.ts')).tooLate,
  'upgrade-check': async () => (await import('./upgrade-check.ts')).upgradeCheck,
  watch: async () => (await import('./watch.ts')).watch,
  why: async () => (await import('./why.ts')).why,
};

/** Put in by the build, from package.json. */
declare const ARC_LAB_VERSION: string;

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Runs one call of the command line and gives its exit code: 0 done, 1 the run failed, 2 wrong usage, 3 evidence that cannot be read, 4 hazards found, 5 not everything looked at, 130 or 143 interrupted. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const secrets = new SecretRegistry();
  const interrupt = new AbortController();
  let interruptedBy: keyof typeof SIGNAL_NUMBERS = 'SIGINT';
  const onSignal = (name: keyof typeof SIGNAL_NUMBERS): void => {
    if (interrupt.signal.aborted) process.exit(128 + SIGNAL_NUMBERS[name]);
    interruptedBy = name;
    interrupt.abort(new InterruptedError('interrupted'));
  };
  // What nobody can read any more need not go on, and ends as it does by Ctrl-C: a controller may have to be brought back.
  let outputError: Error | undefined;
  const onOutputError = (error: Error): void => {
    outputError ??= error;
    interrupt.abort(new InterruptedError('interrupted'));
  };
  process.stdout.on('error', onOutputError);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  whenParentEnds(() => onSignal('SIGTERM'));
  try {
    if (name === '--version' || name === '-V') {
      process.stdout.write(`${ARC_LAB_VERSION}\n`);
      return 0;
    }
    if (name === undefined) {
      process.stdout.write(SHORT_HELP);
      return 2;
    }
    if (isHelp(name)) {
      const [about] = rest;
      process.stdout.write(about === undefined || isHelp(about) ? HELP : commandHelp(about));
      return 0;
    }
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (load === undefined) throw unknown(name);
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(commandHelp(name));
      return 0;
    }
    const command = await load();
    await command(rest, process.stdout, interrupt.signal, secrets);
    await written(process.stdout);
    return outputCode(outputError);
  } catch (error) {
    if (error instanceof NotCleanError) {
      await written(process.stdout);
      return outputCode(outputError) || error.exitCode;
    }
    if (error instanceof InterruptedError && outputError !== undefined) return outputCode(outputError);
    const sentence = sentenceFor(error, name);
    const hint =
      error instanceof UsageError && error.helpSaysMore
        ? `${sentence.endsWith('?') ? ' See' : '; see'} arc-lab ${helpOf(name ?? '') === undefined ? '' : `${name} `}--help`
        : '';
    process.stderr.write(`arc-lab: ${visibleText(secrets.redact(`${sentence}${hint}`))}\n`);
    if (error instanceof InterruptedError) return 128 + SIGNAL_NUMBERS[interruptedBy];
    if (error instanceof EvidenceError) return 3;
    return error instanceof UsageError ? 2 : 1;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** Resolves once everything that was printed so far has been taken, or refused. */
function written(out: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => out.write('', () => resolve()));
}

/** A pipe that is closed early, as by `head`, is no failure; a full disk is one. */
function outputCode(error: Error | undefined): number {
  if (error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
  process.stderr.write(`arc-lab: the output cannot be written: ${systemProblem(error)}\n`);
  return 1;
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h' || word === 'help';
}

/** @throws UsageError */
function commandHelp(name: string): string {
  const help = helpOf(name);
  if (help === undefined) throw unknown(name);
  return help;
}

function unknown(name: string): UsageError {
  const meant = likelyWord(name, [...Object.keys(COMMANDS), 'help']);
  return new UsageError(
    `unknown command ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
  );
}

/** Errors whose message is the sentence to show. */
const SENTENCES = [
  UsageError,
  RunError,
  InterruptedError,
  KubeconfigError,
  PreflightError,
  ApplyRefusedError,
  ApplyUndoneError,
  LeaseHeldError,
  NotesUnreadableError,
  EvidenceError,
  CreationError,
  SimulationError,
  ApiError,
];

function sentenceFor(error: unknown, command: string | undefined): string {
  if (error instanceof NoKubeconfigError) {
    const embedded = command === 'run' ? ', or leave out --context to run on the embedded cluster' : '';
    return `${error.message}; name one with --kubeconfig${embedded}`;
  }
  if (SENTENCES.some((kind) => error instanceof kind)) return (error as Error).message;
  const { path } = error as NodeJS.ErrnoException;
  if (path !== undefined) return `${path} cannot be used: ${systemProblem(error)}`;
  return `something unexpected went wrong: ${systemProblem(error)}; please report it`;
}
