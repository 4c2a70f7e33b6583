import { passesText, podsText, requestsText, workersText } from '../base/count-words.ts';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { SecretRegistry } from '../base/redact.ts';
import { visibleText } from '../base/visible-text.ts';
import { WallClock } from '../base/wall-clock.ts';
import { withJobDuration } from '../run/job-duration.ts';
import type { ApplyOptions } from '../apply/apply-guard.ts';
import { checkText } from '../apply/check.ts';
import { parseLabelSelector } from '../kubernetes/selector.ts';
import { RestoreNotes } from '../apply/restore-notes.ts';
import type { Scope } from '../apply/scope.ts';
import { AttachedLab } from '../run/attached-lab.ts';
import { connectionTeller, leaseLostText } from '../explain/connection-words.ts';
import { endOf } from '../run/embedded-run.ts';
import { startEmbeddedLab } from '../run/embedded-start.ts';
import type { ControllerHooks } from '../run/manage-runners.ts';
import { ControllerMetrics, serveMetrics } from '../model/metrics.ts';
import { endText, waitingText, type Loop } from '../run/run-end.ts';
import type { LabSettings } from '../run/settings.ts';
import { statisticsOf } from '../analysis/statistics.ts';
import { TraceFile } from '../trace/trace-file.ts';
import type { LabLogLine } from '../model/trace-recorder.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import type { Controllers } from '../runtime/controllers.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { checkWritable } from './output.ts';
import { startedByHand } from './held.ts';
import { attachedIdle } from './attached-idle.ts';
import { address, horizonUs, parse, settingLists, SHARED, singleSettings, type Values } from './options.ts';
import { LOOK_MS, stuckLines } from './stuck-lines.ts';
import { InterruptedError, RunError, UsageError } from './usage.ts';

/** What to do after the right to write was lost. */
const GO_ON = 'Repeat the call to go on: it looks once more whether the cluster may be written to.';
/** For passes in progress, and for bringing a controller back. */
const STOP_TIMEOUT_MS = 60_000;

/** What the two kinds of lab have in common while they run. */
interface RunningLab {
  readonly trace: TraceLog;
  readonly controllers: Controllers;
  readonly what: string;
  nowUs(): number;
  /** Resolves with why it must not go on. */
  readonly lost: Promise<Error>;
  /** Resolves with why it is not quiet though nothing new will happen; empty when nothing is left to do. */
  idle(): Promise<string>;
  stop(): Promise<void>;
}

/** `arc-lab run` */
export async function run(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
  secrets: SecretRegistry,
): Promise<void> {
  const values = parse(
    args,
    [...SHARED, 'mode', 'kubeconfig', 'context', 'namespace', 'runner-set', 'selector', 'trace', 'metrics', 'horizon'],
    ['apply', 'yes', 'scale-down-controller', 'until-idle', 'simulate-pods', 'all-namespaces', 'held'],
  );
  const settings: LabSettings = {
    ...singleSettings(values, ['mode']),
    mode: settingLists(values).mode?.[0] ?? RELEASES.default.id,
  };
  const attach = values['kubeconfig'] !== undefined || values['context'] !== undefined;
  checkCombination(values, attach);
  const metricsAt = typeof values['metrics'] === 'string' ? address('metrics', values['metrics']) : undefined;
  const complain = (text: string): void => void process.stderr.write(`arc-lab: ${visibleText(secrets.redact(text))}\n`);
  const traceFile = openTrace(values['trace'], complain);
  const metrics = metricsAt === undefined ? undefined : new ControllerMetrics(attach ? 'remote' : 'embedded');
  const hooks = {
    onLogLine: (line: LabLogLine) => out.write(`${logLineText(line, secrets)}\n`),
    onEvent: () => traceFile?.grown(),
    observers: metrics === undefined ? [] : [metrics],
  };
  const lab = attach
    ? await attachLab(values, settings, secrets, hooks, out, signal)
    : embeddedLab(withJobDuration(settings), hooks, out, horizonUs(values));
  traceFile?.begin(lab.trace, () => lab.nowUs());
  const tellStuck = stuckLines(lab.trace, () => lab.nowUs(), out);
  const isToBeIdle = values['until-idle'] === true;
  let closeMetrics: (() => void) | undefined;
  let keepAlive: NodeJS.Timeout | undefined;
  let end: string | Error;
  try {
    if (metrics !== undefined && metricsAt !== undefined) {
      metrics.observe(lab.controllers, () => lab.nowUs());
      const server = await serveMetrics(metrics, metricsAt).catch((error: Error) => {
        throw new RunError(error.message);
      });
      closeMetrics = server.close;
      out.write(`metrics at http://${metricsAt.host}:${server.port}/metrics\n`);
    }
    out.write(`${settings.mode} mode, ${workersText(settings.workers)}, ${lab.what}; Ctrl-C ends\n`);
    // It also keeps the process: with nothing to do there is nothing else.
    keepAlive = setInterval(tellStuck, LOOK_MS);
    const aborted = new Promise<string | Error>((resolve) => {
      const done = (): void => resolve(isToBeIdle ? new InterruptedError('interrupted; the run is not complete') : '');
      if (signal.aborted) done();
      signal.addEventListener('abort', done, { once: true });
    });
    const ended = Promise.race([aborted, lab.lost]);
    if (values['held'] === true && !(await startedByHand(lab.controllers, secrets, isToBeIdle, out, ended))) return;
    end = await Promise.race([ended, ...(isToBeIdle ? [lab.idle()] : [])]);
    if (typeof end === 'string' && end !== '') out.write(`${end}\n`);
  } finally {
    await Promise.race([lab.stop(), new Promise((done) => setTimeout(done, STOP_TIMEOUT_MS).unref())]);
    clearInterval(keepAlive);
    tellStuck();
    closeMetrics?.();
    traceFile?.close();
  }
  out.write(`${summaryOf(lab.trace)}\n`);
  if (typeof end !== 'string') throw end;
}

