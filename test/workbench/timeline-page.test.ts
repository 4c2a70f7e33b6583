import assert from 'node:assert/strict';
import { VirtualSession } from '../builders/virtual-session.ts';
import type { Notice, RunnerDetail } from '../../src/protocol.ts';
import { testsPages } from './suite-hooks.ts';
import { TimelinePage, type PageOptions } from './timeline-page.ts';

/** What a window of 1600 by 950 pixels, and one of 1100 by 700, leave for a timeline beside the side bar. */
const ROOMY = { width: 1243, height: 860 };
const SMALL = { width: 742, height: 600 };

describe('the page of a timeline', function () {
  this.timeout(60_000);
  let page: TimelinePage;

  testsPages(() => page);

  /** Opens a page that shows the sessions' current state. */
  async function open(sessions: readonly VirtualSession[], untilUs: number, options?: PageOptions): Promise<void> {
    page = await TimelinePage.open(options);
    await page.post({ type: 'reset', title: 'Timeline: old and new · embedded 1' });
    for (const session of sessions) await page.post(...session.until(untilUs));
    await page.post({ type: 'loaded' });
  }

  /** Old above new, as the first run has them. */
  function both(runners: number): [VirtualSession, VirtualSession] {
    return [
      new VirtualSession({ mode: 'old', runners }, { colour: 0 }),
      new VirtualSession({ mode: 'new', runners }, { colour: 1 }),
    ];
  }

  describe('while a session lives', () => {
    for (const follow of [true, false]) {
      it(`draws pods that have been pending for three minutes as three minutes, ${follow ? 'following' : 'fitted'}`, async () => {
        const session = new VirtualSession({ mode: 'new' });
        await open([session], 1e6);
        await page.post(...session.until(180e6));
        if (!follow) await page.page.locator('#fit').click();
        await page.describedAs(/from -\d.* to 3:\d\d/);
        // A line at now goes through the lanes, and before it the pods' bars have no gap.
        const { pending, line } = await page.page.evaluate(() => {
          const canvas = document.getElementById('chart') as HTMLCanvasElement;
          const context = canvas.getContext('2d') as CanvasRenderingContext2D;
          const pixels = context.getImageData(0, 68, canvas.width, 1).data;
          const reds = Array.from({ length: canvas.width }, (_, x) => x).filter(
            (x) => (pixels[x * 4] as number) > 200 && (pixels[x * 4 + 1] as number) < 120,
          );
          const row = context.getImageData(190, 165 - 32, (reds[0] ?? 0) - 190, 60).data;
          let yellow = 0;
          for (let at = 0; at < row.length; at += 4) {
            if ((row[at] as number) > 120 && (row[at + 2] as number) < 40) yellow++;
          }
          return { pending: yellow, line: reds.at(-1) ?? 0 };
        });
        assert.ok(line > 600, `the line at now is at ${line}, where there is no time yet`);
        assert.ok(pending > 600, `only ${pending} pixels are of pods that are pending`);
      });
    }

    it('costs hardly a frame when nothing happens', async () => {
      const session = new VirtualSession({ mode: 'new' });
      await open([session], 1e6);
      await page.post(...session.until(30e6));
      await page.page.waitForTimeout(2_000);
      const before = await page.frames();
      await page.page.waitForTimeout(2_000);
      const frames = (await page.frames()) - before;
      // The picture follows the time in steps; a frame for each refresh of the screen would be more than a hundred.
      assert.ok(frames >= 1 && frames <= 12, `${frames} frames in two seconds`);
    });

    it('stops at the time that it had got to when it ends, and costs no frame from then on', async () => {
      const session = new VirtualSession({ mode: 'new' });
      await open([session], 1e6);
      await page.post(...session.until(30e6));
      await page.post(...session.end());
      await page.page.locator('#fit').click();
      await page.describedAs(/to 30(\.\d+)? s|to 31(\.\d+)? s/);
      await page.page.waitForTimeout(1_000);
      const before = await page.frames();
      await page.page.waitForTimeout(1_500);
      assert.equal((await page.frames()) - before, 0, 'frames of a page on which nothing moves');
    });
  });

  describe('above the bars', () => {
    const lost: Notice = {
      id: 'connection-lost',
      severity: 'error',
      text: 'The API server of prod does not answer since 14 s.',
      actions: [
        { id: 'arcReconcilerLab.reconnect', label: 'Reconnect' },
        { id: 'arcReconcilerLab.showLog', label: 'Show Log' },
      ],
    };
    const writes: Notice = { id: 'writes', severity: 'warning', text: 'Writes to prod / arc-runners.', actions: [] };
    const shadow: Notice = { id: 'shadow', severity: 'info', text: 'Shadow: nothing is written.', actions: [] };

    it('one sentence says what the picture shows', async () => {
      await open(both(3), 2e6);
      const headline = page.page.locator('#headline');
      assert.equal(await headline.isVisible(), false, 'without a sentence there is no empty line');
      await page.post({ type: 'headline', text: 'New mode made the first pod 428 ms earlier.' });
      assert.equal(await headline.textContent(), 'New mode made the first pod 428 ms earlier.');
      assert.ok(await headline.isVisible());
      await page.post({ type: 'headline', text: '' });
      assert.equal(await headline.isVisible(), false);
    });

    it('banners say how bad it is in words and by shape, and their buttons work with the keyboard', async () => {
      await open([new VirtualSession({ mode: 'new' }, { kind: 'apply' })], 2e6);
      await page.post({ type: 'notices', notices: [lost, writes, shadow] });
      const banners = page.page.locator('#notices .notice');
      assert.deepEqual(await banners.evaluateAll((all) => all.map((one) => one.textContent)), [
        'Error: The API server of prod does not answer since 14 s.ReconnectShow Log',
        'Warning: Writes to prod / arc-runners.',
        'Note: Shadow: nothing is written.',
      ]);
      const shapes = await banners.locator('path').evaluateAll((all) => all.map((one) => one.getAttribute('d')));
      assert.equal(new Set(shapes).size, 3, 'each severity has an icon of its own shape');
      assert.equal(await page.page.locator('#notices').getAttribute('aria-live'), 'polite');
      await page.page.locator('#notices vscode-button', { hasText: 'Show Log' }).focus();
      // Another banner comes and goes: the one with the focus stays what it was.
      await page.post({ type: 'notices', notices: [shadow, lost] });
      await page.page.keyboard.press('Enter');
      await page.hears('action');
      assert.deepEqual(await page.said('action'), [
        { type: 'action', notice: 'connection-lost', action: 'arcReconcilerLab.showLog' },
      ]);
      await page.post({ type: 'notices', notices: [] });
      assert.equal(await banners.count(), 0);
    });
  });

  describe('of a runner that is selected', () => {
    const detail: RunnerDetail = {
      runner: 'arc-runners/runner-2',
      state: 'pending',
      happened: 'The pod cannot pull its image (ImagePullBackOff).',
      sinceUs: 600_000,
      advice: 'Check image, tag and imagePullSecrets.',
      facts: [{ label: 'image', value: 'ghcr.io/acme/runner:missing' }],
    };

    it('says what happened, for how long, which goes on, and what to do', async () => {
      const session = new VirtualSession({ mode: 'new' });
      await open([session], 10e6);
      const [name = ''] = await selectPodOf(session, 1);
      assert.deepEqual(await page.said('askRunner'), [{ type: 'askRunner', session: 'new', runner: name }]);
      await page.post({ type: 'runner', session: 'new', detail: { ...detail, runner: name } });
      await page.page.locator('#pass', { hasText: detail.happened }).waitFor();
      const text = await page.page.locator('#pass').innerText();
      const order = ['pending', detail.happened, 'for', detail.advice, 'ghcr.io/acme/runner:missing'];
      const places = order.map((part) => text.indexOf(part));
      assert.ok(
        places.every((place) => place >= 0),
        `${text} lacks ${order[places.indexOf(-1)]}`,
      );
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
        'what happened, since when, what to do',
      );
      const since = page.page.locator('#since');
      const before = await since.textContent();
      await page.page.waitForFunction((was) => document.getElementById('since')?.textContent !== was, before);
    });

    it('is left alone by the details of another', async () => {
      const session = new VirtualSession({ mode: 'new' });
      await open([session], 10e6);
      await selectPodOf(session, 1);
      await page.post({ type: 'runner', session: 'new', detail: { ...detail, runner: 'arc-runners/another' } });
      assert.doesNotMatch(await page.page.locator('#pass').innerText(), /another/);
    });

    /** Clicks the pod's bar of a lane, and gives the runner's name. */
    async function selectPodOf(session: VirtualSession, lane: number): Promise<string[]> {
      const y = await page.page.evaluate((index) => {
        const canvas = document.getElementById('chart') as HTMLCanvasElement;
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        const isPending = (at: number): boolean => {
          const { data } = context.getImageData(500, at, 6, 1);
          return Array.from({ length: 6 }, (_, x) => x * 4).some(
            (x) => (data[x] as number) > 120 && (data[x + 2] as number) < 60,
          );
        };
        const rows: number[] = [];
        for (let at = 50; at < canvas.height; at++) if (isPending(at) && !isPending(at - 1)) rows.push(at);
        return rows[index] as number;
      }, lane);
      await page.page.locator('#chart').click({ position: { x: 500, y: y + 1 } });
      return [session.runners()[lane] ?? ''];
    }
  });

  describe('when a run is over', () => {
    it('shows all of it and what came of each session, unless somebody has gone elsewhere', async () => {
      const sessions = both(3);
      await open(sessions, 300_000);
      for (const session of sessions) await page.post(...session.until(2e6));
      for (const session of sessions) await page.post(...session.end());
      await page.describedAs(/from -\d+(\.\d+)? ms to 2(\.\d+)? s/);
      await page.page.locator('#pass h2', { hasText: 'Summary' }).waitFor();
      const summary = await page.page.locator('#pass').innerText();
      for (const part of ['Summary', 'old', 'new', 'each runner’s first pod', 'median', 'requests']) {
        assert.ok(summary.includes(part), `${part} is not in ${summary}`);
      }
      await page.page.locator('#follow').waitFor({ state: 'hidden' });
    });

    it('stays where somebody has zoomed to', async () => {
      const [session] = both(3);
      await open([session], 900_000);
      await page.page.locator('#chart').focus();
      for (const key of ['w', 'w', 'w']) await page.page.keyboard.press(key);
      await page.page.waitForTimeout(500);
      const before = /Shown is .*? to/.exec(await page.description())?.[0];
      await page.post(...session.until(2e6));
      await page.post(...session.end());
      await page.page.waitForTimeout(500);
      assert.equal(/Shown is .*? to/.exec(await page.description())?.[0], before);
    });
  });

  describe('with few and with many runners', () => {
    for (const [runners, size] of [
      [3, { width: 1280, height: 850 }],
      [30, { width: 1280, height: 850 }],
      [300, { width: 1280, height: 850 }],
      [3, { width: 800, height: 600 }],
      [30, { width: 800, height: 600 }],
      [300, { width: 800, height: 600 }],
    ] as const) {
      it(`has both modes of ${runners} on screen at ${size.width}x${size.height}, and uses the pane`, async () => {
        await open(both(runners), 400_000 * runners ** 0.5, size);
        assert.equal(await page.page.locator('#scrollbar').isVisible(), false, 'nothing lies outside of what is seen');
        await page.page.locator('#chart').focus();
        // Names, heads and bars: the last row that is not empty.
        const used = await page.page.evaluate(() => {
          const canvas = document.getElementById('chart') as HTMLCanvasElement;
          const context = canvas.getContext('2d') as CanvasRenderingContext2D;
          for (let y = canvas.height - 3; y > 0; y--) {
            const row = new Uint32Array(context.getImageData(200, y, canvas.width - 216, 1).data.buffer);
            if (new Set(row).size > 2) return y / canvas.height;
          }
          return 0;
        });
        if (runners > 3) assert.ok(used > 0.82, `only ${Math.round(used * 100)} % of the pane is used`);
        await page.screenshot(`both-${runners}-${size.width}`);
      });
    }

    it('scrolls with the wheel and with its bar where lanes were made taller, and zooms with Ctrl', async () => {
      const sessions = both(30);
      await open(sessions, 2e6);
      for (const session of sessions) await page.post(...session.end());
      await page.page.locator('#pass h2', { hasText: 'Summary' }).waitFor();
      await page.page.locator('#chart').focus();
      for (let step = 0; step < 6; step++) await page.page.keyboard.press('+');
      const thumb = page.page.locator('#scrollbar-thumb');
      await thumb.waitFor();
      await page.page.keyboard.press('Home');
      const top = async (): Promise<number> => (await thumb.boundingBox())?.y ?? 0;
      const first = await top();
      const shown = await page.description();
      await page.page.locator('#chart').hover({ position: { x: 500, y: 300 } });
      await page.page.mouse.wheel(0, 300);
      await page.page.waitForFunction(
        (was) => document.getElementById('scrollbar-thumb')!.getBoundingClientRect().y > was + 1,
        first,
      );
      assert.equal(/from .*? to/.exec(await page.description())?.[0], /from .*? to/.exec(shown)?.[0], 'time stays');
      const box = await thumb.boundingBox();
      await page.page.mouse.move(box!.x + 3, box!.y + 5);
      await page.page.mouse.down();
      await page.page.mouse.move(box!.x + 3, box!.y + 205);
      await page.page.mouse.up();
      assert.ok((await top()) > box!.y + 100, 'the bar follows the pointer');
      await page.page.locator('#chart').hover({ position: { x: 500, y: 300 } });
      await page.page.keyboard.down('Control');
      await page.page.mouse.wheel(0, -600);
      await page.page.keyboard.up('Control');
      await page.page.waitForFunction(
        (was) => document.getElementById('chart')?.getAttribute('aria-label') !== was,
        shown,
      );
    });

    it('says the name of a lane that is too low for one under the pointer', async () => {
      await open(both(300), 4e6);
      await page.page.locator('#chart').hover({ position: { x: 60, y: 200 } });
      await page.page.locator('#tip', { hasText: /runner-\d+/ }).waitFor();
    });
  });

  describe('signs that have no room', () => {
    for (const theme of ['dark', 'light', 'highContrast'] as const) {
      it(`are one with their number, and the pointer on it lists them, in ${theme}`, async () => {
        const session = new VirtualSession({ mode: 'new', runners: 4, pods: 'fails-at-start' });
        await open([session], 300e6, { ...SMALL, theme });
        await page.post(...session.end());
        await page.page.locator('#fit').click();
        const chart = page.page.locator('#chart');
        const tip = page.page.locator('#tip');
        let lines: readonly string[] = [];
        for (let x = 190; x < 300 && lines.length < 3; x += 4) {
          await chart.hover({ position: { x, y: 72 } });
          lines = (await tip.isVisible()) ? ((await tip.textContent()) ?? '').split('\n') : [];
        }
        await page.screenshot(`crowded-signs-${theme}`);
        const [name, ...moments] = lines;
        const [outer, inner] = [await page.page.locator('#chart-box').boundingBox(), await tip.boundingBox()];
        assert.ok((inner?.y ?? 0) > (outer?.y ?? Infinity), 'its first line is in view');
        assert.match(name ?? '', /runner-1/);
        assert.ok(moments.length >= 2, 'no sign is of several moments');
        for (const moment of moments) assert.match(moment, /^[a-z].* · at [\d.:]+ ?(ms|s)?$|^and \d+ more$/);
      });
    }
  });

  describe('its keys', () => {
    it('are all on a sheet that ? opens and Esc closes, and the focus goes back', async () => {
      await open(both(3), 1e6);
      await page.page.locator('#fit').focus();
      await page.page.keyboard.press('?');
      const sheet = page.page.locator('#keys-sheet');
      await sheet.waitFor();
      assert.match(await sheet.innerText(), /next and previous pass of the runner/);
      await page.page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
      assert.equal(await page.page.evaluate(() => document.activeElement?.id), 'fit');
    });

    it('n and p stay with the runner that is selected, with Shift they go through all', async () => {
      const sessions = both(3);
      await open(sessions, 2e6);
      await page.page.locator('#chart').focus();
      for (let step = 0; step < 4; step++) await page.page.keyboard.press('n');
      const lanes = (asked: { session: string; pass: number }[]): Set<string> =>
        new Set(
          asked.map(({ session: id, pass }) => {
            const session = sessions.find(({ shown }) => shown.id === id);
            return `${id} ${session?.detail(pass)?.event.object}`;
          }),
        );
      assert.equal(lanes(await page.said('askPass')).size, 1, 'one runner of one session');
      for (let step = 0; step < 6; step++) await page.page.keyboard.press('N');
      assert.ok(lanes(await page.said('askPass')).size > 2, 'with Shift it is all runners of all sessions');
    });
  });

  describe('its search', () => {
    it('counts hits as one goes through them, and is cleared with Esc', async () => {
      await open(both(3), 2e6);
      await page.page.locator('#chart').focus();
      await page.page.keyboard.press('/');
      await page.page.keyboard.type('in:generatejit');
      await page.page.locator('#matches', { hasText: '6 passes' }).waitFor();
      await page.page.keyboard.press('Enter');
      await page.page.locator('#matches', { hasText: '1 of 6' }).waitFor();
      await page.page.keyboard.press('Enter');
      await page.page.locator('#matches', { hasText: '2 of 6' }).waitFor();
      await page.screenshot('search');
      await page.page.keyboard.press('Escape');
      await page.page.waitForFunction(() => document.getElementById('matches')?.textContent === '');
    });

    it('says when nothing is found, and how to clear it', async () => {
      await open(both(3), 2e6);
      await page.page.locator('#search').click();
      await page.page.keyboard.type('nobody');
      await page.page.locator('#nothing', { hasText: 'No pass matches “nobody”.' }).waitFor();
      await page.page.locator('#nothing-clear').click();
      await page.page.locator('#nothing').waitFor({ state: 'hidden' });
    });

    it('refuses terms that it does not know, and names those it does', async () => {
      await open(both(3), 2e6);
      await page.page.locator('#search').click();
      for (const term of ['reslt:error', 'result:bad', '>soon', 'pod:running']) {
        await page.page.keyboard.press('Control+a');
        await page.page.keyboard.type(term);
        const problem = page.page.locator('#search-problem', { hasText: term });
        await problem.waitFor();
        assert.match(await problem.innerText(), /in:.*result:error.*>100ms/);
      }
    });
  });

  it('keeps the time in view when its size changes, and folds the legend where there is little room', async () => {
    const sessions = both(3);
    await open(sessions, 2e6);
    for (const session of sessions) await page.post(...session.end());
    await page.page.locator('#pass h2', { hasText: 'Summary' }).waitFor();
    await page.page.locator('#fit').click();
    await page.page.waitForTimeout(500);
    const shown = async (): Promise<string> => /from .*? s\./.exec(await page.description())?.[0] ?? '';
    const before = await shown();
    assert.ok(await page.page.locator('#legend').isVisible());
    await page.page.setViewportSize({ width: 740, height: 600 });
    await page.page.waitForTimeout(500);
    assert.equal(await shown(), before);
    assert.equal(await page.page.locator('#legend').isVisible(), false);
    assert.ok(await page.page.locator('#pass').isVisible(), 'the details stand below the chart');
  });

  for (const width of [600, 701, 760, 900, 1001, 1100, 1400, 1900]) {
    it(`loses nothing when it is ${width} pixels wide, as chart and as table`, async () => {
      const sessions = both(3);
      await open(sessions, 2e6, { width, height: 700 });
      const text =
        'All 3 runners have their pods; nothing is left to do. The sessions ended: old after 2.9 s, new after 2.6 s.';
      const actions = ['Create Runners…', 'Run Again'].map((label) => ({ id: label, label }));
      await page.post({ type: 'notices', notices: [{ id: 'over', severity: 'info', text, actions }] });
      await page.post({ type: 'headline', text: `${text} ${text}` });
      for (const session of sessions) await page.post(...session.end());
      await page.page.locator('aside dl').first().waitFor();
      for (const view of ['chart', 'table']) {
        if (view === 'table') await page.page.locator('#table-button').click();
        assert.deepEqual(await cutOff(), [], view);
      }
    });
  }

  /** What is wider than its place, sticks out of the page, or of whose example in the search a part is hidden. */
  async function cutOff(): Promise<string[]> {
    return page.page.evaluate(() => {
      const cut: string[] = [];
      for (const one of document.querySelectorAll<HTMLElement>('header *, main *, footer *')) {
        const { width, right, left } = one.getBoundingClientRect();
        const isHidden = width <= 2 || getComputedStyle(one).clipPath !== 'none' || one.tagName === 'CANVAS';
        if (isHidden) continue;
        const name = `${one.tagName}#${one.id} ${(one.textContent ?? '').slice(0, 40)}`;
        if (right > window.innerWidth + 1 || left < -1) cut.push(`${name} ends at ${right}`);
        if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible') {
          cut.push(`${name} needs ${one.scrollWidth} of ${one.clientWidth}`);
        }
      }
      const input = document.getElementById('search')?.shadowRoot?.querySelector('input');
      const context = document.createElement('canvas').getContext('2d');
      if (input === null || input === undefined || context === null) return [...cut, 'no search'];
      const style = getComputedStyle(input);
      context.font = style.font;
      const needed = context.measureText(input.placeholder).width + 2 * Number.parseFloat(style.paddingLeft);
      if (needed > input.clientWidth) cut.push(`the search's examples need ${needed} of ${input.clientWidth}`);
      return cut;
    });
  }

  it('gives its table a column for everything, sorted as its heads say', async () => {
    await open(both(3), 2e6);
    await page.page.locator('#table-button').click();
    const heads = page.page.locator('#table thead th');
    await heads.first().waitFor();
    const names = (await heads.allInnerTexts()).map((text) => text.replace(/\s[▲▼]/, ''));
    const wanted = [
      'session',
      'runner',
      'queued after',
      'waited',
      'began',
      'took',
      'result',
      'worker',
      'requests',
      'phases',
    ];
    assert.deepEqual(names, wanted);
    const took = page.page.locator('#table th', { hasText: 'took' });
    await took.locator('button').click();
    await took.locator('button').press('Enter');
    assert.equal(await took.getAttribute('aria-sort'), 'descending');
    assert.match(await took.innerText(), /▼/);
    const longest = await page.page.locator('#table tbody tr').first().locator('td').nth(4).innerText();
    assert.match(longest, /^2\d\d ms$/, 'the longest pass is the first');
    const results = await page.page.locator('#table tbody tr td:nth-child(7)').allInnerTexts();
    assert.ok(
      results.every((text) => ['done', 'requeue', 'error'].includes(text)),
      results.join(),
    );
  });

  it('follows a search in its table, and clearing it, at once', async () => {
    await open(both(3), 2e6);
    await page.page.locator('#table-button').click();
    const caption = page.page.locator('#table caption');
    await caption.waitFor();
    const all = await caption.innerText();
    const words = async (wanted: string, isAll: boolean): Promise<void> => {
      await page.page.waitForFunction(
        ([text, same]) => (document.querySelector('#table caption')?.textContent === text) === same,
        [wanted, isAll] as const,
      );
    };
    await page.page.locator('#search').click();
    await page.page.keyboard.type('runner-2');
    await words(all, false);
    const runners = await page.page.locator('#table tbody tr th').allInnerTexts();
    assert.deepEqual([...new Set(runners)], ['runner-2']);
    await page.page.locator('#clear').click();
    await words(all, true);
    await page.page.locator('#search').click();
    await page.page.keyboard.type('nobody');
    await words('Passes in view: 0', true);
    await page.page.keyboard.press('Escape');
    await words(all, true);
  });

  it('shows chart and overview in another theme at once, however much there is to draw', async () => {
    await open(both(30), 4e6);
    await page.setTheme('light');
    for (const id of ['chart', 'minimap']) {
      const ground = await page.page.evaluate((name) => {
        const canvas = document.getElementById(name) as HTMLCanvasElement;
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        return [...context.getImageData(4, canvas.height - 3, 1, 1).data.slice(0, 3)];
      }, id);
      assert.deepEqual(ground, [255, 255, 255], `the ground of the ${id}`);
    }
  });

  it('keeps its tools in one row and in their places beside a side bar on a small laptop, also while it is live or searched', async () => {
    const [session] = both(3);
    await open([session], 2e6, SMALL);
    const middles = async (): Promise<number[]> =>
      page.page.locator('#toolbar > :visible:not(h1)').evaluateAll((all) =>
        all.map((one) => {
          const { top, bottom } = one.getBoundingClientRect();
          return Math.round((top + bottom) / 2);
        }),
      );
    const isOneRow = async (when: string): Promise<void> => {
      const tops = await middles();
      assert.ok(Math.max(...tops) - Math.min(...tops) < 8, `${when} the tools' middles are at ${tops.join()}`);
    };
    const lanesX = async (): Promise<number | undefined> => (await page.page.locator('#lanes').boundingBox())?.x;
    const placed = await lanesX();
    await page.page.locator('#chart').press('w');
    await page.page.locator('#follow').waitFor();
    await isOneRow('beside Follow');
    for (const text of ['in:generatejit', 'nobody', 'in']) {
      await page.page.locator('#search input').fill(text);
      await page.page.locator('#clear').waitFor();
      await isOneRow(`in a search for ${text}`);
      assert.ok(Math.abs(((await lanesX()) ?? 0) - (placed ?? 0)) < 8, `the tools move in a search for ${text}`);
    }
  });

  it('leaves no empty row between its tools and what is below them, however wide it is', async () => {
    await open(both(3), 2e6);
    for (let width = 700; width <= 1_300; width += 20) {
      await page.page.setViewportSize({ width, height: 700 });
      const emptyPx = await page.page.locator('#toolbar').evaluate((toolbar) => {
        const shown = [...toolbar.children].filter((one) => getComputedStyle(one).visibility === 'visible');
        return (
          toolbar.getBoundingClientRect().bottom - Math.max(...shown.map((one) => one.getBoundingClientRect().bottom))
        );
      });
      assert.ok(emptyPx <= 12, `${emptyPx} px are empty below the tools at ${width} px`);
    }
  });

  it('shows no times and speaks of no passes where there is no session', async () => {
    page = await TimelinePage.open(SMALL);
    await page.post({ type: 'reset', title: 'Timeline' }, { type: 'loaded' });
    const empty = await page.page.evaluate(() => {
      const canvas = document.getElementById('chart') as HTMLCanvasElement;
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      const first = data.slice(0, 4).join();
      let others = 0;
      for (let at = 0; at < data.length; at += 4) if (data.slice(at, at + 4).join() !== first) others++;
      return { others, panel: document.querySelector('aside')?.textContent?.trim() };
    });
    assert.deepEqual(empty, { others: 0, panel: '' });
  });

  it('saves pictures with title, sentence, settings, date and legend, cut off below the lanes, in every theme and size', async () => {
    const about = '30 runners · 1 worker · 20 requests a second for each kind of object';
    const headline = 'With 1 worker and 30 runners, new made the first pod 6.72 s sooner (7.48 s → 766 ms).';
    const sessions = (['old', 'new'] as const).map(
      (mode, colour) => new VirtualSession({ mode, runners: 30 }, { colour, about }),
    );
    await open(sessions, 11e6, ROOMY);
    for (const session of sessions) await page.post(...session.end());
    await page.post({ type: 'headline', text: headline });
    const viewer = await page.anotherPage();
    for (const theme of ['dark', 'light', 'highContrast'] as const) {
      await page.setTheme(theme);
      for (const size of [ROOMY, SMALL]) {
        await page.page.setViewportSize(size);
        await page.page.waitForFunction(() => {
          const chart = document.getElementById('chart') as HTMLCanvasElement;
          return chart.width === chart.clientWidth;
        });
        const png = Buffer.from(await page.saved('png'));
        page.keep(`saved-${theme}-${size.width}.png`, png);
        const box = await page.page.locator('#chart').boundingBox();
        const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
        assert.equal(width, Math.round((box?.width ?? 0) * 2), 'twice the pixels of the screen');
        assert.ok(height < 2 * (size.height + 120), `${height} pixels are more than lanes, texts and legend take`);
        const svg = new TextDecoder().decode(await page.saved('svg'));
        await viewer.setViewportSize(size);
        await viewer.setContent(svg);
        const text = await viewer.locator('svg').first().textContent();
        for (const part of [
          'Timeline: old and new',
          '6.72 s sooner',
          about,
          'Picture of ',
          'held back by the client',
        ]) {
          assert.ok(text?.includes(part), `${theme} ${size.width}: the SVG lacks ${part}`);
        }
        page.keep(`saved-svg-${theme}-${size.width}.png`, await viewer.locator('svg').first().screenshot());
      }
    }
  });
});
