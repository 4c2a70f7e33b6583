import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { WhatIf, type ComparedRun, type Subject } from '../../../src/what-if/what-if.ts';
import type { FieldId, FieldValues, WhatIfHostMessage } from '../../../src/what-if-protocol.ts';

type Message<T extends WhatIfHostMessage['type']> = Extract<WhatIfHostMessage, { type: T }>;

/** What would be if, with what it says and shows. */
class Asked {
  readonly said: WhatIfHostMessage[] = [];
  readonly shown: [now: ComparedRun, tried: ComparedRun | undefined][] = [];
  readonly engine: WhatIf;

  constructor(given: Partial<Subject['question']> = {}, mode = 'new') {
    const settings = { ...DEFAULT_SETTINGS, mode, runners: 20, qps: 5, burst: 5 };
    const question = { settings, load: {}, objective: {}, ...given };
    const subject = { title: 'burst', source: '', named: mode, question, origins: { qps: 'by a line' } };
    const listener = {
      post: (message: WhatIfHostMessage) => void this.said.push(message),
      show: (now: ComparedRun, tried: ComparedRun | undefined) => void this.shown.push([now, tried]),
    };
    this.engine = new WhatIf(subject, listener, 0);
  }

  of<T extends WhatIfHostMessage['type']>(type: T): Message<T>[] {
    return this.said.filter((message): message is Message<T> => message.type === type);
  }

  last<T extends WhatIfHostMessage['type']>(type: T): Message<T> {
    const found = this.of(type).at(-1);
    assert.ok(found !== undefined, `nothing was said of ${type}`);
    return found;
  }

  field(id: FieldId): Message<'fields'>['fields'][number] {
    const found = this.last('fields').fields.find((field) => field.id === id);
    assert.ok(found !== undefined, `there is no field ${id}`);
    return found;
  }
}

