import { STATUS_CODES } from 'node:http';
import { t } from '@vscode/l10n';
import { shortened } from './words.ts';

/** Why a call to GitHub failed. */
export interface ServiceTrouble {
  /** `GitHub answered 429 (too many requests)`, or why no answer came: a clause. */
  readonly says: string;
  readonly isAnswer: boolean;
}

/** As the HTTP client, the Actions client and Go's clients write a status. */
const STATUS = /\b[Ss]tatus(?: ?[Cc]ode)?\b["']?[:=]?\s*"?([1-5]\d\d)\b|\b([45]\d\d) [A-Z][a-z]+|\b(TooManyRequests)\b/;
/** Errors whose call goes to GitHub; others are those of the Kubernetes API. */
const TO_GITHUB =
  /actions error|AcivityId|ActivityId|giving up after|github|actions service|JIT config|message session|registration token|access token|runner from the service/i;

const CONNECTION: readonly (readonly [RegExp, () => string])[] = [
  [/proxyconnect|proxy authentication|via proxy/i, () => t('the proxy let no connection through')],
  [/no such host|server misbehaving|name resolution/i, () => t("DNS knows no address for GitHub's host")],
  [/x509|certificate|tls: /i, () => t('the certificate of the other side is not trusted')],
  [/connection refused/i, () => t('the connection was refused')],
  [/network is unreachable|no route to host/i, () => t('no route leads to the host')],
];

/** @returns undefined where the text names no status and no connection that was not made; a call that had no answer in time is none of these */
export function troubleOf(error: string): ServiceTrouble | undefined {
  const status = statusOf(error);
  if (status !== undefined) {
    const words = /rate limit/i.test(error)
      ? t('rate limit exceeded')
      : (messageOf(error) ?? STATUS_CODES[status]?.toLowerCase());
    return {
      says: words === undefined ? t('GitHub answered {0}', status) : t('GitHub answered {0} ({1})', status, words),
      isAnswer: true,
    };
  }
  const says = CONNECTION.find(([pattern]) => pattern.test(error))?.[1]();
  return says === undefined ? undefined : { says, isAnswer: false };
}

/** What GitHub answered, in the error of a pass, which hides it in codes; undefined for any other error. */
export function githubAnswer(error: string): string | undefined {
  return TO_GITHUB.test(error) && statusOf(error) !== undefined ? troubleOf(error)?.says : undefined;
}

const SAID: readonly RegExp[] = [
  /"message":\s*"([^"]+)"/,
  /\w+Exception, [\w.]+: ([^"{}]+)/,
  // The client of 0.14.0 and later.
  /\bfailed\(status="\d+[^)]*\): ([^"{}]+)/,
];

/** What the answer's JSON says, its plain words, or an exception of the Actions service, as far as a sentence has room. */
function messageOf(error: string): string | undefined {
  const plain = error.replaceAll('\\"', '"');
  const message = SAID.map((form) => form.exec(plain)?.[1]?.trim()).find((found) => found !== undefined);
  return message === undefined ? undefined : shortened(message.replace(/\.$/, ''), 9);
}

function statusOf(error: string): string | undefined {
  const match = STATUS.exec(error);
  if (match === null) return undefined;
  const status = match[1] ?? match[2];
  // A redirect or a success is no trouble.
  return status === undefined ? '429' : status >= '400' ? status : undefined;
}

/** `GitHub answered 429 (too many requests) to 4 tries of the JIT call of X`. */
export function triesText({ says, isAnswer }: ServiceTrouble, tries: number, what: string): string {
  if (isAnswer) {
    return tries === 1 ? t('{0} to {1}', says, what) : t('{0} to {1} tries of {2}', says, tries, what);
  }
  return tries === 1 ? t('{0} failed: {1}', what, says) : t('{0} tries of {1} failed: {2}', tries, what, says);
}

/** Whether it is the call that registers a runner. */
export function isJitCall(path: string): boolean {
  return path.endsWith('/generatejitconfig');
}
