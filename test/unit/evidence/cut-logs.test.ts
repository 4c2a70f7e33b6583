import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { withoutPod } from '../../../src/evidence/bursts.ts';
import type { Explanation } from '../../../src/evidence/explain.ts';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { whyText } from '../../../src/report/why-text.ts';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

/** Lines of a whole log of 300 runners on 2 workers, from 1. */
function linesOf(release: 'latest' | 'new', from: number, to?: number): string {
  const lines = recordedLines(`burst-300-workers-2-${release}.controller`);
  return `${lines.slice(from < 0 ? from : from - 1, to).join('\n')}\n`;
}

function textOf(explanation: Explanation): string {
  return whyText(explanation, unfitted(explanation.reading), {
    runner: undefined,
    isAll: false,
    isUnknownListed: false,
  });
}

/** The parts of a log, as shares of its lines. */
const CUTS = [0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9].flatMap((from) => [
  [from, 1] as const,
  [from, from + 0.05] as const,
  [from, from + (1 - from) / 2] as const,
]);
const POD_MADE = /Created ephemeral runner pod.*?"ephemeralrunner": ?\{"name": ?"([^"]+)"/;

describe('a log that begins in the middle', () => {
  it('of a burst still names the cause that it shows, and since when it is seen', async () => {
    for (const last of [1500, 3000, 4500]) {
      const { findings, verdict } = await explainText(linesOf('new', -last));
      assert.equal(findings[0]?.id, 'client-limit', `the last ${last} lines: ${verdict}`);
      assert.match(verdict, /^The last pod came .* into the log because requests for secrets ran at .* limit of 20/);
      assert.equal(findings[0].evidence[0]?.says, 'the log begins in the middle of the burst');
    }
  });

  it('of the lives of its runners counts the pods, and does not say that nothing is wrong', async () => {
    const cut = await explainText(linesOf('new', -500));
    assert.match(
      cut.verdict,
      /^Not enough to judge: 16 pods made; the log begins in the middle of their runners' lives, so their waits are unknown/,
    );
    assert.doesNotMatch(textOf(cut), /✓|no pod/);
  });

  it('calls no runner one without a pod whose pod was made before it', async function () {
    this.timeout(60_000);
    const folder = new URL('logs/', import.meta.url);
    const files = readdirSync(folder).filter((file) => /(?:controller|timestamps)\.log\.gz$/.test(file));
    assert.ok(files.length > 15);
    for (const file of files) {
      const lines = recordedLines(file.replace(/\.log\.gz$/, ''));
      for (const [from, to] of CUTS) {
        const start = Math.floor(lines.length * from);
        const had = new Set(lines.slice(0, start).flatMap((line) => POD_MADE.exec(line)?.[1] ?? []));
        const { reading, verdict } = await explainText(lines.slice(start, Math.floor(lines.length * to)).join('\n'));
        const wrong = withoutPod(reading).filter(({ name }) => had.has(name));
        assert.deepEqual(
          wrong.map(({ name }) => name),
          [],
          `${file} from ${from} to ${to} of its lines: ${verdict}`,
        );
      }
    }
  });

  it('does not judge waits by first lines that a worker had long been free for', async () => {
    const { verdict } = await explainText(linesOf('latest', -1500));
    assert.match(verdict, /^Not enough to judge: 21 pods made/);
  });

  it('is judged where whole lives follow', async () => {
    const explanation = await explainText(
      [
        runnerLine(at(0), 'old', 'Created ephemeral runner pod'),
        runnerLine(at(60), 'young', 'Adding finalizers'),
        runnerLine(at(61), 'young', 'Created ephemeral runner pod'),
      ].join('\n'),
    );
    assert.match(
      textOf(explanation),
      /✓ Nothing wrong found in 2 runners .* pods within 2 s of their runner's first line, 1 wait unknown/,
    );
  });
});

describe('JIT calls that hold runners back, where the log does not tell the release', () => {
  it('come with the advice for each release, as likely', async () => {
    for (const [from, to] of [
      [2001, 3000],
      [1001, 3000],
    ] as const) {
      const { findings, release } = await explainText(linesOf('latest', from, to));
      assert.equal(release?.text, '0.13.1 to 0.14.2');
      const [main] = findings;
      assert.equal(main?.id, 'lock-or-workers');
      assert.equal(main.confidence, 'likely');
      assert.match(
        main.advice,
        /depends on the release.* 0\.13\.1: raise flags\.runnerMaxConcurrentReconciles.* 0\.14\.0: no setting/,
      );
    }
  });
});

describe('what shows no pod of a runner', () => {
  const cases: [title: string, text: string, asksFor: RegExp][] = [
    [
      'pods without runners',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: ci\nspec:\n  containers: []\n',
      /1 pod and no runner; give kubectl get ephemeralrunners,pods -o yaml/,
    ],
    [
      'runners without pods',
      'apiVersion: actions.github.com/v1alpha1\nkind: EphemeralRunner\nmetadata:\n  name: lark-1\n  namespace: ci\n',
      /1 runner without a pod; give kubectl get/,
    ],
    [
      'lines of a controller without a pod',
      runnerLine(at(0), 'lark-1', 'Adding finalizers'),
      /no line is about a pod of 1 runner in less than 1 s/,
    ],
  ];
  for (const [title, text, asksFor] of cases) {
    it(`is not called healthy, and what to give is said: ${title}`, async () => {
      const explanation = await explainText(text);
      assert.match(explanation.verdict, /^Not enough to judge: /);
      assert.match(explanation.verdict, asksFor);
      assert.doesNotMatch(textOf(explanation), /✓/);
    });
  }

  it("is not called healthy: a runner's own log", async () => {
    const { href } = new URL('pasted/runner-container.log', import.meta.url);
    const text = readFileSync(new URL(href), 'utf8');
    const explanation = await explainText(text.replace(/^.*was not found.*$/m, ''));
    assert.match(textOf(explanation), /\? Not enough to judge: .*; give the controller's log/);
  });
});
