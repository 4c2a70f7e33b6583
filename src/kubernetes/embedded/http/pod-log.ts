import { badRequest } from '../../api-error.ts';
import type { ContainerStatus, Pod } from '../../types.ts';
import type { ContainerLogs, StampedLine } from '../pods/container-logs.ts';
import { HEADERS } from './answers.ts';
import type { Exchange } from './exchange.ts';
import { numberOf } from './list.ts';

/**
 * Answers `pods/log`: what a container has written, and with `follow` what it writes from then on until it ends.
 * @throws ApiError with the kubelet's sentence where the container has no log
 */
export function sendLog(
  { query, response }: Pick<Exchange, 'query' | 'response'>,
  pod: Pod,
  logs: ContainerLogs,
  nowMs: number,
): void {
  const { namespace = '', name } = pod.metadata;
  const container = containerOf(pod, query.get('container') ?? '');
  const isPrevious = isSet(query, 'previous');
  const log = logs.of(namespace, name, container);
  const written = log.read(isPrevious);
  const status = pod.status?.containerStatuses?.find((each) => each.name === container);
  if (written === undefined) {
    throw badRequest(
      `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} not found`,
    );
  }
  if (!isPrevious && isWaiting(status)) {
    const why = status?.state?.waiting?.reason ?? 'ContainerCreating';
    throw badRequest(
      `container ${JSON.stringify(container)} in pod ${JSON.stringify(name)} is waiting to start: ${why}`,
    );
  }
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/plain' });
  response.flushHeaders();
  const fromUs = sinceUs(query, nowMs);
  const send = ({ atUs, text }: StampedLine): void => {
    if (atUs >= fromUs) response.write(`${isSet(query, 'timestamps') ? `${stampOf(atUs)} ` : ''}${text}\n`);
  };
  const tail = query.has('tailLines') ? numberOf(query, 'tailLines') : written.length;
  for (const line of tail === 0 ? [] : written.slice(-tail)) send(line);
  if (isPrevious || !isSet(query, 'follow')) {
    response.end();
    return;
  }
  const stop = log.follow({ onLine: send, onEnd: () => response.end() });
  response.on('close', stop);
}

/** @throws ApiError */
function containerOf({ metadata, spec }: Pod, asked: string): string {
  const names = spec.containers.map(({ name }) => name);
  const pod = metadata.name;
  if (asked === '' && names.length > 1) {
    throw badRequest(`a container name must be specified for pod ${pod}, choose one of: [${names.join(' ')}]`);
  }
  const name = asked === '' ? (names[0] ?? '') : asked;
  if (names.includes(name)) return name;
  throw badRequest(`container ${name} is not valid for pod ${pod}`);
}

/** One that has ended before can be read, even while it waits to be started again. */
function isWaiting(status: ContainerStatus | undefined): boolean {
  return status?.state?.waiting !== undefined && status.lastState?.terminated === undefined;
}

/** @throws ApiError */
function sinceUs(query: URLSearchParams, nowMs: number): number {
  const time = query.get('sinceTime');
  if (time !== null) {
    const ms = Date.parse(time);
    if (Number.isNaN(ms)) throw badRequest(`parsing time ${JSON.stringify(time)}: it is no RFC 3339 time`);
    return ms * 1000;
  }
  return query.has('sinceSeconds') ? (nowMs - 1000 * numberOf(query, 'sinceSeconds')) * 1000 : -Infinity;
}

function isSet(query: URLSearchParams, option: string): boolean {
  const value = query.get(option);
  return value === 'true' || value === '1';
}

/** RFC 3339 with nanoseconds. */
function stampOf(atUs: number): string {
  const whole = Math.floor(atUs);
  const micros = String(whole % 1_000_000).padStart(6, '0');
  return `${new Date(Math.floor(whole / 1000)).toISOString().slice(0, 19)}.${micros}000Z`;
}
