import * as vscode from 'vscode';
import { parseLaunch } from '../../debug-adapter/launch-arguments.ts';
import { affordable } from '../../hindsight/affordable-futures.ts';
import { chooseSubject, makesOwnRunners, runnerNames } from '../../hindsight/choose-subject.ts';
import { causeAt } from '../../hindsight/cause.ts';
import { notRepeatedText } from '../../hindsight/hindsight-text.ts';
import { pointOfNoReturn, type Hindsight } from '../../hindsight/point-of-no-return.ts';
import { NoFuturesError, notRepeated, specOfTrace } from '../../hindsight/spec-of-trace.ts';
import { shortName } from '../../model/runner-table.ts';
import type { MarkedMoment, ObjectMoment } from '../../protocol.ts';
import { LAB_NAMESPACE } from '../../run/embedded-environment.ts';
import type { Subject } from '../../run/fate.ts';
import type { RunSpec } from '../../run/run-spec.ts';
import { SimulationCancelled } from '../../run/simulation-errors.ts';
import { SimulationPool } from '../../run/simulation-pool.ts';
import { RUNNER_KIND } from '../../trace/model.ts';
import { isTraceFile, readTraceFile } from '../../trace/read-trace-file.ts';
import type { TraceLog } from '../../trace/trace-log.ts';
import type { App } from '../app.ts';
import { DEBUG_TYPE } from '../ids.ts';
import { showHindsight } from '../hindsight-panel.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import { sourceOf } from '../run.ts';
import { chooseSession } from './choose-session.ts';

/** What the command was called on: a node of the tree, a bar of a timeline, something of a debug session, or nothing. */
type CalledOn =
  RunnerTreeNode | { readonly session: string; readonly to: ObjectMoment } | { readonly sessionId: string } | undefined;

/** A run, and whose end is asked for. */
interface Asked {
  readonly spec: RunSpec;
  /** What the run left; undefined where none is kept. */
  readonly trace: TraceLog | undefined;
  /** namespace/name; without it the first runner that ended badly. */
  readonly runner: string | undefined;
  /** Id of the source of timelines that shows it. */
  readonly source: string;
}

/** Finds in the background after which event a run could not end well any more, and shows it. */
export async function tooLate(app: App, on: CalledOn): Promise<void> {
  const asked = await whatIsAsked(app, on);
  if (asked === undefined) return;
  const { spec, trace, runner, source } = asked;
  const name = runner === undefined ? spec.settings.mode : shortName(runner);
  const title = vscode.l10n.t('Point of No Return: {0}', name);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const hindsight = await vscode.window.withProgress(options, (progress, token) => look(asked, progress, token));
  if (hindsight === undefined) return;
  const missing = trace === undefined ? [] : notRepeated(trace, hindsight.chronicle);
  const shiftUs = (trace?.originUs ?? hindsight.chronicle.finished.originUs) - hindsight.chronicle.finished.originUs;
  const marked = (atUs: number, text: string): MarkedMoment => ({
    ...{ object: hindsight.fate.key, kind: RUNNER_KIND, text },
    atUs: atUs + shiftUs,
  });
  const { verdict } = hindsight;
  if (verdict.kind === 'event') {
    const moment = marked(verdict.first.atUs, vscode.l10n.t('too late from here on'));
    for (const view of app.panels.views) if (view.shows(source)) view.mark(source, moment);
    for (const view of app.traces.views) if (view.shows(source)) view.mark(source, moment);
  }
  showHindsight(hindsight, {
    title,
    note: missing.length === 0 ? '' : notRepeatedText(missing),
    momentAt: (atUs) => [source, marked(atUs, causeAtMoment(hindsight, atUs))],
  });
}

/** Shows a moment in the timeline that has it. */
export function showMoment(app: App, source: string, moment: MarkedMoment): void {
  const session = app.sessions.session(source);
  const run = session === undefined ? undefined : app.sessions.runOf(session);
  const inTrace = [...app.traces.views].find((view) => view.shows(source));
  const view = run === undefined ? app.panels.bringSourceToFront(source) : app.panels.show(run);
  (view ?? inTrace)?.mark(source, moment);
  if (view === undefined && inTrace === undefined) {
    throw new Error(vscode.l10n.t('The timeline of this run is not open any more: open it, and look again.'));
  }
  if (view === undefined) app.traces.bringToFront(source);
}

