import { refusalOf, type HttpResponse } from '../base/http.ts';
import { PlainError } from '../base/plain-error.ts';

/** Exceptions of the service that the controllers act on, by their names and the statuses that they come with. */
const EXCEPTIONS = { AgentExistsException: 409, AgentNotFoundException: 404, JobStillRunningException: 400 } as const;

/** The Actions service refused a call; `typeName` says why, in the words of its server framework. */
export class ActionsError extends PlainError {
  override readonly name = 'ActionsError';
  readonly status: number;
  readonly typeName: string;
  readonly #checksStatus: boolean;

  /** @param checksStatus whether an exception counts only with the status that belongs to it */
  constructor(status: number, typeName: string, message: string, checksStatus: boolean) {
    super(message);
    this.status = status;
    this.typeName = typeName;
    this.#checksStatus = checksStatus;
  }

  /** Whether the service names this exception, as the client that was refused understands it. */
  is(exception: keyof typeof EXCEPTIONS): boolean {
    return this.typeName.includes(exception) && (!this.#checksStatus || this.status === EXCEPTIONS[exception]);
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

/** @param checksStatus as for ActionsError */
export function actionsErrorOf(response: HttpResponse, operation: string, checksStatus: boolean): ActionsError {
  const { typeName, message } = refusalOf(response);
  const said = message === '' ? '' : `: ${message}`;
  return new ActionsError(response.status, typeName, `${operation}: HTTP ${response.status}${said}`, checksStatus);
}
