import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { Delivery } from '../../../src/kubernetes/embedded/http/delivery.ts';
import { aPod } from '../../builders/objects.ts';

class Client {
  readonly written: (string | Buffer)[] = [];
  writableEnded = false;
  destroyed = false;
  writableLength = 0;
  /** How much of what was written has been handed to the system. */
  handedOver = 0;
  readonly socket = { uncork: () => void (this.handedOver = this.written.length) };

  get response(): ServerResponse {
    return this as unknown as ServerResponse;
  }

  write(chunk: string | Buffer): void {
    assert.ok(!this.writableEnded, 'written after the end');
    this.written.push(chunk);
  }

  end(): void {
    this.writableEnded = true;
  }
}

/** Rounds to many begin with an immediate or, after a longer one, a pause. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

describe('the delivery of watches', () => {
  it('makes an event once for watches that show objects alike, and the bytes of a turn once', async () => {
    const [delivery, first, second, other] = [new Delivery(), new Client(), new Client(), new Client()];
    const pods = [aPod({ name: 'a' }), aPod({ name: 'b' })];
    let rendered = 0;
    const render = (): string => String(++rendered);
    for (const pod of pods) {
      delivery.event(first.response, 'ADDED', pod, render, false);
      delivery.event(second.response, 'ADDED', pod, render, false);
    }
    delivery.event(other.response, 'ADDED', pods[1] as (typeof pods)[number], () => 'shown in another way', false);
    await until(() => other.written.length > 0);
    const lines = '{"type":"ADDED","object":1}\n{"type":"ADDED","object":2}\n';
    assert.deepEqual(first.written.map(String), [lines]);
    assert.equal(first.written[0], second.written[0], 'the same lines were encoded twice');
    assert.deepEqual(other.written.map(String), ['{"type":"ADDED","object":shown in another way}\n']);
  });

  it('tells a change to few watches in the turn in which it happens, or before', async () => {
    const delivery = new Delivery();
    const clients = Array.from({ length: 8 }, () => new Client());
    for (let change = 1; change <= 20; change++) {
      for (const client of clients) delivery.line(client.response, `${change}\n`);
      if (change % 2 === 0) delivery.flush();
      else await new Promise<void>((resolve) => process.nextTick(resolve));
      const told = clients.map(({ written, handedOver }) => (change % 2 === 0 ? handedOver : written.length));
      const what = `change ${change} waits: an answer overtakes it`;
      assert.deepEqual(told, Array<number>(8).fill(change), what);
    }
  });

  it('tells many watches several changes together, however often it is asked to hurry', async () => {
    const delivery = new Delivery();
    const clients = Array.from({ length: 100 }, () => new Client());
    for (const change of ['1\n', '2\n', '3\n']) {
      for (const client of clients) delivery.line(client.response, change);
      delivery.flush();
    }
    await until(() => clients.every(({ written }) => written.length > 0));
    for (const { written } of clients) assert.deepEqual(written.map(String), ['1\n2\n3\n']);
  });

  it('tells every client its lines in order, over many turns', async () => {
    const delivery = new Delivery();
    const clients = Array.from({ length: 50 }, () => new Client());
    const expected: string[] = [];
    for (let turn = 0; turn < 20; turn++) {
      expected.push(`${turn}\n`);
      for (const client of clients) delivery.line(client.response, `${turn}\n`);
      if (turn % 3 === 0) await setImmediate();
    }
    const told = (): string[] => clients.map(({ written }) => written.map(String).join(''));
    await until(() => told().every((text) => text.endsWith(expected.at(-1) as string)));
    for (const text of told()) assert.equal(text, expected.join(''));
  });

  it('sends what waits before a watch ends, and nothing after it', async () => {
    const [delivery, ending, staying] = [new Delivery(), new Client(), new Client()];
    delivery.line(ending.response, 'last\n');
    delivery.line(staying.response, 'one of many\n');
    delivery.finish(ending.response);
    await until(() => staying.written.length > 0);
    assert.deepEqual([ending.written.map(String), ending.writableEnded], [['last\n'], true]);
  });
});
