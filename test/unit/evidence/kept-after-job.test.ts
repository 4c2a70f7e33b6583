import assert from 'node:assert/strict';
import { at, createdLine, explainInputs, runnerLine } from '../../builders/evidence.ts';

const STILL = 'Runner container is still running; updating ephemeral runner status';

const completed = (seconds: number, runner: string): string =>
  `${at(seconds)}\tINFO\tlistener-app.listener\tJob completed message received.\t{"RequestId": 1, "Result": "succeeded", "RunnerId": 1, "RunnerName": "${runner}"}`;

function controllerOf(runner: string, ...later: readonly string[]): string[] {
  return [
    createdLine(at(0), runner),
    runnerLine(at(0), runner, 'Creating ephemeral runner JIT config'),
    runnerLine(at(1), runner, 'Created ephemeral runner JIT config', { runnerId: 1 }),
    runnerLine(at(1), runner, 'Created ephemeral runner pod', { podName: runner }),
    runnerLine(at(5), runner, STILL),
    ...later,
  ];
}

describe('a runner that is kept after its job', () => {
  it('is found by a line of its container hours after the listener heard of the end, in either order of the files', async () => {
    const controller = controllerOf('r1', runnerLine(at(26_400), 'r1', STILL));
    const listener = [completed(60, 'r1')];
    for (const files of [
      { 'controller.log': controller, 'listener.log': listener },
      { 'listener.log': listener, 'controller.log': controller },
    ]) {
      const { verdict, isHealthy } = await explainInputs(files);
      assert.equal(verdict, 'The job of r1 ended at 12:01:00; its container still ran 7 h 19 min later.');
      assert.ok(!isHealthy);
    }
  });

  it('is found in the words of a listener of 0.14, and where its end came at last', async () => {
    const controller = controllerOf(
      'r1',
      runnerLine(at(3600), 'r1', STILL),
      runnerLine(at(3700), 'r1', 'Ephemeral runner has finished successfully, deleting ephemeral runner'),
    );
    const slog = `time=${at(60).replace('Z', '.402Z')} level=INFO msg="Job completed message received." component=listener requestId=55 result=failed runnerId=1 runnerName=r1`;
    const { verdict } = await explainInputs({ 'controller.log': controller, 'listener.log': [slog] });
    assert.match(verdict, /^The job of r1 ended at 12:01:00; its container still ran \d+ h .*later\.$/);
  });

  it('several are one finding', async () => {
    const { findings } = await explainInputs({
      'controller.log': ['r1', 'r2']
        .flatMap((name) => controllerOf(name))
        .concat(...['r1', 'r2'].map((name) => runnerLine(at(7200), name, STILL))),
      'listener.log': [completed(60, 'r1'), completed(61, 'r2')],
    });
    const sentences = findings.filter(({ id }) => id === 'kept-after-job').map(({ sentence }) => sentence);
    assert.equal(sentences.length, 1, sentences.join('\n'));
    assert.match(sentences[0] ?? '', /^The jobs of 2 runners ended; their containers still ran/);
  });

  it('is not one that ends soon after its job, nor one whose job had no runner', async () => {
    const { findings, verdict } = await explainInputs({
      'controller.log': controllerOf(
        'r1',
        runnerLine(at(62), 'r1', 'Ephemeral runner has finished successfully, deleting ephemeral runner'),
        ...controllerOf('r2').map((line) => line.replaceAll('12:00:', '15:00:')),
      ),
      'listener.log': [completed(60, 'r1'), completed(60, '')],
    });
    assert.deepEqual(
      findings.map(({ sentence }) => sentence),
      [],
    );
    assert.match(verdict, /^Nothing wrong found in 2 runners over 3 h/);
  });
});

describe('the time that several files cover', () => {
  it('goes from the earliest line of all to the latest, in whatever order they are read', async () => {
    const controller = controllerOf('r1', runnerLine(at(7200), 'r1', STILL));
    const listener = [`${at(30)}\tINFO\tlistener-app.listener\tGetting next message\t{"lastMessageID": 0}`];
    for (const files of [
      { 'a.log': controller, 'b.log': listener },
      { 'a.log': listener, 'b.log': controller },
      { 'a.log': controller.slice(3), 'b.log': controller.slice(0, 3) },
    ]) {
      assert.match((await explainInputs(files)).verdict, /over 2 h 0 min/);
    }
  });
});
