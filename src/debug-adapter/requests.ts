import type { DebugProtocol } from '@vscode/debugprotocol';
import { PlainError } from '../base/plain-error.ts';

/** What is asked of the adapter cannot be done; the message is a sentence for people. */
export class RequestError extends PlainError {
  override readonly name = 'RequestError';
}

/** What a request is answered, and what happens as soon as the editor has that. */
export interface Answer {
  readonly body?: unknown;
  readonly after?: () => void;
}

type Fields = Readonly<Record<string, unknown>>;

/** What the requests of the protocol that the adapter knows ask with. */
interface Asked {
  readonly initialize: DebugProtocol.InitializeRequestArguments;
  readonly launch: Fields;
  readonly attach: Fields;
  readonly configurationDone: unknown;
  readonly disconnect: unknown;
  readonly terminate: unknown;
  readonly cancel: DebugProtocol.CancelArguments;
  readonly setBreakpoints: DebugProtocol.SetBreakpointsArguments;
  readonly setFunctionBreakpoints: DebugProtocol.SetFunctionBreakpointsArguments;
  readonly setExceptionBreakpoints: DebugProtocol.SetExceptionBreakpointsArguments;
  readonly setDataBreakpoints: DebugProtocol.SetDataBreakpointsArguments;
  readonly dataBreakpointInfo: DebugProtocol.DataBreakpointInfoArguments;
  readonly continue: unknown;
  readonly reverseContinue: unknown;
  readonly next: DebugProtocol.NextArguments;
  readonly stepIn: DebugProtocol.StepInArguments;
  readonly stepOut: DebugProtocol.StepOutArguments;
  readonly stepBack: DebugProtocol.StepBackArguments;
  readonly pause: unknown;
  readonly gotoTargets: DebugProtocol.GotoTargetsArguments;
  readonly goto: DebugProtocol.GotoArguments;
  readonly exceptionInfo: unknown;
  readonly threads: unknown;
  readonly stackTrace: DebugProtocol.StackTraceArguments;
  readonly scopes: DebugProtocol.ScopesArguments;
  readonly variables: DebugProtocol.VariablesArguments;
  readonly setVariable: DebugProtocol.SetVariableArguments;
  readonly evaluate: Partial<DebugProtocol.EvaluateArguments>;
}

/**
 * How requests are answered, by their names. A PlainError refuses the request with its message; any other error that is thrown at
 * once means that arguments are missing or malformed.
 */
export type Requests = {
  readonly [Command in keyof Asked]?: (asked: Asked[Command]) => Answer | Promise<Answer>;
};
