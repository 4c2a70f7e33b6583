import assert from 'node:assert/strict';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { finishedRunners } from '../../src/analysis/finished-runners.ts';
import { handoverText } from '../../src/explain/handover-words.ts';
import type { ApiReply, ApiRequest, ObjectList } from '../../src/kubernetes/cluster.ts';
import { listRequest } from '../../src/kubernetes/request.ts';
import type { Resource } from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { LAB_NAMESPACE } from '../../src/run/embedded-environment.ts';
import { handoverOf, outcomeOf, type HandoverOutcome } from '../../src/run/handover.ts';
import type { Load } from '../../src/run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../src/run/settings.ts';
import type { EmbeddedRun } from '../../src/run/start-embedded.ts';
import { startRun } from '../../src/run/start-run.ts';

export const SECOND_US = 1_000_000;
/** A simulated kubelet runs the pods. */
export const RUNS = { podStartUs: SECOND_US };

/** A release in place of another, on what that one left after a while; both in virtual time. */
export class Upgrade {
  readonly clock = new VirtualClock();
  readonly run: EmbeddedRun;
  readonly #to: string;

  constructor(
    from: string,
    to: string,
    settings: Partial<RunSettings> = {},
    load: Load = {},
    afterUs = 60 * SECOND_US,
    keepsDefinitions = false,
    keepsLabel = false,
  ) {
    this.#to = to;
    this.run = startRun(
      { kind: 'embedded' },
      { ...DEFAULT_SETTINGS, mode: to, ...settings },
      {
        clock: this.clock,
        load: { ...load, upgrade: { from, afterUs, keepsDefinitions, keepsLabel } },
        onCreationFailed: (error) => assert.fail(error.message),
      },
    );
    // A scale set is taken over within the run; other runners are there when it begins.
    if (load.scaleSet !== undefined) this.clock.run(afterUs);
    while (this.run.environment.handover === undefined) this.wait(0.001);
  }

  wait(seconds: number): this {
    this.clock.run(this.clock.nowUs() + seconds * SECOND_US);
    return this;
  }

  act(request: ApiRequest): ApiReply {
    return this.run.environment.cluster.api.handle(request);
  }

  objects<T extends ApiObject>(resource: Resource<T>): readonly T[] {
    return (this.act(listRequest(resource, LAB_NAMESPACE)) as ObjectList<T>).items;
  }

  /** Requests since the handover, in words; reads and calls of the service too. */
  get requests(): readonly string[] {
    return [...this.run.trace.passes()].flatMap(({ requests = [] }) =>
      requests.map(({ verb, resource }) => `${verb} ${resource ?? ''}`.trim()),
    );
  }

  get passes(): number {
    return this.run.trace.passCount;
  }

  get outcome(): HandoverOutcome {
    const { environment, trace } = this.run;
    assert.ok(environment.handover !== undefined);
    const now = handoverOf(this.#to, environment);
    return outcomeOf(environment.handover, now, RELEASES.get(this.#to), finishedRunners(trace));
  }

  get sentence(): string {
    return handoverText(this.#to, this.outcome, RELEASES.get(this.#to).switches.has(4059), this.run.trace);
  }
}

/** Borders that were recorded with healthy objects. */
export const HEALTHY: readonly (readonly [from: string, to: string])[] = [
  ['0.9.3', '0.10.1'],
  ['0.10.1', '0.11.0'],
  ['0.11.0', '0.12.1'],
  ['0.12.1', '0.13.1'],
  ['0.13.1', '0.14.0'],
  ['0.14.0', '0.14.2'],
  ['0.10.1', '0.14.2'],
  ['0.12.1', '0.14.2'],
  ['0.13.1', '0.14.2'],
  ['0.12.1', '0.11.0'],
  ['0.13.1', '0.12.1'],
  ['0.14.2', '0.13.1'],
].map(([from = '', to = '']) => [RELEASES.listedOf(from), RELEASES.listedOf(to)] as const);
