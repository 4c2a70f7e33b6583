import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as Playwright from 'playwright-core';
import { syntheticTrace } from '../../src/trace/synthetic-trace.ts';
import { traceLines } from '../../src/trace/jsonl.ts';
import { eventually } from '../builders/eventually.ts';
import { connected } from '../builders/serving.ts';
import { testsWorkbench } from './suite-hooks.ts';
import { ServedCluster } from './served.ts';
import { SHOWN, Workbench } from './workbench.ts';

const CONTEXT = 'arc-lab';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/arc-runners/leases/arc-lab';

/** On each node something else goes wrong, and for some pods there is no room. */
const TROUBLE = `
nodes: 3
capacity: 6
runners: { containers: [{ name: dind, image: "docker:dind" }] }
stages:
  - { when: { node: lab-node-1, state: waiting, reason: ErrImagePull }, after: 1s, do: back-off }
  - { when: { node: lab-node-1, state: waiting, reason: ImagePullBackOff }, do: never }
  - { when: { node: lab-node-1, state: waiting }, after: start, do: fail-pull }
  - { when: { node: lab-node-2, state: waiting }, after: 2s, do: { evict: "The node was low on resource: memory." } }
  - { when: { node: lab-node-3, state: running, attempt: 1 }, after: 1s, do: { oom-kill: runner } }
`;

const run = (key: string, args: object): { key: string; command: string; args: object } => ({
  key,
  command: 'arcReconcilerLab.run',
  args: { cluster: 'embedded', mode: 'new', ...args },
});

