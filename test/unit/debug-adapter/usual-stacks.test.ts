import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { readReplay } from '../../../src/debug-adapter/replay-file.ts';
import { usualStacks } from '../../../src/debug-adapter/usual-stacks.ts';
import { requestAt } from '../../../src/debug/facts.ts';
import { record, type Recording } from '../../../src/debug/recording.ts';
import { replayOf } from '../../../src/debug/replay.ts';
import type { SourcePlace } from '../../../src/debug/source-files.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { parseFaults, type Faults } from '../../../src/run/conditions-control.ts';
import type { RunOptions } from '../../../src/run/embedded-run.ts';
import { parseHappenings } from '../../../src/run/happenings.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';

const SECOND_US = 1_000_000;
const BASE = {
  ...{ ...DEFAULT_SETTINGS, runners: 8, workers: 3, seed: 77 },
  ...{ podStartUs: SECOND_US, jobDurationUs: 5 * SECOND_US },
};

/** Runs that differ from those by which places are known: more runners and workers, other times, other troubles. */
const RUNS: readonly (readonly [
  what: string,
  change: Partial<RunSettings>,
  options: Pick<RunOptions, 'load' | 'horizonUs'>,
])[] = [
  ['all goes well', {}, {}],
  ['pods fail until the runner does', { pods: 'fails-at-start' }, {}],
  [
    'conflicts and refusals',
    {},
    {
      load: {
        conditions: parseFaults(
          'create pods 409 2, create secrets 500 3, patch ephemeralrunners 409 5, generatejitconfig 409 2, delete-runner 500 3, get pods 500 2',
        ) as Faults,
      },
    },
  ],
  [
    'deleted, evicted, claimed, out of date',
    {},
    {
      load: {
        happenings: parseHappenings(
          'delete runner-1 at 170ms, delete runner-2 at 3s, evict runner-3 at 2s, claim runner-4 at 10ms, unregister runner-5 at 2s, exit 7 runner-6 at 3s, kill controller at 400ms, delete runner-8 at 1s',
        ),
      },
    },
  ],
  [
    'a scale set with jobs',
    {},
    {
      load: { scaleSet: { jobs: parseLoad('6 jobs, 30 a minute'), minRunners: 1, maxRunners: 4 } },
      horizonUs: 60 * SECOND_US,
    },
  ],
];

interface Step {
  readonly what: string;
  readonly frames: readonly SourcePlace[];
}

/** What each pass did that is in a trace too, with the stack at it. */
function stepsOf({ moments, sites, ...rest }: Recording): ReadonlyMap<number, readonly Step[]> {
  const all = new Map<number, Step[]>();
  for (const { id } of moments.passes()) {
    const steps = moments.ofPass(id).flatMap((at): Step[] => {
      const effect = moments.effect(at);
      const request = requestAt({ moments, sites, ...rest }, at);
      const what = effect?.kind === 'phase' ? effect.phase : request && `${request.verb} ${request.resource}`;
      return what === undefined ? [] : [{ what, frames: sites.frames(moments.site(at)) }];
    });
    all.set(id, steps);
  }
  return all;
}

function lineOf({ frames: [place] }: Step): string {
  return place === undefined ? '' : `${place.file}:${place.line}`;
}

describe('lines of the source in a trace', () => {
  for (const mode of RELEASES.ids) {
    it(`are those at which the run was: ${mode}`, () => {
      const stackOf = usualStacks([mode]);
      for (const [what, change, options] of RUNS) {
        const run = record({ ...BASE, mode, ...change }, options);
        const real = stepsOf(run);
        let [right, unknown, all] = [0, 0, 0];
        const wrong: string[] = [];
        for (const [id, steps] of stepsOf(replayOf(run.finished.trace, [], stackOf))) {
          for (const [index, step] of steps.entries()) {
            const ran = real.get(id)?.[index];
            // Two things of one instant may be the other way round in a trace.
            if (ran?.what !== step.what) continue;
            all++;
            if (lineOf(step) === lineOf(ran)) right++;
            else if (step.frames.length === 0) unknown++;
            else if (!ran.frames.some((_, from) => isAlike(step.frames, ran.frames.slice(from)))) {
              wrong.push(`${step.what}: ${lineOf(step)}, not ${lineOf(ran)}`);
            }
          }
        }
        assert.ok(all > 50, `${what}: the run shows nothing`);
        assert.ok(right / all > 0.95, `${what}: ${right} of ${all} right, ${unknown} unknown`);
        assert.ok(wrong.length / all < 0.001, `${what}: ${wrong.slice(0, 3).join('; ')}`);
      }
    });
  }

  it('are known of passes that failed, and of those that deleted', () => {
    const { trace } = record(
      { ...BASE, mode: '0.14.2' },
      {
        load: {
          conditions: parseFaults('create pods 500 1') as Faults,
          happenings: parseHappenings('delete runner-2 at 3s'),
        },
      },
    ).finished;
    const replay = replayOf(trace, [], usualStacks(['0.14.2']));
    const { moments } = replay;
    const ended = [...moments.passes()].filter(
      ({ id }) => moments.outcome(moments.ofPass(id).at(-1) ?? 0)?.kind === 'error',
    );
    assert.ok(ended.length > 0);
    for (const { id } of ended) {
      const failed = moments.ofPass(id).at(-2) ?? 0;
      assert.match(lineOf({ what: '', frames: replay.sites.frames(moments.site(failed)) }), /create-pod\.ts:\d+$/);
    }
    const removals = [...stepsOf(replay).values()].flat().filter(({ what }) => what === 'delete delete-runner');
    assert.ok(removals.length > 0 && removals.every(({ frames }) => frames.length > 2), JSON.stringify(removals[0]));
  });

  it('are none for a release that is not known', () => {
    assert.equal(
      usualStacks([])({
        step: 'create pods',
        phase: '',
        previous: '',
        before: '',
        path: { controller: 'ephemeralrunner', whole: '' } as never,
      }).length,
      0,
    );
  });

  it("are known of a real controller's log, within whose lines they are", async () => {
    const file = fileURLToPath(new URL('../evidence/logs/jobs-50-latest.controller.log.gz', import.meta.url));
    const replay = await readReplay({ files: [file], section: 1 });
    const { moments, sites } = replay;
    const steps = Array.from({ length: moments.length }, (_, at) => at).filter((at) => !moments.isEnd(at));
    const known = steps.filter((at) => sites.frames(moments.site(at)).length > 0);
    assert.ok(known.length / steps.length > 0.95, `${known.length} of ${steps.length}`);
    const creation = steps.find((at) => {
      const effect = moments.effect(at);
      return effect?.kind === 'log' && effect.message === 'Created ephemeral runner pod';
    });
    const [place] = sites.frames(moments.site(creation ?? -1));
    assert.equal(place?.function, 'createPod', 'a breakpoint on the function stops in a log too');
  });
});

function isAlike(some: readonly SourcePlace[], others: readonly SourcePlace[]): boolean {
  return some.every(({ file, line }, index) => others[index]?.file === file && others[index]?.line === line);
}
