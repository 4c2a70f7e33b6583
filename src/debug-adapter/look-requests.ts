import { t } from '@vscode/l10n';
import type { Debugger } from '../debug/debugger.ts';
import { parseExpression } from '../debug/expression.ts';
import { absentText, contextAt } from '../debug/facts.ts';
import type { Changes } from './changes.ts';
import { parseCommand } from './commands.ts';
import { exceptionInfo } from './exception-info.ts';
import { RequestError, type Answer, type Requests } from './requests.ts';
import { scopesOf } from './scopes.ts';
import { inCel } from './source-expression.ts';
import type { Threads } from './threads.ts';
import { EARLIER, type Variables } from './variables.ts';
import type { Walk } from './walk.ts';

interface Parts {
  readonly walk: Walk;
  readonly threads: Threads;
  readonly variables: Variables;
  readonly changes: Changes;
}

/** What an editor asks about where the run stands, and what it sets there. */
export function lookRequests({ walk, threads, variables, changes }: Parts): Requests {
  const valueOf = (debugging: Debugger, expression: string, isOfSource: boolean, frameId?: number): Answer => {
    const { recording, at } = debugging;
    const moment = threads.momentOfFrame(debugging, frameId);
    const value = parseExpression(isOfSource ? inCel(expression) : expression)(contextAt(recording, moment, at));
    const absent = absentText(recording, moment, expression.trim());
    if (absent !== undefined) return { body: { result: absent, variablesReference: 0 } };
    const { text, variablesReference } = variables.show(value, expression);
    return { body: { result: text, variablesReference } };
  };

  return {
    threads: () => ({ body: { threads: walk.debugger === undefined ? [] : threads.of(walk.debugger) } }),
    stackTrace: ({ threadId, startFrame = 0, levels = 0 }) => {
      const debugging = walk.debugger;
      if (debugging === undefined) return { body: { stackFrames: [], totalFrames: 0 } };
      threads.check(debugging, threadId);
      const frames = threads.framesOf(debugging, threadId);
      const end = levels === 0 ? undefined : startFrame + levels;
      return { body: { stackFrames: [...frames.slice(startFrame, end)], totalFrames: frames.length } };
    },
    scopes: ({ frameId }) => {
      const debugging = walk.debugger;
      if (debugging === undefined) return { body: { scopes: [] } };
      if (!threads.isFrame(debugging, frameId)) {
        throw new RequestError(
          t('There is no frame {0} where the run stands: ask for the stack again.', frameId.toString()),
        );
      }
      const scopes = scopesOf(debugging, threads.momentOfFrame(debugging, frameId));
      return { body: { scopes: scopes.map((scope) => variables.scope(scope)) } };
    },
    variables: ({ variablesReference, start, count }) => ({
      body: { variables: variables.parts(variablesReference, start, count) },
    }),
    setVariable: ({ variablesReference, name, value }) => {
      const parent = variables.get(variablesReference);
      if (parent === undefined) throw new RequestError(EARLIER());
      const change = changes.setAnswer(walk.debugger, parent, textOf(name), textOf(value));
      return change.then((now) => ({ body: { value: variables.show(now, name).text } }));
    },
    evaluate: ({ expression: asked = '', context, frameId }) => {
      const expression = textOf(asked);
      const debugging = walk.begun();
      const command = context === 'repl' ? parseCommand(expression, debugging) : undefined;
      if (command === undefined) return valueOf(debugging, expression, context === 'hover', frameId);
      return changes.obey(command, debugging).then((result) => ({ body: { result, variablesReference: 0 } }));
    },
    exceptionInfo: () => {
      const debugging = walk.debugger;
      if (debugging === undefined || !walk.isHit) throw new RequestError(t('It has not stopped at an exception.'));
      return { body: exceptionInfo(debugging.recording, debugging.at) };
    },
  };
}

/** @throws TypeError where an argument is no text */
function textOf(argument: unknown): string {
  if (typeof argument === 'string') return argument;
  throw new TypeError();
}
