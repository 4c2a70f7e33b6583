import { REDACTED } from '../base/credential-shapes.ts';
import type { SecretRegistry } from '../base/redact.ts';

/** Fields whose values are credentials, in Kubernetes objects and in the Actions service's answers. */
const CREDENTIAL =
  /^(?:runnerJITConfig|encodedJITConfig|token|accessToken|messageQueueAccessToken|authorization|github_token|github_app_private_key|privateKey|password)$/i;

/** A value as people may see it: credentials are taken out, bodies of HTTP messages are read. */
export function shown(value: unknown, secrets: SecretRegistry): unknown {
  return visible(value, secrets, false);
}

function visible(value: unknown, secrets: SecretRegistry, isSecret: boolean): unknown {
  if (typeof value === 'string') return secrets.redact(value);
  if (value instanceof Error) return { error: secrets.redact(value.message), ...numbersOf(value) };
  if (Array.isArray(value)) return value.map((item) => visible(item, secrets, isSecret));
  if (typeof value !== 'object' || value === null) return value;
  const holdsData = 'kind' in value && value.kind === 'Secret';
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined && typeof field !== 'function')
      .map(([name, field]): [string, unknown] => {
        if (isSecret || (CREDENTIAL.test(name) && typeof field === 'string')) return [name, REDACTED];
        if (name === 'body' && typeof field === 'string') return [name, visible(parsed(field), secrets, false)];
        return [name, visible(field, secrets, holdsData && (name === 'data' || name === 'stringData'))];
      }),
  );
}

function numbersOf(error: Error): Readonly<Record<string, unknown>> {
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  return { ...(typeof code === 'number' ? { status: code } : {}), ...(typeof reason === 'string' ? { reason } : {}) };
}

/** A body that is not JSON is text. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
