import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareReleases } from '../../../src/cli/compare.ts';
import { modeChoices, modesOf } from '../../../src/extension/commands/mode-choices.ts';
import { newRelease } from '../../../src/reconciler/releases/new.ts';
import { oldRelease } from '../../../src/reconciler/releases/old.ts';
import { ReleaseList } from '../../../src/reconciler/releases/release-list.ts';
import type { QueueOrder } from '../../../src/runtime/queue-order.ts';
import type { QueuedItem } from '../../../src/runtime/queued-item.ts';
import { stepsOf } from '../../../src/analysis/steps.ts';
import type { Release } from '../../../src/reconciler/releases/release.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';

/** What a person would write who adds a release: its data, and a place in the list. */
const made: Release = {
  ...newRelease,
  id: '0.99-made.up',
  versions: ['0.99.0'],
  isDefault: false,
  words: { era: 'made up for a test', gist: 'names itself', about: 'a release that a test has made up' },
  actions: { ...newRelease.actions, userAgent: () => 'made-up/1' },
  backoff: { ...newRelease.backoff, baseUs: 70_000 },
};
const THREE = new ReleaseList([oldRelease, newRelease, made]);

/** Gives out what came last. */
class Lifo<Item> implements QueueOrder<Item> {
  readonly #items: Item[] = [];

