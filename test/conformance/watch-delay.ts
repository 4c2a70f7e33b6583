import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Clock } from '../../src/base/clock.ts';
import { EmbeddedCluster } from '../../src/kubernetes/embedded/embedded-cluster.ts';
import { ApiError } from '../../src/kubernetes/api-error.ts';
import type { ApiReply } from '../../src/kubernetes/cluster.ts';
import { createRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners } from '../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../src/kubernetes/types.ts';
import { goProgram } from '../builders/go-program.ts';
import { aRunner } from '../builders/objects.ts';

/** What stands between the answer to a write and its watch event, in microseconds. */
export interface WatchDelays {
  /** From a write's answer to its event on each watch; negative where the event came first. */
  readonly delays: readonly number[];
  /** From the request of each creation to its answer. */
  readonly answers: readonly number[];
  /** How many runners each set got. */
  readonly made: readonly number[];
}

export const RUNNERS = 300;
export const REPLICAS = 10;
const SETS = 12;
const WATCHES = 8;
/** As many as ARC's controller of runners has by default. */
const WORKERS = 2;

/** As a client written in Go sees it, over HTTP. */
export async function delaysOverHttp(kubeconfig: string, namespace: string): Promise<WatchDelays> {
  const program = goProgram('apiserver', 'watch-delay');
  const args = [kubeconfig, namespace, ...[RUNNERS, SETS, REPLICAS].map(String)];
  const { stdout } = await promisify(execFile)(program, args, { timeout: 120_000, maxBuffer: 1e8 });
  const { creates, patches, answers, made } = JSON.parse(stdout) as Record<string, number[]>;
  return { delays: [...(creates ?? []), ...(patches ?? [])], answers: answers ?? [], made: made ?? [] };
}

/** The same in process. `run` lets the clock go until nothing is left to do. */
export async function delaysInProcess(
  clock: Clock,
  run: () => Promise<void>,
  apiLatencyUs: number,
): Promise<WatchDelays> {
  const options = { seed: 1, apiLatencyUs, epochMs: 0, controllers: false, namespaces: ['lab'] };
  const cluster = new EmbeddedCluster(clock, options);
  const answeredUs = new Map<string, number>();
  const eventsUs: [id: string, atUs: number][] = [];
  const answers: number[] = [];
  const work: string[] = [];
  let idle = WORKERS;
  const answered = (reply: ApiReply): void => void answeredUs.set(idOf(objectIn(reply)), clock.nowUs());
  const patch = (): void => {
    const name = idle > 0 ? work.shift() : undefined;
    if (name === undefined) return;
    idle--;
    const request = patchRequest(EphemeralRunners, 'lab', name, { status: { phase: 'Pending' } }, 'status');
    cluster.send(request, (reply) => {
      answered(reply);
      idle++;
      patch();
    });
  };
  const create = (left: number): void => {
    const askedUs = clock.nowUs();
    cluster.send(createRequest(EphemeralRunners, aRunner({ name: `runner-${left}`, namespace: 'lab' })), (reply) => {
      answered(reply);
      answers.push(clock.nowUs() - askedUs);
      if (left > 1) create(left - 1);
    });
  };
  const seen = (object: ApiObject): void => void eventsUs.push([idOf(object), clock.nowUs()]);
  let listed = 0;
  for (let watch = 0; watch < WATCHES; watch++) {
    cluster.watch(EphemeralRunners, 'lab', {
      onList: () => {
        if (++listed === WATCHES) create(RUNNERS);
      },
      onAdded: (_key, object) => {
        seen(object);
        if (watch !== 0) return;
        work.push(object.metadata.name);
        patch();
      },
      onModified: (_key, object) => seen(object),
      onDeleted: () => undefined,
    });
  }
  await run();
  const delays = eventsUs.map(([id, atUs]) => atUs - (answeredUs.get(id) ?? NaN));
  return { delays, answers, made: [] };
}

function idOf({ metadata }: ApiObject): string {
  return `${metadata.name} ${metadata.resourceVersion}`;
}

function objectIn(reply: ApiReply): ApiObject {
  if (reply instanceof ApiError) throw reply;
  return reply as ApiObject;
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