describe('what would be if', function () {
  // Many small runs.
  this.timeout(60_000);
  let asked: Asked;
  beforeEach(() => (asked = new Asked()));
  afterEach(() => asked.engine.dispose());

  const start = (values: FieldValues = {}, tried: FieldValues = {}): Promise<void> => asked.engine.start(values, tried);

  it('says what each change does, the curve, what to do and with more load, in this order', async () => {
    await start();
    assert.deepEqual(asked.of('failed'), []);
    const order = asked.said.map(({ type }) => type).filter((type, index, all) => all.indexOf(type) === index);
    const wanted = ['fields', 'begin', 'effects', 'now', 'curve', 'found', 'growth'];
    assert.deepEqual(
      order.filter((type) => wanted.includes(type)),
      wanted,
    );
    const effects = asked.of('effects').map(({ effects }) => effects);
    const first = effects.filter(({ isFirstLook }) => isFirstLook);
    const whole = effects.filter(({ isFirstLook }) => !isFirstLook);
    assert.deepEqual(new Set(first.map(({ id }) => id)), new Set(whole.map(({ id }) => id)), 'each has a first look');
    const qps = whole.find(({ id }) => id === 'qps');
    assert.ok(qps?.ends.every(({ isEffect }) => isEffect) === true, 'five requests a second hold it back');
    assert.deepEqual(qps.ends[1]?.values, { qps: '10' }, 'what to try for it');
    assert.equal(asked.last('curve').curve?.label, 'requests a second');
    assert.match(asked.last('now').text, /^Now the last pod comes after .*bucket for secrets/);
    assert.equal(asked.of('growth').length, 2);
    assert.equal(asked.last('progress').isDone, true);
  });

  it('gives the patch of what was found, and that of what is tried once something is', async () => {
    await start({ last: '5' });
    const { text, values } = asked.last('found');
    assert.match(text, /^The least that meets it \(the last pod within 5\.00 s\)/);
    const found = asked.engine.patch;
    const flags = (parse(found?.helm ?? '') as { flags: { k8sClientRateLimiterQPS: number } }).flags;
    assert.equal(String(flags.k8sClientRateLimiterQPS), values?.qps);
    assert.match(found?.flags ?? '', /^--/m);
    await asked.engine.try({ qps: '40', burst: '60' });
    const tried = parse(asked.engine.patch?.helm ?? '') as { flags: { k8sClientRateLimiterQPS: number } };
    assert.equal(tried.flags.k8sClientRateLimiterQPS, 40);
    assert.deepEqual(asked.last('patch').patch, asked.engine.patch);
    await asked.engine.try({});
    assert.deepEqual(asked.engine.patch, found, 'nothing is tried any more');
  });

  it('shows the run with what is tried beside that with what is there, and says what is different', async () => {
    await start();
    const [[now, none] = []] = asked.shown;
    assert.equal(none, undefined);
    await asked.engine.try({ qps: '40', burst: '60' });
    const [same, tried] = asked.shown.at(-1) ?? [];
    assert.equal(same, now, 'the run with what is there is done once');
    assert.deepEqual([tried?.settings.qps, tried?.settings.burst, tried?.settings.runners], [40, 60, 20]);
    assert.ok((tried?.trace.length ?? 0) > 0, 'its trace is there');
    const { text, basis, rows } = asked.last('compared');
    assert.match(text, /^The last pod comes .* sooner: after .* instead of /);
    assert.equal(basis?.kind, 'extrapolated');
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['Last pod', '95 of 100 pods', 'Most requests within a second'],
    );
  });

  it('keeps the runs that were wanted last, and those one stop further', async () => {
    await start();
    const { stops } = asked.field('qps');
    const [at, next] = [String(stops[3]), String(stops[4])];
    await asked.engine.try({ qps: at });
    await asked.engine.try({ qps: next });
    await asked.engine.try({ qps: at });
    const tried = asked.shown.slice(-3).map(([, run]) => run);
    assert.equal(tried[2], tried[0], 'it was not run again');
    const again = asked.engine.try({ qps: next });
    // No turn of the event loop, in which a run would go on.
    for (let step = 0; step < 20; step++) await Promise.resolve();
    assert.equal(asked.shown.at(-1)?.[1], tried[1], 'a run that is kept is shown at once');
    await again;
  });

  it('has simulated the next stops of the sliders that people move first before anybody moves one', async () => {
    await start();
    for (const id of ['workers', 'qps'] as const) {
      const { stops, value } = asked.field(id);
      const at = stops.indexOf(Number(value));
      for (const stop of [stops[at + 1], stops[at - 1]].filter((each) => each !== undefined)) {
        const before = asked.shown.length;
        const trying = asked.engine.try({ [id]: String(stop) });
        for (let step = 0; step < 20; step++) await Promise.resolve();
        assert.equal(asked.shown.length, before + 1, `${id} ${stop} is shown at once`);
        await asked.engine.try({});
        await trying;
      }
    }
  });

  it('says whether what is tried meets the objective', async () => {
    const ask = start({ last: '5' });
    await asked.engine.try({ workers: '4' });
    assert.match(asked.last('compared').text, /The objective is not met\.$/);
    await asked.engine.try({ qps: '80', burst: '120' });
    assert.match(asked.last('compared').text, /The objective is met\.$/);
    await ask;
  });

  it('gives up what it was computing when something else is asked', async () => {
    const before = start();
    const after = asked.engine.ask({ runners: '10', qps: '20', burst: '30' });
    await Promise.all([before, after]);
    const begins = asked.said.map(({ type }) => type).lastIndexOf('begin');
    const said = asked.said.slice(0, begins).map(({ type }) => type);
    assert.ok(!said.includes('found'), 'what nobody asks about any more was not finished');
    assert.equal(asked.of('found').length, 1);
    assert.equal(asked.field('runners').value, '10');
    assert.equal(asked.engine.settings.now.runners, 10);
  });

  it('shows a timeline of the last of several values that are tried at once', async () => {
    await start();
    const before = asked.shown.length;
    await Promise.all(['10', '20', '40'].map((qps) => asked.engine.try({ qps })));
    assert.deepEqual(
      asked.shown.slice(before).map(([, tried]) => tried?.settings.qps),
      [40],
    );
  });

  it('says again what it has said to a page that was hidden meanwhile, without computing it again', async () => {
    await start({ last: '5' });
    const [before, shown] = [asked.said.length, asked.shown.length];
    await start({ last: '5' });
    const again = asked.said.slice(before).map(({ type }) => type);
    assert.deepEqual([again[0], again[1]], ['fields', 'begin']);
    for (const type of ['effects', 'now', 'curve', 'found', 'growth'] as const) assert.ok(again.includes(type), type);
    assert.deepEqual(
      asked.last('progress'),
      asked.of('progress').find(({ isDone }) => isDone),
      'it took no time again',
    );
    assert.equal(asked.shown.at(-1)?.[0], asked.shown[0]?.[0]);
    assert.equal(asked.shown.length, shown + 1, 'its timeline is drawn again');
  });

  it('says what is wrong with a value, and goes on with the one before', async () => {
    await start({ workers: '0', qps: 'many', runners: '' });
    assert.match(asked.field('workers').problem, /^a whole number from 1/);
    assert.match(asked.field('qps').problem, /^a number from 0/);
    assert.equal(asked.field('runners').problem, 'a number is needed');
    assert.equal(asked.field('qps').value, 'many', 'what was written stays');
    assert.equal(asked.engine.settings.now.qps, 5);
    assert.equal(asked.field('last').problem, '', 'an objective may be left out');
  });

  it('takes numbers as people write them, and no objective that nothing can meet', async () => {
    await start({ workers: '0x10', qps: '1e3', runners: '1.5', last: '0', p95: '-1', requestRate: '0.4' });
    for (const [id, problem] of [
      ['workers', /^a whole number from 1/],
      ['qps', /^a number from 0/],
      ['runners', /^a whole number from 1/],
      ['last', /^a number from 0\.001 to 7200$/],
      ['p95', /^a number from 0\.001/],
      ['requestRate', /^a whole number from 1/],
    ] as const) {
      assert.match(asked.field(id).problem, problem, id);
    }
    await asked.engine.ask({ qps: '.5', last: '2.' });
    assert.deepEqual([asked.field('qps').problem, asked.field('last').problem], ['', '']);
    assert.equal(asked.engine.settings.now.qps, 0.5);
  });

  it('goes on with the last value that could be used, not with the first one', async () => {
    await start();
    await asked.engine.ask({ runners: '7', qps: '9' });
    await asked.engine.ask({ runners: 'abc', qps: '9' });
    assert.equal(asked.field('runners').value, 'abc', 'what was written stays');
    assert.deepEqual([asked.engine.settings.now.runners, asked.engine.settings.now.qps], [7, 9]);
    await asked.engine.ask({ runners: '-3', qps: 'many' });
    assert.deepEqual([asked.engine.settings.now.runners, asked.engine.settings.now.qps], [7, 9]);
    await asked.engine.ask({ runners: '8', qps: 'many' });
    assert.deepEqual([asked.engine.settings.now.runners, asked.engine.settings.now.qps], [8, 9]);
  });

  it('says where a value comes from until somebody changes it', async () => {
    await start();
    assert.equal(asked.field('qps').about, 'by a line');
    await asked.engine.ask({ qps: '7' });
    assert.equal(asked.field('qps').about, '');
  });

  it('leaves flags alone that a release does not have', async () => {
    await start({ mode: '0.9.3', workers: '8', qps: '100' });
    for (const id of ['workers', 'qps', 'burst', 'workqueueRateLimiter'] as const) {
      assert.ok(asked.field(id).isFixed, id);
      assert.equal(asked.field(id).about, '0.9.3 has no flag for it');
    }
    assert.equal(asked.engine.settings.now.workers, 1);
    assert.ok(!asked.field('jitLatency').isFixed);
  });

  it('has sliders that stop at the present value, and none for load and objective', async () => {
    await start();
    for (const { id, value, stops, group } of asked.last('fields').fields) {
      const isTried = group === 'controller' || group === 'cluster';
      if (!isTried) assert.deepEqual(stops, [], id);
      else if (value !== '' && !['mode', 'workqueueRateLimiter'].includes(id)) {
        assert.ok(stops.includes(Number(value)), `${id}: ${value} is not among ${stops.join()}`);
        assert.deepEqual(
          stops,
          [...stops].sort((a, b) => a - b),
        );
      }
    }
  });

  it('takes the runners of a log as they came', async () => {
    const waves = [
      { atUs: 0, runners: 5 },
      { atUs: 2_000_000, runners: 5 },
    ];
    asked.engine.dispose();
    asked = new Asked({ settings: { ...DEFAULT_SETTINGS, mode: 'new', runners: 10 }, load: { waves } });
    await start({ runners: '50' });
    assert.deepEqual([asked.field('runners').isFixed, asked.field('runners').value], [true, '10']);
    assert.equal(asked.engine.settings.now.runners, 10);
    assert.deepEqual(asked.engine.settings.load.waves, waves);
  });
});
