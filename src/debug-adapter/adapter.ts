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
import { parseDurationUs } from '../base/duration.ts';
import { messageOf } from '../base/message.ts';
import {
  atLine,
  describe,
  EXCEPTIONS,
  onException,
  onlyIf,
  parseBreakpoint,
  stoppableLine,
  type Stop,
} from '../debug/breakpoints.ts';
import { Debugger, type Arrival } from '../debug/debugger.ts';
import { isRequest, type Replacement } from '../debug/edits.ts';
import { parseCondition, parseExpression } from '../debug/expression.ts';
import { contextAt, phaseAt, statusAt } from '../debug/facts.ts';
import { functionsOf } from '../debug/functions.ts';
import type { Moment } from '../debug/moments.ts';
import { momentAt, writesOf } from '../debug/navigation.ts';
import { SourceFiles, type SourcePlace } from '../debug/source-files.ts';
import { endText } from '../run/run-end.ts';
import { keyOfRunner, parseCommand } from './commands.ts';
import { LogPoint } from './log-point.ts';
import { LaunchError, parseLaunch, type Launch } from './launch-arguments.ts';
import { scopesOf } from './scopes.ts';

/** A breakpoint of the editor as it is looked for. */
interface SetBreakpoint {
  readonly id: number;
  readonly stop: Stop;
  /** How many more times it is passed over. */
  readonly hits: ((count: number) => boolean) | undefined;
  readonly log: LogPoint | undefined;
  count: number;
}

/** Something whose parts an editor may ask for. */
interface Expandable {
  readonly value: unknown;
  readonly object?: string;
  readonly path: readonly string[];
  readonly isEditable?: boolean;
}

/** Codes of errors that an editor shows. */
const LAUNCH_FAILED = 1;
const CANNOT = 2;

/** The Debug Adapter Protocol over a debugger of the engine; the same for VS Code, where it runs in line, and over stdio. */
export class ArcDebugSession extends DebugSession {
  #launch: Launch | undefined;
  #debugger: Debugger | undefined;
  readonly #sources = new SourceFiles();
  readonly #functions = functionsOf(this.#sources);
  readonly #ofFile = new Map<string, readonly SetBreakpoint[]>();
  #ofFunctions: readonly SetBreakpoint[] = [];
  #ofData: readonly SetBreakpoint[] = [];
  #ofExceptions: readonly SetBreakpoint[] = [];
  #arrival: Arrival | undefined;
  #lastBreakpoint = 0;
  readonly #variables = new Handles<Expandable>();
  readonly #threads: string[] = [];

