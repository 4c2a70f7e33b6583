import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { EventEmitter } from '../../builders/vscode/interface.ts';
import { TraceMaker } from '../../../src/evidence/passes/trace-maker.ts';
import { LiveReading } from '../../../src/evidence/live-reading.ts';
import type { Explained } from '../../../src/extension/explained.ts';
import type { ShownSession } from '../../../src/extension/run.ts';
import { CONTROLLER_POD, controllerLine, heldLines } from '../../builders/watched-cluster.ts';

const { FindingsTree } = await import('../../../src/extension/findings-tree.ts');
const { WatchFindings } = await import('../../../src/extension/watch-findings.ts');

const NAME = `arc-systems/${CONTROLLER_POD}`;

/** A session that watches: its log is what the test writes, read until now. */
class Watched {
  readonly #maker = new TraceMaker();
  readonly #live = new LiveReading((...line) => this.#maker.take(...line));
  readonly #take = this.#live.log(NAME);
  readonly #changed = new EventEmitter<void>();
  readonly #readUs = Date.now() * 1000;
  readonly trace = this.#maker.begin(Date.now() * 1000 - 3600e6);
  readonly shown: (readonly Explained[])[] = [];
  readonly findings: InstanceType<typeof WatchFindings>;
  /** How long after the lines the log is looked at, in seconds. */
  laterS = 0;
  all: ShownSession[] = [];

  constructor() {
    const { changed, take } = { changed: this.#changed, take: (): unknown => this.#explain() };
    const run = {
      trace: this.trace,
      get explanation() {
        return take();
      },
    };
    const session = { id: 'w', name: 'lab 1', settings: { mode: 'watch' }, ended: false, run };
    this.all = [session as unknown as ShownSession];
    const sessions = { all: this.all, onDidChange: changed.event };
    this.findings = new WatchFindings(sessions, (watches) => this.shown.push(watches));
  }

  say(agoS: number, ...lines: readonly string[]): void {
    const stamp = new Date(Date.now() - agoS * 1000).toISOString();
    for (const line of lines) this.#take(`${stamp} ${line}`);
  }

  change(): void {
    this.#changed.fire();
  }

  end(): void {
    for (const session of this.all) session.ended = true;
    this.change();
  }

  remove(): void {
    this.all.splice(0);
    this.change();
  }

  get findingIds(): string[] {
    return this.shown.at(-1)?.flatMap(({ explanation }) => explanation.findings.map(({ id }) => id)) ?? [];
  }

  #explain(): unknown {
    return this.#live.explain([], this.#readUs + this.laterS * 1e6);
  }
}

describe('the findings of a watched cluster', () => {
  let watched: Watched;

  beforeEach(() => {
    watched = new Watched();
  });

  afterEach(() => watched.findings.dispose());

  it('are shown while it is watched, again when something has changed, and not otherwise', () => {
    watched.change();
    assert.equal(watched.shown.length, 1);
    assert.deepEqual(watched.findingIds, []);
    watched.findings.update();
    assert.equal(watched.shown.length, 1, 'nothing has changed');
    watched.say(600, ...heldLines(600));
    watched.findings.update();
    assert.equal(watched.shown.length, 2);
    assert.notDeepEqual(watched.findingIds, []);
    watched.laterS = 60;
    watched.findings.update();
    assert.equal(watched.shown.length, 3, 'it has gone on for longer');
  });

  it('stay when the watch has ended, and go with its session', () => {
    watched.say(600, ...heldLines(600));
    watched.change();
    const found = watched.findingIds;
    assert.notDeepEqual(found, []);
    watched.end();
    assert.deepEqual(watched.findingIds, found);
    watched.remove();
    assert.deepEqual(watched.shown.at(-1), []);
  });

  it('keep their places in the tree while their words change, and lead to bars', () => {
    const tree = new FindingsTree();
    const idsNow = (): (string | undefined)[] => {
      tree.showWatches(watched.shown.at(-1) ?? []);
      const [root] = tree.getChildren();
      const nodes = root === undefined ? [] : [root, ...tree.getChildren(root)];
      return nodes.map((node) => tree.getTreeItem(node).id);
    };
    watched.say(
      700,
      controllerLine(700, 'runner-2', 'Creating ephemeral runner JIT config'),
      controllerLine(690, 'runner-2', 'Created ephemeral runner JIT config', { runnerId: 7 }),
    );
    watched.say(600, ...heldLines(600));
    watched.change();
    const before = idsNow();
    const said = watched.shown.at(-1)?.[0]?.explanation.findings.map(({ sentence }) => sentence);
    assert.equal(new Set(before).size, before.length);
    assert.ok(before.length > 1 && before.every((id) => id !== undefined));
    watched.laterS = 120;
    watched.findings.update();
    assert.notDeepEqual(
      watched.shown.at(-1)?.[0]?.explanation.findings.map(({ sentence }) => sentence),
      said,
    );
    assert.deepEqual(idsNow(), before);
    const [root] = tree.getChildren();
    const [finding] = tree.getChildren(root);
    assert.ok(finding !== undefined);
    const lines = tree.getChildren(finding).filter(({ kind }) => kind === 'line');
    assert.ok(lines.length > 0);
    for (const line of lines) {
      const { command, description } = tree.getTreeItem(line);
      assert.match(String(description), new RegExp(`^${NAME}:\\d+$`));
      assert.deepEqual(command?.arguments, [line], 'there is no file to open');
    }
    tree.dispose();
  });
});