/** What people see of what waits, goes wrong, is lost or was not kept. Runs are started by key bindings with arguments. */
describe('trouble in the workbench', function () {
  this.timeout(4 * 60_000);
  let workbench: Workbench;
  let cluster: ServedCluster;

  testsWorkbench(() => workbench);

  before(async () => {
    cluster = await ServedCluster.start();
    workbench = await Workbench.open({
      environment: cluster.environment,
      settings: { 'arcReconcilerLab.timeline.wheel': 'zoom' },
      keybindings: [
        run('ctrl+alt+1', { runners: 3_000, workers: 1, pods: 'none' }),
        run('ctrl+alt+2', { runners: 9, workers: 4, pods: 'failing-pods.yaml' }),
        run('ctrl+alt+3', { cluster: CONTEXT, namespace: 'arc-runners', write: true }),
      ],
      files: {
        'failing-pods.yaml': TROUBLE,
        'monday.arctrace.jsonl': [...traceLines(syntheticTrace(500, 4))].join(''),
        'tuesday.arctrace.jsonl': [...traceLines(syntheticTrace(900, 6))].join(''),
      },
    });
    await workbench.command('View: Show ARC Lab');
  });

  after(async () => {
    cluster?.end();
  });

  const row = (text: string | RegExp): Playwright.Locator =>
    workbench.page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  const tab = (text: string | RegExp): Playwright.Locator => workbench.page.locator('.tab', { hasText: text }).first();
  /** Brings a tab to the front. The pointer leaves it, for a tab's tooltip would cover the timeline's toolbar. */
  const toFront = async (text: string | RegExp): Promise<void> => {
    await tab(text).click();
    await workbench.page.mouse.move(0, 0);
  };
  const chart = (text: string): Playwright.Locator => workbench.timeline().locator(`#chart[aria-label*="${text}"]`);
  const notice = (text: string | RegExp): Playwright.Locator =>
    workbench.timeline().locator('#notices').getByText(text);

  /** How much of the lanes has something drawn in them at the time at which it is most. */
  async function filled(): Promise<number> {
    await workbench.timeline().locator('#fit').click();
    await workbench.drawn();
    const frame = await workbench.timelineFrame();
    return frame.evaluate(() => {
      const canvas = document.getElementById('chart') as HTMLCanvasElement;
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      const [top, bottom] = [80, Math.round(canvas.height * 0.9)];
      const background = new Uint32Array(
        context.getImageData(canvas.width - 2, canvas.height - 2, 1, 1).data.buffer,
      )[0];
      // Wider than lines of the axis and of now are.
      const width = Math.round(canvas.width * 0.05);
      const shares: number[] = [];
      // Right of now is room for what comes, more or less of it.
      for (let from = Math.round(canvas.width / 2); from < canvas.width - width; from += width) {
        const pixels = new Uint32Array(context.getImageData(from, top, width, bottom - top).data.buffer);
        let rows = 0;
        for (let y = 0; y < bottom - top; y++) {
          const drawn = pixels.subarray(y * width, (y + 1) * width).filter((pixel) => pixel !== background).length;
          if (drawn > width / 4) rows++;
        }
        shares.push(rows / (bottom - top));
      }
      return Math.max(...shares);
    });
  }

  it('shows that 3,000 runners wait, in every lane, while they do and after the run was stopped', async () => {
    await workbench.page.keyboard.press('Control+Alt+1');
    await row(/runner-\d+waiting for a worker/).waitFor({ timeout: 60_000 });
    // It takes a while until all are created.
    await eventually(async () => {
      const share = Math.round((await filled()) * 100);
      assert.ok(share > 90, `while it runs ${share} % of the lanes have something in them`);
    });
    await workbench.screenshot('waits-live');
    await workbench.command('ARC: Stop');
    await row(/new · embedded.*ended/).waitFor();
    const share = Math.round((await filled()) * 100);
    assert.ok(share > 90, `after Stop ${share} % of the lanes have something in them`);
  });

  it('names what is wrong with pods: an image, no room, evicted, killed beside a sidecar', async () => {
    await workbench.page.keyboard.press('Control+Alt+2');
    await chart('9 runners').waitFor({ timeout: 60_000 });
    const frame = await workbench.timelineFrame();
    // What the chart writes, which only the eye could tell otherwise.
    await frame.evaluate(`{
      window.texts = [];
      const { prototype } = CanvasRenderingContext2D;
      const draw = prototype.fillText;
      prototype.fillText = function (text, ...place) { window.texts.push(text); draw.call(this, text, ...place); };
    }`);
    // A name may be cut where there is little room.
    for (const code of ['Unschedulable', 'OOMKilled', 'ImagePullBackOff']) {
      await frame
        .waitForFunction(
          (begin) => (window as unknown as { texts: string[] }).texts.some((text) => text.startsWith(begin)),
          code.slice(0, 3),
        )
        .catch(() => assert.fail(`${code} is on no lane`));
    }
    // Its place on the lane goes to what is wrong with the next pod.
    await workbench.timeline().locator('#headline', { hasText: 'Evicted' }).waitFor();
    await row(/runner-\d.*ImagePullBackOff/).waitFor();
  });

  it('zooms with the wheel where the setting says so', async () => {
    const frame = await workbench.timelineFrame();
    await workbench.timeline().locator('#fit').click();
    await workbench.drawn();
    const label = async (): Promise<string> => (await frame.locator('#chart').getAttribute('aria-label')) ?? '';
    const span = async (): Promise<string> => /Shown is the time from .+? to [^.,]+/.exec(await label())?.[0] ?? '';
    const before = await span();
    await frame.locator('#chart').hover();
    await workbench.page.mouse.wheel(0, -600);
    await frame.waitForFunction((text) => !document.getElementById('chart')?.ariaLabel?.includes(text), before);
    await workbench.timeline().locator('#fit').click();
  });

  it('opens traces together that were selected in the explorer', async () => {
    const { page } = workbench;
    await workbench.command('View: Show Explorer');
    const file = (name: string): Playwright.Locator =>
      page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    await file('monday').click();
    // The explorer selects a file again when it has been opened.
    await chart('monday.arctrace.jsonl: 4 runners').waitFor();
    await file('tuesday').click({ modifiers: ['Shift'] });
    await file('tuesday').click({ button: 'right' });
    await page.locator('.monaco-menu').getByText('Open Traces Together').hover();
    await page.keyboard.press('Enter');
    await tab(/Timeline: monday.*tuesday/).waitFor();
    await chart('tuesday: 6 runners').waitFor();
    await workbench.command('View: Show ARC Lab');
  });

  it('says that the right to write was lost, why, and offers to connect again', async () => {
    const { page } = workbench;
    await page.keyboard.press('Control+Alt+3');
    await page.locator('.monaco-dialog-box').getByText('Write to the Cluster').click({ timeout: 60_000 });
    await notice(/This session writes to arc-lab/).waitFor({ timeout: 60_000 });
    await connected(cluster.kubeconfig, (api) =>
      api.json('PATCH', LEASE, { spec: { holderIdentity: 'somebody-else' } }, 'application/merge-patch+json'),
    );
    await notice(/Stopped writing to arc-lab.*: the lease is somebody-else’s now/).waitFor({ timeout: 60_000 });
    await workbench.timeline().locator('#notices').getByText('Reconnect').waitFor();
    const message = page.locator('.notification-toast', { hasText: 'Stopped writing to arc-lab' });
    await message.getByText('Reconnect').waitFor();
    await message.getByText('Show Log').waitFor();
    await page.locator('.statusbar-item[id*="arcReconcilerLab"]', { hasText: 'stopped writing to arc-lab' }).waitFor();
    await workbench.screenshot('lease-lost-message');
    await workbench.command('Notifications: Clear All Notifications');
  });

  it('can be read in every theme and size', async () => {
    const pictures = {
      'open-waits': /embedded 1/,
      'pod-problems-and-now': /embedded 2/,
      together: /monday.*tuesday/,
      'lease-lost': /arc-lab/,
    };
    await workbench.pictures(Object.keys(pictures), SHOWN, async (name) => {
      await toFront(pictures[name as keyof typeof pictures]);
      await workbench.timeline().locator('#fit').click();
    });
  });

  it('says of a run that was not kept that it was not, and runs it again', async () => {
    const { page } = workbench;
    await toFront(/embedded 2/);
    await workbench.command('View: Close Other Editors in Group');
    // As when it is too large or newer runs have taken its place.
    const storage = join(workbench.folders.data, 'User', 'workspaceStorage');
    for (const name of readdirSync(storage, { recursive: true, encoding: 'utf8' })) {
      if (/runs\/.*\.json(l)?$/.test(name)) rmSync(join(storage, name));
    }
    await workbench.reload();
    await notice('This run was not saved when the window closed.').waitFor({ timeout: 60_000 });
    await workbench.pictures('not-kept', SHOWN);
    await workbench.timeline().locator('#notices').getByText('Run Again').click();
    await page.getByPlaceholder('Select where to run the reconciler').waitFor();
    await page.keyboard.press('Escape');
  });
});
