import assert from 'node:assert/strict';
import { markSentences } from '../../../src/explain/mark-words.ts';
import { milestonesOf } from '../../../src/analysis/milestones.ts';
import { milestonesText } from '../../../src/explain/milestones-text.ts';
import { openInput } from '../../../src/evidence/open-input.ts';
import { explainLogs } from '../../../src/report/explain-logs.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { MARKS } from '../../../src/trace/model.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { A_HEADER } from '../../builders/traces.ts';

const LOG = new URL('../evidence/logs/burst-300-workers-2-latest.controller.log.gz', import.meta.url).pathname;

describe('the marks of a trace', () => {
  for (const what of MARKS.filter((one) => one !== 'fault')) {
    it(`are said in a sentence: ${what}`, () => {
      const log = new TraceLog(A_HEADER);
      log.addMark({ at: 1_500_000, what, text: '12' });
      const [sentence = ''] = markSentences(log);
      assert.match(sentence, /\.$|: 12$/);
      assert.match(sentence, what === 'sampled' ? /dropped 12 repeated lines/ : /2026-01-01/);
    });
  }

  it('are not repeated where the timeline draws them or the verdict names them', () => {
    const log = new TraceLog(A_HEADER);
    log.addMark({ at: 0, until: 1, what: 'gap', text: 'no connection' });
    log.addMark({ at: 0, what: 'fault', text: 'API latency 1 s' });
    assert.deepEqual(markSentences(log), []);
  });

  it('cannot command a terminal or a page', () => {
    const log = new TraceLog(A_HEADER);
    log.addMark({ at: 0, what: 'sampled', text: '\u001b[2J' });
    assert.ok(!markSentences(log).join().includes('\u001b'));
  });

  it('of a log say when its controller started', async () => {
    const { trace } = await explainLogs([{ name: 'controller.log.gz', bytes: openInput(LOG) }]);
    assert.match(markSentences(trace ?? assert.fail()).join(' '), /^The controller started at 20\d\d-/);
  });
});

describe('the milestones of a runner in words', () => {
  it('are in the order in which they came, from the beginning of the run', () => {
    const { trace, originUs } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', podStartUs: 1_000_000 });
    const text = milestonesText(trace, 'arc-runners/runner-1', originUs);
    assert.match(
      text,
      /^created \S+ ms · first pass \S+ ms · registered \S+ ms · secret \S+ ms · pod \S+ ms · .*running 1\.\d+ s/,
    );
    assert.equal(milestonesText(trace, 'arc-runners/nobody', originUs), '');
  });

  it('have both ends where only an interval is known', () => {
    const log = new TraceLog(A_HEADER);
    log.addObject({ kind: 'EphemeralRunner', object: 'ns/a', at: 2e6, until: 3e6, phase: '' });
    assert.equal(milestonesText(log, 'ns/a', 1e6), 'created 1.00 s–2.00 s');
  });

  const PENDING: readonly [pods: string, lastUs: number][] = [
    ['slow-node', 2_000_000],
    ['image-pull-back-off', 2_000_000],
    ['init-fails', 2_000_000],
  ];
  for (const [pods, lastUs] of PENDING) {
    it(`are on a node once its kubelet says anything of the pod, long before it runs: ${pods}`, () => {
      const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', runners: 2, pods }, { horizonUs: 60_000_000 });
      for (const [runner, { pod, scheduled, running }] of milestonesOf(trace)) {
        assert.ok(scheduled !== undefined, `${runner} is never scheduled`);
        assert.ok(scheduled.atUs >= (pod?.atUs ?? NaN) && scheduled.atUs < lastUs, `${runner}: ${scheduled.atUs}`);
        assert.ok(running === undefined || running.atUs > scheduled.atUs + 1_000_000, `${runner} ran at once`);
      }
    });
  }

  for (const [code, isPlaced] of [
    ['NotScheduled', false],
    ['Unschedulable', false],
    ['SchedulingGated', false],
    ['NotStarted', true],
    ['NodeLost', true],
  ] as const) {
    it(`${isPlaced ? 'are' : 'are not'} on a node with a pod that is ${code}`, () => {
      const log = new TraceLog(A_HEADER);
      const about = { type: 'object', kind: 'EphemeralRunner', object: 'ns/a', phase: '' } as const;
      log.addObject({ ...about, at: 1, pod: 'created', trouble: { code } });
      assert.equal(milestonesOf(log).get('ns/a')?.scheduled?.atUs, isPlaced ? 1 : undefined);
    });
  }
});
