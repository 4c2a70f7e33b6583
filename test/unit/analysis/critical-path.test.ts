import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { criticalPath, type CriticalPath } from '../../../src/analysis/critical-path.ts';
import type { WaitPart } from '../../../src/analysis/wait-parts.ts';
import { openInput } from '../../../src/evidence/open-input.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { RUNNER_KIND, type TraceRequest } from '../../../src/trace/model.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { A_HEADER, beginPass, beginWait, endPass } from '../../builders/traces.ts';

const LOGS = fileURLToPath(new URL('../evidence/logs/', import.meta.url));

/** Parts lie one after the other, without a gap, from the beginning to the end. */
function assertWhole({ fromUs, toUs, parts, links, runner }: CriticalPath): void {
  for (const [what, stretch] of [
    ['parts', parts],
    ['links', links],
  ] as const) {
    let us = fromUs;
    for (const part of stretch) {
      assert.equal(part.fromUs, us, `${what} of ${runner}: one begins where the one before ends`);
      assert.ok(part.toUs > part.fromUs, `${what} of ${runner}: a part that took no time is none`);
      us = part.toUs;
    }
    assert.equal(us, toUs, `the ${what} of ${runner} sum to the whole`);
  }
}

function spentOn(parts: readonly WaitPart[], ...causes: readonly WaitPart['cause'][]): number {
  return parts.reduce((sum, { cause, fromUs, toUs }) => sum + (causes.includes(cause) ? toUs - fromUs : 0), 0);
}

function runnersOf(log: TraceLog): string[] {
  const names = new Set<string>();
  for (const event of log.events()) if (event.type === 'object' && event.kind === RUNNER_KIND) names.add(event.object);
  return [...names];
}

/** A run of our own, until nothing is left to do. */
function ran(settings: Partial<RunSettings> & Pick<RunSettings, 'mode'>): TraceLog {
  return simulate({ ...DEFAULT_SETTINGS, ...settings }).trace;
}

/** The same trace as a log would tell it: nobody says how long a call waited for the lock. */
function withoutLocks(log: TraceLog): TraceLog {
  const copy = new TraceLog(log.header);
  const bare = ({ locked: _, ...request }: TraceRequest): TraceRequest => request;
  for (const event of log.events()) {
    if (event.type === 'pass')
      copy.addPass({ ...event, ...(event.requests === undefined ? {} : { requests: event.requests.map(bare) }) });
    else if (event.type === 'object') copy.addObject(event);
  }
  return copy;
}