function summaryOf(trace: TraceLog): string {
  const { passes, results, kubernetesRequests, actionsRequests, pods } = statisticsOf(trace, 0);
  const cutOff = [...trace.open()]
    .flatMap((open) => ('requests' in open ? open.requests : []))
    .filter(({ ended }) => ended === undefined).length;
  return (
    `${passesText(passes)} (${results.done} done, ${results.requeue} requeued, ${results['requeue-after']} delayed, ` +
    `${results.error} failed), ${requestsText(kubernetesRequests)} to Kubernetes, ${actionsRequests} to the Actions service, ${podsText(pods)} made` +
    (cutOff === 0 ? '' : `; ${cutOff} ${cutOff === 1 ? 'call was' : 'calls were'} cut off`)
  );
}

function checkCombination(values: Values, attach: boolean): void {
  for (const option of ['apply', 'namespace', 'all-namespaces', 'simulate-pods', 'runner-set', 'selector', 'held']) {
    if (attach || values[option] === undefined) continue;
    throw new UsageError(`--${option} needs a cluster; name it with --kubeconfig or --context`);
  }
  if (values['horizon'] !== undefined && (attach || values['until-idle'] === undefined)) {
    throw new UsageError('--horizon is for --until-idle on the embedded cluster');
  }
  if (values['apply'] === undefined) {
    for (const option of ['yes', 'scale-down-controller']) {
      if (values[option] !== undefined) throw new UsageError(`--${option} is for --apply`);
    }
    return;
  }
  if (values['held'] !== undefined) {
    throw new UsageError('--held only looks and --apply writes: leave one of them out');
  }
  if (values['context'] === undefined) {
    throw new UsageError('--apply changes a cluster: name the one that is meant with --context');
  }
}

function openTrace(path: Values[string], complain: (text: string) => void): TraceFile | undefined {
  if (typeof path !== 'string') return undefined;
  const file = resolve(path);
  checkWritable(file);
  return new TraceFile(file, complain);
}

/** Shows the checklist and asks on the terminal. */
function applyOptions(values: Values, out: NodeJS.WriteStream, onLost: (why: string) => void): ApplyOptions {
  const say = (text: string): void => void out.write(`${visibleText(text)}\n`);
  return {
    onChecklist: (checks) => checks.forEach((check) => say(checkText(check))),
    confirm: async ({ summary }) => {
      for (const [heading, text] of summary) say(`${heading.padEnd(8)} ${text}`);
      if (values['yes'] === true) return true;
      if (!process.stdin.isTTY) {
        throw new UsageError(
          '--apply changes the cluster: repeat with --yes if that is meant; nothing was changed',
          false,
        );
      }
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await new Promise<string>((resolve) => {
        // Ctrl-C and the end of the input are no.
        terminal.once('close', () => resolve(''));
        terminal.question('Write to this cluster? [y/N] ').then(resolve, () => resolve(''));
      });
      terminal.close();
      return /^y(es)?$/i.test(answer.trim());
    },
    scaleDownController: values['scale-down-controller'] === true,
    onLost,
    onProgress: say,
  };
}

