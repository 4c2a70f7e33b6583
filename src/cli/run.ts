import type { Address } from '../base/address.ts';
import { workersText } from '../base/count-words.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { visibleText } from '../base/visible-text.ts';
import { scopeText } from '../apply/scope.ts';
import { RestoreNotes } from '../apply/restore-notes.ts';
import { connectionTeller, leaseLostText } from '../explain/connection-words.ts';
import { EphemeralRunners, Pods } from '../kubernetes/resource.ts';
import { besideJobs, runTroubles, troubleSentences } from '../explain/run-troubles.ts';
import { describedSentences } from '../explain/release-words.ts';
import { takeoverText } from '../explain/handover-words.ts';
import { keyOf, type EphemeralRunner, type Pod } from '../kubernetes/types.ts';
import { scaleSetFigures } from '../analysis/scale-set-figures.ts';
import { statisticsOf } from '../analysis/statistics.ts';
import { MetricsServer } from '../model/metrics-server.ts';
import { logLineText, summaryText } from '../report/run-text.ts';
import { scaleSetText, scaleSetWords, upgradeWords } from '../report/scale-set-text.ts';
import { traceExporter } from '../export/trace.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { TraceFile } from '../trace/trace-file.ts';
import { missedSentences } from '../run/conditions-words.ts';
import { endOf, simulateInSlices } from '../run/embedded-run.ts';
import type { ControllerHooks } from '../run/manage-runners.ts';
import { quiet } from '../run/quiet.ts';
import { cutOffText, endText, waitingText } from '../run/run-end.ts';
import type { Run } from '../run/run.ts';
import type { AttachedTarget } from '../run/run-target.ts';
import type { AttachedRun } from '../run/start-attached.ts';
import type { EmbeddedRun } from '../run/start-embedded.ts';
import { startRun } from '../run/start-run.ts';
import { aborted } from './aborted.ts';
import { askToWrite } from './ask-to-write.ts';
import { startedByHand } from './held.ts';
import { leftRunningText } from './left-running.ts';
import { ownOutput } from './output.ts';
import { runCall, type RunCall } from './run-call.ts';
import { LOOK_MS, stuckLines } from './stuck-lines.ts';
import { InterruptedError, RunError } from './usage.ts';

/** What to do after the right to write was lost. */
const GO_ON = 'Repeat the command to continue: it checks again whether the cluster may be written to.';

/** A scale set that nobody looks after would wait in vain. */
const ONLY_RUNNERS =
  "; arc-lab reconciles runners only, and ARC's own controllers make them of AutoscalingRunnerSets and EphemeralRunnerSets";

/** What the two kinds of run have in common here. */
interface Begun {
  readonly run: Run;
  readonly what: string;
  /** Resolves with why it must not go on. */
  readonly lost: Promise<Error>;
  /**
   * Resolves with why it is not quiet though nothing new will happen; empty when nothing is left to do, an error when
   * there was nothing of what was asked for.
   */
  idle(): Promise<string | Error>;
  /** What happened to what an earlier release had left, in sentences. */
  readonly handover?: () => string | undefined;
  /** Which faults it ended before, in sentences. */
  readonly missed?: () => readonly string[];
}

