import assert from 'node:assert/strict';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { differences, failuresWithBackOff } from './compare.ts';
import { EmbeddedWorld } from './embedded-world.ts';
import { play } from './play.ts';
import { loadRecordings, playable, type ModeRecording, type Recording } from './recording.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('recordings of the real controllers, on the embedded cluster in virtual time', () => {
  for (const { recording, mode } of playable()) {
    const recorded = recording.modes[mode] as ModeRecording;
    it(`${recording.scenario}, ${mode}: same requests, pass counts and final state`, async () => {
      const unlike: string[] = [];
      for (const seed of SEEDS) {
        const observed = await play(recording, mode, new EmbeddedWorld(recording, mode, seed), 5_000);
        const found = differences(observed, recorded);
        if (found.length > 0) unlike.push(`with seed ${seed}: ${found.join('\n')}`);
      }
      const allowed = mayDiffer(recording, recorded) ? SEEDS.length / 2 : 0;
      assert.ok(
        unlike.length <= allowed,
        `${unlike.length} of ${SEEDS.length} runs are not as recorded\n${unlike.join('\n')}`,
      );
    });
  }

  // The scenario is about something that does not happen: this is what shows that it would be seen.
  for (const mode of RELEASES.comparison) {
    it(`resync-noop, ${mode}, fails when a resync wakes runners`, async () => {
      const recording = loadRecordings().find(({ scenario }) => scenario === 'resync-noop');
      assert.ok(recording !== undefined, 'the recording is there');
      await assert.rejects(
        play(recording, mode, new EmbeddedWorld(recording, mode, 1, 'changed'), 5_000),
        /requests in 9 s of waiting, such as/,
      );
    });
  }
});

/** Runs as few as these may all have been spared what happened in runs of another release, which count too then. */
const FEW_RUNS = 3;

/**
 * Where the real controllers' runs differed among themselves (a pass on a stale cache), the recorded ones cannot have shown
 * every combination of such passes; there, half of ours have to be recorded ones. So it is after a failure with a back-off:
 * the end of the pod may reach the cache before the failure, and then the next pod comes at once.
 */
function mayDiffer({ scenario, modes }: Recording, recorded: ModeRecording): boolean {
  if (scenario === 'three-runners') return false;
  const witnesses = recorded.runs > FEW_RUNS ? [recorded] : Object.values(modes);
  const differed = witnesses.some((mode) => mode !== undefined && mode.writesStableOver < mode.runs);
  return differed || failuresWithBackOff(recorded.requests) > 0;
}