  get length(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  touch(): void {
    // The order stays as it is.
  }

  pop(): Item | undefined {
    return this.#items.pop();
  }

  ahead(item: Item): number {
    return this.#items.length - 1 - this.#items.indexOf(item);
  }
}

interface Compared {
  readonly virtual: boolean;
  readonly baseline: string;
  readonly results: readonly { readonly mode: string; readonly pods: number; readonly firstPodUs: number }[];
}

async function compare(...args: string[]): Promise<string> {
  let text = '';
  const out = { write: (part: string): boolean => ((text += part), true), isTTY: false, columns: 100 };
  await compareReleases(['--virtual', '--runners', '3', ...args], out, new AbortController().signal, THREE);
  return text;
}

/** The columns of the picture of steps, in their order. */
const columnsOf = (text: string): string[] =>
  (text.split('\n').find((line) => line.startsWith('step')) ?? '').split(/ {2,}/).slice(1);

describe('a third release, which the product knows nothing of', () => {
  it('runs beside the others: its own column, row, chart and figures, and its sentence against the baseline', async () => {
    const text = await compare('--modes', 'old,new,0.99-made.up');
    assert.deepEqual(columnsOf(text), ['old', 'new', '0.99-made.up']);
    for (const mode of THREE.ids) {
      assert.match(text, new RegExp(`^${mode} +3 +\\d`, 'm'), `no row of figures for ${mode}`);
      assert.match(text, new RegExp(`^${mode}, .* a column$`, 'm'), `no chart of ${mode}`);
    }
    const gain = 'made the first pod 428 ms sooner (709 ms → 281 ms)';
    assert.ok(text.includes(`Compared with old (1 worker and 3 runners): new ${gain}`), text);
    assert.ok(text.includes(`; 0.99-made.up ${gain}`), text);
  });

  it('can be what the others are compared with, wherever it stands', async () => {
    const first = await compare('--modes', '0.99-made.up,old,new');
    const named = await compare('--modes', 'old,new,0.99-made.up', '--baseline', '0.99-made.up');
    for (const text of [first, named]) {
      assert.ok(
        text.includes('Compared with 0.99-made.up (1 worker and 3 runners): old made the first pod 428 ms later'),
        text,
      );
      assert.ok(text.includes('; new made no real difference.'), text);
    }
    assert.deepEqual(columnsOf(first), ['0.99-made.up', 'old', 'new']);
  });

  it('is compared with one other, or alone', async () => {
    assert.match(
      await compare('--modes', 'new,old'),
      /^With 1 worker and 3 runners, old made the first pod 428 ms later \(281 ms → 709 ms\)/m,
      'what stands first is what the other is compared with',
    );
    const alone = await compare('--modes', '0.99-made.up');
    assert.deepEqual(columnsOf(alone), ['0.99-made.up']);
    assert.match(alone, /^3 runners got their pods with 1 worker: the first after 281 ms/m);
  });

  it('is in the figures, the report and the traces, and each names the baseline', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'arc-lab-'));
    try {
      const html = join(folder, 'report.html');
      const traces = join(folder, 'traces');
      const asked = ['--modes', 'old,new,0.99-made.up', '--baseline', 'new', '--json'];
      const json = JSON.parse(await compare(...asked, '--html', html, '--trace-dir', traces)) as Compared;
      assert.equal(json.baseline, 'new');
      assert.deepEqual(
        json.results.map(({ mode, pods }) => [mode, pods]),
        THREE.ids.map((mode) => [mode, 3]),
      );
      assert.deepEqual(readdirSync(traces).sort(), [...THREE.ids].map((mode) => `${mode}.arctrace.jsonl`).sort());
      const report = readFileSync(html, 'utf8');
      assert.match(report, /<h1>old, new and 0\.99-made\.up compared<\/h1>/);
      assert.ok(report.includes('0.99-made.up is a release that a test has made up.'), 'what it is');
      assert.match(report, /<th scope="row">old, difference to new<\/th><td>.*?<td class="worse">▲ later by 428 ms/);
      assert.match(report, /<th scope="row">0\.99-made\.up, difference to new<\/th>/);
      assert.equal(report.match(/<svg class="chart"/g)?.length, 3);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('differs by its data alone: its back-off, and what its client says it is', () => {
    /** A run whose first registration is refused. */
    const seen = (mode: string): { agents: string[]; backoffUs: number | undefined } => {
      const clock = new VirtualClock();
      const agents = new Set<string>();
      const rig = new EmbeddedRig({
        clock,
        epochMs: VIRTUAL_EPOCH_MS,
        settings: { ...DEFAULT_SETTINGS, mode, runners: 1, workers: 1 },
        releases: THREE,
        actions: { script: { generatejitconfig: [{ status: 400 }] } },
        wrapDriver: (driver) => ({
          perform: (effect, pass, reply) => {
            if (effect.kind === 'http') agents.add(effect.request.headers['user-agent'] ?? '');
            driver.perform(effect, pass, reply);
          },
        }),
      });
      rig.start();
      rig.runnerSet.create(1, () => undefined);
      clock.run();
      const again = [...rig.trace.passes()].find(({ trigger }) => trigger === 'error');
      rig.dispose();
      return { agents: [...agents], backoffUs: again && (again.ready ?? NaN) - (again.queued ?? NaN) };
    };
    assert.deepEqual(seen(made.id), { agents: ['made-up/1'], backoffUs: 70_000 });
    assert.deepEqual(seen('new'), { agents: [newRelease.actions.userAgent(undefined)], backoffUs: 5_000 });
  });

  it('differs by its data alone: the order in which workers get runners', () => {
    const registered = (releases: ReleaseList): string[] => {
      const settings = { ...DEFAULT_SETTINGS, mode: made.id, runners: 4, workers: 1 };
      const { trace } = simulate(settings, { releases });
      return stepsOf(trace).flatMap(({ made: what, object }) => (what === 'registration' ? [object] : []));
    };
    const inTurn = registered(THREE);
    const queue = { ...made.queue, order: () => new Lifo<QueuedItem>() };
    const lastFirst = registered(new ReleaseList([oldRelease, newRelease, { ...made, queue }]));
    assert.deepEqual([...inTurn].sort(), inTurn, 'first come, first served');
    assert.deepEqual([...lastFirst].sort(), inTurn, 'the same runners');
    assert.notDeepEqual(lastFirst, inTurn, 'in another order');
  });

  it('is refused with the list where it is not one of it', async () => {
    await assert.rejects(compare('--modes', 'old,newest'), {
      name: 'UsageError',
      message:
        /^unknown mode "newest"; modes are old, new and 0\.99-made\.up; 0\.9\.0, .* run as one of these; did you mean 0\.99-made\.up\?$/,
    });
    await assert.rejects(compare('--modes', 'old,new', '--baseline', '0.99-made.up'), {
      message: '--baseline must be one of the modes that are compared: old and new',
    });
    await assert.rejects(compare('--modes', 'old,old'), { message: '--modes names old twice: leave one of them out' });
    assert.throws(() => simulate({ ...DEFAULT_SETTINGS, mode: 'newest' }), /unknown mode "newest"; modes are /);
  });

  it('can be chosen for a run, alone, beside the default pair, and all together', () => {
    const labels = (write: boolean, releases = THREE): string[] =>
      modeChoices(write, false, releases).map(({ label, description }) => `${label}: ${description}`);
    const [together = '', all = '', ...each] = labels(false);
    assert.equal(together, 'Both, side by side: old above new on one time axis');
    assert.equal(all, 'All, side by side: old above new above 0.99-made.up on one time axis');
    assert.equal(each.at(-1), '0.99-made.up: names itself');
    assert.deepEqual(labels(true), each, 'what writes has exactly one mode');
    assert.ok(!labels(false, new ReleaseList([oldRelease, newRelease])).some((label) => label.startsWith('All')));
    assert.deepEqual(modesOf('both', THREE), ['old', 'new']);
    assert.deepEqual(modesOf(['0.99-made.up', 'old', 'old'], THREE), ['0.99-made.up', 'old']);
    assert.throws(
      () => modesOf('0.98', THREE),
      /^Error: ARC 0\.98 cannot be run here; modes are old, new and 0\.99-made\.up/,
    );
  });
});
