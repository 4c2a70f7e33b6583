import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { EmbeddedActionsService } from '../../../src/actions/embedded-service.ts';
import { serveActions } from '../../../src/actions/http-server.ts';
import { NodeHttpTransport } from '../../../src/actions/http-transport.ts';
import { HttpTransportError, type HttpRequest, type HttpResponse, type HttpRoute } from '../../../src/base/http.ts';

type Answer = HttpResponse | HttpTransportError;

async function withServer<T>(
  listener: RequestListener,
  use: (url: string) => Promise<T>,
  onConnect?: (request: IncomingMessage, socket: Socket) => void,
): Promise<T> {
  const server = createServer(listener);
  if (onConnect !== undefined) server.on('connect', onConnect);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function send(url: string, more: Partial<HttpRequest> = {}): Promise<Answer> {
  const transport = new NodeHttpTransport();
  try {
    return await new Promise<Answer>((resolve) =>
      transport.send({ method: 'GET', url, headers: {}, ...more }, resolve),
    );
  } finally {
    transport.close();
  }
}

function answered(answer: Answer): HttpResponse {
  if (answer instanceof HttpTransportError) assert.fail(answer.message);
  return answer;
}

describe('a request that cannot be sent at all', () => {
  const impossible: Readonly<Record<string, Partial<HttpRequest>>> = {
    'for an invalid URL': { url: 'not a url' },
    'for a scheme that is not HTTP': { url: 'ftp://example.org/' },
    'with a header that no request may have': { url: 'http://127.0.0.1:1/', headers: { authorization: 'line\nbreak' } },
  };
  for (const [what, request] of Object.entries(impossible)) {
    it(`${what} is answered with an error, once, and never thrown`, async () => {
      const transport = new NodeHttpTransport();
      let answers = 0;
      const answer = await new Promise<Answer>((resolve) => {
        const done = (one: Answer): void => {
          answers++;
          resolve(one);
        };
        assert.doesNotThrow(() => transport.send({ method: 'GET', url: '', headers: {}, ...request }, done));
      });
      assert.ok(answer instanceof HttpTransportError, 'it got no answer');
      assert.equal(answers, 1);
      transport.close();
    });
  }
});

describe('the HTTP transport of the Actions client', () => {
  it('sends method, headers and body, and gives status, headers and body', () =>
    withServer(
      (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          response.writeHead(409, { 'content-type': 'application/json', 'retry-after': '3' });
          response.end(JSON.stringify([request.method, request.url, request.headers['authorization'], body]));
        });
      },
      async (url) => {
        const headers = { authorization: 'Bearer t' };
        const {
          status,
          headers: got,
          body,
        } = answered(await send(`${url}/a?b=c`, { method: 'POST', headers, body: 'ü' }));
        assert.equal(status, 409);
        assert.equal(got['retry-after'], '3');
        assert.deepEqual(JSON.parse(body), ['POST', '/a?b=c', 'Bearer t', 'ü']);
      },
    ));

  it('tells that no answer came, and that it may be tried again', async () => {
    const answer = await send('http://127.0.0.1:1/');
    assert.ok(answer instanceof HttpTransportError && answer.retryable);
    assert.equal(answer.message, 'no answer from 127.0.0.1:1: ECONNREFUSED');
  });

  it('sends http:// through a proxy with its credentials, which no error shows', () =>
    withServer(
      (request, response) => response.end(JSON.stringify([request.url, request.headers['proxy-authorization']])),
      async (proxy) => {
        const route: HttpRoute = { httpProxy: proxy.replace('//', '//user:p%40ss@') };
        const { body } = answered(await send('http://actions.test.invalid/path', { route }));
        const credentials = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
        assert.deepEqual(JSON.parse(body), ['http://actions.test.invalid/path', credentials]);
        const refused = await send('http://actions.test.invalid/', {
          route: { httpProxy: 'http://user:p%40ss@127.0.0.1:1' },
        });
        assert.ok(refused instanceof HttpTransportError && !refused.message.includes('p%40ss'));
      },
    ));

  it('opens a tunnel for https:// through a proxy', async () => {
    const asked: string[] = [];
    const tunnel = (request: IncomingMessage, socket: Socket): void => {
      asked.push(request.url ?? '');
      const upstream = connect({ host: '127.0.0.1', port: 1 });
      upstream.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    };
    await withServer(
      () => undefined,
      async (proxy) => {
        const answer = await send('https://actions.test.invalid/', { route: { httpsProxy: proxy } });
        assert.ok(answer instanceof HttpTransportError || answer.status === 502);
        assert.deepEqual(asked, ['actions.test.invalid:443']);
      },
      tunnel,
    );
  });

  it('reaches the embedded service over HTTP as it does within the process', async () => {
    const made: { service?: EmbeddedActionsService } = {};
    const actionsServer = await serveActions(async (request) =>
      (made.service as EmbeddedActionsService).handle(request),
    );
    made.service = new EmbeddedActionsService({ seed: 1, baseUrl: actionsServer.url, nowMs: () => 0 });
    try {
      const path = '/tenant/_apis/runtime/runnerscalesets/1/generatejitconfig?api-version=6.0-preview';
      const body = JSON.stringify({ name: 'job1', workFolder: '' });
      const first = answered(await send(actionsServer.url + path, { method: 'POST', body }));
      assert.equal((JSON.parse(first.body) as { runner: { id: number } }).runner.id, 101);
      assert.match(
        answered(await send(actionsServer.url + path, { method: 'POST', body })).body,
        /AgentExistsException/,
      );
      const removed = await send(`${actionsServer.url}/tenant/_apis/distributedtask/pools/0/agents/101`, {
        method: 'DELETE',
      });
      assert.equal(answered(removed).status, 204);
    } finally {
      await actionsServer.close();
    }
  });
});
