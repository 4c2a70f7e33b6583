import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import type { ControllerLogLine } from '../../../src/model/trace-recorder.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { startRun } from '../../../src/run/start-run.ts';

describe('a run with an observer that throws', () => {
  it('is the run that it would be without it, and says in its log what failed', async () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 3, workers: 2 };
    const lines: ControllerLogLine[] = [];
    const play = (isBroken: boolean) => {
      const clock = new VirtualClock();
      const broken = {
        passStarted: (): never => {
          throw new Error('no room for the pass');
        },
      };
      const run = startRun({ kind: 'embedded' }, settings, {
        clock,
        observers: isBroken ? [broken] : [],
        onLogLine: (line) => lines.push(line),
        onCreationFailed: (error) => assert.fail(error),
      });
      clock.run();
      return run;
    };
    const [whole, other] = [play(false), play(true)];
    assert.deepEqual([...other.trace.events()], [...whole.trace.events()]);
    const said = lines.filter(({ message }) => message.startsWith('An observer of this run failed'));
    assert.equal(said.length, [...whole.trace.passes()].length);
    assert.equal(
      said[0]?.message,
      'An observer of this run failed: no room for the pass. What it shows may be incomplete.',
    );
    await Promise.all([whole, other].map((run) => run.controllers.stop()));
    assert.deepEqual(
      other.controllers.all.map(({ activeWorkers, queue }) => [activeWorkers, queue.length]),
      [[0, 0]],
    );
  });
});
