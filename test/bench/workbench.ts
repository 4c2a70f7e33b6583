import { statSync } from 'node:fs';
import { join } from 'node:path';
import { inExtensionHost } from '../workbench/extension-host.ts';
import { missingWorkbenchTool, ROOT } from '../workbench/tools.ts';
import { packageExtension, Workbench } from '../workbench/workbench.ts';
import { percentile, type Row } from './measure.ts';

const ACTIVATIONS = 20;
const SETTLE_MS = 5_000;
const UNCOMPRESSED = ['--disable-websocket-compression'];

/** The extension in the real workbench: how soon it is there, and what it costs its host. */
export async function workbenchBench(): Promise<Row[]> {
  const missing = missingWorkbenchTool();
  if (missing !== undefined)
    return [{ what: 'the extension in VS Code', ours: `skipped: ${missing}`, peer: '', aim: '' }];
  const activations = await activationTimes();
  // As on a desktop, where host and page share a machine; then as in a remote window.
  const figures = new Map([...(await measured('bench-bars', UNCOMPRESSED)), ...(await measured('bench-runners'))]);
  const remote = await measured('bench-bars');
  const ms = (name: string): string => `${(figures.get(name) ?? NaN).toFixed(1)} ms`;
  const share = (name: string): string => `${((figures.get(name) ?? NaN) * 100).toFixed(0)} %`;
  const kilobytes = (file: string): string => `${(statSync(file).size / 1e3).toFixed(0)} kB`;
  const row = (what: string, ours: string, aim = '', peer = ''): Row => ({ what, ours, peer, aim });
  return [
    row(
      `activation as the workbench shows it, p95 of ${ACTIVATIONS} windows`,
      `${percentile(activations, 0.95)} ms`,
      '15 ms',
    ),
    row('entry bundle', kilobytes(join(ROOT, 'dist', 'extension.cjs')), '150 kB'),
    row('VSIX', kilobytes(packageExtension()), '1500 kB'),
    row('from the command to bars on screen, first run', ms('to-bars'), '2000 ms'),
    row(
      'a million bars, from host to page: from sending the last of the messages to having taken in all',
      ms('million-bars-travel'),
      '100 ms',
      `one message of as many bytes to an idle page ${ms('bare-message')}; with the compression of a remote window ${remote.get('million-bars-travel')} ms`,
    ),
    row('extension host, 50,000 bars a second arriving', share('host-share-live'), '50 %', 'of a core'),
    row('a million bars made from a trace', ms('million-bars-made')),
    row(
      'a million bars, from opening the timeline to the first and to all of them',
      `${ms('million-bars-begun')}, ${ms('million-bars-shown')}`,
    ),
    row(
      '100,000 runners: a page of 500 by name, by age, by state, slowest first',
      ['name', 'age', 'state', 'slowest'].map((sort) => ms(`tree-page-${sort}`)).join(', '),
      '16 ms',
    ),
    row('extension host, 100,000 runners at rest, tree on screen', share('host-share-idle'), '', 'of a core'),
    row(
      'extension host, 1,000 of them reconciled a second, tree on screen',
      share('host-share-changes'),
      '50 %',
      `tree hidden ${share('host-share-changes-hidden')}`,
    ),
    row('event loop of the extension host meanwhile, p99 delay', ms('host-delay-changes'), '16 ms'),
  ];
}

/** What a file of host/ measures, by name. */
async function measured(name: string, flags: readonly string[] = []): Promise<Map<string, number>> {
  const { code, output } = await inExtensionHost(name, { flags, asExtension: true });
  if (code !== 0) throw new Error(`measuring in the extension host failed:\n${output.slice(-20).join('\n')}`);
  return new Map(
    output.flatMap((line) => {
      const [, what = '', value = ''] = /^figure (\S+) (\S+)$/.exec(line) ?? [];
      return what === '' ? [] : [[what, Number(value)] as const];
    }),
  );
}

/** What Developer: Show Running Extensions says of windows opened one after the other, in milliseconds. */
async function activationTimes(): Promise<number[]> {
  const workbench = await Workbench.open();
  const times: number[] = [];
  // The list makes only those rows that there is room for.
  await workbench.page.setViewportSize({ width: 1440, height: 2_400 });
  try {
    for (let window = 0; window < ACTIVATIONS; window++) {
      await workbench.page.reload();
      await workbench.page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
      // By itself, not while a window begins and everything else is activated too.
      await workbench.page.waitForTimeout(SETTLE_MS);
      // A command whose effect shows that the extension has been activated.
      await workbench.command('ARC: Show Log');
      await workbench.page
        .locator('.part.panel option', { hasText: 'ARC Reconciler Lab' })
        .first()
        .waitFor({ state: 'attached' });
      await workbench.command('Developer: Show Running Extensions');
      const extension = workbench.page.locator('.runtime-extensions-editor .extension', {
        hasText: 'ARC Reconciler Lab',
      });
      const text = await extension.locator('.activation-time').textContent();
      times.push(Number(/(\d+)\s*ms/.exec(text ?? '')?.[1] ?? NaN));
    }
  } finally {
    await workbench.close();
  }
  return times;
}