/** `arc-lab run` */
export async function run(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<void> {
  const call = runCall(args);
  if (call.isVirtual) return await runVirtually(call, out, signal);
  const { target, settings, untilIdle } = call;
  const complain = (text: string): void => void process.stderr.write(`arc-lab: ${visibleText(secrets.redact(text))}\n`);
  const metrics = await metricsServer(call.metrics);
  const traceFile = openTrace(call.traceFile, complain);
  const hooks: ControllerHooks = {
    onLogLine: (line) => out.write(`${visibleText(secrets.redact(logLineText(line)))}\n`),
    onEvent: () => traceFile?.grown(),
    metrics,
  };
  const begun =
    target.kind === 'attached'
      ? await attach(call, target, hooks, complain, out, signal, secrets)
      : beginEmbedded(call, hooks, out);
  const nowUs = (): number => begun.run.clock.nowUs();
  traceFile?.begin(begun.run.trace, nowUs);
  const tellStuck = stuckLines(begun.run.trace, nowUs, (text) => out.write(text));
  let keepAlive: NodeJS.Timeout | undefined;
  let end: string | Error;
  try {
    if (metrics !== undefined) {
      const { host, port } = metrics.address;
      out.write(`metrics at http://${host}:${port}/metrics\n`);
    }
    out.write(`${settings.mode} mode, ${workersText(settings.workers)}, ${begun.what}; Ctrl-C ends\n`);
    // It also keeps the process: with nothing to do there is nothing else.
    keepAlive = setInterval(tellStuck, LOOK_MS);
    const interrupted = aborted(signal).then(() =>
      untilIdle ? new InterruptedError('interrupted; the run is not complete') : '',
    );
    const ended = Promise.race([interrupted, begun.lost]);
    if (begun.run.controllers.held && !(await startedByHand(begun.run.controllers, secrets, untilIdle, out, ended)))
      return;
    end = await Promise.race([ended, ...(untilIdle ? [begun.idle()] : [])]);
  } finally {
    await begun.run.stop().finally(() => {
      clearInterval(keepAlive);
      tellStuck();
      traceFile?.close();
    });
  }
  // Behind the lines of the passes that were still going on.
  if (typeof end === 'string' && end !== '') out.write(`${end}\n`);
  if (call.load.scaleSet !== undefined) out.write('\n');
  const after = [begun.handover?.() ?? [], begun.missed?.() ?? []].flat();
  out.write(resultText(begun.run.trace, call, nowUs(), after));
  if (typeof end !== 'string') throw end;
}

/** @throws RunError when the address cannot be listened on */
async function metricsServer(address: Address | undefined): Promise<MetricsServer | undefined> {
  if (address === undefined) return undefined;
  return MetricsServer.listen(address).catch((error: Error) => {
    throw new RunError(error.message);
  });
}

function openTrace(path: string | undefined, complain: (text: string) => void): TraceFile | undefined {
  if (path === undefined) return undefined;
  return new TraceFile(ownOutput('trace', path, traceExporter), complain);
}

async function attach(
  call: RunCall,
  target: AttachedTarget,
  hooks: ControllerHooks,
  complain: (text: string) => void,
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<Begun> {
  const { lost, lose } = losable();
  const onLost = (why: string): void => lose(`${leaseLostText(target.context ?? '', why)} ${GO_ON}`);
  for (const text of leftAtZero()) out.write(`${text}\n`);
  const run: AttachedRun = await startRun(target, call.settings, {
    ...{ ...hooks, secrets, signal },
    onConnection: connectionTeller(() => run.environment.contextName, complain),
    ...(target.apply ? { apply: askToWrite(call, out, onLost) } : {}),
  });
  const { namespace, contextName, differences } = run.environment;
  const where = namespace === '' ? 'all namespaces' : `namespace ${namespace}`;
  const wanted = scopeText(target.scope ?? {});
  const none = `there is no EphemeralRunner ${wanted === '' ? '' : `${wanted} `}in ${where} of ${contextName}`;
  // A controller that was scaled down comes back and goes on with them.
  const isAbandoned = target.apply && !call.scaleDownController;
  let isEmpty = false;
  if (target.held !== true) {
    run.controllers.whenSynced(() => {
      isEmpty = run.controllers.caches.of(EphemeralRunners).entries().next().done === true;
      if (isEmpty && !call.untilIdle) out.write(`${none} yet${ONLY_RUNNERS}\n`);
    });
  }
  return {
    run,
    what:
      `${target.apply ? 'applying to' : 'shadowing, nothing is changed,'} ${where} of ${contextName}` +
      (differences === undefined ? '' : `; ${differences}`),
    lost,
    idle: async () => {
      const why = endText(await quiet(run));
      const left = isAbandoned ? leftRunningText(runnersIn(run), (runner) => podIn(run, runner)) : '';
      const end = [why, left].filter((line) => line !== '').join('\n');
      if (!isEmpty || statisticsOf(run.trace, 0).passes > 0) return end;
      // A choice that matches nothing is a mistake; a namespace that is empty has nothing to do.
      return wanted === '' ? none : new RunError(none);
    },
  };
}

function* runnersIn({ controllers }: AttachedRun): Generator<EphemeralRunner> {
  for (const [, runner] of controllers.caches.of(EphemeralRunners).entries()) yield runner;
}

function podIn({ controllers }: AttachedRun, { metadata }: EphemeralRunner): Pod | undefined {
  return controllers.caches.of(Pods).get(keyOf(metadata));
}

function beginEmbedded({ settings, load, horizonUs }: RunCall, hooks: ControllerHooks, out: NodeJS.WriteStream): Begun {
  const { lost, lose } = losable();
  const run = startRun({ kind: 'embedded' }, settings, {
    ...{ ...hooks, load },
    onCreationFailed: ({ message }) => lose(message),
  });
  return {
    run,
    what: `${loadText(load)}on the embedded cluster`,
    lost,
    handover: () => takeoverText(run),
    missed: () => missedSentences(run.environment.conditions.missed),
    idle: async () => {
      const onWaiting = (loops: Parameters<typeof waitingText>[0]): void => void out.write(`${waitingText(loops)}\n`);
      const options = { onWaiting, ...(horizonUs === undefined ? {} : { horizonUs }) };
      const end = await endOf(run, options);
      // How far jobs have come is said by the scale set's own text.
      if (load.scaleSet !== undefined) return endText(end);
      return cutOffText({ end, settings, statistics: statisticsOf(run.trace, 0) });
    },
  };
}

/** What a run came to: its scale set and jobs, figures, and what went wrong. @param after sentences behind that */
function resultText(
  trace: TraceLog,
  { settings: { mode }, load }: RunCall,
  nowUs: number,
  after: readonly string[],
): string {
  const { scaleSet } = load;
  const all = runTroubles(trace, nowUs);
  const besides = scaleSet === undefined ? all : besideJobs(all, scaleSetFigures(trace));
  const troubles = troubleSentences([{ name: mode, troubles: besides }]);
  return [
    ...(scaleSet === undefined ? [] : [scaleSetText(trace, scaleSet.maxRunners), '']),
    summaryText(trace),
    // They name things of a cluster, which may have what commands a terminal.
    ...troubles.map(visibleText),
    ...describedSentences([mode]),
    ...after,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** A scale set and its jobs in virtual time. */
async function runVirtually(call: RunCall, out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const { settings, load, horizonUs } = call;
  const traceFile = openTrace(call.traceFile, (text) => void process.stderr.write(`arc-lab: ${visibleText(text)}\n`));
  const limit = horizonUs === undefined ? {} : { horizonUs };
  let run: EmbeddedRun | undefined;
  const onStarted = (started: EmbeddedRun): void => void (run = started);
  const finished = await simulateInSlices(settings, { load, signal, onStarted, ...limit });
  out.write(`${settings.mode} mode, ${workersText(settings.workers)}, ${loadText(load)}in virtual time\n`);
  const { trace } = finished;
  const after = [(run && takeoverText(run)) ?? [], missedSentences(run?.environment.conditions.missed ?? [])].flat();
  out.write(resultText(trace, call, trace.endedUs ?? 0, after));
  const end = endText(finished.end);
  if (end !== '') out.write(`${end}\n`);
  traceFile?.begin(trace, () => trace.endedUs ?? 0);
  traceFile?.close();
  if (finished.end.kind === 'interrupted') throw new InterruptedError('interrupted; the run is not complete');
}

function loadText({ scaleSet, upgrade }: RunCall['load']): string {
  const before = upgrade === undefined ? '' : `${upgradeWords(upgrade)}, `;
  return scaleSet === undefined ? '' : `${scaleSetWords(scaleSet)}, ${before}`;
}

/** A sentence for each controller that a run has left at zero, or why that cannot be known. */
function leftAtZero(): string[] {
  try {
    return new RestoreNotes()
      .all()
      .map(
        ({ namespace, name, context, at }) =>
          `${namespace}/${name} in ${context} was scaled to zero at ${at} and never restored: run arc-lab restore`,
      );
  } catch (error) {
    return [(error as Error).message];
  }
}

/** A promise that resolves with a RunError once there is a reason. */
function losable(): { lost: Promise<Error>; lose: (why: string) => void } {
  let lose: (why: string) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => (lose = (why) => resolve(new RunError(why))));
  return { lost, lose };
}
