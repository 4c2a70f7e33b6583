import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

/** Between looks at the heap, in the run's own time. */
const LOOK_US = 20_000_000;
/** By then most runners are gone, and looking costs time. */
const LOOKS = 16;
const WARM = 100;
/** Both more than the embedded cluster takes for few. */
const FEW = 6_000;
const MANY = 9_000;

/** What a runner takes at the most, by the mode: what was measured, and 15 % more. */
const MOST_BYTES = { new: 4_140 };

/** The most bytes that were alive at any look during a run whose trace is not kept. */
function peak(mode: string, runners: number): number {
  const collect = globalThis.gc as () => void;
  let [bytes, looks] = [0, 0];
  simulate(
    { ...DEFAULT_SETTINGS, mode, runners, workers: 10, qps: 0, podStartUs: 1e6, jobDurationUs: 30e6 },
    {
      detail: 'figures',
      onStarted: ({ clock }) => {
        clock.every(LOOK_US, () => {
          if (looks++ >= LOOKS) return;
          collect();
          const { heapUsed, arrayBuffers } = process.memoryUsage();
          bytes = Math.max(bytes, heapUsed + arrayBuffers);
        });
      },
    },
  );
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mode = process.argv[2] as string;
  peak(mode, WARM);
  const [few, many] = [peak(mode, FEW), peak(mode, MANY)];
  process.stdout.write(String(Math.round((many - few) / (MANY - FEW))));
} else {
  describe('a runner of a run whose trace is not kept', function () {
    this.timeout(300_000);
    for (const [mode, most] of Object.entries(MOST_BYTES)) {
      it(`takes at most ${most} bytes with all that belongs to it (${mode})`, () => {
        const child = spawnSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), mode], {
          encoding: 'utf8',
        });
        const bytes = Number(child.stdout);
        assert.ok(bytes > 500, `nothing was measured: ${child.stdout}${child.stderr}`);
        assert.ok(bytes <= most, `${bytes} bytes`);
      });
    }
  });
}
