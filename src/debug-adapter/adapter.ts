import { t } from '@vscode/l10n';
import {
  DebugSession,
  type ErrorDestination,
  InitializedEvent,
  InvalidatedEvent,
  OutputEvent,
  TerminatedEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { basename } from 'node:path';
import { messageOf } from '../base/message.ts';
import { describe, type Stop } from '../debug/breakpoints.ts';
import type { Debugger } from '../debug/debugger.ts';
import { type Arrival } from '../debug/debugger.ts';
import { parseExpression } from '../debug/expression.ts';
import { absentText, contextAt, stackAt } from '../debug/facts.ts';
import type { Moment } from '../debug/moments.ts';
import { search } from '../debug/navigation.ts';
import { SourceFiles, type SourcePlace } from '../debug/source-files.ts';
import { valuesAt } from '../debug/values.ts';
import { splitKey } from '../kubernetes/types.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import { begin, type Begun } from './begin.ts';
import { BreakpointList, dataIdOf } from './breakpoint-list.ts';
import { capabilities } from './capabilities.ts';
import { Changes } from './changes.ts';
import { parseCommand } from './commands.ts';
import { exceptionInfo } from './exception-info.ts';
import { NO_HOST, type DebugHost } from './host.ts';
import { LaunchError, parseAttach } from './launch-arguments.ts';
import { Progress } from './progress.ts';
import { ReplayError } from './replay-file.ts';
import { scopesOf } from './scopes.ts';
import { inCel } from './source-expression.ts';
import { Threads } from './threads.ts';
import { EARLIER, Variables } from './variables.ts';
import { Walk } from './walk.ts';

/** Codes of errors that an editor shows. */
const LAUNCH_FAILED = 1;
const CANNOT = 2;
/** That of the library for an exception while it handles a request. */
const LIBRARY_FAILED = 1104;
const NOT_BEGUN = (): string => t('The run has not begun.');
/** What is heard while a change is simulated; all else is asked of the future to come. */
const ALWAYS_HEARD = ['disconnect', 'terminate', 'cancel'];

/** The Debug Adapter Protocol over a debugger of the engine; the same for VS Code, where it runs in line, and over stdio. */
export class ArcDebugSession extends DebugSession {
  readonly #host: DebugHost;
  /** Undefined where nothing has been launched, or could be. */
  #begun: Promise<Begun | { readonly target: DebugTarget }> | undefined;
  /** Whether it has been answered that something was launched, and whether the editor has set its breakpoints. */
  #isLaunched = false;
  #isConfigured = false;
  /** Paths of the files that are replayed. */
  #replayed: readonly string[] = [];
  readonly #sources = new SourceFiles();
  readonly #breakpoints = new BreakpointList(this.#sources);
  readonly #variables = new Variables();
  readonly #threads = new Threads(this.#sources);
  /** Moments that were given as targets of lines. */
  readonly #gotoTargets = new Set<number>();
  readonly #progress = new Progress({ send: (event) => this.sendEvent(event), say: (text) => this.#say(text) });
  readonly #walk = new Walk({
    progress: this.#progress,
    breakpoints: this.#breakpoints,
    threads: this.#threads,
    send: (event) => this.sendEvent(event),
    say: (...what) => this.#say(...what),
    onArrival: (debugging, isHit) => this.#stands(debugging, isHit),
  });
  readonly #changes = new Changes({
    walk: this.#walk,
    progress: this.#progress,
    onChange: (debugging, text) => this.#changed(debugging, text),
  });
  /** A change that is simulated. */
  #changing: Promise<void> | undefined;

  constructor(host = NO_HOST) {
    super();
    this.#host = host;
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    // The protocol's usual format of paths, which the library asks every client to name.
    const usual = request.command === 'initialize' ? { pathFormat: 'path' } : {};
    const asked = { ...request, arguments: { ...usual, ...(request.arguments as object | undefined) } };
    if (ALWAYS_HEARD.includes(request.command)) super.dispatchRequest(asked);
    else this.#afterChange(() => super.dispatchRequest(asked));
  }

  /** Does something when no change is simulated any more, one after another. */
  #afterChange(work: () => void): void {
    if (this.#changing === undefined) work();
    else void this.#changing.then(() => this.#afterChange(work));
  }

  /** Answers a request when what it changes has been simulated. */
  #answerAfter(response: DebugProtocol.Response, change: Promise<unknown>): void {
    this.#changing = change.then(
      (body) => {
        this.#changing = undefined;
        response.body = body;
        this.sendResponse(response);
      },
      (error: unknown) => {
        this.#changing = undefined;
        this.#fail(response, CANNOT, messageOf(error));
      },
    );
  }

  /** Of a request whose arguments are missing or of another form the library would send the stack of the error. */
  protected override sendErrorResponse(
    response: DebugProtocol.Response,
    code: number | DebugProtocol.Message,
    ...more: [format?: string, variables?: unknown, to?: ErrorDestination]
  ): void {
    if (code === LIBRARY_FAILED) {
      this.#fail(response, CANNOT, t('Arguments of {0} are missing or have another form.', response.command));
    } else {
      super.sendErrorResponse(response, code, ...more);
    }
  }

  protected override initializeRequest(
    response: DebugProtocol.InitializeResponse,
    client: DebugProtocol.InitializeRequestArguments,
  ): void {
    this.#isLaunched = this.#isConfigured = false;
    this.#progress.isShown = client.supportsProgressReporting === true;
    response.body = capabilities();
    this.sendResponse(response);
    this.sendEvent(new InitializedEvent());
  }

  protected override launchRequest(
    response: DebugProtocol.LaunchResponse,
    fields: DebugProtocol.LaunchRequestArguments,
  ): void {
    this.#isLaunched = false;
    this.#begun = begin(fields as Readonly<Record<string, unknown>>, this.#host, (paths) => (this.#replayed = paths));
    void this.#begun.then(
      () => this.#answerBegun(response),
      (error: unknown) => {
        this.#begun = undefined;
        const isKnown = error instanceof LaunchError || error instanceof ReplayError;
        const why = isKnown ? error.message : t('The run could not be launched: {0}', messageOf(error));
        this.#fail(response, LAUNCH_FAILED, why);
      },
    );
  }

  /** A session that runs where the editor itself runs sessions. */
  protected override attachRequest(
    response: DebugProtocol.AttachResponse,
    fields: DebugProtocol.AttachRequestArguments = {},
  ): void {
    const target = this.#targetOf(fields as Readonly<Record<string, unknown>>);
    if (typeof target === 'string') {
      this.#fail(response, LAUNCH_FAILED, target);
      return;
    }
    this.#begun = Promise.resolve({ target });
    this.#answerBegun(response);
  }

  #answerBegun(response: DebugProtocol.Response): void {
    this.#isLaunched = true;
    this.sendResponse(response);
    if (this.#isConfigured) this.#start();
  }

  /** Goes off with what has been launched. */
  #start(): void {
    // What cannot be launched has been answered with the reason.
    void this.#begun?.then(
      (begun) => ('target' in begun ? this.#walk.attach(begun.target) : this.#walk.start(begun)),
      () => undefined,
    );
  }

  /** @returns a sentence where there is none */
  #targetOf(fields: Readonly<Record<string, unknown>>): DebugTarget | string {
    try {
      return this.#host.targetOf(parseAttach(fields));
    } catch (error) {
      if (error instanceof LaunchError) return error.message;
      throw error;
    }
  }

  protected override configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): void {
    const wasConfigured = this.#isConfigured;
    this.#isConfigured = true;
    this.sendResponse(response);
    // A client may launch before or after it; what is not there yet goes off when it is.
    if (!wasConfigured && this.#isLaunched) this.#start();
  }

  // Breakpoints

  protected override setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
  ): void {
    response.body = { breakpoints: [...this.#breakpoints.setLines(source, breakpoints, this.#replayed)] };
    this.sendResponse(response);
    this.#walk.breakpointsChanged();
  }

  protected override setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments,
  ): void {
    response.body = { breakpoints: [...this.#breakpoints.setFunctions(breakpoints)] };
    this.sendResponse(response);
    this.#walk.breakpointsChanged();
  }

  protected override setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters, filterOptions = [] }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): void {
    const wanted = [...filters.map((filterId) => ({ filterId })), ...filterOptions];
    response.body = { breakpoints: [...this.#breakpoints.setExceptions(wanted)] };
    this.sendResponse(response);
    this.#walk.breakpointsChanged();
  }

  protected override dataBreakpointInfoRequest(
    response: DebugProtocol.DataBreakpointInfoResponse,
    { variablesReference, name }: DebugProtocol.DataBreakpointInfoArguments,
  ): void {
    const parent = variablesReference === undefined ? undefined : this.#variables.get(variablesReference);
    if (variablesReference !== undefined && parent === undefined) {
      response.body = { dataId: null, description: EARLIER() };
    } else if (parent?.object === undefined) {
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
    this.#walk.breakpointsChanged();
  }

  // Running

  protected override continueRequest(response: DebugProtocol.ContinueResponse): void {
    if (this.#failsBefore(response)) return;
    response.body = { allThreadsContinued: true };
    this.sendResponse(response);
    this.#walk.run(1);
  }

  protected override reverseContinueRequest(response: DebugProtocol.ReverseContinueResponse): void {
    if (this.#failsBefore(response)) return;
    this.sendResponse(response);
    this.#walk.run(-1);
  }

  protected override nextRequest(response: DebugProtocol.NextResponse, at: DebugProtocol.NextArguments): void {
    this.#stepOn(response, at, (debugging) => debugging.stepOver());
  }

  protected override stepInRequest(response: DebugProtocol.StepInResponse, at: DebugProtocol.StepInArguments): void {
    this.#stepOn(response, at, (debugging) => debugging.stepInto());
  }

  protected override stepOutRequest(response: DebugProtocol.StepOutResponse, at: DebugProtocol.StepOutArguments): void {
    this.#stepOn(response, at, (debugging) => debugging.stepOut());
  }

  protected override stepBackRequest(
    response: DebugProtocol.StepBackResponse,
    at: DebugProtocol.StepBackArguments,
  ): void {
    this.#step(response, at, (debugging) => debugging.stepBack());
  }

  #stepOn(
    response: DebugProtocol.Response,
    at: DebugProtocol.NextArguments,
    go: (debugging: Debugger) => Arrival | undefined,
  ): void {
    this.#step(response, at, (debugging) => {
      this.#sayStuck(debugging);
      return go(debugging);
    });
  }

  /** A step then leaves the pass, which is the last that is seen of it. */
  #sayStuck({ recording, at, isStuck }: Debugger): void {
    if (!isStuck) return;
    const { name } = splitKey(recording.moments.pass(at).key);
    const what = describe(recording, at);
    this.#say(t('{0} has no answer before the run is over: the pass of {1} goes no further.', what, name));
  }

  protected override pauseRequest(response: DebugProtocol.PauseResponse): void {
    this.sendResponse(response);
    this.#walk.pause();
  }

  #step(
    response: DebugProtocol.Response,
    { threadId }: { readonly threadId?: number },
    go: (debugging: Debugger) => Arrival | undefined,
  ): void {
    if (this.#failsBefore(response) || this.#failsFor(response, threadId)) return;
    this.sendResponse(response);
    this.#walk.step(go);
  }

  /** Refuses to go anywhere in a run that is not there yet. */
  #failsBefore(response: DebugProtocol.Response): boolean {
    if (this.#walk.debugger !== undefined) return false;
    this.#fail(response, CANNOT, NOT_BEGUN());
    return true;
  }

  /** Refuses what is asked of a thread that is none. */
  #failsFor(response: DebugProtocol.Response, threadId: number | undefined): boolean {
    const debugging = this.#walk.debugger;
    if (threadId === undefined || debugging === undefined) return false;
    if (this.#threads.of(debugging).some(({ id }) => id === threadId)) return false;
    this.#fail(response, CANNOT, t('There is no thread {0}: ask for the threads.', threadId));
    return true;
  }

  /** The run stands elsewhere, or in another future. */
  #stands({ recording, at: moment, current: future }: Debugger, isHit: boolean): Promise<void> | undefined {
    this.#variables.forget();
    const hasSource = stackAt(recording, moment).length > 0;
    return this.#host.stands({ recording, future, moment, text: describe(recording, moment), hasSource, isHit });
  }

  /** Goes to the last moment of an object's passes at a time, as a click on a timeline does. @param atUs in the trace's time */
  goToTime(key: string, atUs: number): void {
    this.#afterChange(() => this.#walk.goToTime(key, atUs));
  }

  protected override gotoTargetsRequest(
    response: DebugProtocol.GotoTargetsResponse,
    { source, line }: DebugProtocol.GotoTargetsArguments,
  ): void {
    const debugging = this.#walk.debugger;
    const stop = this.#breakpoints.lineStop(source, line, this.#replayed);
    const targets = debugging === undefined || typeof stop === 'string' ? [] : passesOfLine(debugging, stop);
    for (const { moment } of targets) this.#gotoTargets.add(moment);
    response.body = { targets: targets.map(({ moment, label }) => ({ id: moment, label, line })) };
    this.sendResponse(response);
  }

  protected override gotoRequest(
    response: DebugProtocol.GotoResponse,
    { targetId }: DebugProtocol.GotoArguments,
  ): void {
    if (!this.#gotoTargets.has(targetId)) {
      this.#fail(response, CANNOT, t('No target with this id was given; ask for the targets of a line first.'));
      return;
    }
    this.sendResponse(response);
    this.#walk.step((debugging) => debugging.goTo(targetId));
  }

  protected override exceptionInfoRequest(response: DebugProtocol.ExceptionInfoResponse): void {
    const debugging = this.#walk.debugger;
    if (debugging === undefined || !this.#walk.isHit) {
      this.#fail(response, CANNOT, t('It has not stopped at an exception.'));
      return;
    }
    response.body = exceptionInfo(debugging.recording, debugging.at);
    this.sendResponse(response);
  }

  // What is seen where it stands

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    const debugging = this.#walk.debugger;
    response.body = { threads: debugging === undefined ? [] : this.#threads.of(debugging) };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments,
  ): void {
    if (this.#failsFor(response, threadId)) return;
    const debugging = this.#walk.debugger;
    const frames = debugging === undefined ? [] : this.#threads.framesOf(debugging, threadId);
    const end = levels === 0 ? undefined : startFrame + levels;
    response.body = { stackFrames: [...frames.slice(startFrame, end)], totalFrames: frames.length };
    this.sendResponse(response);
  }

  protected override scopesRequest(
    response: DebugProtocol.ScopesResponse,
    { frameId }: DebugProtocol.ScopesArguments,
  ): void {
    const debugging = this.#walk.debugger;
    if (debugging !== undefined && !this.#threads.isFrame(debugging, frameId)) {
      this.#fail(response, CANNOT, t('There is no frame {0} where the run stands: ask for the stack again.', frameId));
      return;
    }
    const scopes = debugging === undefined ? [] : scopesOf(debugging, this.#threads.momentOfFrame(debugging, frameId));
    response.body = { scopes: scopes.map((scope) => this.#variables.scope(scope)) };
    this.sendResponse(response);
  }

  protected override variablesRequest(
    response: DebugProtocol.VariablesResponse,
    { variablesReference, start, count }: DebugProtocol.VariablesArguments,
  ): void {
    response.body = { variables: this.#variables.parts(variablesReference, start, count) };
    this.sendResponse(response);
  }

  protected override setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
  ): void {
    const parent = this.#variables.get(variablesReference);
    if (parent === undefined) {
      this.#fail(response, CANNOT, EARLIER());
      return;
    }
    const change = this.#changes.setAnswer(this.#walk.debugger, parent, name, value);
    this.#answerAfter(
      response,
      change.then((now) => ({ value: this.#variables.show(now, name).text })),
    );
  }

  /** Says that there is one more future, and that all that is shown is of it. */
  #changed(debugging: Debugger, said: string): void {
    this.#say(`${said} ${t('It is future {0}; "future 0" goes back to the first.', debugging.current)}`);
    this.sendEvent(new InvalidatedEvent(['all']));
    void this.#stands(debugging, false);
  }

  /** What is written behind the line at which a frame stands. */
  valuesAt(frameId: number): readonly string[] {
    const debugging = this.#walk.debugger;
    if (debugging === undefined) return [];
    return valuesAt(debugging.recording, this.#threads.momentOfFrame(debugging, frameId), debugging.at);
  }

  protected override evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression = '', context, frameId }: Partial<DebugProtocol.EvaluateArguments>,
  ): void {
    const debugging = this.#walk.debugger;
    if (debugging === undefined) {
      this.#fail(response, CANNOT, NOT_BEGUN());
      return;
    }
    try {
      const command = context === 'repl' ? parseCommand(expression, debugging) : undefined;
      if (command !== undefined) {
        const said = this.#changes.obey(command, debugging);
        this.#answerAfter(
          response,
          said.then((result) => ({ result, variablesReference: 0 })),
        );
        return;
      }
      const moment = this.#threads.momentOfFrame(debugging, frameId);
      const isOfSource = context === 'hover';
      const value = parseExpression(isOfSource ? inCel(expression) : expression)(
        contextAt(debugging.recording, moment, debugging.at),
      );
      const absent = absentText(debugging.recording, moment, expression.trim());
      const { text, variablesReference } =
        absent === undefined ? this.#variables.show(value, expression) : { text: absent, variablesReference: 0 };
      response.body = { result: text, variablesReference };
      this.sendResponse(response);
    } catch (error) {
      this.#fail(response, CANNOT, messageOf(error));
    }
  }

  // Ending

  /** Nothing of it is left in the session that it was attached to. */
  release(): void {
    this.#walk.release();
  }

  protected override disconnectRequest(
    response: DebugProtocol.DisconnectResponse,
    fields: DebugProtocol.DisconnectArguments,
    request?: DebugProtocol.Request,
  ): void {
    this.release();
    super.disconnectRequest(response, fields, request);
  }

  /** A simulation is given up. */
  protected override cancelRequest(
    response: DebugProtocol.CancelResponse,
    { progressId = '' }: DebugProtocol.CancelArguments,
  ): void {
    this.#progress.cancel(progressId);
    this.sendResponse(response);
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