  constructor() {
    super();
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
      exceptionBreakpointFilters: EXCEPTIONS.map(({ id, label, description, isDefault, takesLimit }) => ({
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
    try {
      this.#launch = parseLaunch(fields as Readonly<Record<string, unknown>>);
      this.sendResponse(response);
    } catch (error) {
      const isKnown = error instanceof LaunchError;
      this.#fail(
        response,
        LAUNCH_FAILED,
        isKnown ? error.message : t('The run could not be launched: {0}', messageOf(error)),
      );
    }
  }

  protected override configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): void {
    this.sendResponse(response);
    if (this.#launch !== undefined) this.#start(this.#launch);
  }

  #start({ settings, stopOnEntry, runner }: Launch): void {
    try {
      this.#debugger = new Debugger(settings);
    } catch (error) {
      this.#say(t('The run could not be simulated: {0}', messageOf(error)), 'stderr');
      this.sendEvent(new TerminatedEvent());
      return;
    }
    const { recording } = this.#debugger;
    this.#say(
      t(
        '{0} runners in {1} with {2} workers were simulated: {3} moments, {4}',
        settings.runners,
        settings.mode,
        settings.workers,
        recording.moments.length,
        endText(recording.finished.end) || t('and nothing is left to happen at its end.'),
      ),
    );
    if (runner !== undefined) {
      const first = momentAt(recording, 0, keyOfRunner(recording, runner));
      if (first !== undefined) {
        this.#arrive(this.#debugger.goTo(first), 'entry');
        return;
      }
      this.#say(
        t('No pass is of a runner called {0}; there are runner-1 to runner-{1}.', runner, settings.runners),
        'stderr',
      );
    }
    if (stopOnEntry || runner !== undefined) this.#arrive(this.#debugger.goTo(0), 'entry');
    // The first moment of all may be one to stop at.
    else this.#run(1, -1);
  }

  // Breakpoints

  protected override setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
  ): void {
    const path = source.path ?? '';
    const file = this.#sources.fileAt(path);
    const set: SetBreakpoint[] = [];
    const answers = breakpoints.map((wanted): DebugProtocol.Breakpoint => {
      if (file === undefined) {
        return {
          verified: false,
          message: t(
            'Passes run through the sources of ARC Reconciler Lab only, which {0} is not one of.',
            basename(path),
          ),
        };
      }
      const line = stoppableLine(this.#sources, file, wanted.line);
      if (line === undefined) {
        return {
          verified: false,
          message: t(
            'No pass can be stopped here: effects are on lines with yield, and this function has none from this line on.',
          ),
        };
      }
      const found = this.#breakpoint(atLine(line), wanted);
      if (typeof found === 'string') return { verified: false, message: found };
      set.push(found);
      return { id: found.id, verified: true, line: line.line, source };
    });
    this.#ofFile.set(path, set);
    response.body = { breakpoints: answers };
    this.sendResponse(response);
  }

  protected override setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments,
  ): void {
    const set: SetBreakpoint[] = [];
    const answers = breakpoints.map((wanted): DebugProtocol.Breakpoint => {
      const stop = parseBreakpoint(wanted.name, this.#functions);
      const found = typeof stop === 'string' ? stop : this.#breakpoint(stop, wanted);
      if (typeof found === 'string') return { verified: false, message: found };
      set.push(found);
      return { id: found.id, verified: true };
    });
    this.#ofFunctions = set;
    response.body = { breakpoints: answers };
    this.sendResponse(response);
  }

  protected override setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters, filterOptions = [] }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): void {
    const wanted = [...filters.map((filterId) => ({ filterId, condition: undefined })), ...filterOptions];
    const set: SetBreakpoint[] = [];
    const answers = wanted.map(({ filterId, condition }): DebugProtocol.Breakpoint => {
      const exception = EXCEPTIONS.find(({ id }) => id === filterId);
      if (exception === undefined) return { verified: false, message: t('There is no filter {0}.', filterId) };
      const limitMs = condition !== undefined && /^\d+(\.\d+)?$/.test(condition.trim()) ? Number(condition) : undefined;
      const found = this.#breakpoint(onException(exception.id, limitMs), limitMs === undefined ? { condition } : {});
      if (typeof found === 'string') return { verified: false, message: found };
      set.push(found);
      return { id: found.id, verified: true };
    });
    this.#ofExceptions = set;
    response.body = { breakpoints: answers };
    this.sendResponse(response);
  }

  protected override dataBreakpointInfoRequest(
    response: DebugProtocol.DataBreakpointInfoResponse,
    { variablesReference, name }: DebugProtocol.DataBreakpointInfoArguments,
  ): void {
    const parent = variablesReference === undefined ? undefined : this.#variables.get(variablesReference);
    if (parent?.object === undefined) {
      response.body = { dataId: null, description: t('Only fields of objects in the cluster are written.') };
    } else {
      const dataId = JSON.stringify([parent.object, ...parent.path, name]);
      response.body = {
        dataId,
        description: t('{0} of {1} is written', [...parent.path, name].join('.'), parent.object),
        accessTypes: ['write'],
        canPersist: true,
      };
    }
    this.sendResponse(response);
  }

  protected override setDataBreakpointsRequest(
    response: DebugProtocol.SetDataBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetDataBreakpointsArguments,
  ): void {
    const set: SetBreakpoint[] = [];
    const answers = breakpoints.map((wanted): DebugProtocol.Breakpoint => {
      const [object = '', ...path] = JSON.parse(wanted.dataId) as string[];
      const writes = new Map<Debugger['recording'], ReadonlySet<Moment>>();
      const found = this.#breakpoint((recording, moment) => {
        let of = writes.get(recording);
        if (of === undefined) writes.set(recording, (of = new Set(writesOf(recording, object, path))));
        return of.has(moment);
      }, wanted);
      if (typeof found === 'string') return { verified: false, message: found };
      set.push(found);
      return { id: found.id, verified: true };
    });
    this.#ofData = set;
    response.body = { breakpoints: answers };
    this.sendResponse(response);
  }

  /** @returns a sentence when a condition cannot be read */
  #breakpoint(
    stop: Stop,
    {
      condition,
      hitCondition,
      logMessage,
    }: { condition?: string | undefined; hitCondition?: string; logMessage?: string },
  ): SetBreakpoint | string {
    try {
      const isConditional = condition !== undefined && condition.trim() !== '';
      return {
        id: ++this.#lastBreakpoint,
        stop: isConditional ? onlyIf(stop, parseCondition(condition)) : stop,
        hits: hitCondition === undefined || hitCondition.trim() === '' ? undefined : hitTest(hitCondition),
        log: logMessage === undefined || logMessage === '' ? undefined : new LogPoint(logMessage),
        count: 0,
      };
    } catch (error) {
      return messageOf(error);
    }
  }

  get #breakpoints(): readonly SetBreakpoint[] {
    return [...[...this.#ofFile.values()].flat(), ...this.#ofFunctions, ...this.#ofData, ...this.#ofExceptions];
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
    // A run is never between stops for longer than a search takes.
    this.sendResponse(response);
  }

  #step(response: DebugProtocol.Response, go: (debugging: Debugger) => Arrival): void {
    this.sendResponse(response);
    const debugging = this.#debugger;
    if (debugging === undefined) return;
    const wasAtEnd = this.#isAtEnd;
    const arrival = go(debugging);
    if (wasAtEnd && arrival.reason === 'end') this.sendEvent(new TerminatedEvent());
    else this.#arrive(arrival);
  }

  /** Whether it has said that the run is over: to go on once more ends the session. */
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
    const breakpoints = this.#breakpoints;
    const stops = breakpoints.map(
      (breakpoint): Stop =>
        (recording, moment) =>
          this.#isHit(breakpoint, recording, moment),
    );
    this.#arrive(debugging.run(direction, stops, from));
  }

  #isHit(breakpoint: SetBreakpoint, recording: Debugger['recording'], moment: Moment): boolean {
    if (!breakpoint.stop(recording, moment)) return false;
    breakpoint.count++;
    if (breakpoint.hits?.(breakpoint.count) === false) return false;
    if (breakpoint.log === undefined) return true;
    const place = recording.sites.frames(recording.moments.site(moment))[0];
    this.#say(breakpoint.log.text(contextAt(recording, moment)), 'console', place);
    return false;
  }

  #arrive(arrival: Arrival, as: Arrival['reason'] = arrival.reason): void {
    const debugging = this.#debugger;
    if (debugging === undefined) return;
    this.#arrival = arrival;
    this.#variables.reset();
    const { recording, at } = debugging;
    const hit = arrival.stop === undefined ? undefined : this.#breakpoints[arrival.stop];
    const isException = hit !== undefined && this.#ofExceptions.includes(hit);
    const reasons = {
      start: 'entry',
      end: 'pause',
      entry: 'entry',
      step: 'step',
      goto: 'goto',
      breakpoint: 'breakpoint',
    };
    const event = new StoppedEvent(isException ? 'exception' : reasons[as], this.#threadOf(at));
    Object.assign(event.body, {
      allThreadsStopped: true,
      description: arrival.reason === 'end' ? t('End of the run') : describe(recording, at),
      text: (arrival.reason === 'end' && endText(recording.finished.end)) || describe(recording, at),
      ...(hit === undefined || isException ? {} : { hitBreakpointIds: [hit.id] }),
    });
    this.sendEvent(event);
  }

  protected override exceptionInfoRequest(response: DebugProtocol.ExceptionInfoResponse): void {
    const debugging = this.#debugger;
    const hit = this.#arrival?.stop === undefined ? undefined : this.#breakpoints[this.#arrival.stop];
    if (debugging === undefined || hit === undefined) {
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
    const debugging = this.#debugger;
    if (debugging !== undefined) {
      for (const { controller, worker } of debugging.recording.moments.passes()) this.#threadNumber(controller, worker);
    }
    response.body = { threads: this.#threads.map((name, index) => ({ id: index + 1, name })) };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(
    response: DebugProtocol.StackTraceResponse,
    { threadId, startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments,
  ): void {
    const frames = this.#framesOf(threadId);
    const end = levels === 0 ? undefined : startFrame + levels;
    response.body = { stackFrames: [...frames.slice(startFrame, end)], totalFrames: frames.length };
    this.sendResponse(response);
  }

  #framesOf(threadId: number): readonly DebugProtocol.StackFrame[] {
    const debugging = this.#debugger;
    const moment = debugging === undefined ? undefined : this.#momentOfThread(debugging, threadId);
    if (debugging === undefined || moment === undefined) return [];
    const { recording } = debugging;
    const { moments } = recording;
    const pass = moments.pass(moment);
    const places = recording.sites.frames(moments.site(moment));
    const id = (index: number): number => threadId * 1000 + index;
    const frames: DebugProtocol.StackFrame[] = places.map((place, index) => ({
      id: id(index),
      name: index === 0 ? `${place.function}: ${describe(recording, moment)}` : place.function,
      line: place.line,
      column: place.column,
      source: { name: basename(place.file), path: this.#sources.pathOf(place.file) },
    }));
    const phase = phaseAt(recording, moment);
    const labels = [
      ...(places.length === 0 ? [describe(recording, moment)] : []),
      ...(phase === '' ? [] : [t('phase {0}', phase)]),
      t('pass {0} of {1}, attempt {2}, for {3}', pass.id, pass.key, pass.attempt, pass.trigger),
      t('controller {0}', pass.controller),
    ];
    return [
      ...frames,
      ...labels.map((name, index) => ({
        id: id(places.length + index),
        name,
        line: 0,
        column: 0,
        presentationHint: 'label' as const,
      })),
    ];
  }

  /** Where a worker is while the debugger stands: at the last moment of the pass that it has; undefined when it has none. */
  #momentOfThread({ recording, at }: Debugger, threadId: number): Moment | undefined {
    const { moments } = recording;
    const name = this.#threads[threadId - 1];
    for (let moment = at; moment >= 0; moment--) {
      const { controller, worker } = moments.pass(moment);
      if (threadName(controller, worker) !== name) continue;
      return moment !== at && moments.isEnd(moment) ? undefined : moment;
    }
    return undefined;
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
    const replacement = replacementOf(name, value, statusAt(debugging.recording, debugging.at) ?? 200);
    if (typeof replacement === 'string') {
      this.#fail(response, CANNOT, replacement);
      return;
    }
    debugging.edit({ kind: 'answer', moment: debugging.at, replacement });
    this.#changed(debugging, t('From moment {0} on another future runs: the answer is changed.', debugging.at));
    response.body = { value };
    this.sendResponse(response);
  }

  /** Says that there is one more future, and that all that is shown is of it. */
  #changed({ current, futures }: Debugger, said: string): void {
    this.#variables.reset();
    this.#say(
      `${said} ${t('It is future {0} of {1}; "future 0" goes back to the first.', current, futures.length - 1)}`,
    );
    this.sendEvent(new InvalidatedEvent(['all']));
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
    if (command !== undefined) {
      response.body = { result: this.#obey(command, debugging), variablesReference: 0 };
      this.sendResponse(response);
      return;
    }
    try {
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

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.sendResponse(response);
    this.sendEvent(new TerminatedEvent());
  }

  #fail(response: DebugProtocol.Response, id: number, message: string): void {
    this.sendErrorResponse(response, { id, format: message, showUser: true });
  }

  #say(text: string, category: 'console' | 'stderr' = 'console', place?: SourcePlace): void {
    const event = new OutputEvent(`${text}\n`, category);
    if (place !== undefined) {
      const source = { name: basename(place.file), path: this.#sources.pathOf(place.file) };
      Object.assign(event.body, { source, line: place.line, column: place.column });
    }
    this.sendEvent(event);
  }

  #threadOf(moment: Moment): number {
    const { controller, worker } = (this.#debugger as Debugger).recording.moments.pass(moment);
    return this.#threadNumber(controller, worker);
  }

  #threadNumber(controller: string, worker: number): number {
    const name = threadName(controller, worker);
    const known = this.#threads.indexOf(name);
    return known >= 0 ? known + 1 : this.#threads.push(name);
  }
}

