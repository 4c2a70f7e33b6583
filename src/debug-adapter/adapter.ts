import { t } from '@vscode/l10n';
import {
  DebugSession,
  Handles,
  InitializedEvent,
  InvalidatedEvent,
  OutputEvent,
  StoppedEvent,
  TerminatedEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { basename } from 'node:path';
import { runnersText, workersText } from '../base/count-words.ts';
import { messageOf } from '../base/message.ts';
import { describe, exceptions, type Stop } from '../debug/breakpoints.ts';
import { Debugger, type Arrival } from '../debug/debugger.ts';
import { isRequest } from '../debug/edits.ts';
import { parseExpression } from '../debug/expression.ts';
import { contextAt, statusAt } from '../debug/facts.ts';
import type { Moment } from '../debug/moments.ts';
import { LiveRun } from '../debug/live-run.ts';
import { momentAt, search } from '../debug/navigation.ts';
import { replayOf } from '../debug/replay.ts';
import type { Recording } from '../debug/recording.ts';
import { SourceFiles, type SourcePlace } from '../debug/source-files.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import { endText } from '../run/run-end.ts';
import { sourceOf } from '../trace/header.ts';
import type { TraceLog } from '../trace/trace-log.ts';
import { BreakpointList, dataIdOf, type SetBreakpoint } from './breakpoint-list.ts';
import { keyOfRunner, parseCommand } from './commands.ts';
import { entryOf, LaunchError, parseLaunch, type Entry, type Launch } from './launch-arguments.ts';
import { readReplay, ReplayError } from './replay-file.ts';
import { parseReplacement } from './replacement.ts';
import { scopesOf } from './scopes.ts';
import { usualStacks } from './usual-stacks.ts';
import { Threads } from './threads.ts';

/** Something whose parts an editor may ask for. */
interface Expandable {
  readonly value: unknown;
  readonly object?: string;
  readonly path: readonly string[];
  readonly isEditable?: boolean;
}

/** Where a debug session has come to. */
export interface Standing {
  /** The future that it is in, of all there are. */
  readonly recording: Recording;
  readonly future: number;
  readonly moment: Moment;
  /** What happens next there. */
  readonly text: string;
  /** Whether a breakpoint stopped it. */
  readonly isHit: boolean;
}

/** What an editor that shows runs itself has to do with a debug session. */
export interface DebugHost {
  /** A trace that is on screen, by the id that a launch names as `__timeline`; undefined where there is none. */
  traceOf(id: string): TraceLog | undefined;
  /** A session that a debugger can attach to, the only one where none is named; or a sentence that says why there is none. */
  targetOf(session: string | undefined): DebugTarget | string;
  /** Called with every stop. */
  stands(standing: Standing): void;
}

const NO_HOST: DebugHost = {
  traceOf: () => undefined,
  targetOf: () =>
    t('Sessions run in VS Code and can be attached to there only: launch a run here, or replay a "trace".'),
  stands: () => undefined,
};

/** What a launch has come to: a run that is to be simulated, or a trace that has been read. */
type Begun =
  | { readonly entry: Entry; readonly launch: Launch; readonly replayed?: never }
  | { readonly entry: Entry; readonly launch?: never; readonly replayed: Recording };

const STOP_REASONS: Readonly<Record<Arrival['reason'], string>> = {
  start: 'entry',
  end: 'pause',
  entry: 'entry',
  step: 'step',
  goto: 'goto',
  breakpoint: 'breakpoint',
};

/** Codes of errors that an editor shows. */
const LAUNCH_FAILED = 1;
const CANNOT = 2;

/** The Debug Adapter Protocol over a debugger of the engine; the same for VS Code, where it runs in line, and over stdio. */
export class ArcDebugSession extends DebugSession {
  readonly #host: DebugHost;
  #begun: Promise<Begun | { readonly target: DebugTarget }> | undefined;
  /** The run that it is attached to. */
  #live: LiveRun | undefined;
  /** The breakpoints that the run was last let go on with. */
  #awaited: readonly SetBreakpoint[] = [];
  /** Paths of the files that are replayed. */
  #replayed: readonly string[] = [];
  #debugger: Debugger | undefined;
  readonly #sources = new SourceFiles();
  readonly #breakpoints = new BreakpointList(this.#sources);
  #arrival: Arrival | undefined;
  /** The breakpoint that it has stopped at, if it has. */
  #hit: SetBreakpoint | undefined;
  readonly #variables = new Handles<Expandable>();
  readonly #threads = new Threads(this.#sources);

  constructor(host = NO_HOST) {
    super();
    this.#host = host;
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = {
      supportsConfigurationDoneRequest: true,
      supportsFunctionBreakpoints: true,
      supportsConditionalBreakpoints: true,
      supportsHitConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsStepBack: true,
      supportsSetVariable: true,
      supportsEvaluateForHovers: true,
      supportsDataBreakpoints: true,
      supportsExceptionFilterOptions: true,
      supportsExceptionInfoRequest: true,
      supportsTerminateRequest: true,
      supportsGotoTargetsRequest: true,
      exceptionBreakpointFilters: exceptions().map(({ id, label, description, isDefault, takesLimit }) => ({
        filter: id,
        label,
        description,
        default: isDefault,
        supportsCondition: true,
        ...(takesLimit ? { conditionDescription: t('milliseconds, or a CEL expression') } : {}),
      })),
    };
    this.sendResponse(response);
    this.sendEvent(new InitializedEvent());
  }

  protected override launchRequest(
    response: DebugProtocol.LaunchResponse,
    fields: DebugProtocol.LaunchRequestArguments,
  ): void {
    this.#begun = this.#begin(fields as Readonly<Record<string, unknown>>);
    void this.#begun.then(
      () => this.sendResponse(response),
      (error: unknown) => {
        const isKnown = error instanceof LaunchError || error instanceof ReplayError;
        const why = isKnown ? error.message : t('The run could not be launched: {0}', messageOf(error));
        this.#fail(response, LAUNCH_FAILED, why);
      },
    );
  }

  /** A session that runs where the editor itself runs sessions. */
  protected override attachRequest(
    response: DebugProtocol.AttachResponse,
    { session }: DebugProtocol.AttachRequestArguments & { readonly session?: unknown } = {},
  ): void {
    const target = this.#host.targetOf(typeof session === 'string' ? session : undefined);
    if (typeof target === 'string') {
      this.#fail(response, LAUNCH_FAILED, target);
      return;
    }
    this.#begun = Promise.resolve({ target });
    this.sendResponse(response);
  }

  protected override configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): void {
    this.sendResponse(response);
    // What cannot be launched has been answered with the reason.
    void this.#begun?.then(
      (begun) => ('target' in begun ? this.#attach(begun.target) : this.#start(begun)),
      () => undefined,
    );
  }

  /** Reads what is to be launched, and the trace that is replayed. @throws LaunchError, ReplayError */
  async #begin(fields: Readonly<Record<string, unknown>>): Promise<Begun> {
    const shown = fields['__timeline'];
    const trace = typeof shown === 'string' ? this.#host.traceOf(shown) : undefined;
    if (trace !== undefined)
      return { entry: entryOf(fields), replayed: replayOf(trace, [], usualStacks(trace.header.release)) };
    const launch = parseLaunch(fields);
    if (!('files' in launch)) return { entry: launch, launch };
    this.#replayed = launch.files;
    return { entry: launch, replayed: await readReplay(launch) };
  }

  #attach(target: DebugTarget): void {
    const live = new LiveRun(target);
    this.#live = live;
    const debugging = Debugger.attach(live);
    this.#debugger = debugging;
    debugging.onArrival = (arrival) => this.#arrive(arrival, this.#hitBy(arrival));
    live.onGoOn = (sentence) => this.#say(sentence);
    this.#say(
      t(
        'Attached: passes stop at breakpoints, or with Pause, before what they do next; the cluster goes on meanwhile.',
      ),
    );
    this.#run(1);
  }

  #start({ entry, ...begun }: Begun): void {
    try {
      this.#debugger = begun.launch === undefined ? Debugger.replay(begun.replayed) : simulated(begun.launch);
    } catch (error) {
      this.#say(t('The run could not be simulated: {0}', messageOf(error)), 'stderr');
      this.sendEvent(new TerminatedEvent());
      return;
    }
    const { recording } = this.#debugger;
    this.#say(begun.launch === undefined ? replayedText(recording) : simulatedText(recording));
    const end = endText(recording.finished.end);
    if (end !== '') this.#say(end);
    this.#say(t('Type help for what can be done here.'));
    const { stopOnEntry, runner, atUs } = entry;
    if (recording.moments.length === 0) {
      this.#say(t('No pass is in it, so that there is nothing to step through.'), 'stderr');
      this.sendEvent(new TerminatedEvent());
    } else if (runner !== undefined || atUs !== undefined) this.#enter(this.#debugger, runner, atUs);
    else if (stopOnEntry) this.#arrive({ ...this.#debugger.goTo(0), reason: 'entry' });
    // The first moment of all may be one to stop at.
    else this.#run(1, -1);
  }

  /** @param atUs after the run's beginning */
  #enter(debugging: Debugger, runner: string | undefined, atUs = 0): void {
    const { recording } = debugging;
    const key = runner === undefined ? undefined : keyOfRunner(recording, runner);
    const moment = momentAt(recording, atUs + recording.finished.originUs, key);
    if (moment === undefined)
      this.#say(t('No pass is of a runner called {0}: {1}.', runner ?? '', runnersOf(recording)), 'stderr');
    this.#arrive({ ...debugging.goTo(moment ?? 0), reason: 'entry' });
  }

  // Breakpoints

  protected override setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
  ): void {
    response.body = { breakpoints: [...this.#breakpoints.setLines(source, breakpoints, this.#replayed)] };
    this.sendResponse(response);
    this.#breakpointsChanged();
  }

  protected override setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments,
  ): void {
    response.body = { breakpoints: [...this.#breakpoints.setFunctions(breakpoints)] };
    this.sendResponse(response);
    this.#breakpointsChanged();
  }

  protected override setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters, filterOptions = [] }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): void {
    const wanted = [...filters.map((filterId) => ({ filterId })), ...filterOptions];
    response.body = { breakpoints: [...this.#breakpoints.setExceptions(wanted)] };
    this.sendResponse(response);
    this.#breakpointsChanged();
  }

  protected override dataBreakpointInfoRequest(
    response: DebugProtocol.DataBreakpointInfoResponse,
    { variablesReference, name }: DebugProtocol.DataBreakpointInfoArguments,
  ): void {
    const parent = variablesReference === undefined ? undefined : this.#variables.get(variablesReference);
    if (parent?.object === undefined) {
      response.body = { dataId: null, description: t('Only fields of objects in the cluster are written.') };
    } else {
      const path = [...parent.path, name];
      const description = t('{0} of {1} is written', path.join('.'), parent.object);
      response.body = { dataId: dataIdOf(parent.object, path), description, accessTypes: ['write'], canPersist: true };
    }
    this.sendResponse(response);
  }

  protected override setDataBreakpointsRequest(
    response: DebugProtocol.SetDataBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetDataBreakpointsArguments,
  ): void {
    response.body = { breakpoints: [...this.#breakpoints.setData(breakpoints)] };
    this.sendResponse(response);
    this.#breakpointsChanged();
  }

  // Running

  protected override continueRequest(response: DebugProtocol.ContinueResponse): void {
    response.body = { allThreadsContinued: true };
    this.sendResponse(response);
    this.#run(1);
  }

  protected override reverseContinueRequest(response: DebugProtocol.ReverseContinueResponse): void {
    this.sendResponse(response);
    this.#run(-1);
  }

  protected override nextRequest(response: DebugProtocol.NextResponse): void {
    this.#step(response, (debugging) => debugging.stepOver());
  }

  protected override stepInRequest(response: DebugProtocol.StepInResponse): void {
    this.#step(response, (debugging) => debugging.stepInto());
  }

  protected override stepOutRequest(response: DebugProtocol.StepOutResponse): void {
    this.#step(response, (debugging) => debugging.stepOut());
  }

  protected override stepBackRequest(response: DebugProtocol.StepBackResponse): void {
    this.#step(response, (debugging) => debugging.stepBack());
  }

  protected override pauseRequest(response: DebugProtocol.PauseResponse): void {
    this.sendResponse(response);
    // Another run is never between stops for longer than a search takes.
    this.#live?.pause();
  }

  #step(response: DebugProtocol.Response, go: (debugging: Debugger) => Arrival | undefined): void {
    this.sendResponse(response);
    const debugging = this.#debugger;
    if (debugging === undefined) return;
    const wasAtEnd = this.#isAtEnd;
    const arrival = go(debugging);
    if (arrival === undefined) return;
    if (wasAtEnd && arrival.reason === 'end') this.sendEvent(new TerminatedEvent());
    else this.#arrive(arrival);
  }

  /** Whether it has said that the run is over: to go on again ends the session. */
  get #isAtEnd(): boolean {
    return this.#arrival?.reason === 'end';
  }

  /** @param from where to search from; where the debugger stands without it */
  #run(direction: 1 | -1, from?: Moment): void {
    const debugging = this.#debugger;
    if (debugging === undefined) return;
    if (direction === 1 && this.#isAtEnd) {
      this.sendEvent(new TerminatedEvent());
      return;
    }
    this.#awaited = this.#breakpoints.all;
    const stops = this.#awaited.map((breakpoint) =>
      breakpoint.stopping((text, place) => this.#say(text, 'stdout', place)),
    );
    const arrival = debugging.run(direction, stops, from);
    if (arrival !== undefined) this.#arrive(arrival, this.#hitBy(arrival));
  }

  #hitBy({ stop }: Arrival): SetBreakpoint | undefined {
    return stop === undefined ? undefined : this.#awaited[stop];
  }

  /** A run that is on its way stops at the breakpoints that there are now. */
  #breakpointsChanged(): void {
    if (this.#live?.isStopped === false) this.#run(1);
  }

  #arrive(arrival: Arrival, hit?: SetBreakpoint): void {
    const debugging = this.#debugger;
    if (debugging === undefined) return;
    this.#arrival = arrival;
    this.#hit = hit;
    this.#variables.reset();
    const { recording, at } = debugging;
    const event = new StoppedEvent(
      hit?.isException === true ? 'exception' : STOP_REASONS[arrival.reason],
      this.#threads.idAt(recording, at),
    );
    const where = describe(recording, at);
    const atEnd = arrival.reason === 'end';
    Object.assign(event.body, {
      allThreadsStopped: true,
      description: atEnd ? t('End of the run') : where,
      text: (atEnd && endText(recording.finished.end)) || where,
      ...(hit === undefined || hit.isException ? {} : { hitBreakpointIds: [hit.id] }),
    });
    this.sendEvent(event);
    this.#host.stands({ recording, future: debugging.current, moment: at, text: where, isHit: hit !== undefined });
  }

  /** Goes to the last moment of an object's passes at a time, as a click on a timeline does. @param atUs in the trace's time */
  goToTime(key: string, atUs: number): void {
    const debugging = this.#debugger;
    const moment = debugging === undefined ? undefined : momentAt(debugging.recording, atUs, key);
    if (debugging !== undefined && moment !== undefined) this.#arrive(debugging.goTo(moment));
  }

  protected override gotoTargetsRequest(
    response: DebugProtocol.GotoTargetsResponse,
    { source, line }: DebugProtocol.GotoTargetsArguments,
  ): void {
    const debugging = this.#debugger;
    const stop = this.#breakpoints.lineStop(source, line, this.#replayed);
    const targets = debugging === undefined || typeof stop === 'string' ? [] : passesOfLine(debugging, stop);
    response.body = { targets: targets.map(({ moment, label }) => ({ id: moment, label, line })) };
    this.sendResponse(response);
  }

  protected override gotoRequest(
    response: DebugProtocol.GotoResponse,
    { targetId }: DebugProtocol.GotoArguments,
  ): void {
    this.sendResponse(response);
    if (this.#debugger !== undefined) this.#arrive(this.#debugger.goTo(targetId));
  }

  protected override exceptionInfoRequest(response: DebugProtocol.ExceptionInfoResponse): void {
    const debugging = this.#debugger;
    if (debugging === undefined || this.#hit === undefined) {
      this.#fail(response, CANNOT, t('It has not stopped at an exception.'));
      return;
    }
    const { recording, at } = debugging;
    const { moments } = recording;
    const status = statusAt(recording, at);
    const outcome = moments.outcome(at);
    const said = status === undefined ? '' : t('It is answered with {0}.', status);
    const error = outcome?.kind === 'error' ? recording.secrets.redact(messageOf(outcome.error)) : '';
    response.body = {
      exceptionId: describe(recording, at),
      description: [said, error].filter((text) => text !== '').join(' '),
      breakMode: 'always',
    };
    this.sendResponse(response);
  }

  // What is seen where it stands

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    response.body = { threads: this.#debugger === undefined ? [] : this.#threads.of(this.#debugger) };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments,
  ): void {
    const frames = this.#debugger === undefined ? [] : this.#threads.framesOf(this.#debugger, threadId);
    const end = levels === 0 ? undefined : startFrame + levels;
    response.body = { stackFrames: [...frames.slice(startFrame, end)], totalFrames: frames.length };
    this.sendResponse(response);
  }

  protected override scopesRequest(response: DebugProtocol.ScopesResponse): void {
    const debugging = this.#debugger;
    const scopes = debugging === undefined ? [] : scopesOf(debugging);
    response.body = {
      scopes: scopes.map(({ name, value, object, isEditable }) => ({
        name,
        expensive: false,
        variablesReference: this.#variables.create({
          value: typeof value === 'object' && value !== null ? value : { '': value },
          path: [],
          ...(object === undefined ? {} : { object }),
          ...(isEditable === undefined ? {} : { isEditable }),
        }),
      })),
    };
    this.sendResponse(response);
  }

  protected override variablesRequest(
    response: DebugProtocol.VariablesResponse,
    { variablesReference, start = 0, count }: DebugProtocol.VariablesArguments,
  ): void {
    const parent = this.#variables.get(variablesReference) as Expandable | undefined;
    const entries = Object.entries((parent?.value ?? {}) as Record<string, unknown>);
    response.body = {
      variables: entries.slice(start, count === undefined ? undefined : start + count).map(([name, value]) => ({
        name,
        value: textOf(value),
        type: Array.isArray(value) ? 'list' : typeof value,
        variablesReference: this.#referenceTo(value, parent, name),
        ...(parent?.isEditable === true && name !== 'value' ? {} : { presentationHint: { attributes: ['readOnly'] } }),
        ...(Array.isArray(value) ? { indexedVariables: value.length } : {}),
      })),
    };
    this.sendResponse(response);
  }

  #referenceTo(value: unknown, parent: Expandable | undefined, name: string): number {
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return 0;
    const { object, path = [] } = parent ?? {};
    return this.#variables.create({ value, path: [...path, name], ...(object === undefined ? {} : { object }) });
  }

  protected override setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
  ): void {
    const debugging = this.#debugger;
    const parent = this.#variables.get(variablesReference) as Expandable | undefined;
    const effect = debugging?.recording.moments.effect(debugging.at);
    if (debugging === undefined || parent?.isEditable !== true || effect === undefined || !isRequest(effect)) {
      this.#fail(
        response,
        CANNOT,
        t('Only the answer to a request can be changed: stop before one and set status, delay, lost or never.'),
      );
      return;
    }
    const replacement = parseReplacement(name, value, statusAt(debugging.recording, debugging.at) ?? 200);
    if (typeof replacement === 'string') {
      this.#fail(response, CANNOT, replacement);
      return;
    }
    try {
      debugging.edit({ kind: 'answer', moment: debugging.at, replacement });
    } catch (error) {
      this.#fail(response, CANNOT, messageOf(error));
      return;
    }
    this.#changed(debugging, t('From moment {0} on another future runs: the answer is changed.', debugging.at));
    response.body = { value };
    this.sendResponse(response);
  }

  /** Says that there is one more future, and that all that is shown is of it. */
  #changed({ current, futures, recording, at }: Debugger, said: string): void {
    this.#variables.reset();
    this.#say(
      `${said} ${t('It is future {0} of {1}; "future 0" goes back to the first.', current, futures.length - 1)}`,
    );
    this.sendEvent(new InvalidatedEvent(['all']));
    this.#host.stands({ recording, future: current, moment: at, text: describe(recording, at), isHit: false });
  }

  protected override evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression, context }: DebugProtocol.EvaluateArguments,
  ): void {
    const debugging = this.#debugger;
    if (debugging === undefined) {
      this.#fail(response, CANNOT, t('The run has not begun.'));
      return;
    }
    const command = context === 'repl' ? parseCommand(expression, debugging) : undefined;
    try {
      if (command !== undefined) {
        response.body = { result: this.#obey(command, debugging), variablesReference: 0 };
        this.sendResponse(response);
        return;
      }
      const value = parseExpression(expression)(contextAt(debugging.recording, debugging.at));
      response.body = { result: textOf(value), variablesReference: this.#referenceTo(value, undefined, expression) };
      this.sendResponse(response);
    } catch (error) {
      this.#fail(response, CANNOT, messageOf(error));
    }
  }

  /** @returns what is said of it */
  #obey(command: NonNullable<ReturnType<typeof parseCommand>>, debugging: Debugger): string {
    switch (command.kind) {
      case 'say':
        return command.text;
      case 'edit':
        debugging.edit(command.edit);
        this.#changed(debugging, command.said);
        return command.said;
      case 'future':
        this.#arrive(debugging.take(command.future));
        return t('This is future {0}.', command.future);
      case 'goto':
        this.#arrive(debugging.goTo(command.moment));
        return describe(debugging.recording, command.moment);
    }
  }

  // Ending

  /** Nothing of it is left in the session that it was attached to. */
  release(): void {
    this.#live?.dispose();
    this.#live = undefined;
  }

  protected override disconnectRequest(
    response: DebugProtocol.DisconnectResponse,
    fields: DebugProtocol.DisconnectArguments,
    request?: DebugProtocol.Request,
  ): void {
    this.release();
    super.disconnectRequest(response, fields, request);
  }

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.release();
    this.sendResponse(response);
    this.sendEvent(new TerminatedEvent());
  }

  #fail(response: DebugProtocol.Response, id: number, message: string): void {
    this.sendErrorResponse(response, { id, format: message, showUser: true });
  }

  #say(text: string, category: 'stdout' | 'stderr' = 'stdout', place?: SourcePlace): void {
    const event = new OutputEvent(`${text}\n`, category);
    if (place !== undefined) {
      const source = { name: basename(place.file), path: this.#sources.pathOf(place.file) };
      Object.assign(event.body, { source, line: place.line, column: place.column });
    }
    this.sendEvent(event);
  }
}

