import { Agent, request } from 'node:https';

/** An API server as the checks see it: an address, whom to trust, and tokens of users by role. */
export interface Target {
  readonly url: string;
  readonly certificate: string;
  readonly tokens: { readonly admin: string; readonly nobody: string };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
}

/** One connection pool to one API server; requests and watches as plain text. */
export class HttpClient {
  readonly #target: Target;
  readonly #agent: Agent;

  constructor(target: Target, maxSockets = 20) {
    this.#target = target;
    this.#agent = new Agent({ keepAlive: true, ca: target.certificate, maxSockets });
  }

  close(): void {
    this.#agent.destroy();
  }

  send(call: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#open(call, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.on('error', reject);
      }).on('error', reject);
    });
  }

  /** Reads a watch's lines until there are `count` of them, the stream ends, or nothing comes for `quietMs`. */
  watch(call: Call, count: number, quietMs = 5_000): Promise<Answer & { lines: string[] }> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#open(call, (response) => {
        const lines: string[] = [];
        let rest = '';
        const finish = (): void => {
          clearTimeout(timer);
          const text = response.statusCode === 200 ? '' : rest;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, lines });
          outgoing.destroy();
        };
        let timer = setTimeout(finish, quietMs);
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          const parts = (rest + part).split('\n');
          rest = parts.pop() as string;
          if (response.statusCode !== 200) {
            rest = `${parts.join('\n')}${rest}`;
            return;
          }
          lines.push(...parts.slice(0, count - lines.length));
          clearTimeout(timer);
          if (lines.length >= count) finish();
          else timer = setTimeout(finish, quietMs);
        });
        response.on('end', finish);
        response.on('error', () => undefined);
      }).on('error', (error) => {
        reject(error);
      });
    });
  }

  #open(call: Call, answered: Parameters<typeof request>[2]): ReturnType<typeof request> {
    const { url, tokens } = this.#target;
    const token = call.token ?? tokens.admin;
    const outgoing = request(
      `${url}${call.path}`,
      {
        method: call.method,
        agent: this.#agent,
        headers: {
          ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
          // Without a length Node.js sends the body of a DELETE unannounced.
          ...(call.body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(call.body)) }),
          ...call.headers,
        },
      },
      answered,
    );
    outgoing.end(call.body);
    return outgoing;
  }
}
