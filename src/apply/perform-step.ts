import type { HttpTransport } from '../base/http.ts';
import { HttpTransportError } from '../base/http.ts';
import { SharedState } from '../base/shared-state.ts';
import { ApiError } from '../kubernetes/api-error.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { ReconcileEffect } from '../runtime/effects.ts';

/**
 * Performs a part of a pass by itself, outside of any controller and without patience: where a pass would wait and try
 * again, this ends with what went wrong.
 * @throws whatever the step throws, or an Error that says what the last answer was
 */
export async function performStep<T>(
  step: Generator<ReconcileEffect, T, never>,
  cluster: Cluster,
  http: HttpTransport,
): Promise<T> {
  let lastAnswer = 'no answer';
  const shared = new SharedState();
  const perform = async (effect: ReconcileEffect): Promise<unknown> => {
    switch (effect.kind) {
      case 'kubernetes': {
        const reply = await new Promise((resolve) => cluster.send(effect, resolve));
        if (!(reply instanceof ApiError)) return reply;
        if (effect.absentOk && reply.reason === 'NotFound') return undefined;
        throw reply;
      }
      case 'http': {
        const answer = await new Promise<Parameters<Parameters<HttpTransport['send']>[1]>[0]>((resolve) =>
          http.send(effect.request, resolve),
        );
        if (answer instanceof HttpTransportError) {
          lastAnswer = answer.message;
          throw answer;
        }
        lastAnswer = `HTTP ${answer.status} for ${effect.operation}`;
        return answer;
      }
      case 'lock':
      case 'unlock':
      case 'keep':
      case 'recall':
        return new Promise((resolve) => shared.perform(effect, resolve));
      case 'wall-time':
        return Date.now();
      case 'sleep':
        throw new Error(lastAnswer);
      case 'phase':
      case 'log':
        return undefined;
      case 'cached-get':
      case 'cached-list':
        throw new Error('there is no cache here');
    }
  };
  let next = step.next();
  while (next.done !== true) {
    let answer: unknown;
    try {
      answer = await perform(next.value);
    } catch (error) {
      next = step.throw(error);
      continue;
    }
    next = step.next(answer as never);
  }
  return next.value;
}
