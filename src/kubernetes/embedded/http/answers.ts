import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../../api-error.ts';
import { statusOf } from './status.ts';

/** Bodies larger than this are refused, as etcd would. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
export const HEADERS = { 'cache-control': 'no-cache, private' } as const;

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const what = error instanceof Error ? error.message : String(error);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${what}`);
}

export function sendError(response: ServerResponse, error: ApiError, warnings: readonly string[] = []): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const retry = error.details?.retryAfterSeconds;
  if (retry !== undefined) response.setHeader('retry-after', String(retry));
  sendJson(response, error.code, statusOf(error), warnings);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: object,
  warnings: readonly string[],
  type = 'application/json',
): void {
  sendText(response, status, `${JSON.stringify(value)}\n`, warnings, type);
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  warnings: readonly string[],
  type = 'application/json',
): void {
  writeHead(response, status, Buffer.byteLength(text), warnings, type);
  // As text, so that Node.js sends it in one piece with the headers.
  response.end(text);
}

export function sendPieces(
  response: ServerResponse,
  [head, items]: readonly [string, Buffer],
  warnings: readonly string[],
): void {
  writeHead(response, 200, Buffer.byteLength(head) + items.length, warnings, 'application/json');
  response.write(head);
  response.end(items);
}

function writeHead(
  response: ServerResponse,
  status: number,
  length: number,
  warnings: readonly string[],
  type: string,
): void {
  const headers: Record<string, string | number | string[]> = {
    ...HEADERS,
    'content-type': type,
    'content-length': length,
  };
  if (warnings.length > 0) headers['warning'] = warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  response.writeHead(status, headers);
}

/** @param done called once, with undefined for a body that is too large */
export function readBody(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  if (request.method === 'GET' || request.method === 'HEAD') {
    request.resume();
    done(Buffer.alloc(0));
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on('end', () =>
    done(size > MAX_BODY_BYTES ? undefined : chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)),
  );
  request.on('error', () => undefined);
}
