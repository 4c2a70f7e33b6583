import { CacheBehind, caughtUp } from './caught-up.ts';
import { HttpClient, type Target } from './http-client.ts';
import { normalise } from './normalise.ts';

/**
 * A check is a short conversation with an API server in a namespace of its own. `{ns}` in paths and bodies is that
 * namespace, `{version:x}`, `{uid:x}` and `{continue:x}` are what the step that is kept as `x` was answered.
 */
export interface Check {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly user?: 'nobody' | 'nobody-known' | 'anonymous';
  readonly keep?: string;
  /** Reads this many events of a watch; the steps in `during` are taken once it is open. */
  readonly events?: number;
  readonly during?: readonly Step[];
  /** Only prepares; its answer is not compared. */
  readonly silent?: boolean;
  /** Leaves the wording of messages out of the comparison, where it quotes the server's own data structures. */
  readonly anyMessage?: boolean;
}

export interface Outcome {
  readonly step: string;
  readonly status: number;
  readonly body: unknown;
  readonly warning?: unknown;
}

let counter = 0;

export function runCheck(target: Target, check: Check): Promise<Outcome[]> {
  return caughtUp(() => converse(target, check));
}

async function converse(target: Target, check: Check): Promise<Outcome[]> {
  const client = new HttpClient(target);
  const namespace = `check-${process.pid}-${++counter}`;
  try {
    const made = await client.send({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: JSON.stringify({ metadata: { name: namespace } }),
    });
    if (made.status !== 201) throw new Error(`the namespace for "${check.name}" was refused: ${made.text}`);
    const conversation = new Conversation(client, target, namespace);
    for (const step of check.steps) await conversation.take(step);
    return conversation.outcomes;
  } finally {
    client.close();
  }
}

class Conversation {
  readonly outcomes: Outcome[] = [];
  readonly #client: HttpClient;
  readonly #target: Target;
  readonly #namespace: string;
  readonly #kept = new Map<string, string>();

  constructor(client: HttpClient, target: Target, namespace: string) {
    this.#client = client;
    this.#target = target;
    this.#namespace = namespace;
  }

  async take(step: Step): Promise<void> {
    const call = this.#call(step);
    const label = `${step.method} ${step.path}`;
    const { events: count } = step;
    if (count !== undefined) {
      const watching = this.#client.watch(call, count);
      for (const inner of step.during ?? []) await this.take(inner);
      const answer = await watching;
      CacheBehind.refuse(call.path, answer);
      const { status, text, lines } = answer;
      const events = lines.map((line) => this.#normalised(step, line));
      this.outcomes.push({ step: label, status, body: status === 200 ? events : this.#normalised(step, text) });
      return;
    }
    const answer = await this.#client.send(call);
    CacheBehind.refuse(call.path, answer);
    const { status, text, headers } = answer;
    if (step.keep !== undefined) this.#keep(step.keep, text);
    if (step.silent === true) {
      if (status >= 300) throw new Error(`${label} was refused: ${text}`);
      return;
    }
    const { warning } = headers;
    this.outcomes.push({
      step: label,
      status,
      body: this.#normalised(step, text),
      ...(warning === undefined ? {} : { warning }),
    });
  }

  #call(step: Step): Parameters<HttpClient['send']>[0] {
    const { admin, nobody } = this.#target.tokens;
    const token = { admin, nobody: 'not-a-token', 'nobody-known': nobody, anonymous: '' }[step.user ?? 'admin'];
    const { body } = step;
    return {
      method: step.method,
      path: this.#fill(step.path),
      token,
      ...(step.headers === undefined ? {} : { headers: step.headers }),
      ...(body === undefined
        ? {}
        : { body: Buffer.isBuffer(body) ? body : this.#fill(typeof body === 'string' ? body : JSON.stringify(body)) }),
    };
  }

  #fill(text: string): string {
    return text
      .replaceAll('{ns}', this.#namespace)
      .replace(/\{(version|uid|continue):(\w+)\}/g, (_all, what: string, name: string) => {
        const value = this.#kept.get(`${what}:${name}`);
        if (value === undefined) throw new Error(`nothing is kept as ${what}:${name}`);
        return what === 'continue' ? encodeURIComponent(value) : value;
      });
  }

  #keep(name: string, text: string): void {
    const { metadata } = JSON.parse(text) as { metadata: Record<string, string | undefined> };
    for (const [what, value] of Object.entries({
      version: metadata['resourceVersion'],
      uid: metadata['uid'],
      continue: metadata['continue'],
    })) {
      if (value !== undefined) this.#kept.set(`${what}:${name}`, value);
    }
  }

  #normalised(step: Step, text: string): unknown {
    const body = normalise(text, this.#namespace);
    if (step.anyMessage !== true || typeof body !== 'object' || body === null) return body;
    return withoutMessages(body);
  }
}

function withoutMessages(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMessages);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'message' ? '<message>' : withoutMessages(item)]),
  );
}
