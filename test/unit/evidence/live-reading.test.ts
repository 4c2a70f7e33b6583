import assert from 'node:assert/strict';
import { LiveReading } from '../../../src/evidence/live-reading.ts';
import { PodReader } from '../../../src/kubernetes/remote/lazy-pod.ts';
import type { Pod } from '../../../src/kubernetes/types.ts';
import { aRunner } from '../../builders/objects.ts';

const START_MS = Date.parse('2026-03-02T10:00:00Z');

function stamped(ms: number, text: string): string {
  return `${new Date(ms).toISOString().replace('Z', '000000Z')} ${text}`;
}

function line(ms: number, runner: string, message: string, fields: object = {}, logger = 'EphemeralRunner'): string {
  const kind = logger === 'EphemeralRunner' ? 'ephemeralrunner' : 'ephemeralrunnerset';
  const named = { version: '0.14.2', [kind]: { name: runner, namespace: 'ci' }, ...fields };
  return stamped(
    ms,
    `${new Date(ms).toISOString().slice(0, 19)}Z\tINFO\t${logger}\t${message}\t${JSON.stringify(named)}`,
  );
}

/** How many entries the collections of a value have, all of them and those inside. */
function entriesIn(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  const inside = value instanceof Map ? [...value.values()] : Object.values(value);
  const own = Array.isArray(value) || value instanceof Map ? inside.length : 0;
  return inside.reduce<number>((sum, each) => sum + entriesIn(each, seen), own);
}

describe('a log that is read while it is written', () => {
  it('is not taken for what a search left, whatever its lines lack, so that a held worker is named', () => {
    const live = new LiveReading(() => undefined);
    const take = live.log('controller');
    for (let index = 0; index < 8; index++) {
      for (const message of [
        'Creating ephemeral runner JIT config',
        'Created ephemeral runner JIT config',
        'Created new pod spec for ephemeral runner',
        'Created ephemeral runner pod',
      ])
        take(line(START_MS + index, `set-${index}`, message));
    }
    take(line(START_MS + 1000, 'set-9', 'Removing runner from the service', { runnerId: 7 }));
    const { findings } = live.explain([], (START_MS + 100e3) * 1000);
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['held-call'],
    );
  });

  it('takes no more memory after days than after hours', () => {
    const live = new LiveReading(() => undefined);
    const take = live.log('controller');
    const sizes: number[] = [];
    for (let hour = 0; hour < 72; hour++) {
      for (let run = 0; run < 60; run++) {
        const ms = START_MS + hour * 3600e3 + run * 60e3;
        const name = `set-${hour}-${run}`;
        take(line(ms, 'set', 'Created new ephemeral runner', { runner: name }, 'EphemeralRunnerSet'));
        take(line(ms + 10, name, 'Creating ephemeral runner JIT config'));
        take(
          stamped(
            ms + 11,
            `2026/03/02 10:00:00 [DEBUG] POST https://x/_apis/runtime/runnerscalesets/1/generatejitconfig`,
          ),
        );
        take(line(ms + 31_000, name, 'Created ephemeral runner JIT config', { runnerId: run }));
        take(line(ms + 31_100, name, 'Created ephemeral runner pod'));
        take(line(ms + 40_000, name, 'Successfully removed finalizer after cleanup'));
      }
      live.explain([], (START_MS + (hour + 1) * 3600e3) * 1000);
      sizes.push(entriesIn(live.reading) + live.reading.runners.size);
    }
    const [early, late] = [sizes[5] ?? 0, sizes.at(-1) ?? 0];
    assert.ok(early > 100, 'nothing is remembered at all');
    assert.ok(late <= early * 1.2, `${early} entries after 6 hours, ${late} after 72`);
    assert.ok(live.reading.runners.size <= 180, `${live.reading.runners.size} runners are remembered`);
  });

  it('remembers a runner whose call goes on, however long that takes', () => {
    const live = new LiveReading(() => undefined);
    live.log('controller')(line(START_MS, 'a', 'Removing runner from the service'));
    const { verdict } = live.explain([], (START_MS + 5 * 3600e3) * 1000);
    assert.match(verdict, /^One call to the service for a has held a worker for 5 h/);
  });

  it('goes by the objects as they are now, and names them as evidence', () => {
    const live = new LiveReading(() => undefined);
    const stuck = { ...aRunner({ name: 'gone', namespace: 'ci' }), status: { phase: 'Running' } };
    const nowUs = START_MS * 1000;
    const { findings, lineName } = live.explain([{ ...stuck, kind: 'EphemeralRunner' }], nowUs);
    const places = findings.flatMap(({ evidence }) => evidence.map(({ at }) => lineName(at)));
    assert.ok(places.includes('EphemeralRunner ci/gone'), `evidence: ${places.join()}`);
    assert.deepEqual(live.explain([], nowUs).findings, [], 'what is gone is evidence no longer');
  });

  it('sees what a watched pod, which is parsed when it is looked at, has in spec and status', () => {
    const live = new LiveReading(() => undefined);
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' };
    const state = { name: 'runner', ready: false, restartCount: 0, image: 'x', imageID: '', state: { waiting } };
    const conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-03-02T10:00:01Z' }];
    const plain = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'runner-1',
        namespace: 'ci',
        uid: 'u-1',
        resourceVersion: '7',
        creationTimestamp: '2026-03-02T10:00:00Z',
      },
      spec: { containers: [{ name: 'runner', image: 'x' }], nodeName: 'node-1' },
      status: { phase: 'Pending', conditions, containerStatuses: [state] },
    } as unknown as Pod;
    const watched = new PodReader().readItem(plain);
    assert.ok(!Object.hasOwn(watched, 'spec'), 'the pod is parsed at once, which tests nothing');
    const runner = aRunner({ name: 'runner-1', namespace: 'ci' });
    const { findings } = live.explain([runner, watched], (START_MS + 120_000) * 1000);
    const said = findings.map(({ sentence }) => sentence).join(' ');
    assert.match(said, /image/i);
    assert.doesNotMatch(said, /scheduler/i);
  });
});
