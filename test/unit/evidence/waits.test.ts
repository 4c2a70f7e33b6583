import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { whyMarkdown } from '../../../src/report/why-markdown.ts';
import { whyText } from '../../../src/report/why-text.ts';
import {
  at,
  createdLine,
  explainFiles,
  explainText,
  runnerLine,
  wayLines,
  workersLine,
} from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const FOLDER = new URL('./logs/', import.meta.url);
const REFUSED = 'Failed to create a pod due to unrecoverable failure';

async function waitOf(lines: readonly string[], runner = 'lark-1'): Promise<string> {
  const { runners } = await explainText(lines.join('\n'));
  return runners.find(({ name }) => name === runner)?.wait ?? '';
}

describe('the sentence on what a runner waited for', () => {
  it('is there for every runner of every recorded log, with parts that sum to its wait', async () => {
    for (const file of readdirSync(FOLDER).filter((each) => each.endsWith('.log.gz'))) {
      const { runners } = await explainFiles(new URL(file, FOLDER).pathname);
      for (const { name, wait, path, milestones } of runners) {
        assert.match(wait, new RegExp(`\\b${name}\\b.*[.…]$`), file);
        assert.match(
          wait,
          /got its pod (?:\S+ (?:s|ms|min)|within 1 s) .*waited |cannot be told: |has no pod|never had a pod|^Whether \S+ has a pod is not in the log/,
          `${file} ${wait}`,
        );
        assert.doesNotMatch(wait, /before the log begins/, file);
        if (milestones.created !== undefined)
          assert.doesNotMatch(wait, /not in the log|in the middle/, `${file} ${wait}`);
        if (path.length === 0 || milestones.podCreated === undefined) continue;
        const us = path.reduce((sum, part) => sum + part.us, 0);
        const ways = [milestones.created?.at, milestones.podCreated.at].map((time = '') => Date.parse(time) * 1e3);
        if (milestones.created !== undefined) {
          // Stamps are read here in whole milliseconds.
          assert.ok(Math.abs((ways[1] ?? 0) - (ways[0] ?? 0) - us) <= 2000, `${file} ${wait}`);
        }
      }
    }
  });

  it('stands before all else where somebody asks about a runner', async () => {
    const explanation = await explainFiles(new URL('set-100-workers-2-latest.controller.log.gz', FOLDER).pathname);
    const last = [...explanation.runners].sort((a, b) => b.waitedUs - a.waitedUs).slice(0, 1);
    const [name = '', wait = ''] = last.flatMap((runner) => [runner.name, runner.wait]);
    assert.match(
      wait,
      /^set-runner-\w+ got its pod \d+ s after it was created: it waited \d+ s to \d+ s for a worker, as a lock lets one JIT call run at a time and the workers were waiting for it;/,
    );
    const choice = { runner: name, isAll: false, isUnknownListed: false };
    const one = { ...explanation, runners: last };
    const fit = unfitted(explanation.reading);
    assert.equal(whyText(one, fit, choice).split('\n')[0], wait);
    assert.equal(whyMarkdown(one, fit, choice).split('\n')[0], `**${wait}**`);
  });

  it('says what keeps a runner from its pod, or what its pass does', async () => {
    const busy = [workersLine(at(0), 2), createdLine(at(1), 'lark-1')];
    assert.equal(
      await waitOf([...busy, runnerLine(at(9), 'lark-2', 'Adding finalizers')]),
      'lark-1 has no pod when the log ends, 8 s after it was created: since 12:00:01 it has waited for a worker.',
    );
    assert.equal(
      await waitOf([...busy, runnerLine(at(2), 'lark-1', 'Creating ephemeral runner JIT config')]),
      'lark-1 has no pod when the log ends, 1 s after it was created: since 12:00:02 it has waited for its own call to the Actions service.',
    );
    const refused = [
      ...busy,
      runnerLine(at(2), 'lark-1', REFUSED, { error: 'pods "lark-1" is forbidden: no' }, 'ERROR'),
    ];
    assert.match(await waitOf(refused), /^lark-1 has no pod when the log ends, 1 s after it was created: .*refused/);
    const deleted = [...busy, runnerLine(at(3), 'lark-1', 'Finalizing ephemeral runner')];
    assert.equal(await waitOf(deleted), 'lark-1 never had a pod, and was deleted.');
  });

  it('does not say that there is no pod where lines that are not here may make it', async () => {
    const failed = `${at(5)}\tERROR\tReconciler error\t{"controller": "ephemeralrunner", "controllerKind": "EphemeralRunner", "EphemeralRunner": {"name":"lark-1","namespace":"ci"}, "namespace": "ci", "name": "lark-1", "error": "conflict"}`;
    const others = [workersLine(at(0), 2), createdLine(at(1), 'lark-2')];
    assert.match(
      await waitOf([...others, failed]),
      /^Whether lark-1 has a pod is not in the log; a pass of it failed at 12:00:05, and is tried again\./,
    );
    assert.match(
      await waitOf([...others, createdLine(at(1), 'lark-1'), failed]),
      /^lark-1 has no pod when the log ends, 4 s after it was created: /,
    );
  });

  it('names no cause for a part that may have taken no time', async () => {
    const told = await waitOf([workersLine(at(0), 2), ...wayLines('lark-1', 1)]);
    assert.match(told, /^lark-1 got its pod 2 s after .*; whole seconds do not tell what it waited for\.$/);
    for (const file of readdirSync(FOLDER).filter((each) => each.endsWith('.log.gz'))) {
      const { runners } = await explainFiles(new URL(file, FOLDER).pathname);
      for (const { wait } of runners) assert.doesNotMatch(wait, / 0 to \d+ (?:s|min) for /, file);
    }
  });

  it('does not say what workers did where only lines about one runner are here', async () => {
    const lines = recordedLines('set-100-workers-2-latest.controller');
    const last = lines.findLast((line) => line.includes('Created ephemeral runner pod')) ?? '';
    const name = /"ephemeralrunner": \{"name":"([^"]+)"/.exec(last)?.[1] ?? '';
    const { verdict, findings, runners } = await explainText(lines.filter((line) => line.includes(name)).join('\n'));
    assert.deepEqual(findings, []);
    assert.match(verdict, /^Not enough to judge: only lines about .* are here/);
    assert.match(runners[0]?.wait ?? '', /; nothing that was given shows what it waited for\.$/);
    assert.deepEqual(runners[0]?.path, []);
  });

  it('says that no line shows why a worker came late where none does', async () => {
    const lines = [
      workersLine(at(0), 2),
      createdLine(at(0), 'lark-1'),
      runnerLine(at(20), 'lark-1', 'Adding finalizers'),
      runnerLine(at(20), 'lark-1', 'Creating ephemeral runner JIT config'),
      runnerLine(at(21), 'lark-1', 'Created ephemeral runner JIT config'),
      runnerLine(at(21), 'lark-1', 'Created ephemeral runner pod'),
    ];
    const { findings } = await explainText(lines.join('\n'));
    assert.deepEqual(findings, []);
    assert.equal(
      await waitOf(lines),
      'lark-1 got its pod 21 s after it was created: it waited 19 s to 21 s for a worker, and no line shows why; whole seconds do not tell what the rest was for.',
    );
  });

  it('says why it cannot be told', async () => {
    const later = [runnerLine(at(0), 'lark-1', 'Ephemeral runner container is still running')];
    assert.match(
      await waitOf(later),
      /^What lark-1 waited for .* cannot be told: no line here shows that; the first one about it is of 12:00:00\.$/,
    );
    assert.match(
      await waitOf([
        workersLine(at(0), 2),
        createdLine(at(9), 'lark-1'),
        ...later.map((line) => line.replace(at(0), at(12))),
      ]),
      /^What lark-1 waited for .* cannot be told: no line here shows that; it was created at 12:00:09\.$/,
    );
    const listener = `${at(0)}\tINFO\tlistener-app.worker.kubernetesworker\tUpdating job info for the runner\t{"runnerName": "lark-1"}`;
    assert.match(await waitOf([listener]), /cannot be told: only the controller's log shows that/);
  });
});
