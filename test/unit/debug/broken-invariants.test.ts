import assert from 'node:assert/strict';
import { onException } from '../../../src/debug/breakpoints.ts';
import { brokenAt } from '../../../src/debug/broken-invariants.ts';
import { Moments, type Deed, type Ending } from '../../../src/debug/moments.ts';
import { record, type Recording } from '../../../src/debug/recording.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { parseHappenings } from '../../../src/run/happenings.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

const load = { happenings: parseHappenings('delete runner-1 at 2s, evict runner-2 at 3s') };
const settings = { ...DEFAULT_SETTINGS, podStartUs: 1_000_000, jobDurationUs: 5_000_000 };

function brokenIn(recording: Recording): readonly string[] {
  return Array.from({ length: recording.moments.length }, (_, at) => brokenAt(recording, at) ?? '').filter(Boolean);
}

/** The recording of a reconciler that leaves some effects out. */
function without(recording: Recording, isLeftOut: (effect: Deed) => boolean): Recording {
  const { moments } = recording;
  const others = new Moments();
  for (let at = 0; at < moments.length; at++) {
    const effect = moments.effect(at);
    const outcome = moments.outcome(at);
    if (outcome !== undefined) others.addEnd(moments.pass(at), outcome satisfies Ending, moments.timeUs(at));
    if (effect === undefined || isLeftOut(effect)) continue;
    others.answer(
      others.addEffect(moments.pass(at), effect, moments.site(at), moments.timeUs(at)),
      moments.answerOf(at),
    );
  }
  return { ...recording, moments: others };
}

const isOperation = (effect: Deed, name: string): boolean => effect.kind === 'http' && effect.operation === name;

describe('a broken invariant', () => {
  for (const mode of RELEASES.ids) {
    it(`is nowhere in a run of ${mode}`, () => {
      for (const pods of ['jobs', 'fails-at-start']) {
        const recording = record({ ...settings, mode, pods }, { load, horizonUs: 60_000_000 });
        assert.deepEqual(brokenIn(recording), [], pods);
      }
    });
  }

  const scaleSet = { jobs: parseLoad('10 jobs, 30 a minute'), minRunners: 1, maxRunners: 4 };
  const chain = {
    load: { scaleSet, happenings: parseHappenings('change template at 10s, exit 7 at 20s, delete at 22s') },
    horizonUs: 60_000_000,
  };

  for (const mode of RELEASES.ids) {
    it(`is nowhere in the chain of a scale set of ${mode}`, () => {
      assert.deepEqual(brokenIn(record({ ...settings, mode, runners: 3 }, chain)), []);
    });
  }

  it('is found where a set deletes runners that the service still knows, or that it does not see', () => {
    const recording = record({ ...settings, mode: '0.14.2', runners: 3 }, chain);
    const ofSet = (at: number): boolean => recording.moments.pass(at).controller === 'ephemeralrunnerset';
    assert.ok(Array.from({ length: recording.moments.length }, (_, at) => at).some(ofSet));
    const unasked = brokenIn(without(recording, (effect) => isOperation(effect, 'delete-runner')));
    assert.ok(
      unasked.some((text) =>
        /^a pass of arc-runners\/lab-\w+ deletes lab-\S+ without having removed its registration \d+$/.test(text),
      ),
      unasked.join('; '),
    );
    const blind = brokenIn(
      without(recording, (effect) => effect.kind === 'cached-list' && effect.resource.kind === 'EphemeralRunner'),
    );
    assert.ok(
      blind.some((text) => /^a pass of arc-runners\/lab-\w+ deletes lab-\S+ without seeing it$/.test(text)),
      blind.join('; '),
    );
  });

  it('is found where a finalizer goes before its registration is removed, and a debugger stops there', () => {
    const recording = record({ ...settings, mode: '0.14.2' }, { load });
    const forgetful = without(recording, (effect) => isOperation(effect, 'delete-runner'));
    const broken = brokenIn(forgetful);
    assert.ok(broken.length > 0, 'nothing is found');
    assert.match(
      broken[0] ?? '',
      /^a pass drops the registration finalizer of arc-runners\/runner-\d without having removed \d+$/,
    );
    const stop = onException('invariant');
    const stops = Array.from({ length: forgetful.moments.length }, (_, at) => at).filter((at) => stop(forgetful, at));
    assert.equal(stops.length, broken.length);
    const effect = forgetful.moments.effect(stops[0] ?? 0);
    assert.ok(effect?.kind === 'kubernetes' && effect.request.verb === 'patch');
  });

  it('is not looked for in the middle of passes whose beginning nobody saw', () => {
    const recording = record({ ...settings, mode: '0.14.2' }, { load });
    const cut = without(recording, (effect) => effect.kind === 'cached-get' || isOperation(effect, 'delete-runner'));
    assert.deepEqual(brokenIn(cut), []);
  });
});