function scopeOf(runnerSet: string | undefined, selector: string | undefined): Scope | undefined {
  if (runnerSet === undefined && selector === undefined) return undefined;
  try {
    parseLabelSelector(selector ?? '');
  } catch (error) {
    throw new UsageError(`--selector is no label selector: ${(error as Error).message}`);
  }
  return { ...(runnerSet === undefined ? {} : { runnerSet }), ...(selector === undefined ? {} : { selector }) };
}

type Hooks = Pick<ControllerHooks, 'onLogLine' | 'onEvent' | 'observers'>;

async function attachLab(
  values: Values,
  settings: LabSettings,
  secrets: SecretRegistry,
  hooks: Hooks,
  out: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<RunningLab> {
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
  const [kubeconfig, context] = [text('kubeconfig'), text('context')];
  const namespace = values['all-namespaces'] === true ? '' : text('namespace');
  const isApplied = values['apply'] === true;
  const scope = scopeOf(text('runner-set'), text('selector'));
  const { lost, lose } = losable();
  const onLost = (why: string): void => lose(`${leaseLostText(context ?? '', why)} ${GO_ON}`);
  for (const { namespace: place, name, context: where, at } of new RestoreNotes().all()) {
    out.write(`${place}/${name} of ${where} was scaled to zero at ${at} and not back: arc-lab restore does it\n`);
  }
  const lab: AttachedLab = await AttachedLab.attach({
    settings,
    // In shadow there is no other kubelet for the overlay's pods.
    simulatePods: values['simulate-pods'] === true || !isApplied,
    secrets,
    signal,
    held: values['held'] === true,
    ...hooks,
    onConnection: connectionTeller(
      () => lab.contextName,
      (text) => process.stderr.write(`arc-lab: ${visibleText(secrets.redact(text))}\n`),
    ),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(scope === undefined ? {} : { scope }),
    ...(isApplied ? { apply: applyOptions(values, out, onLost) } : {}),
  });
  const where = lab.namespace === '' ? 'all namespaces' : `namespace ${lab.namespace}`;
  return {
    trace: lab.trace,
    controllers: lab.controllers,
    what:
      `${isApplied ? 'applying to' : 'shadowing, nothing is changed,'} ${where} of ${lab.contextName}` +
      (lab.differences === undefined ? '' : `; ${lab.differences}`),
    nowUs: () => lab.clock.nowUs(),
    lost,
    idle: () => attachedIdle(lab),
    stop: () => lab.stop(),
  };
}

function embeddedLab(
  settings: LabSettings,
  hooks: Hooks,
  out: NodeJS.WriteStream,
  horizon: number | undefined,
): RunningLab {
  const clock = new WallClock();
  const { lost, lose } = losable();
  const lab = startEmbeddedLab({ clock, settings, epochMs: Date.now(), ...hooks }, ({ runnerSet }) =>
    runnerSet.create(settings.runners, (error) => {
      if (error !== undefined) lose(`runners cannot be created: ${error.message}`);
    }),
  );
  return {
    trace: lab.trace,
    controllers: lab.controllers,
    what: 'on the embedded cluster',
    nowUs: () => clock.nowUs(),
    lost,
    idle: async () => {
      const onWaiting = (loops: readonly Loop[]): void => void out.write(`${waitingText(loops)}\n`);
      return endText(await endOf(clock, lab, { onWaiting, ...(horizon === undefined ? {} : { horizonUs: horizon }) }));
    },
    stop: async () => {
      await lab.stop();
      clock.close();
    },
  };
}

/** A promise that resolves with a RunError once there is a reason. */
function losable(): { lost: Promise<Error>; lose: (why: string) => void } {
  let lose: (why: string) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => (lose = (why) => resolve(new RunError(why))));
  return { lost, lose };
}

function logLineText({ atUs, level, runner, message, fields }: LabLogLine, secrets: SecretRegistry): string {
  const time = `${(atUs / 1e6).toFixed(3)}s`.padStart(10);
  const details = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
  return visibleText(secrets.redact(`${time}  ${level === 'error' ? 'ERROR ' : ''}${runner}  ${message}${details}`));
}
