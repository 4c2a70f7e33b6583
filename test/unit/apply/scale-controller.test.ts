import assert from 'node:assert/strict';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import { applyMergePatch } from '../../../src/kubernetes/merge-patch.ts';
import { bringBack, scaleToZero } from '../../../src/apply/scale-controller.ts';
import { RestoreNotes, type RestoreNote } from '../../../src/apply/restore-notes.ts';
import type { Deployment, RunningController } from '../../../src/apply/running-controllers.ts';
import { inFolder } from '../../builders/arc-lab.ts';

/** Two controllers' deployments, carried out at once, on a server that fails requests of a test's choice. */
class Server {
  readonly server = 'https://cluster.example';
  readonly deployments = new Map<string, Deployment>(['one', 'two'].map((name) => [name, deployment(name, 2)]));
  requests: string[] = [];
  /** Says why a request fails; the number counts those before it. */
  failure: (request: string, number: number) => string | undefined = () => undefined;

  async json(method: string, path: string, body?: unknown): Promise<unknown> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const why = this.failure(`${method} ${name}`, this.requests.length);
    this.requests.push(`${method} ${name}`);
    if (why !== undefined) throw new ApiError(0, 'Unknown', why);
    const before = this.deployments.get(name);
    if (before === undefined) return { items: [] };
    if (method === 'PATCH') {
      const after = applyMergePatch(before, body) as Deployment;
      this.deployments.set(name, { ...after, status: { replicas: after.spec.replicas ?? 1 } });
    }
    return this.deployments.get(name);
  }

  replicas(name: string): number | undefined {
    return this.deployments.get(name)?.spec.replicas;
  }
}

function deployment(name: string, replicas: number): Deployment {
  return {
    metadata: { name, namespace: 'arc-systems', resourceVersion: '1' },
    spec: { replicas, template: { spec: { containers: [] } } },
    status: { replicas },
  };
}

const CLOSED = 'https://cluster.example closed the connection';

describe('scaling a controller to zero', () => {
  async function scaled(
    names: readonly string[],
    failure: Server['failure'],
    look: (outcome: { server: Server; notes: RestoreNotes; error: Error | undefined; said: string[] }) => void,
  ): Promise<void> {
    await inFolder(async (folder) => {
      const server = new Server();
      server.failure = failure;
      const notes = new RestoreNotes(folder);
      const undo: RestoreNote[] = [];
      let error: Error | undefined;
      try {
        for (const name of names) {
          await scaleToZero({
            transport: server,
            notes,
            controller: { namespace: 'arc-systems', name } as RunningController,
            contextName: 'prod',
            kubeconfig: undefined,
            by: 'anna',
            nowMs: Date.now,
            limitMs: 60_000,
            onNoted: (note) => undo.push(note),
          });
        }
      } catch (thrown) {
        error = thrown as Error;
      }
      const said = await bringBack(server, notes, undo);
      look({ server, notes, error, said });
    });
  }

  /** Each request fails once, in turn: whatever breaks, the controllers are back. */
  it('is undone whichever request of it fails, of every controller that was touched', async () => {
    let total = 0;
    await scaled(
      ['one', 'two'],
      () => undefined,
      ({ server, error }) => {
        assert.equal(error, undefined);
        total = server.requests.length;
      },
    );
    let failed = 0;
    for (let at = 0; at < total; at++) {
      await scaled(
        ['one', 'two'],
        (_request, number) => (number === at ? CLOSED : undefined),
        ({ server, notes, error, said }) => {
          if (error?.message === CLOSED) failed++;
          const left = ['one', 'two'].filter((name) => server.replicas(name) !== 2);
          // The undoing itself may have met the failure; then a note is left, and it is said what to run.
          for (const name of left)
            assert.match(said.join('; '), new RegExp(`${name} could not .* run arc-lab restore`));
          assert.equal(notes.all().length, left.length, `request ${at}: ${said.join('; ')}`);
          if (error !== undefined)
            assert.deepEqual(left, [], `request ${at} (${server.requests[at]}) left one at zero`);
        },
      );
    }
    assert.ok(failed >= 8, `only ${failed} failures were met while scaling down`);
  });

  it('says what is left at zero, what to run, and brings the others back, when the server is gone for one of them', () =>
    scaled(
      ['one', 'two'],
      (request, number) => (number > 12 && request.endsWith('two') ? CLOSED : undefined),
      ({ server, notes, said }) => {
        assert.deepEqual(said, [
          `arc-systems/two could not be scaled back to 2: ${CLOSED}; run arc-lab restore`,
          'arc-systems/one is back at 2',
        ]);
        assert.deepEqual([server.replicas('one'), server.replicas('two')], [2, 0]);
        assert.deepEqual(
          notes.all().map(({ name }) => name),
          ['two'],
        );
      },
    ));

  it('has nothing to undo when the deployment may not be changed', () =>
    scaled(
      ['one'],
      (request) => (request.startsWith('PATCH') ? 'deployments is forbidden' : undefined),
      ({ server, notes, error, said }) => {
        assert.equal(error?.message, 'deployments is forbidden');
        assert.deepEqual(said, ['arc-systems/one is at 2']);
        assert.equal(server.replicas('one'), 2);
        assert.deepEqual(notes.all(), []);
      },
    ));
});
