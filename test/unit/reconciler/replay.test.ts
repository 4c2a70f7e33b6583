import assert from 'node:assert/strict';
import { ActionsClientCache } from '../../../src/actions/client-cache.ts';
import { Random } from '../../../src/base/random.ts';
import { SecretRegistry } from '../../../src/base/redact.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import { reconcileEphemeralRunner } from '../../../src/reconciler/reconcile.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { RecordingDriver, replay, ReplayMismatch, type PassRecording } from '../../builders/replay.ts';

/** Every pass of three runners' whole lives, in the order in which the passes began, and how each ended. */
function record(mode: string, workers = 1): { recordings: PassRecording[]; results: string[] } {
  const clock = new VirtualClock();
  const recordings: PassRecording[] = [];
  const rig = new EmbeddedRig({
    clock,
    epochMs: VIRTUAL_EPOCH_MS,
    settings: { ...DEFAULT_SETTINGS, mode, workers, podStartUs: 50_000, jobDurationUs: 100_000 },
    wrapDriver: (driver) => new RecordingDriver(driver, (recording) => recordings.push(recording)),
  });
  rig.start();
  rig.runnerSet.create(3, () => undefined);
  clock.run();
  rig.dispose();
  return { recordings, results: [...rig.trace.passes()].map(({ result }) => result) };
}

/** Runs one pass again as if there were no other: with clients that have seen nothing. */
function replayAlone(recording: PassRecording, mode: string): string {
  const release = RELEASES.get(mode);
  const clients = new ActionsClientCache(new SecretRegistry(), release.actions);
  return replay(recording, (key) => reconcileEphemeralRunner(key, release, clients)).kind;
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = new Random(seed, 'shuffle');
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}

describe('the replay driver', () => {
  for (const mode of RELEASES.ids) {
    it(`runs each recorded pass of ${mode} again by itself, in any order, to the same end, without a cluster`, () => {
      const { recordings, results } = record(mode);
      assert.ok(recordings.length >= 15, `${recordings.length} passes are too few to be whole lives`);
      for (const seed of [1, 2, 3]) {
        for (const number of shuffled([...recordings.keys()], seed)) {
          const ended = replayAlone(recordings[number] as PassRecording, mode);
          assert.equal(ended, results[number], `pass ${number} of ${mode}, seed ${seed}`);
        }
      }
    });

    it(`runs passes of ${mode} that waited for another's token again by themselves`, () => {
      const { recordings } = record(mode, 3);
      const asked = (recording: PassRecording, what: string): boolean =>
        recording.exchanges.some(({ effect }) => effect.startsWith(what));
      const waited = recordings.filter((each) => asked(each, 'lock ') && !asked(each, 'keep '));
      assert.ok(waited.length > 0, 'no pass waited for the token that another fetched');
      for (const recording of recordings) replayAlone(recording, mode);
    });
  }

  it('tells when a pass does something else: old recorded, new replayed', () => {
    const { recordings } = record('old');
    assert.throws(() => recordings.forEach((recording) => replayAlone(recording, 'new')), ReplayMismatch);
  });
});
