import assert from 'node:assert/strict';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { stuckLines } from '../../../src/cli/stuck-lines.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
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

describe('the lines of a run about the listener of its scale set', () => {
  it('are that it stopped, once, and that it polls again', () => {
    const listener = parseTroubles('kill at 5s');
    const said = (horizonUs: number): string[] => {
      const { trace } = simulate(
        { ...DEFAULT_SETTINGS, mode: '0.14.2', jobDurationUs: 10e6 },
        {
          load: { scaleSet: { jobs: parseLoad('9 jobs, 60 a minute'), minRunners: 0, maxRunners: 50, listener } },
          horizonUs,
        },
      );
      const lines: string[] = [];
      const tell = stuckLines(
        trace,
        () => horizonUs,
        (text) => lines.push(text),
      );
      tell();
      tell();
      return lines;
    };
    assert.deepEqual(said(4e6), []);
    const [stopped, ...others] = said(5.5e6);
    assert.match(
      stopped ?? '',
      /^listener {2}The listener stopped 5\.05 s after the start: .* No listener has polled since then, /,
    );
    assert.deepEqual(others, []);
    assert.match(
      said(8e6).join(),
      /^listener {2}The listener stopped 5\.05 s .*\. It polled again 1\.\d\d s later\.\n$/,
    );
  });
});
