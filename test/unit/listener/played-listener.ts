import { readFileSync } from 'node:fs';
import type { JobEvent, JobEventType } from '../../../src/actions/job.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse, type HttpTransport } from '../../../src/base/http.ts';
import { SecretRegistry } from '../../../src/base/redact.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { ApiReply, ApiRequest, Cluster } from '../../../src/kubernetes/cluster.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import type { ListenerObserver } from '../../../src/listener/observer.ts';
import { ListenerProcess } from '../../../src/listener/process.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

/** What a real listener did and was answered, taken out of the recordings of the whole chain. */
export interface ListenerRecording {
  readonly scenario: string;
  readonly description: string;
  readonly modes: Readonly<Record<string, { readonly userAgent: string; readonly runs: readonly RecordedRun[] }>>;
}

interface RecordedRun {
  readonly run: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly events: readonly RecordedEvent[];
}

type RecordedEvent = RecordedCall | RecordedPatch | RecordedSignal;

interface RecordedCall {
  readonly to: 'actions';
  readonly tMs: number;
  readonly ms: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly auth?: string;
  readonly body?: unknown;
  readonly maxCapacity?: string;
  readonly message?: {
    readonly id: number;
    readonly events: Readonly<Partial<Record<JobEventType, number>>>;
    readonly statistics: Readonly<Record<string, number>>;
  };
}

interface RecordedPatch {
  readonly to: 'kubernetes';
  readonly tMs: number;
  readonly ms: number;
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name: string;
  readonly code: number;
  readonly body: { readonly status?: Readonly<Record<string, string | number>> };
}

interface RecordedSignal {
  readonly to: 'process';
  readonly tMs: number;
  readonly do: string;
  readonly exitCode?: number;
}

export function listenerRecording(name: string): ListenerRecording {
  return JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as ListenerRecording;
}

const ROOT = 'http://127.0.0.1:1';
const SESSION = '00000000-0000-4000-8000-000000000001';

/** A line for everything that the recorded listener did. */
export function recordedLines({ events }: RecordedRun): string[] {
  return events.flatMap((event) => {
    if (event.to === 'process') return event.do === 'listener process ended' ? [`exit ${event.exitCode}`] : [];
    if (event.to === 'kubernetes') return [patchLine(event)];
    // A poll that was given up has no more than its path.
    const { method, path, auth = 'Bearer', maxCapacity } = event;
    return [callLine(method, path, auth, event.body === undefined ? '' : JSON.stringify(event.body), maxCapacity)];
  });
}

function patchLine({
  verb,
  resource,
  subresource,
  name,
  body,
}: Pick<RecordedPatch, 'verb' | 'resource' | 'subresource' | 'name' | 'body'>): string {
  const what = subresource === undefined || subresource === '' ? resource : `${resource}/${subresource}`;
  return `${verb} ${what} ${name} ${JSON.stringify(body)}`;
}

function callLine(method: string, path: string, auth: string, body: string, capacity: string | undefined): string {
  return [method, path, auth, body, ...(capacity === undefined ? [] : [`capacity ${capacity}`])].join(' ');
}

/**
 * Plays the lab's listener alone, in virtual time: each of its requests gets the answer, after the time, that the real
 * listener got for its request in that place; signals come as they came.
 */
