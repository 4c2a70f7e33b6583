import * as vscode from 'vscode';
import type { App } from '../../../src/extension/app.ts';
import type { Run, ShownSession } from '../../../src/extension/run.ts';
import { syntheticTrace } from '../../../src/trace/synthetic-trace.ts';
import { BarFeed } from '../../../src/timeline/bar-feed.ts';
import { median } from '../../bench/measure.ts';
import type { Painted } from '../../../src/extension/timeline-view.ts';
import { activated, delay, end, figure } from './bench-common.ts';

/** Bars on their way from the extension host to the page, measured in the host. */
const LIVE_SECONDS = 5;
/** A pass is five bars here: 50,000 a second. */
const LIVE_PASSES_A_SECOND = 10_000;
const LIVE_RUNNERS = 10_000;
const MANY_BARS = 1_000_000;

export async function run(): Promise<void> {
  const app = await activated();
  await timeToBars(app);
  await millionBars(app);
  await liveBars(app);
}

/** From the command to the first bars on screen, the engine being loaded on the way. */
async function timeToBars(app: App): Promise<void> {
  const from = performance.now();
  const run = await vscode.commands.executeCommand<Run>('arcReconcilerLab.run', {
    cluster: 'embedded',
    mode: 'both',
    runners: 3,
  });
  const view = app.panels.viewWith(run.id);
  await new Promise<void>((resolve) => view?.onDidPaint(({ bars }) => bars > 0 && resolve()));
  figure('to-bars', performance.now() - from);
  await end(app, run);
}

/** A million bars in the extension's own timeline: making them, and from opening the timeline to their being drawn. */
async function millionBars(app: App): Promise<void> {
  const trace = syntheticTrace(MANY_BARS, 10_000);
  let from = performance.now();
  const bytes = new BarFeed(trace).take().bars.bytes.byteLength;
  figure('million-bars-made', performance.now() - from);
  figure('bare-message', await bareMessage(bytes));
  from = performance.now();
  const info = {
    id: 'many',
    name: 'many',
    mode: 'new',
    kind: 'trace' as const,
    source: 'synthetic',
    colour: 0,
    era: '',
    order: 1,
    live: false,
    originUs: 0,
  };
  const view = app.panels.showSources('many', 'many', [{ info, trace, session: undefined }]);
  const painted = (bars: number): Promise<Painted> =>
    new Promise((resolve) => view.onDidPaint((it) => it.bars >= bars && resolve(it)));
  const first = painted(1).then(() => figure('million-bars-begun', performance.now() - from));
  const { travelMs } = await painted(MANY_BARS);
  figure('million-bars-shown', performance.now() - from);
  await first;
  figure('million-bars-travel', travelMs);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** How long VS Code itself takes to bring one buffer to a page that does nothing, in milliseconds. */
async function bareMessage(bytes: number): Promise<number> {
  const panel = vscode.window.createWebviewPanel('bare', 'bare', vscode.ViewColumn.Active, { enableScripts: true });
  const answer = (): Promise<{ atMs: number; bytes: number }> =>
    new Promise((resolve) => {
      const listening = panel.webview.onDidReceiveMessage((message: { atMs: number; bytes: number }) => {
        listening.dispose();
        resolve(message);
      });
    });
  const ready = answer();
  panel.webview.html = `<!doctype html><script>
    const host = acquireVsCodeApi();
    addEventListener('message', ({ data }) => host.postMessage({ atMs: Date.now(), bytes: data.bytes.byteLength }));
    host.postMessage({ atMs: 0, bytes: 0 });
  </script>`;
  await ready;
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const answered = answer();
    const fromMs = Date.now();
    await panel.webview.postMessage({ bytes: new ArrayBuffer(bytes) });
    const arrived = await answered;
    if (arrived.bytes !== bytes) throw new Error(`${arrived.bytes} bytes of ${bytes} arrived`);
    times.push(arrived.atMs - fromMs);
  }
  panel.dispose();
  return median(times);
}

/** A run whose trace grows by 50,000 bars a second, with its timeline on screen. */
async function liveBars(app: App): Promise<void> {
  const run = await vscode.commands.executeCommand<Run>('arcReconcilerLab.run', {
    cluster: 'embedded',
    mode: 'new',
    runners: 1,
  });
  const { run: session } = run.sessions[0] as ShownSession;
  const { trace } = session;
  await delay(3_000);
  const cpu = process.cpuUsage();
  const from = performance.now();
  let made = 0;
  while (performance.now() - from < LIVE_SECONDS * 1_000) {
    const due = ((performance.now() - from) / 1_000) * LIVE_PASSES_A_SECOND;
    for (; made < due; made++) {
      const now = session.nowUs();
      const runner = `load/runner-${(made * 7_919) % LIVE_RUNNERS}`;
      const pass = trace.beginPass({
        ...{
          object: runner,
          controller: 'ephemeralrunner',
          worker: made % 10,
          attempt: 1,
          trigger: 'ephemeralrunner-updated',
        },
        ...{ queued: now - 30_000, ready: now - 30_000, started: now - 20_000 },
      });
      trace.beginPhase(pass, 'work', now - 20_000);
      const patch = { to: 'kubernetes', verb: 'patch', resource: 'ephemeralrunners', throttled: 0 } as const;
      trace.beginRequest(pass, { ...patch, started: now - 20_000 });
      trace.endRequest(pass, { status: 200, ended: now - 15_000 });
      const register = { to: 'actions', verb: 'post', resource: 'generatejitconfig', throttled: 0 } as const;
      trace.beginRequest(pass, { ...register, started: now - 15_000 });
      trace.endRequest(pass, { status: 200, ended: now - 1_000 });
      trace.endPass(pass, { result: 'done', after: 0, error: null, ended: now });
    }
    await delay(20);
  }
  const { user, system } = process.cpuUsage(cpu);
  figure('host-share-live', (user + system) / 1_000 / (performance.now() - from));
  await end(app, run);
}
