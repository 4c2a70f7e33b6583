import assert from 'node:assert/strict';
import { BarFeed } from '../../../src/timeline/bar-feed.ts';
import { spanUs } from '../../../src/timeline/viewport.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { PageModel } from '../../../src/webview/page-model.ts';
import { A_HEADER } from '../../builders/traces.ts';

const SCALE_SET = 'arc/lab';
const LISTENER = 'arc-systems/lab-listener';

/** A page that shows a scale set whose jobs come when a test says so, and whose listener polls meanwhile. Times are seconds. */
class IdlePage {
  readonly model = new PageModel(() => undefined);
  readonly #log = new TraceLog(A_HEADER);
  readonly #feed = new BarFeed(this.#log);
  readonly #ends: { readonly atS: number; readonly end: () => void }[] = [];
  #jobs = 0;

  constructor() {
    this.model.receive({ type: 'reset', title: 'idle' }, 0);
    this.session(true);
    this.model.receive({ type: 'loaded' }, 0);
    this.model.view.resize(1168, 500, 1);
  }

  get view(): PageModel['view'] {
    return this.model.view;
  }

  session(live: boolean): void {
    const info = {
      name: 'embedded 1',
      mode: 'latest',
      era: '',
      order: 0,
      kind: 'embedded',
      source: 'embedded',
    } as const;
    const session = { ...info, id: 'a', colour: 0, originUs: 0, live, polls: !live };
    this.model.receive({ type: 'session', session }, 0);
  }

  job(atS: number, lastsS = 10): void {
    const job = { kind: 'Job', object: `arc/job-${++this.#jobs}`, scaleSet: SCALE_SET } as const;
    this.#log.addObject({ ...job, at: atS * 1e6, phase: 'queued' });
    this.#ends.push({
      atS: atS + lastsS,
      end: () => this.#log.addObject({ ...job, at: (atS + lastsS) * 1e6, phase: 'completed' }),
    });
  }

  /** What the listener does all the time: its long poll of fifty seconds ends. */
  poll(untilS: number): void {
    const poll = { to: 'actions', verb: 'GET', resource: 'get-message', listener: LISTENER, status: 202 } as const;
    this.#log.addRequest({ ...poll, started: (untilS - 50) * 1e6, ended: untilS * 1e6 });
  }

  /** The page hears of all until now. */
  to(nowS: number): void {
    for (const { atS, end } of this.#ends.splice(0)) {
      if (atS <= nowS) end();
      else this.#ends.push({ atS, end });
    }
    const update = this.#feed.take(Infinity, nowS * 1e6);
    this.model.receive({ type: 'bars', session: 'a', ...update, nowUs: nowS * 1e6 }, 0);
    // Drawing follows the newest.
    this.view.follow();
  }

  /** First and last second of the axis. */
  get axis(): [fromS: number, toS: number] {
    const { viewport, widthPx } = this.view;
    return [viewport.fromUs / 1e6, (viewport.fromUs + spanUs(viewport, widthPx)) / 1e6];
  }
}

describe('the timeline of a scale set that is idle', () => {
  const originalNow = performance.now.bind(performance);
  // The page's clock stands still: time comes with messages alone.
  before(() => (performance.now = () => 0));
  after(() => (performance.now = originalNow));

  it('keeps its axis while nothing but polls happens, and says for how long', () => {
    const page = new IdlePage();
    page.job(2);
    for (const second of [1, 5, 13]) page.to(second);
    const session = page.view.session('a');
    assert.ok(session !== undefined);
    assert.equal(page.view.idleUs(session), undefined, 'it has only just become idle');
    page.to(60);
    const [, idleEnd] = page.axis;
    for (const second of [100, 200, 900]) {
      page.poll(second);
      page.to(second);
    }
    assert.equal(page.axis[1], idleEnd, 'following does not stretch the axis');
    assert.equal((page.view.idleUs(session) ?? 0) / 1e6, 888);
    page.model.command('fit');
    assert.ok(page.axis[1] < 60, `all of the time ends at ${page.axis[1]} s`);
  });

  it('goes to what happens when something does again, and shows that at a scale that can be read', () => {
    const page = new IdlePage();
    page.job(2);
    for (const second of [1, 13, 900]) page.to(second);
    page.job(900, 20);
    page.to(901);
    const [from, to] = page.axis;
    assert.ok(from > 890 && from <= 900 && to >= 901 && to < 930, `the axis is from ${from} s to ${to} s`);
  });

  it('is not idle while a job waits or runs, however long that takes', () => {
    const page = new IdlePage();
    page.job(2, 400);
    for (const second of [3, 100, 300]) page.to(second);
    const session = page.view.session('a');
    assert.ok(session !== undefined);
    assert.equal(page.view.idleUs(session), undefined);
    assert.ok(page.axis[0] < 2 && page.axis[1] > 300, `the axis is from ${page.axis.join(' s to ')} s`);
  });

  it('comes to rest where its jobs ended, whatever its listener does after that, and goes to the jobs that are queued then', () => {
    const page = new IdlePage();
    page.job(2);
    for (const second of [1, 13]) page.to(second);
    page.session(false);
    page.view.follow();
    const rested = page.axis;
    page.poll(500);
    page.to(13);
    page.model.command('fit');
    assert.deepEqual(page.axis, rested, 'a poll is nothing to make room for');
    page.session(true);
    page.job(600);
    page.to(601);
    assert.deepEqual(page.axis, rested, 'nobody asked to go there');
    page.model.command('follow');
    page.view.follow();
    const [from, to] = page.axis;
    assert.ok(from > 590 && from <= 600 && to >= 601 && to < 630, `the axis is from ${from} s to ${to} s`);
  });
});
