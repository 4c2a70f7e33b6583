import assert from 'node:assert/strict';
import type { HostMessage } from '../../../src/protocol.ts';
import { WhatIfModel } from '../../../src/webview/what-if/model.ts';
import type { Basis, EffectsOfOne, Field, WhatIfPageMessage } from '../../../src/what-if-protocol.ts';

const BASIS: Basis = { kind: 'within', text: 'within what was recorded' };

function field(id: Field['id'], value: string): Field {
  const own = { group: 'controller', label: id, unit: '', about: '', problem: '', isFixed: false } as const;
  return { id, value, ...own, choices: undefined, stops: [1, 2, 4] };
}

function effects(id: string, soonerUs: readonly (number | null)[], isFirstLook = false): EffectsOfOne {
  const ends = soonerUs.map((us) => ({
    ...{ change: id, effect: '', soonerUs: us, isEffect: true, basis: BASIS, values: {} },
  }));
  return { id, isFirstLook, ends };
}

describe('what the page of the What If editor knows', () => {
  let posted: WhatIfPageMessage[];
  let drawn: HostMessage[];
  let model: WhatIfModel;
  beforeEach(() => {
    posted = [];
    drawn = [];
    model = new WhatIfModel(
      (message) => posted.push(message),
      (message) => drawn.push(message),
      undefined,
    );
    const fields = [field('workers', '2'), field('qps', '20')];
    model.receive({ type: 'fields', title: 'burst', source: '', fields });
  });
  const loaded = (): void => model.receive({ type: 'timeline', message: { type: 'loaded' } });

  it('tries only the last of what is tried while a timeline is on its way', () => {
    for (const value of ['1', '4', '8', '16']) model.try('workers', value);
    assert.deepEqual(posted, [{ type: 'try', values: { workers: '1' } }]);
    loaded();
    assert.deepEqual(posted.slice(1), [{ type: 'try', values: { workers: '16' } }]);
    loaded();
    assert.equal(posted.length, 2, 'nothing else was tried');
    assert.deepEqual(
      drawn.map(({ type }) => type),
      ['loaded', 'loaded'],
    );
  });

  it('takes what was written and tried last from the window before, unless somebody has written since', () => {
    const last = { values: { qps: '50' }, tried: { workers: '8' } };
    model.receive({ type: 'subject', subject: 'burst', ...last });
    assert.deepEqual(model.state, { version: 1, subject: 'burst', ...last });
    model.write('qps', '60');
    model.receive({ type: 'subject', subject: 'burst', ...last });
    assert.equal(model.state.values.qps, '60');
  });

  it('goes on trying after a run that could not be done', () => {
    model.try('workers', '4');
    model.try('workers', '8');
    model.receive({ type: 'failed', text: 'no' });
    assert.deepEqual(posted.at(-1), { type: 'try', values: { workers: '8' } });
  });

  it('does not try what is there already', () => {
    model.try('workers', '4');
    model.try('qps', '40');
    model.try('workers', '2');
    assert.deepEqual(model.tried, { qps: '40' });
  });

  it('asks with the values of all fields when one is written in', () => {
    model.write('qps', '40');
    assert.deepEqual(posted, [{ type: 'ask', values: { workers: '2', qps: '40' } }]);
    model.write('workers', '8');
    assert.deepEqual(posted.at(-1), { type: 'ask', values: { workers: '8', qps: '40' } });
  });

  it('shows what was written in a field before the engine has answered', () => {
    model.write('qps', '40');
    assert.deepEqual(
      model.fields.map(({ value }) => value),
      ['2', '40'],
    );
  });

  it('has what does the most first, and what was looked at once replaced by the whole', () => {
    model.receive({ type: 'effects', effects: effects('a', [-5, 3], true) });
    model.receive({ type: 'effects', effects: effects('b', [7]) });
    model.receive({ type: 'effects', effects: effects('c', [null]) });
    model.receive({ type: 'effects', effects: effects('a', [-9]) });
    assert.deepEqual(
      model.effects.map(({ id, isFirstLook }) => [id, isFirstLook]),
      [
        ['c', false],
        ['a', false],
        ['b', false],
      ],
      'where runners get no pod is the largest change',
    );
  });

  it('forgets what was said before when everything is computed again, but not what is tried', () => {
    model.tryAll({ workers: '4' });
    model.receive({ type: 'now', text: 'Now', basis: BASIS });
    model.receive({ type: 'found', text: 'Found', basis: BASIS, values: { qps: '40' } });
    model.receive({ type: 'growth', text: 'Twice', basis: BASIS });
    model.receive({ type: 'effects', effects: effects('a', [1]) });
    model.receive({ type: 'failed', text: 'no' });
    model.receive({ type: 'begin' });
    const { now, found, growth, failure, tried } = model;
    assert.deepEqual([now.text, found.text, found.values, growth, model.effects, failure], ['', '', null, [], [], '']);
    assert.deepEqual(tried, { workers: '4' });
  });

  it('comes back with what was written and tried', () => {
    model.write('qps', '40');
    model.try('workers', '4');
    const again = new WhatIfModel(
      (message) => posted.push(message),
      () => undefined,
      model.state,
    );
    again.ready();
    assert.deepEqual(posted.at(-1), { type: 'ready', values: { workers: '2', qps: '40' }, tried: { workers: '4' } });
  });
});
