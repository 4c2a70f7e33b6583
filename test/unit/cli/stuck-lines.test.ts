import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { stuckLines } from '../../../src/cli/stuck-lines.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../../src/run/settings.ts';
import { EmbeddedRig } from '../../builders/embedded-rig.ts';

describe('the lines of a run about runners that got stuck', () => {
  for (const [runners, who] of [
    [1, /^stuck {2}arc-runners\/runner-1 {2}\S/],
    [
      7,
      /^stuck {2}7 runners \(arc-runners\/runner-\d, arc-runners\/runner-\d, arc-runners\/runner-\d and 4 more\) {2}\S/,
    ],
  ] as const) {
    it(`are one where the same is wrong with all: ${runners}`, () => {
      const clock = new VirtualClock();
      const settings = { ...DEFAULT_SETTINGS, mode: 'new', pods: 'waits-for-node', runners };
      const rig = new EmbeddedRig({ clock, settings, epochMs: VIRTUAL_EPOCH_MS });
      rig.start();
      rig.runnerSet.create(runners, () => undefined);
      const lines: string[] = [];
      const tell = stuckLines(
        rig.trace,
        () => clock.nowUs(),
        (text) => lines.push(text),
      );
      clock.run(100e6);
      tell();
      tell();
      assert.equal(lines.length, 1, lines.join(''));
      assert.match(lines.join(''), who);
    });
  }
});
