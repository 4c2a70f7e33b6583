import { ApiError } from '../../src/kubernetes/api-error.ts';
import { withDefaults } from '../../src/kubernetes/embedded/defaults.ts';
import { EphemeralRunners, EphemeralRunnerSets, Pods, type Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject, Secret } from '../../src/kubernetes/types.ts';
import type { Driver, PassInProgress, Reply } from '../../src/runtime/pass.ts';
import type { ReconcileEffect } from '../../src/runtime/effects.ts';
import { operationOf } from '../../src/actions/operations.ts';
import type { ChainCall, ChainRequest } from './chain-recording.ts';

type Noted<T> = { -readonly [K in keyof T]: T[K] };

/** Stands between the controllers and their driver, and notes what each of them asks for in the terms of the recordings. */
export class ChainWitness {
  readonly requests: Noted<ChainRequest>[] = [];
  readonly actions: Noted<ChainCall>[] = [];
  readonly #nowMs: () => number;
  /** Names that the API server has made, in the order of creation. */
  readonly #made = { runner: [] as string[], set: [] as string[] };

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  wrap(driver: Driver): Driver {
    return {
      ...(driver.begin === undefined ? {} : { begin: driver.begin.bind(driver) }),
      perform: (effect, pass, reply) => driver.perform(effect, pass, this.#replyTo(effect, pass, reply)),
    };
  }

  #replyTo(effect: ReconcileEffect, pass: PassInProgress, reply: Reply): Reply {
    if (effect.kind === 'http') {
      const { method, url, body } = effect.request;
      const call: Noted<ChainCall> = {
        ...{ tMs: this.#nowMs(), by: pass.controller, kind: operationOf(method, url)?.operation ?? '', method },
        ...{ path: new URL(url).pathname, status: 0 },
        ...(body === undefined || body === '' ? {} : { body: JSON.parse(body) as unknown }),
      };
      this.actions.push(call);
      return {
        resume: (answer) => {
          call.status = (answer as { status: number }).status;
          reply.resume(answer);
        },
        fail: (error) => reply.fail(error),
      };
    }
    if (effect.kind !== 'kubernetes') return reply;
    const { verb, resource, subresource, namespace, name, body } = effect.request;
    const request: Noted<ChainRequest> = {
      ...{ tMs: this.#nowMs(), by: pass.controller, verb, resource: resource.plural, namespace, name, code: 0 },
      ...(subresource === '' ? {} : { subresource }),
      body: verb === 'create' ? asStored(resource, body as ApiObject) : body,
    };
    this.requests.push(request);
    return {
      resume: (answer) => {
        request.code = answer === undefined ? 404 : verb === 'create' ? 201 : 200;
        if (verb === 'create') request.name = this.#created(resource, answer as ApiObject);
        reply.resume(answer);
      },
      fail: (error) => {
        request.code = error instanceof ApiError ? error.code : 0;
        reply.fail(error);
      },
    };
  }

  #created(resource: Resource, { metadata }: ApiObject): string {
    if (resource === (EphemeralRunners as Resource)) this.#made.runner.push(metadata.name);
    if (resource === (EphemeralRunnerSets as Resource) && metadata.generateName !== undefined) {
      this.#made.set.push(metadata.name);
    }
    return metadata.name;
  }

  /** Puts the recordings' names in place of those that were made. */
  named<T>(value: T): T {
    let text = JSON.stringify(value);
    // A runner's name begins with that of its set.
    for (const kind of ['runner', 'set'] as const) {
      for (const [index, name] of this.#made[kind].entries()) text = text.replaceAll(name, `<${kind}-${index + 1}>`);
    }
    return JSON.parse(text.replace(/lab-[a-z0-9]{8}-listener/g, '<listener>')) as T;
  }
}

/** The audit log shows what was created with the API server's defaults; the recordings show a listener's configuration as it is. */
function asStored(resource: Resource, object: ApiObject): unknown {
  const stored = withDefaults(resource, object);
  if (resource === (Pods as Resource)) return { ...stored, status: {} };
  const { data } = stored as Secret;
  const config = data?.['config.json'];
  if (config === undefined) return stored;
  const base64Of = JSON.parse(Buffer.from(config, 'base64').toString('utf8')) as unknown;
  return { ...stored, data: { 'config.json': { base64Of } } };
}
