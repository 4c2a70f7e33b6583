import assert from 'node:assert/strict';
import { ActionsClientCache } from '../../../src/actions/client-cache.ts';
import { SecretRegistry } from '../../../src/base/redact.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EmbeddedLab } from '../../../src/run/embedded-lab.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import { MODES, type Mode } from '../../../src/reconciler/modes.ts';
import { reconcileEphemeralRunner } from '../../../src/reconciler/reconcile.ts';
import { RecordingDriver, replay, ReplayMismatch, type PassRecording } from '../../../src/runtime/replay.ts';

function record(mode: Mode): { recordings: PassRecording[]; results: string[] } {
  const clock = new VirtualClock();
  const recordings: PassRecording[] = [];
  const lab = new EmbeddedLab({
    clock,
    epochMs: VIRTUAL_EPOCH_MS,
    settings: { ...DEFAULT_SETTINGS, mode, workers: 1, podStartUs: 50_000, jobDurationUs: 100_000 },
    wrapDriver: (driver) => new RecordingDriver(driver, (recording) => recordings.push(recording)),
  });
  lab.start();
  lab.runnerSet.create(3, () => undefined);
  clock.run();
  lab.dispose();
  return { recordings, results: [...lab.trace.passes()].map(({ result }) => result) };
}

/** Passes share a client and its token: they are replayed one after the other, as one worker made them, with a fresh one. */
function replayAll(recordings: readonly PassRecording[], mode: Mode): string[] {
  const clients = new ActionsClientCache(new SecretRegistry());
  return recordings.map((recording) => replay(recording, (key) => reconcileEphemeralRunner(key, mode, clients)).kind);
}

describe('the replay driver', () => {
  for (const mode of MODES) {
    it(`runs every recorded pass of ${mode} again to the same end, without a cluster`, () => {
      const { recordings, results } = record(mode);
      assert.ok(recordings.length >= 24, `${recordings.length} passes are too few to be whole lives`);
      assert.deepEqual(replayAll(recordings, mode), results);
    });
  }

  it('tells when a pass does something else: old recorded, new replayed', () => {
    const { recordings } = record('old');
    assert.throws(() => replayAll(recordings, 'new'), ReplayMismatch);
  });
});