export function playListener(
  mode: string,
  run: RecordedRun,
  observer: ListenerObserver,
): { lines: string[]; agents: Set<string> } {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const agents = new Set<string>();
  const requests = run.events.filter((event) => event.to !== 'process');
  let next = 0;
  /** The recorded exchange in this place; undefined after the last. */
  const recorded = (): RecordedCall | RecordedPatch | undefined => requests[next++];

  const cluster = {
    send: (request: ApiRequest, done: (reply: ApiReply) => void) => {
      const of = recorded();
      if (of === undefined) return;
      const { verb, resource, name, subresource } = request;
      lines.push(patchLine({ verb, resource: resource.plural, subresource, name, body: request.body as object }));
      const reply: ApiObject = { apiVersion: '', kind: '', metadata: { name } };
      clock.schedule(of.ms * 1000, () => done(reply), undefined);
    },
  } as unknown as Cluster;

  const http: HttpTransport = {
    send: (request, done) => {
      const of = recorded();
      if (of === undefined) return;
      agents.add(request.headers['user-agent'] ?? '');
      lines.push(lineOf(request));
      if (of.to === 'kubernetes') {
        done({ status: 500, headers: {}, body: '' });
      } else if (of.status === 499) {
        request.signal?.addEventListener('abort', () => done(new HttpTransportError('given up', false)));
      } else clock.schedule(of.ms * 1000, () => done(answerTo(of, requests.slice(next))), undefined);
    },
  };

  const { switches, actions } = RELEASES.get(mode);
  const host = { clock, epochMs: 0, cluster, http, secrets: new SecretRegistry(), release: { switches, actions } };
  const config = JSON.stringify(run.config).replaceAll('<port>', '1');
  let process: ListenerProcess | undefined;
  for (const event of run.events) {
    if (event.to !== 'process') continue;
    clock.run(event.tMs * 1000);
    if (event.do.endsWith('started')) {
      const exit = (code: number): void => void lines.push(`exit ${code}`);
      process = new ListenerProcess(host, { config, key: 'arc-systems/<listener>', observer }, exit);
    } else if (event.do === 'listener gets SIGTERM') process?.terminate();
    else if (event.do === 'listener gets SIGKILL') {
      process?.kill();
      lines.push('exit 255');
    }
  }
  clock.run(clock.nowUs() + 600_000_000);
  process?.kill();
  return { lines, agents };
}

function lineOf({ method, url, headers, body = '' }: HttpRequest): string {
  const path = url.slice(ROOT.length).replaceAll(SESSION, '<uid>');
  const text = body
    .replaceAll(ROOT, 'http://127.0.0.1:<port>')
    .replace('00000000-0000-0000-0000-000000000000', '<uid>');
  return callLine(method, path, headers['authorization']?.split(' ')[0] ?? '', text, headers['x-scalesetmaxcapacity']);
}

/** @param after the recorded exchanges that follow, which say what the message was about */
function answerTo(
  { method, path, status, message }: RecordedCall,
  after: readonly (RecordedCall | RecordedPatch)[],
): HttpResponse {
  const json = (body: unknown): HttpResponse => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (path.endsWith('/registration-token')) return json({ token: 'registration' });
  if (path.endsWith('/runner-registration')) return json({ url: `${ROOT}/tenant/`, token: adminToken() });
  if (path.includes('/acquirejobs')) return json({ count: 0, value: [] });
  if (path.includes('/sessions') && method === 'POST') {
    const statistics = { totalAssignedJobs: 0 };
    return json({
      sessionId: SESSION,
      messageQueueUrl: `${ROOT}/mq/1`,
      messageQueueAccessToken: 'queue-token',
      statistics,
    });
  }
  if (message === undefined) return { status, headers: {}, body: '' };
  return json({
    messageId: message.id,
    messageType: 'RunnerScaleSetJobMessages',
    statistics: message.statistics,
    body: JSON.stringify(eventsOf(message.events, after)),
  });
}

function eventsOf(
  counts: Readonly<Partial<Record<JobEventType, number>>>,
  after: readonly (RecordedCall | RecordedPatch)[],
): Partial<JobEvent>[] {
  const acquired = (
    after.find((one) => one.to === 'actions' && one.path.includes('/acquirejobs')) as RecordedCall | undefined
  )?.body as readonly number[] | undefined;
  const patches = after.filter(
    (one): one is RecordedPatch => one.to === 'kubernetes' && one.resource === 'ephemeralrunners',
  );
  return Object.entries(counts).flatMap(([messageType, count]) =>
    Array.from({ length: count }, (_, index): Partial<JobEvent> => {
      const type = messageType as JobEventType;
      if (type === 'JobAvailable') return { messageType: type, runnerRequestId: acquired?.[index] ?? 0 };
      const patch = patches[index];
      if (type !== 'JobStarted' || patch === undefined) return { messageType: type, runnerRequestId: index };
      return { messageType: type, runnerName: patch.name, ...jobIn(patch.body.status ?? {}) };
    }),
  );
}

function jobIn(status: Readonly<Record<string, string | number>>): Partial<JobEvent> {
  const [ownerName = '', repositoryName = ''] = String(status['jobRepositoryName']).split('/');
  return {
    jobDisplayName: String(status['jobDisplayName']),
    jobId: String(status['jobId'] ?? 'a job id that this version does not write'),
    runnerRequestId: Number(status['jobRequestId']),
    jobWorkflowRef: String(status['jobWorkflowRef']),
    workflowRunId: Number(status['workflowRunId']),
    ownerName,
    repositoryName,
  };
}

function adminToken(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000 })}.`;
}
