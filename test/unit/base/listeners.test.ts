import assert from 'node:assert/strict';
import { Listeners } from '../../../src/base/listeners.ts';

describe('listeners', () => {
  it('that throw are reported, and keep neither the others nor the caller from going on', () => {
    const errors: unknown[] = [];
    const heard: string[] = [];
    const listeners = new Listeners<[text: string]>((error) => errors.push(error));
    listeners.add((text) => heard.push(`first ${text}`));
    listeners.add((text) => {
      throw new Error(`cannot take ${text}`);
    });
    listeners.add((text) => heard.push(`last ${text}`));
    listeners.tell('a');
    listeners.tell('b');
    assert.deepEqual(heard, ['first a', 'last a', 'first b', 'last b']);
    assert.deepEqual(errors.map(String), ['Error: cannot take a', 'Error: cannot take b']);
  });

  it('hear nothing more once they are disposed of, also when that is done twice or one is there twice', () => {
    const listeners = new Listeners<[]>();
    let heard = 0;
    const listener = (): void => void heard++;
    const [one, other] = [listeners.add(listener), listeners.add(listener)];
    listeners.tell();
    assert.equal(heard, 2);
    one.dispose();
    one.dispose();
    listeners.tell();
    assert.equal(heard, 3, 'the other one is still there');
    other.dispose();
    listeners.tell();
    assert.equal(heard, 3);
  });

  it('may come and go while an event is delivered: it reaches those that were there when it began', () => {
    const listeners = new Listeners<[]>();
    const heard: string[] = [];
    const first = listeners.add(() => {
      heard.push('first');
      first.dispose();
      listeners.add(() => heard.push('new'));
    });
    listeners.add(() => heard.push('second'));
    listeners.tell();
    assert.deepEqual(heard, ['first', 'second']);
    listeners.tell();
    assert.deepEqual(heard, ['first', 'second', 'second', 'new']);
  });
});
