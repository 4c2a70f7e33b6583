import assert from 'node:assert/strict';
import { ActionsClient } from '../../src/actions/client.ts';
import { OWN_CLIENT, type ActionsClientPolicy } from '../../src/actions/client-policy.ts';
import { parseConfigUrl } from '../../src/actions/config-url.ts';
import type { ActionsStep } from '../../src/actions/retry.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse } from '../../src/base/http.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import { SharedState } from '../../src/base/shared-state.ts';

export type Answer = HttpResponse | HttpTransportError;

/** Drives a call by hand: answers requests, notes sleeps, tells the time it is given. */
export function drive<T>(step: ActionsStep<T>, answer: (request: HttpRequest) => Answer, nowMs = (): number => 0) {
  const requests: HttpRequest[] = [];
  const sleepsMs: number[] = [];
  let next = step.next(undefined as never);
  while (next.done !== true) {
    const effect = next.value;
    if (effect.kind === 'http') {
      requests.push(effect.request);
      const given = answer(effect.request);
      next = given instanceof HttpTransportError ? step.throw(given) : step.next(given as never);
    } else if (effect.kind === 'sleep') {
      sleepsMs.push(effect.delayUs / 1000);
      next = step.next(undefined as never);
    } else if (effect.kind === 'wall-time') {
      next = step.next(nowMs() as never);
    } else {
      let answer: { readonly value: unknown } | undefined;
      SHARED.perform(effect, (value) => (answer = { value }));
      assert.ok(answer !== undefined, `the lock ${effect.name} is held by nobody who could give it back`);
      next = step.next(answer.value as never);
    }
  }
  return { value: next.value, requests, sleepsMs };
}

const TOKEN = { kind: 'token', token: 'pat' } as const;
/** What clients of the same name share; every client here has another. */
const SHARED = new SharedState();
let clients = 0;
export const aClient = (policy: ActionsClientPolicy = OWN_CLIENT): ActionsClient =>
  new ActionsClient({
    ...{ identity: `client ${++clients}`, config: parseConfigUrl('http://127.0.0.1:1/org'), credentials: TOKEN },
    ...{ route: undefined, secrets: new SecretRegistry(), policy },
  });