/** Where passes come to a line: the next time and the time before. */
function passesOfLine({ recording, at }: Debugger, stop: Stop): readonly { moment: Moment; label: string }[] {
  const ways = [
    [1, t('Next pass')],
    [-1, t('Pass before')],
  ] as const;
  return ways.flatMap(([direction, way]) => {
    const moment = search(recording, at, direction, [stop])?.moment;
    return moment === undefined ? [] : [{ moment, label: `${way}: ${recording.moments.pass(moment).key}` }];
  });
}

function simulated({ settings, load, horizonUs }: Launch): Debugger {
  return Debugger.simulate(settings, { load, ...(horizonUs === undefined ? {} : { horizonUs }) });
}

function simulatedText({ settings: { runners, mode, workers }, moments }: Recording): string {
  return t(
    'Simulated {0} in {1} with {2}: {3} moments.',
    runnersText(runners),
    mode,
    workersText(workers),
    moments.length,
  );
}

function replayedText({ finished: { trace }, moments }: Recording): string {
  return t('Read {0} passes from {1}: {2} moments.', trace.passCount, sourceOf(trace.header), moments.length);
}

/** Some of the runners that passes are of, for who names another. */
function runnersOf({ moments }: Recording): string {
  const names = new Set([...moments.passes()].map(({ key }) => splitKey(key).name));
  const some = [...names].slice(0, NAMED_RUNNERS);
  return names.size > some.length
    ? t('there are {0} and {1} more', some.join(', '), names.size - some.length)
    : t('there are {0}', some.join(', '));
}

const NAMED_RUNNERS = 3;

function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : t('{0} items', value.length);
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}
