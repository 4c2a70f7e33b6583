import assert from 'node:assert/strict';
import { NOBODY } from '../../../src/listener/observer.ts';
import { listenerRecording, playListener, recordedLines } from './played-listener.ts';

const NAMES = ['ars-jobs-3', 'ars-max', 'ars-min-2', 'ars-delete', 'listener-50-events', 'listener-killed'];

describe('The listener makes the requests of the recorded real one', () => {
  for (const name of NAMES) {
    const { description, modes } = listenerRecording(name);
    for (const [mode, { userAgent, runs }] of Object.entries(modes)) {
      for (const run of runs) {
        it(`${name}, ${mode}, run ${run.run}: ${description}`, () => {
          const { lines, agents } = playListener(mode, run, NOBODY);
          assert.deepEqual(lines, recordedLines(run));
          assert.deepEqual([...agents], [userAgent]);
        });
      }
    }
  }
});
