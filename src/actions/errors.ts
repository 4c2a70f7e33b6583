import { refusalOf, type HttpResponse } from '../base/http.ts';
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

export function actionsErrorOf(response: HttpResponse, operation: string): ActionsError {
  const { typeName, message } = refusalOf(response);
  const said = message === '' ? '' : `: ${message}`;
  return new ActionsError(response.status, typeName, `${operation}: HTTP ${response.status}${said}`);
}
