import assert from 'node:assert/strict';
import { at, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

describe('the lines that a finding shows', () => {
  it('have their own words each, though several runners are one finding', async () => {
    const refused = (second: number, name: string): string =>
      runnerLine(
        at(second),
        name,
        'Failed to create pod',
        { error: `pods "${name}" is forbidden: exceeded quota: gpu, requested: pods=1, used: pods=4, limited: pods=4` },
        'ERROR',
      );
    const lines = [workersLine(at(0), 2), refused(1, 'lark-1'), refused(2, 'wren-1'), refused(3, 'robin-1')];
    const { findings, lineName } = await explainText(lines.join('\n'));
    const [main] = findings;
    assert.ok(main !== undefined);
    for (const { at: seen, says } of main.evidence) {
      const line = lines[Number(lineName(seen).split(':').at(-1)) - 1] ?? '';
      const name = /pods "([\w-]+)"/.exec(says)?.[1];
      if (name !== undefined) assert.ok(line.includes(name), `${says} is not of ${line}`);
    }
    assert.match(main.evidence.at(-1)?.says ?? '', /robin-1.*\(last\)/);
  });
});

describe('a removal that the service refuses', () => {
  const twice = (second: number): string[] => [
    runnerLine(at(second), 'lark-1', 'Runner job is still running, cannot remove the runner from the service yet'),
    runnerLine(at(second), 'lark-1', 'Runner is not finished yet, retrying in 30s'),
  ];

  it('counts once a pass, also where a pass says it twice', async () => {
    const { findings } = await explainText([...twice(0), ...twice(30), ...twice(60)].join('\n'));
    assert.match(findings[0]?.sentence ?? '', /refused to remove lark-1 3 times over 1 min 0 s/);
  });

  it('is no trouble where it came about in the end', async () => {
    const gone = runnerLine(at(70), 'lark-1', 'Successfully removed finalizer after cleanup');
    const { findings, isHealthy } = await explainText([...twice(0), ...twice(30), gone].join('\n'));
    assert.equal(isHealthy, true);
    assert.equal(findings[0]?.severity, 'note');
  });
});

describe('a controller that starts again and again in one log', () => {
  const start = (second: number): string[] => [
    `${at(second)}\tINFO\tsetup\tstarting manager\t{}`,
    workersLine(at(second + 1), 2),
  ];
  const work = (second: number): string => runnerLine(at(second), `lark-${second}`, 'Adding finalizers');

  it('is found with how often and when, where it never says that it ends', async () => {
    const lines = [0, 150, 300, 450].flatMap((second) => [...start(second), work(second + 20)]);
    const { findings } = await explainText(lines.join('\n'));
    const found = findings.find(({ id }) => id === 'restarts');
    assert.match(
      found?.sentence ?? '',
      /^The controller started again 3 times in \d+ min \d+ s and never said that it ends/,
    );
  });

  it('is nothing to tell of where it says that it ends, or starts a second time only', async () => {
    const stop = (second: number): string =>
      `${at(second)}\tINFO\tShutdown signal received, waiting for all workers to finish\t{}`;
    const asked = [0, 150, 300].flatMap((second) => [...start(second), work(second + 20), stop(second + 100)]);
    const once = [...start(0), work(20), ...start(150), work(170)];
    for (const lines of [asked, once]) {
      const { findings } = await explainText(lines.join('\n'));
      assert.ok(findings.every(({ id }) => id !== 'restarts'));
    }
  });
});