function threadName(controller: string, worker: number): string {
  return t('{0}, worker {1}', controller, worker + 1);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : t('{0} items', value.length);
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

/** Reads `5`, `>= 3`, `% 10`. @throws Error with a sentence */
function hitTest(text: string): (count: number) => boolean {
  const found = /^(==?|>=?|<=?|%)?\s*(\d+)$/.exec(text.trim());
  if (found === null)
    throw new Error(t('A hit count is a number, perhaps after >=, > or %, not {0}.', JSON.stringify(text)));
  const limit = Number(found[2]);
  switch (found[1]) {
    case '>':
      return (count) => count > limit;
    case '>=':
      return (count) => count >= limit;
    case '<':
      return (count) => count < limit;
    case '<=':
      return (count) => count <= limit;
    case '%':
      return (count) => count % limit === 0;
    default:
      return (count) => count === limit;
  }
}

/** @returns a sentence when the value is none that the field can have */
function replacementOf(name: string, text: string, status: number): Replacement | string {
  const value = text.trim().replace(/^"(.*)"$/, '$1');
  if (name === 'status') {
    const wanted = Number(value);
    if (!Number.isInteger(wanted) || wanted < 400 || wanted > 599)
      return t('An answer can be turned into a refusal from 400 to 599, not {0}.', value);
    return { kind: 'status', status: wanted, delayUs: 0 };
  }
  if (name === 'delay') {
    const delayUs = parseDurationUs(value.replaceAll(' ', ''));
    if (delayUs === undefined) return t('A delay is written like 200ms or 1.5s, not {0}.', value);
    return status >= 400 ? { kind: 'status', status, delayUs } : { kind: 'late', delayUs };
  }
  if ((name === 'lost' || name === 'never') && value === 'true') return { kind: name };
  return t('{0} cannot be set to {1}.', name, value);
}
