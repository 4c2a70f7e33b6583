import { t } from '@vscode/l10n';
import { InitializedEvent, InvalidatedEvent, OutputEvent, Response } from '@vscode/debugadapter';
import { ProtocolServer } from '@vscode/debugadapter/lib/protocol.js';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { basename } from 'node:path';
import { messageOf } from '../base/message.ts';
import { PlainError } from '../base/plain-error.ts';
import { describe } from '../debug/breakpoints.ts';
import type { Debugger } from '../debug/debugger.ts';
import { stackAt } from '../debug/facts.ts';
import { SourceFiles, type SourcePlace } from '../debug/source-files.ts';
import { valuesAt } from '../debug/values.ts';
import type { DebugTarget } from '../run/debug-target.ts';
import { begin, type Begun } from './begin.ts';
import { BreakpointList } from './breakpoint-list.ts';
import { breakpointRequests } from './breakpoint-requests.ts';
import { capabilities } from './capabilities.ts';
import { Changes } from './changes.ts';
import { ClientLines } from './client-lines.ts';
import { NO_HOST, type DebugHost } from './host.ts';
import { parseAttach } from './launch-arguments.ts';
import { lookRequests } from './look-requests.ts';
import { Progress } from './progress.ts';
import { RequestError, type Answer, type Requests } from './requests.ts';
import { Threads } from './threads.ts';
import { Variables } from './variables.ts';
import { walkRequests } from './walk-requests.ts';
import { Walk } from './walk.ts';

/** What is heard while a change is simulated; all else is asked of the future to come. */
const ALWAYS_HEARD = ['disconnect', 'terminate', 'cancel'];
/** What may change the run. */
const CHANGING = ['setVariable', 'evaluate'];
/** That of every refusal: editors show its text. */
const REFUSED = 1;

/** The Debug Adapter Protocol over a debugger of the engine; the same for VS Code, where it runs in line, and over streams. */
export class ArcDebugSession extends ProtocolServer {
  readonly #host: DebugHost;
  readonly #requests: Requests;
  readonly #lines = new ClientLines();
  /** Undefined where nothing has been launched, or could be. */
  #begun: Begun | { readonly target: DebugTarget } | undefined;
  /** Whether something is launched, or is about to be. */
  #hasLaunch = false;
  /** Whether the editor has set its breakpoints. */
  #isConfigured = false;
  /** Paths of the files that are replayed. */
  #replayed: readonly string[] = [];
  readonly #sources = new SourceFiles();
  readonly #variables = new Variables();
  readonly #threads = new Threads(this.#sources);
  readonly #progress = new Progress({ send: (event) => this.sendEvent(event), say: (text) => this.#say(text) });
  readonly #walk: Walk;
  /** A change that is simulated. */
  #changing: Promise<void> | undefined;
  /** Called when the editor has been answered that it disconnects. */
  onDisconnect: (() => void) | undefined;

