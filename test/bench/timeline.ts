import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { timelineHtml } from '../../src/extension/timeline-html.ts';
import { Random } from '../../src/base/random.ts';
import { syntheticTrace } from '../../src/trace/synthetic-trace.ts';
import { BarFeed, type FeedUpdate } from '../../src/timeline/bar-feed.ts';
import { barsOf } from '../../src/timeline/bar-store.ts';
import { BarWriter } from '../../src/timeline/bar-writer.ts';
import { BarKind } from '../../src/timeline/bars.ts';
import { missingWorkbenchTool } from '../workbench/tools.ts';
import { launchBrowser } from '../workbench/workbench.ts';
import { median, percentile, type Row } from './measure.ts';
import { knownPasses } from '../builders/traces.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LANES = 10_000;
const ROUNDS = 5;
const LEVELS = 10;
const FRAMES_A_LEVEL = 200;
/** Of the pointer. */
const MOVES = 1_000;
/** A second. */
const LIVE_BARS = 50_000;
/** As the extension sends them. */
const EVENTS_A_MESSAGE = 12_500;
const LIVE_SECONDS = 5;
const LIVE_STEP_MS = 60;
const SIZES = [
  [1_000_000, ROUNDS],
  [10_000_000, 1],
] as const;

interface Figures {
  readonly firstPaintMs: number;
  /** By zoom level. */
  readonly frameMs: readonly number[];
  /** The same frames' time on a core: on two shared ones a frame may wait for others in the midst of its work. */
  readonly frameCpuMs: readonly number[];
  readonly pointMs: number;
  readonly megabytes: number;
  readonly liveMs: number;
  /** Frames of the live run that took longer than a screen gives them. */
  readonly dropped: string;
}

/** The timeline's page alone in Chromium, without a graphics card, beside speedscope showing the same spans. */
export async function timelineBench(): Promise<Row[]> {
  const missing = missingWorkbenchTool();
  if (missing !== undefined)
    return [{ what: 'the timeline in Chromium', ours: `skipped: ${missing}`, peer: '', aim: '' }];
  const speedscope = await measureSpeedscope(1_000_000);
  const rows: Row[] = [];
  for (const [bars, rounds] of SIZES) {
    const feed = new BarFeed(syntheticTrace(bars, LANES));
    const messages: Sent[] = [];
    while (feed.pending) messages.push(sent(feed.take(EVENTS_A_MESSAGE)));
    const bytes = messages.reduce((sum, message) => sum + message.bytes, 0);
    const results: Figures[] = [];
    for (let round = 0; round < rounds; round++) results.push(await measure(messages));
    const of = (figure: (result: Figures) => number): number => median(results.map(figure));
    const isMillion = bars === 1_000_000;
    const name = `${bars / 1e6} million bars`;
    rows.push(
      { what: `${name}: on the wire`, ours: `${(bytes / 1e6).toFixed(1)} MB`, peer: '', aim: isMillion ? '16 MB' : '' },
      {
        what: `${name}: first paint after arrival`,
        ours: `${of((r) => r.firstPaintMs).toFixed(0)} ms`,
        peer: isMillion ? `speedscope ${speedscope.load}` : '',
        aim: isMillion ? '500 ms' : '',
      },
      {
        what: `${name}: p99 frame, worst zoom level`,
        ours: `${of((r) => Math.max(...r.frameMs)).toFixed(1)} ms, on a core ${of((r) => Math.max(...r.frameCpuMs)).toFixed(1)} ms`,
        peer: '',
        aim: isMillion ? '8.3 ms' : '16.6 ms',
      },
      { what: `${name}: p99 frame by zoom level`, ours: byLevel(results, (r) => r.frameMs), peer: '', aim: '' },
      { what: `${name}: the same on a core`, ours: byLevel(results, (r) => r.frameCpuMs), peer: '', aim: '' },
      {
        what: `${name}: pointing, p99`,
        ours: `${of((r) => r.pointMs).toFixed(2)} ms`,
        peer: '',
        aim: isMillion ? '1 ms' : '',
      },
      {
        what: `${name}: memory above an empty page`,
        ours: `${of((r) => r.megabytes).toFixed(0)} MB`,
        peer: isMillion ? `speedscope ${speedscope.memory}` : '',
        aim: isMillion ? '64 MB' : '',
      },
    );
    if (isMillion) {
      rows.push({
        what: `${LIVE_BARS} bars a second arriving: p99 frame; frames over 16.6 ms`,
        ours: `${of((r) => r.liveMs).toFixed(1)} ms; ${results[0]?.dropped ?? ''}`,
        peer: '',
        aim: 'no dropped frame',
      });
    }
  }
  return rows;
}

