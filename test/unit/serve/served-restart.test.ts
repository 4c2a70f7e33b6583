import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ConfigMaps, pathOf } from '../../../src/kubernetes/resource.ts';
import { ServedCluster } from '../../../src/serve/served-cluster.ts';
import { inFolder } from '../../builders/arc-lab.ts';
import { BARE, targetOf } from '../../builders/served-cluster.ts';
import { HttpClient, type Answer, type Target } from '../../conformance/api/http-client.ts';

const MAPS = pathOf(ConfigMaps, 'lab');

/** Serves with a state file while `use` runs, and stops as Ctrl-C does. */
async function serving<T>(
  dataFile: string,
  use: (served: ServedCluster) => Promise<T>,
  said: string[] = [],
): Promise<T> {
  const served = await ServedCluster.start({ ...BARE, dataFile }, (sentence) => said.push(sentence));
  try {
    return await use(served);
  } finally {
    await served.close();
  }
}

async function ask(target: Target, method: string, path: string, body?: object): Promise<Answer> {
  const client = new HttpClient(target);
  try {
    return await client.send({ method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } finally {
    client.close();
  }
}

async function createMap(served: ServedCluster, name: string): Promise<{ uid: string; resourceVersion: number }> {
  const { status, text } = await ask(targetOf(served), 'POST', MAPS, { metadata: { name } });
  assert.equal(status, 201, text);
  const { uid, resourceVersion } = (JSON.parse(text) as { metadata: Record<string, string> }).metadata;
  return { uid: uid as string, resourceVersion: Number(resourceVersion) };
}

/** Calls the Actions service as a controller would. */
async function actions(served: ServedCluster, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${served.actionsUrl}/tenant/_apis/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return text === '' ? answer.status : (JSON.parse(text) as unknown);
}

async function register(served: ServedCluster, name: string): Promise<number> {
  const made = await actions(served, 'POST', 'runtime/runnerscalesets/4/generatejitconfig', { name });
  return (made as { runner: { id: number } }).runner.id;
}

describe('a served cluster that keeps its state, over a restart', () => {
  it('is known to its clients as before: address, authority, tokens', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'state.json');
      const [target, kubeconfig] = await serving(
        file,
        async (served) => [targetOf(served), served.kubeconfig()] as const,
      );
      assert.equal(statSync(file).mode & 0o777, 0o600, 'the file holds secrets');
      await serving(file, async (served) => {
        assert.equal(served.kubeconfig(), kubeconfig);
        const answer = await ask(target, 'GET', MAPS);
        assert.equal(answer.status, 200, 'a client that has lived on is let in with its old token');
        assert.equal(
          (await ask({ ...target, tokens: { admin: target.tokens.nobody, nobody: '' } }, 'GET', MAPS)).status,
          403,
        );
      });
    }));

  it('remembers users who are not named this time', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'state.json');
      const tokenOf = (served: ServedCluster): string => targetOf(served).tokens.nobody;
      const token = await serving(file, async (served) => tokenOf(served));
      const without = await ServedCluster.start({ ...BARE, dataFile: file, users: [] });
      await without.close();
      assert.equal(await serving(file, async (served) => tokenOf(served)), token);
    }));

  it('knows who is registered, and gives no id twice', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'state.json');
      const first = await serving(file, async (served) => {
        const ids = [await register(served, 'a'), await register(served, 'b'), await register(served, 'c')];
        served.service.setBusy('b', true);
        await actions(served, 'DELETE', `distributedtask/pools/0/agents/${ids[2]}`);
        return ids;
      });
      await serving(file, async (served) => {
        const [a, b, c] = first as [number, number, number];
        assert.deepEqual(await actions(served, 'GET', 'distributedtask/pools/0/agents?agentName=a'), {
          count: 1,
          value: [{ id: a, name: 'a', runnerScaleSetId: 4 }],
        });
        const next = await register(served, 'd');
        assert.ok(next > c, `${next} is an id that was given already`);
        assert.match(
          JSON.stringify(await actions(served, 'DELETE', `distributedtask/pools/0/agents/${b}`)),
          /JobStillRunning/,
        );
        assert.equal(await actions(served, 'DELETE', `distributedtask/pools/0/agents/${a}`), 204);
        assert.deepEqual([...served.service.runners.keys()].sort(), ['b', 'd'], 'nobody else lost a registration');
      });
    }));

  it('goes on with versions and uids that nobody had before, three times', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'state.json');
      const [uids, versions] = [[] as string[], [] as number[]];
      for (const round of [1, 2, 3]) {
        await serving(file, async (served) => {
          for (const letter of ['a', 'b']) {
            const { uid, resourceVersion } = await createMap(served, `map-${letter}${round}`);
            uids.push(uid);
            versions.push(resourceVersion);
          }
        });
      }
      assert.equal(new Set(uids).size, uids.length);
      assert.deepEqual(
        versions,
        [...versions].sort((a, b) => a - b),
      );
      assert.equal(new Set(versions).size, versions.length);
    }));

  it('gives out nothing twice when it was killed and its last changes are lost', () =>
    inFolder(async (folder) => {
      const [file, saved] = [join(folder, 'state.json'), join(folder, 'saved.json')];
      const lost = await serving(file, async (served) => {
        copyFileSync(file, saved);
        return { id: await register(served, 'a'), map: await createMap(served, 'a') };
      });
      await serving(saved, async (served) => {
        assert.ok((await register(served, 'a')) > lost.id, 'the id was given before');
        const { uid, resourceVersion } = await createMap(served, 'a');
        assert.notEqual(uid, lost.map.uid);
        assert.ok(resourceVersion > lost.map.resourceVersion, 'the version was given before');
      });
    }));

  it('says so when its port is taken, and is served at another', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'state.json');
      const port = await serving(file, async (served) => Number(new URL(served.url).port));
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
      try {
        const said: string[] = [];
        await serving(
          file,
          async (served) => {
            assert.notEqual(Number(new URL(served.url).port), port);
            assert.equal((await ask(targetOf(served), 'GET', MAPS)).status, 200);
          },
          said,
        );
        assert.match(said.join('\n'), new RegExp(`^The API was at port ${port} before and is at port \\d+ now: `));
      } finally {
        other.close();
      }
    }));

  it('is used by one process at a time', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'state.json');
      // The test's parent is another process that runs.
      writeFileSync(`${file}.lock`, String(process.ppid));
      await assert.rejects(
        serving(file, async () => undefined),
        /is used by another arc-lab serve \(process \d+\)/,
      );
      writeFileSync(`${file}.lock`, '999999999');
      await serving(file, async () => undefined);
    }));

  it('refuses in one sentence a file that is damaged, older or of somebody else, and leaves it alone', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'state.json');
      await serving(file, async (served) => {
        await createMap(served, 'kept');
        await register(served, 'a');
      });
      const whole = readFileSync(file, 'utf8');
      const value = JSON.parse(whole) as Record<string, object>;
      const changed = (change: object): string => JSON.stringify({ ...value, ...change });
      const spoiled: Record<string, string> = {
        'cut off': whole.slice(0, whole.length / 2),
        'with a hole': whole.replace('"objects"', '"objecta"'),
        'of the first version': JSON.stringify({ version: 1, resourceVersion: 7, objects: [] }),
        'of a later version': changed({ version: 3 }),
        'a list': '[1, 2]',
        'nothing but text': 'notes',
        'without tokens': changed({ tokens: { admin: 5 } }),
        'without ports': changed({ ports: null }),
        'with an invalid authority': changed({ authority: { certificate: 'x', key: 'y' } }),
        'with an invalid runner': changed({ actions: { ...value['actions'], runners: [{ id: 'x' }] } }),
        'with an invalid object': changed({ cluster: { resourceVersion: 1, objects: [{ kind: 'Pod' }] } }),
        'with an object of a kind that is not served': changed({
          cluster: {
            resourceVersion: 1,
            objects: [{ apiVersion: 'v9', kind: 'Gadget', metadata: { name: 'a', uid: 'u', resourceVersion: '1' } }],
          },
        }),
      };
      for (const [what, text] of Object.entries(spoiled)) {
        writeFileSync(file, text);
        await assert.rejects(
          serving(file, async () => undefined),
          (error: Error) => {
            assert.match(
              error.message,
              /^\S+state\.json cannot be (read as the state of a cluster|loaded): [^\n]+; it is left as it is/,
            );
            assert.ok(!error.message.includes(targetToken(whole)), 'a token is in the sentence');
            return true;
          },
          `a file ${what} was taken`,
        );
        assert.equal(readFileSync(file, 'utf8'), text, `a file ${what} was changed`);
      }
      writeFileSync(file, whole);
      await serving(file, async (served) => {
        assert.equal((await ask(targetOf(served), 'GET', `${MAPS}/kept`)).status, 200);
        assert.deepEqual([...served.service.runners.keys()], ['a']);
      });
    }));
});

function targetToken(state: string): string {
  return Object.values((JSON.parse(state) as { tokens: Record<string, string> }).tokens)[0] as string;
}