  constructor(host = NO_HOST) {
    super();
    this.#host = host;
    const breakpoints = new BreakpointList(this.#sources);
    const [threads, variables, progress] = [this.#threads, this.#variables, this.#progress];
    const walk = new Walk({
      ...{ progress, breakpoints, threads },
      send: (event) => this.sendEvent(event),
      say: (...what) => this.#say(...what),
      onArrival: (debugging, isHit) => this.#stands(debugging, isHit),
    });
    this.#walk = walk;
    const changes = new Changes({ walk, progress, onChange: (debugging, text) => this.#changed(debugging, text) });
    const say = (text: string): void => this.#say(text);
    const replayed = (): readonly string[] => this.#replayed;
    this.#requests = {
      ...this.#sessionRequests(),
      ...breakpointRequests({ breakpoints, variables, walk, replayed }),
      ...walkRequests({ breakpoints, threads, walk, say, replayed }),
      ...lookRequests({ walk, threads, variables, changes }),
    };
  }

  // The protocol

  override sendEvent(event: DebugProtocol.Event): void {
    event.body = this.#lines.write(event.body);
    super.sendEvent(event);
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    if (ALWAYS_HEARD.includes(request.command)) this.#answer(request);
    else this.#afterChange(() => this.#answer(request));
  }

  /** Does something when no change is simulated any more, one after another. */
  #afterChange(work: () => void): void {
    if (this.#changing === undefined) work();
    else void this.#changing.then(() => this.#afterChange(work));
  }

  #answer(request: DebugProtocol.Request): void {
    const { command } = request;
    const response = new Response(request);
    const known = this.#requests as Readonly<
      Record<string, ((asked: unknown) => Answer | Promise<Answer>) | undefined>
    >;
    const answer = typeof command === 'string' && Object.hasOwn(known, command) ? known[command] : undefined;
    if (answer === undefined) {
      this.#refuse(response, t('The adapter knows no request {0}.', JSON.stringify(command)));
      return;
    }
    try {
      const answered = answer(this.#lines.read(request.arguments ?? {}));
      if (!(answered instanceof Promise)) this.#respond(response, answered);
      else {
        const done = answered.then(
          (later) => this.#respond(response, later),
          (error: unknown) => this.#refuse(response, messageOf(error)),
        );
        if (CHANGING.includes(command)) this.#changing = done.finally(() => (this.#changing = undefined));
      }
    } catch (error) {
      const isMeant = error instanceof PlainError;
      const otherForm = t('Arguments of {0} are missing or have another form.', command);
      this.#refuse(response, isMeant ? error.message : otherForm);
    }
  }

  #respond(response: DebugProtocol.Response, { body, after }: Answer): void {
    if (body !== undefined) response.body = this.#lines.write(body);
    this.sendResponse(response);
    after?.();
  }

  #refuse(response: DebugProtocol.Response, message: string): void {
    response.success = false;
    response.message = message;
    response.body = { error: { id: REFUSED, format: message, showUser: true } };
    this.sendResponse(response);
  }

  #say(text: string, category: 'stdout' | 'stderr' = 'stdout', place?: SourcePlace): void {
    const event = new OutputEvent(`${text}\n`, category);
    if (place !== undefined) {
      const source = { name: basename(place.file), path: this.#sources.pathOf(place.file) };
      Object.assign(event.body, { source, line: place.line, column: place.column });
    }
    this.sendEvent(event);
  }

  /** Says that a stream brought what is no message. */
  sayGarbage(): void {
    this.#say(t('Something came that is no message of the Debug Adapter Protocol; it is left out.'), 'stderr');
  }

  // The session from its beginning to its end

  #sessionRequests(): Requests {
    return {
      initialize: (client) => {
        const { pathFormat = 'path', supportsProgressReporting } = client;
        if (pathFormat !== 'path') throw new RequestError(t('Files are named by paths here, and not by URIs.'));
        this.#begun = undefined;
        this.#hasLaunch = this.#isConfigured = false;
        this.#lines.learn(client);
        this.#progress.isShown = supportsProgressReporting === true;
        return { body: capabilities(), after: () => this.sendEvent(new InitializedEvent()) };
      },
      launch: async (fields) => {
        this.#checkFree();
        this.#hasLaunch = true;
        try {
          return this.#startOf(await begin(fields, this.#host, (paths) => (this.#replayed = paths)));
        } catch (error) {
          this.#hasLaunch = false;
          if (error instanceof PlainError) throw error;
          throw new RequestError(t('The run could not be launched: {0}', messageOf(error)));
        }
      },
      // A session that runs where the editor itself runs sessions.
      attach: (fields) => {
        this.#checkFree();
        const target = this.#host.targetOf(parseAttach(fields));
        if (typeof target === 'string') throw new RequestError(target);
        this.#hasLaunch = true;
        return this.#startOf({ target });
      },
      configurationDone: () => {
        const wasConfigured = this.#isConfigured;
        this.#isConfigured = true;
        // A client may launch before or after it; what is not there yet goes off when it is.
        return wasConfigured ? {} : { after: () => this.#start() };
      },
      terminate: () => {
        this.release();
        return { after: () => this.#walk.end() };
      },
      disconnect: () => {
        this.release();
        return { after: () => this.onDisconnect?.() };
      },
      // A simulation is given up.
      cancel: ({ progressId = '' }) => {
        this.#progress.cancel(progressId);
        return {};
      },
    };
  }

  /** @throws RequestError where nothing more can be launched */
  #checkFree(): void {
    this.#walk.checkOpen();
    if (this.#hasLaunch) throw new RequestError(t('A run is debugged already: end this session and begin another.'));
  }

  #startOf(begun: Begun | { readonly target: DebugTarget }): Answer {
    this.#begun = begun;
    return this.#isConfigured ? { after: () => this.#start() } : {};
  }

  /** Goes off with what has been launched. */
  #start(): void {
    const begun = this.#begun;
    if (begun === undefined) return;
    if ('target' in begun) this.#walk.attach(begun.target);
    else void this.#walk.start(begun);
  }

  /** Nothing of it is left in the session that it was attached to, and nothing goes on that it simulates. */
  release(): void {
    this.#walk.release();
  }

  // Where the run stands

  /** The run stands elsewhere, or in another future. */
  #stands({ recording, at: moment, current: future }: Debugger, isHit: boolean): Promise<void> | undefined {
    this.#variables.forget();
    const hasSource = stackAt(recording, moment).length > 0;
    return this.#host.stands({ recording, future, moment, text: describe(recording, moment), hasSource, isHit });
  }

  /** Says that there is one more future, and that all that is shown is of it. */
  #changed(debugging: Debugger, said: string): void {
    this.#say(`${said} ${t('It is future {0}; "future 0" goes back to the first.', debugging.current)}`);
    this.sendEvent(new InvalidatedEvent(['all']));
    void this.#stands(debugging, false);
  }

  /** Goes to the last moment of an object's passes at a time, as a click on a timeline does. @param atUs in the trace's time */
  goToTime(key: string, atUs: number): void {
    this.#afterChange(() => this.#walk.goToTime(key, atUs));
  }

  /** What is written behind the line at which a frame stands. */
  valuesAt(frameId: number): readonly string[] {
    const debugging = this.#walk.debugger;
    if (debugging === undefined) return [];
    return valuesAt(debugging.recording, this.#threads.momentOfFrame(debugging, frameId), debugging.at);
  }
}
