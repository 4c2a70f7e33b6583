import type { HttpResponse } from '../base/http.ts';
import { PlainError } from '../base/plain-error.ts';

/** The Actions service refused a call; `typeName` says why, in the words of its server framework. */
export class ActionsError extends PlainError {
  override readonly name = 'ActionsError';
  readonly status: number;
  readonly typeName: string;

  constructor(status: number, typeName: string, message: string) {
    super(message);
    this.status = status;
    this.typeName = typeName;
  }

  /** Whether the service names this exception, for example `AgentExistsException`. */
  is(exception: string): boolean {
    return this.typeName.includes(exception);
  }
}

/** GitHub's REST API refused a call. */
export class GitHubApiError extends PlainError {
  override readonly name = 'GitHubApiError';
  readonly status: number;

  constructor(status: number, operation: string, detail: string) {
    super(`${operation} was answered with HTTP ${status}${detail === '' ? '' : `: ${detail}`}`);
    this.status = status;
  }
}

/** Bodies may start with a byte order mark. */
export function bodyText(response: HttpResponse): string {
  return response.body.startsWith('\ufeff') ? response.body.slice(1) : response.body;
}

export function actionsErrorOf(response: HttpResponse, operation: string): ActionsError {
  const text = bodyText(response);
  const contentType = response.headers['content-type'] ?? '';
  if (text.trim() === '') return new ActionsError(response.status, '', `${operation}: HTTP ${response.status}`);
  if (!contentType.includes('text/plain')) {
    try {
      const { typeName, message } = JSON.parse(text) as { typeName?: unknown; message?: unknown };
      return new ActionsError(
        response.status,
        typeof typeName === 'string' ? typeName : '',
        `${operation}: HTTP ${response.status}: ${typeof message === 'string' ? message : 'no message'}`,
      );
    } catch {
      // Not JSON after all: told as text.
    }
  }
  return new ActionsError(response.status, '', `${operation}: HTTP ${response.status}: ${text.slice(0, 300)}`);
}