function byLevel(results: readonly Figures[], figures: (result: Figures) => readonly number[]): string {
  return Array.from({ length: LEVELS }, (_, level) => median(results.map((result) => figures(result)[level] ?? NaN)))
    .map((ms) => ms.toFixed(1))
    .join(' ');
}

async function measure(messages: readonly Sent[]): Promise<Figures> {
  const files = new Map<string, Buffer>([
    ['/timeline.js', readFileSync(join(ROOT, 'dist', 'timeline.js'))],
    ['/timeline.css', readFileSync(join(ROOT, 'dist', 'timeline.css'))],
    ['/fixture.js', Buffer.from(FIXTURE)],
    ['/empty', Buffer.from('<!doctype html><title>empty</title>')],
  ]);
  const html = timelineHtml({
    title: 'bench',
    script: '/timeline.js',
    style: '/timeline.css',
    cspSource: "'self'",
    nonce: 'bench',
    language: 'en',
    wheel: 'zoom',
    text: (text) => text,
    texts: undefined,
  })
    .replace("default-src 'none';", "default-src 'none'; connect-src 'self';")
    .replace('<script type="module"', '<script nonce="bench" src="/fixture.js"></script>\n<script type="module"');
  files.set('/', Buffer.from(html));
  const server = createServer((request, response) => {
    const body = files.get(request.url ?? '/');
    const type =
      request.url === '/' || request.url === '/empty'
        ? 'text/html'
        : (request.url ?? '').endsWith('.css')
          ? 'text/css'
          : (request.url ?? '').endsWith('.js')
            ? 'text/javascript'
            : 'application/octet-stream';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${url}/empty`);
    const emptyMb = await rendererMegabytes(page);
    await page.goto(`${url}/`);
    await hand(page, messages);
    const bars = messages.reduce((sum, message) => sum + message.ended, 0);
    const firstPaintMs = await page.evaluate<number>(`window.bench.load(${bars})`);
    await page.waitForTimeout(800);
    // Before Chromium is asked to note what it does, which takes memory too.
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const megabytes = (await rendererMegabytes(page)) - emptyMb;
    const frameMs: number[] = [];
    const frameCpuMs: number[] = [];
    for (let level = 0; level < LEVELS; level++) {
      const trace = await CpuTrace.start(page);
      const spent = await page.evaluate<number[]>(`window.bench.frames(${FRAMES_A_LEVEL})`);
      // Beside the page's frames there are those that the measuring waits for, which do nothing.
      const onCore = (await trace.stop()).sort((a, b) => b - a).slice(0, spent.length);
      frameMs.push(percentile(spent, 0.99));
      frameCpuMs.push(percentile(onCore, 0.99));
      await page.evaluate('window.bench.zoomIn()');
    }
    const pointMs = await page.evaluate<number>(`window.bench.point(${MOVES})`);
    await page.goto(`${url}/`);
    await hand(page, liveMessages());
    const [liveMs = 0, dropped = 0, frames = 0] = await page.evaluate<number[]>(`window.bench.live(${LIVE_STEP_MS})`);
    return {
      liveMs,
      dropped: `${dropped} of ${frames}`,
      firstPaintMs,
      frameMs,
      frameCpuMs,
      pointMs,
      megabytes,
    };
  } finally {
    await browser.close();
    server.close();
  }
}

/** What Chromium itself notes of its animation frames. */
class CpuTrace {
  readonly #session: CDPSession;
  readonly #cpuMs: number[] = [];

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on('Tracing.dataCollected', ({ value }) => {
      for (const { name, tdur } of value as { name?: string; tdur?: number }[]) {
        if (name === 'FireAnimationFrame' && tdur !== undefined) this.#cpuMs.push(tdur / 1000);
      }
    });
  }

  static async start(page: Page): Promise<CpuTrace> {
    const session = await browserSession(page);
    await session.send('Tracing.start', { traceConfig: { includedCategories: ['devtools.timeline'] } });
    return new CpuTrace(session);
  }

  /** Each frame's time on a core, in milliseconds. */
  async stop(): Promise<number[]> {
    const complete = new Promise((resolve) => this.#session.once('Tracing.tracingComplete', resolve));
    await this.#session.send('Tracing.end');
    await complete;
    await this.#session.detach();
    return this.#cpuMs;
  }
}

function browserSession(page: Page): Promise<CDPSession> {
  return (page.context().browser() as Browser).newBrowserCDPSession();
}

/** Resident memory of the page's own process, less what is mapped from files: the browser's own code. */
async function rendererMegabytes(page: Page): Promise<number> {
  const session = await browserSession(page);
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      const kilobytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
      return (kilobytes('RssAnon') + kilobytes('RssShmem')) / 1024;
    });
  return Math.max(...sizes);
}

/** A message with bars, as text that can be handed to a page. */
interface Sent {
  readonly bytes: number;
  /** Bars that have an end. */
  readonly ended: number;
  readonly json: string;
}

/** Only shares of time depend on them. */
const NO_TARGETS = { targets: [], isLimiterKnown: true };

function sent({ lanes, words, bars, passes }: Omit<FeedUpdate, 'pods' | 'targets' | 'isLimiterKnown'>): Sent {
  let ended = 0;
  for (const { endUs } of barsOf(bars)) if (endUs < Infinity) ended++;
  const text = { ...bars, bytes: Buffer.from(bars.bytes).toString('base64') };
  return {
    bytes: bars.bytes.byteLength,
    ended,
    json: JSON.stringify({ lanes, words, ...NO_TARGETS, bars: text, passes }),
  };
}

/** Not by the network, whose contents the browser keeps for its developer tools. */
async function hand(page: Page, messages: readonly Sent[]): Promise<void> {
  for (const { json } of messages) await page.evaluate(`window.bench.keep(${json})`);
}

/** As a live run has them: those of every 60 ms, of any lane. */
function liveMessages(): Sent[] {
  const random = new Random(1, 'live');
  const count = (LIVE_BARS * LIVE_STEP_MS) / 1_000;
  let pass = 0;
  return Array.from({ length: (LIVE_SECONDS * 1_000) / LIVE_STEP_MS }, (_, step) => {
    const writer = new BarWriter();
    const baseUs = step * LIVE_STEP_MS * 1_000;
    for (let bar = 0; bar < count; bar++) {
      const startUs = baseUs + Math.round((bar / count) * LIVE_STEP_MS * 1_000);
      if (bar % 4 === 0) pass++;
      const kind = bar % 4 === 0 ? BarKind.pass : BarKind.kubernetes;
      const durationUs = 1_000 + random.below(50_000);
      writer.add(random.below(LANES), kind, startUs, durationUs, 0, pass);
    }
    // Something goes on, so that the page draws on.
    writer.add(0, BarKind.pass, baseUs, Infinity, 0, pass);
    const lanes = step === 0 ? Array.from({ length: LANES }, (_, lane) => `load/runner-${lane}`) : [];
    return sent({ lanes, laneKinds: [], words: step === 0 ? [''] : [], bars: writer.take(), passes: pass + 1 });
  });
}

/** What VS Code is for the page, and what measures it: every animation frame is timed. */
const FIXTURE = `
const sent = [];
window.acquireVsCodeApi = () => ({ postMessage: (m) => sent.push([performance.now(), m]), getState: () => undefined, setState: () => {} });
const raf = window.requestAnimationFrame.bind(window);
let spent = [];
window.requestAnimationFrame = (callback) => raf((time) => { const from = performance.now(); callback(time); spent.push(performance.now() - from); });
const frame = () => new Promise((resolve) => raf(() => resolve()));
const post = (message, transfer) => window.postMessage(message, '*', transfer);
const postBars = (message) => post({ type: 'bars', ...message }, [message.bars.bytes]);
const kept = [];
window.bench = {
  keep({ bars, ...message }) {
    const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
    kept.push({ ...message, bars: { ...bars, bytes: bytesOf(bars.bytes) } });
  },
  async load(bars) {
    post({ type: 'reset', title: 'bench' });
    post({ type: 'session', session: { id: 's', name: 'bench', mode: 'new', era: '', order: 1, kind: 'trace', source: 'synthetic', colour: 0, live: false, originUs: 0 } });
    const from = performance.now();
    for (const message of kept.splice(0)) postBars({ session: 's', ...message, nowUs: 0 });
    post({ type: 'loaded' });
    for (;;) {
      const painted = sent.find(([, message]) => message.type === 'painted' && message.bars === bars);
      if (painted) return painted[0] - from;
      await frame();
    }
  },
  wheel(deltaY, shiftKey) {
    const chart = document.getElementById('chart');
    const box = chart.getBoundingClientRect();
    const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
    chart.dispatchEvent(new WheelEvent('wheel', { deltaY, shiftKey, bubbles: true, cancelable: true, ...at }));
  },
  async frames(count) {
    spent = [];
    for (let n = 0; n < count; n++) {
      if (n % 2 === 0) this.wheel(n % 4 === 0 ? 30 : -30, true);
      else this.wheel(n % 4 === 1 ? 20 : -20, false);
      await frame(); await frame();
    }
    return spent;
  },
  async zoomIn() {
    for (let n = 0; n < 6; n++) this.wheel(-100, false);
    await frame(); await frame();
  },
  // As a live run sends them: a message for each batch, while the page follows.
  async live(stepMs) {
    const messages = kept.splice(0);
    post({ type: 'reset', title: 'live' });
    post({ type: 'session', session: { id: 'l', name: 'live', mode: 'new', era: '', order: 1, kind: 'embedded', source: 'embedded', colour: 0, live: true, originUs: 0 } });
    post({ type: 'loaded' });
    await frame(); await frame();
    spent = [];
    const from = performance.now();
    for (const [n, message] of messages.entries()) {
      while (performance.now() < from + n * stepMs) await new Promise((resolve) => setTimeout(resolve, 1));
      postBars({ session: 'l', ...message, nowUs: (n + 1) * stepMs * 1000 });
    }
    const took = performance.now() - from;
    spent.sort((a, b) => a - b);
    return [spent[Math.floor(spent.length * 0.99)], spent.filter((ms) => ms > 16.6).length, spent.length, took];
  },
  async point(moves) {
    const chart = document.getElementById('chart');
    const box = chart.getBoundingClientRect();
    const times = [];
    for (let n = 0; n < moves; n++) {
      const event = new PointerEvent('pointermove', { bubbles: true, clientX: box.left + 200 + (n * 37) % (box.width - 220), clientY: box.top + 60 + (n * 53) % (box.height - 80) });
      const from = performance.now();
      chart.dispatchEvent(event);
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length * 0.99)];
  },
};
`;

/** Loads the same spans, as many lanes, in speedscope's own format, and says how long it took until it drew them. */
async function measureSpeedscope(bars: number): Promise<{ load: string; memory: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-lab-speedscope-'));
  const browser = await launchBrowser();
  try {
    execFileSync('npm', [
      'install',
      '--prefix',
      folder,
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      'speedscope@1.25.0',
    ]);
    const release = join(folder, 'node_modules', 'speedscope', 'dist', 'release');
    const content = Buffer.from(JSON.stringify(speedscopeFile(bars))).toString('base64');
    writeFileSync(join(release, 'spans.js'), `speedscope.loadFileFromBase64('spans.speedscope.json', '${content}')`);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const fromMs = performance.now();
    await page.goto(`file://${release}/index.html#localProfilePath=${release}/spans.js`);
    await page.waitForFunction('document.title.includes("spans") || document.title.includes("runner-")', undefined, {
      timeout: 120_000,
    });
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    const loadMs = performance.now() - fromMs;
    return { load: `${(loadMs / 1000).toFixed(1)} s`, memory: `${(await rendererMegabytes(page)).toFixed(0)} MB` };
  } catch (error) {
    return { load: `could not be measured: ${String(error).split('\n')[0]}`, memory: '' };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One evented profile a lane, the spans of its passes and requests nested as they are. */
function speedscopeFile(bars: number): object {
  const frames: { name: string }[] = [];
  const names = new Map<string, number>();
  const frame = (name: string): number => {
    let index = names.get(name);
    if (index === undefined) {
      index = frames.push({ name }) - 1;
      names.set(name, index);
    }
    return index;
  };
  type Event = { type: 'O' | 'C'; at: number; frame: number };
  const lanes = new Map<string, { events: Event[]; endUs: number }>();
  for (const pass of knownPasses(syntheticTrace(bars, LANES))) {
    const lane = lanes.get(pass.object) ?? { events: [], endUs: 0 };
    lanes.set(pass.object, lane);
    // Passes of a made-up trace may overlap in a lane, which this format does not allow: they are moved behind one another.
    const shift = Math.max(0, lane.endUs - pass.queued);
    const add = (name: string, fromUs: number, toUs: number, inside: () => void = () => undefined): void => {
      lane.events.push({ type: 'O', at: fromUs + shift, frame: frame(name) });
      inside();
      lane.events.push({ type: 'C', at: toUs + shift, frame: frame(name) });
    };
    add('queued', pass.queued, pass.started);
    add('pass', pass.started, pass.ended, () =>
      add('work', pass.started, pass.ended, () => {
        for (const { resource, started, ended } of pass.requests) add(resource, started, ended);
      }),
    );
    lane.endUs = pass.ended + shift;
  }
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames },
    profiles: [...lanes].map(([name, { events, endUs }]) => ({
      type: 'evented',
      name,
      unit: 'microseconds',
      startValue: 0,
      endValue: endUs,
      events,
    })),
  };
}