/** @returns undefined where nobody wants it any more */
async function look(
  { spec, runner }: Asked,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<Hindsight | undefined> {
  const cancel = new AbortController();
  token.onCancellationRequested(() => cancel.abort());
  const pool = new SimulationPool();
  const run = (one: RunSpec, enough = cancel.signal): ReturnType<SimulationPool['run']> =>
    pool.run(one, AbortSignal.any([cancel.signal, enough]));
  try {
    const subject = subjectOf(spec, runner);
    const asked = subject === undefined ? await chooseSubject(spec, LAB_NAMESPACE, run) : { ...spec, subject };
    const closeness = await affordable(asked, {}, cancel.signal);
    const onEstimate = (made: number, of: number): void => {
      const message = vscode.l10n.t('{0} of {1} moments, {2} futures each', Math.min(made, of), of, closeness.futures);
      progress.report({ message, increment: made > of ? 0 : 100 / of });
    };
    const hindsight = await pointOfNoReturn(asked, { ...closeness, run, onEstimate });
    return hindsight.isInterrupted ? undefined : hindsight;
  } catch (error) {
    if (error instanceof SimulationCancelled || cancel.signal.aborted) return undefined;
    throw error;
  } finally {
    pool.dispose();
  }
}

/** Undefined where nobody is named, or runners have no lasting names. @throws NoFuturesError */
function subjectOf(spec: RunSpec, runner: string | undefined): Subject | undefined {
  if (runner === undefined || makesOwnRunners(spec)) return undefined;
  if (runnerNames(spec).includes(shortName(runner))) return { kind: 'runner', key: runner };
  throw new NoFuturesError(
    vscode.l10n.t(
      '{0} was made while the run went on, which is not repeated: look at another runner.',
      shortName(runner),
    ),
  );
}

async function whatIsAsked(app: App, on: CalledOn): Promise<Asked | undefined> {
  if (on !== undefined && 'to' in on) {
    const { session, to } = on;
    const views = [...app.panels.views, ...app.traces.views];
    const source = views.flatMap(({ sources }) => sources).find(({ info }) => info.id === session);
    if (source === undefined) return undefined;
    const runner = to.kind === RUNNER_KIND ? to.object : undefined;
    return { spec: specOfTrace(source.trace), trace: source.trace, runner, source: session };
  }
  const debugged = vscode.debug.activeDebugSession;
  const isDebugged = on === undefined || 'sessionId' in on;
  if (isDebugged && debugged?.type === DEBUG_TYPE) return await ofDebugSession(app, debugged);
  const node = on !== undefined && 'kind' in on ? on : undefined;
  const question = vscode.l10n.t('Select the run to look at');
  const session = await chooseSession(app, node, () => true, question);
  if (session === undefined) return undefined;
  const { trace } = sourceOf(session);
  const runner = node?.kind === 'runner' ? node.key : undefined;
  return { spec: specOfTrace(trace), trace, runner, source: session.id };
}

async function ofDebugSession(app: App, { id, configuration }: vscode.DebugSession): Promise<Asked | undefined> {
  const runnerNamed: unknown = configuration['runner'];
  const named = typeof runnerNamed === 'string' && runnerNamed !== '' ? runnerNamed : undefined;
  const runner = named === undefined || named.includes('/') ? named : `${LAB_NAMESPACE}/${named}`;
  const begunFrom: unknown = configuration['__timeline'] ?? configuration['session'];
  if (typeof begunFrom === 'string') {
    const to = { object: runner ?? '', kind: runner === undefined ? '' : RUNNER_KIND, atUs: 0 };
    return await whatIsAsked(app, { session: begunFrom, to });
  }
  const launch = parseLaunch(configuration);
  const source = `debug-${id}#0`;
  if (!('files' in launch)) return { spec: launch, trace: undefined, runner, source };
  const [file = ''] = launch.files;
  const trace = (await isTraceFile(file)) ? (await readTraceFile(file))[launch.section - 1] : undefined;
  if (trace !== undefined) return { spec: specOfTrace(trace), trace, runner, source };
  throw new NoFuturesError(
    vscode.l10n.t(
      'This log shows what happened, not what was answered: a point of no return is found for simulated runs only.',
    ),
  );
}

function causeAtMoment({ chronicle, verdict }: Hindsight, atUs: number): string {
  const isEvent = verdict.kind === 'event' && verdict.first.atUs === atUs;
  return isEvent ? causeAt(chronicle, verdict.first.event, atUs).text : vscode.l10n.t('futures begin here');
}