describe('the critical path of a runner', () => {
  it('sums to its wait exactly, as what it waited for and along the causes, in every mode', () => {
    for (const mode of ['0.9.3', 'old', 'new', '0.12.1', 'latest']) {
      for (const [workers, runners, seed] of [
        [1, 7, 1],
        [2, 30, 2],
        [10, 25, 3],
      ] as const) {
        const log = ran({ mode, workers, runners, seed });
        for (const runner of runnersOf(log)) {
          const path = criticalPath(log, runner, log.endedUs ?? Infinity, mode === 'latest');
          assert.ok(path !== undefined, `${mode}: ${runner} has no path`);
          assertWhole(path);
          assert.ok(path.isFromBeginning);
          assert.equal(
            spentOn([...path.parts, ...path.links], 'unknown'),
            0,
            `${mode}: all of ${runner}'s time is known`,
          );
        }
      }
    }
  });

  it('leads from a wait for a worker to what the pass before it did with that worker', () => {
    const log = ran({ mode: 'old', workers: 1, runners: 30 });
    const paths = runnersOf(log).map((runner) => criticalPath(log, runner, Infinity, false));
    const [last] = paths.filter((path) => path !== undefined).sort((a, b) => b.toUs - a.toUs);
    assert.ok(last !== undefined);
    assert.ok(spentOn(last.parts, 'worker') > 4e6, 'it waited for the worker for seconds');
    const waitedUs = spentOn(last.parts, 'worker');
    assert.ok(spentOn(last.links, 'actions service') > 0.55 * waitedUs, 'which was with JIT calls');
    assert.ok(spentOn(last.links, 'client limit') > 0.25 * waitedUs, "and held back by the client's limit");
    assert.ok(spentOn(last.links, 'worker') < 0.01 * waitedUs, 'who had the worker is known nearly all of the time');
    assert.ok(new Set(last.links.map(({ runner }) => runner)).size > 25, 'of nearly all others');
  });

  it('of a log says whose call had the lock, as a trace that tells it does', () => {
    const log = ran({ mode: 'latest', workers: 4, runners: 20 });
    const bare = withoutLocks(log);
    let lockedUs = 0;
    for (const runner of runnersOf(log)) {
      const [told, concluded] = [log, bare].map((each) => criticalPath(each, runner, Infinity, true));
      lockedUs += spentOn(told?.parts ?? [], 'actions lock');
      const off = spentOn(told?.parts ?? [], 'actions lock') - spentOn(concluded?.parts ?? [], 'actions lock');
      // Between two calls the client does what takes no time.
      assert.ok(Math.abs(off) < 1_000, `${runner} is off by ${off} us`);
    }
    assert.ok(lockedUs > 5e6, 'calls wait for one another');
    const free = criticalPath(bare, runnersOf(bare)[10] ?? '', Infinity, false);
    assert.equal(spentOn(free?.parts ?? [], 'actions lock'), 0, 'without a lock nobody waits for it');
  });

  it('of a runner that no pass has served leads to the call that has had its worker longest', () => {
    const log = new TraceLog(A_HEADER);
    log.addObject({ kind: RUNNER_KIND, object: 'ci/a', at: 0, phase: '', pod: 'none' });
    log.addObject({ kind: RUNNER_KIND, object: 'ci/b', at: 0, phase: '', pod: 'none' });
    const pass = beginPass(log, 'ci/a', 0);
    log.beginRequest(pass, { to: 'actions', verb: 'post', resource: 'generatejitconfig', started: 1_000 });
    beginWait(log, 'ci/b', 'ephemeralrunner-added', 0, 0);
    const path = criticalPath(log, 'ci/b', 300e6, false);
    assert.ok(path !== undefined);
    assertWhole(path);
    assert.equal(path.until, 'open');
    assert.deepEqual(
      path.parts.map(({ cause, fromUs, toUs }) => [cause, fromUs, toUs]),
      [['worker', 0, 300e6]],
    );
    assert.deepEqual(
      path.links.map(({ runner, cause, detail, fromUs, toUs }) => [runner, cause, detail, fromUs, toUs]),
      [
        ['ci/a', 'controller', '', 0, 1_000],
        ['ci/a', 'actions service', 'generatejitconfig', 1_000, 300e6],
      ],
    );
  });

  it('has nothing of a set that has the name of the runner', () => {
    const traced = (hasSet: boolean): CriticalPath | undefined => {
      const log = new TraceLog(A_HEADER);
      const ofSet = { controller: 'ephemeralrunnerset', trigger: 'ephemeralrunnerset-added' };
      const passOfSet = (fromUs: number, toUs: number, object = 'ci/a'): void => {
        if (hasSet) endPass(log, beginPass(log, object, fromUs, ofSet), toUs);
      };
      log.addObject({ kind: RUNNER_KIND, object: 'ci/a', at: 100, phase: '', pod: 'none' });
      log.addObject({ kind: RUNNER_KIND, object: 'ci/b', at: 100, phase: '', pod: 'none' });
      passOfSet(0, 50);
      passOfSet(110, 190);
      const pass = beginPass(log, 'ci/b', 150, { queued: 100 });
      endPass(log, pass, 200);
      endPass(log, beginPass(log, 'ci/a', 200, { queued: 100 }), 230);
      if (hasSet) {
        log.beginWait({ object: 'ci/a', ...ofSet, queued: 240, ready: 240, basis: 'run' });
        beginPass(log, 'ci/c', 241, ofSet);
      }
      beginWait(log, 'ci/a', 'pod-updated', 260, 260);
      beginPass(log, 'ci/b', 245);
      return criticalPath(log, 'ci/a', 500, false);
    };
    const path = traced(true);
    assert.ok(path !== undefined);
    assertWhole(path);
    const told = ({ parts, links }: CriticalPath) => ({
      parts: parts.map(({ cause, fromUs, toUs }) => [cause, fromUs, toUs]),
      links: links.map(({ runner, cause, fromUs, toUs }) => [runner, cause, fromUs, toUs]),
    });
    assert.deepEqual(told(path), told(traced(false) as CriticalPath));
  });

  it('has a back-off with what caused it, a limiter with its kind of object, and what the pod waited for', () => {
    const log = new TraceLog(A_HEADER);
    log.addObject({ kind: RUNNER_KIND, object: 'ci/a', at: 0, phase: '', pod: 'none' });
    endPass(log, beginPass(log, 'ci/a', 0), 10, { result: 'error', error: 'no' });
    const pass = beginPass(log, 'ci/a', 100, { trigger: 'error', queued: 10, ready: 90 });
    log.beginRequest(pass, { to: 'kubernetes', verb: 'create', resource: 'pods', throttled: 40, started: 100 });
    log.endRequest(pass, { status: 201, ended: 150 });
    endPass(log, pass, 150);
    const trouble = { code: 'ImagePullBackOff' };
    log.addObject({ kind: RUNNER_KIND, object: 'ci/a', at: 150, pod: 'pending' });
    log.addObject({ kind: RUNNER_KIND, object: 'ci/a', at: 170, pod: 'pending', trouble });
    log.addObject({ kind: RUNNER_KIND, object: 'ci/a', at: 400, pod: 'running' });
    const path = criticalPath(log, 'ci/a', 500, false);
    assert.ok(path !== undefined);
    assertWhole(path);
    assert.equal(path.until, 'running');
    assert.deepEqual(
      path.parts.map(({ cause, detail, toUs }) => [cause, detail, toUs]),
      [
        ['controller', '', 10],
        ['back-off', 'error', 90],
        ['worker', '', 100],
        ['client limit', 'pods', 140],
        ['kubernetes', 'CREATE pods', 150],
        ['pod', 'pending', 170],
        ['pod', 'ImagePullBackOff', 400],
      ],
    );
  });

  it('of real controllers goes from JIT call to JIT call, and says nothing of a log with missing lines', async () => {
    const name = 'set-100-workers-2-latest.controller.log.gz';
    const { trace } = await explainLogs([{ name, bytes: openInput(`${LOGS}${name}`) }]);
    assert.ok(trace !== undefined);
    const paths = runnersOf(trace).map((runner) => criticalPath(trace, runner, trace.endedUs ?? 0, true));
    for (const path of paths) {
      assert.ok(path !== undefined);
      assertWhole(path);
    }
    const [last] = paths.filter((path) => path !== undefined).sort((a, b) => b.toUs - b.fromUs - (a.toUs - a.fromUs));
    assert.ok(last !== undefined && spentOn(last.links, 'actions service') > 0.9 * (last.toUs - last.fromUs));
    trace.addMark({ at: 0, what: 'sampled', text: '1' });
    assert.equal(criticalPath(trace, last.runner, trace.endedUs ?? 0, true), undefined);
  });
});
