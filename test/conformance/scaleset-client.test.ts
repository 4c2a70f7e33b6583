import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { serveActions, type ActionsServer } from '../../src/actions/http-server.ts';
import { operationOf } from '../../src/actions/operations.ts';
import { HttpTransportError, type HttpResponse } from '../../src/base/http.ts';
import { WallClock } from '../../src/base/wall-clock.ts';
import { which } from '../apiserver/tools.ts';
import { goProgram } from '../builders/go-program.ts';
import { skipWithout } from '../builders/skip.ts';

interface Line {
  readonly event: string;
  readonly [field: string]: unknown;
}

const JOBS = 6;
/** So short that the token of the queue expires while the jobs run. */
const TOKEN_LIFE_MS = 400;
const JOB_US = 700_000;

describe('The client and listener of actions/scaleset against the embedded service over HTTP', function () {
  this.timeout(300_000);
  const clock = new WallClock();
  let actionsServer: ActionsServer;
  let service: EmbeddedActionsService;
  const operations: string[] = [];

  before(async function () {
    skipWithout(this, which('go') === undefined ? 'Go is not installed, which builds the client' : undefined);
    actionsServer = await serveActions((request) => {
      operations.push(operationOf(request.method, request.url)?.operation ?? `${request.method} ${request.url}`);
      return new Promise<HttpResponse>((resolve, reject) => {
        service.receive(request, (answer) => {
          if (answer instanceof HttpTransportError) reject(answer);
          else resolve(answer);
        });
      });
    });
    const nowMs = Date.now;
    const times = { pollUs: 300_000 };
    service = new EmbeddedActionsService({
      ...{ seed: 1, baseUrl: actionsServer.url, clock, nowMs, times, queueTokenLifeMs: TOKEN_LIFE_MS },
    });
  });
  after(async () => {
    clock.close();
    await actionsServer?.close();
  });

  it('make a scale set, listen, run jobs on registered runners and delete it, with tokens that expire meanwhile', async () => {
    const program = spawn(goProgram('scaleset'), [`${actionsServer.url}/lab`, String(JOBS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: Line[] = [];
    const ended = new Promise<number | null>((resolve) => program.on('close', resolve));
    for await (const text of createInterface({ input: program.stdout })) {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      if (line.event === 'changed') queue('real', JOBS);
      if (line.event === 'registered') {
        service.connect(String(line['name']), {
          started: () => undefined,
          finished: () => undefined,
          gone: () => undefined,
        });
      }
    }
    assert.equal(await ended, 0);
    const of = (event: string): Line[] => lines.filter((line) => line.event === event);
    assert.deepEqual(of('group'), [{ event: 'group', id: 1, isDefault: true }]);
    const labels = [{ type: 'System', name: 'real' }];
    assert.deepEqual(of('made'), [{ event: 'made', wasThere: false, name: 'real', group: 'Default', labels }]);
    assert.deepEqual(of('again'), [{ event: 'again', refused: true }]);
    assert.deepEqual(of('changed'), [{ event: 'changed', name: 'renamed', found: 'renamed', group: 'Default' }]);
    const requests = (event: string): unknown[] =>
      of(event)
        .map(({ request }) => request)
        .sort();
    const all = Array.from({ length: JOBS }, (_, index) => index + 1);
    assert.deepEqual(requests('started'), all);
    assert.deepEqual(requests('completed'), all);
    assert.ok(of('started').every(({ assigned, repository }) => assigned === true && repository === 'lab/repo'));
    assert.ok(of('completed').every(({ result, finished }) => result === 'succeeded' && finished === true));
    assert.ok(of('registered').every(({ scaleSet }) => scaleSet === 1));
    assert.deepEqual(of('deleted'), [{ event: 'deleted', isThere: false }]);
    assert.ok(operations.includes('refresh-session'), 'the token has expired while jobs ran');
    const unknown = operations.filter((operation) => operation.includes(' '));
    assert.deepEqual(unknown, [], 'every request of the client is a call that the service knows');
  });

  function queue(label: string, count: number): void {
    service.queueJobs(Array.from({ length: count }, () => ({ label, durationUs: JOB_US })));
  }
});
