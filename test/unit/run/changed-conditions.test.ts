import assert from 'node:assert/strict';
import { parseFaults, type ConditionsChange } from '../../../src/run/conditions-control.ts';
import { missedSentences } from '../../../src/run/conditions-words.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { RunSession } from '../../../src/run/session.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import type { EmbeddedRun } from '../../../src/run/start-embedded.ts';
import { aboutTrace } from '../../../src/timeline/caption.ts';

const FAULT = { verb: 'create', resource: 'pods', status: 500, times: 3 };

describe('conditions that are changed while a run goes on', () => {
  const changes: readonly (readonly [ConditionsChange, RegExp])[] = [
    [{ faults: [FAULT] }, / · from \S+ ?\S* on: requests that fail: create pods 500 3$/],
    [
      { actionsFaults: [{ operation: 'generatejitconfig', status: 503, times: 2 }] },
      /on: requests that fail: generatejitconfig 503 2$/,
    ],
    [{ faults: [] }, /on: requests that fail: none$/],
    [{ apiLatencyUs: 250_000 }, /on: API request takes 250 ms$/],
    [{ jitLatencyUs: 2_000_000 }, /on: registration takes 2\.00 s$/],
    [{ otherActionsLatencyUs: 40_000 }, /on: other calls of the Actions service take 40\.0 ms$/],
    [{ clear: true }, /on: conditions as at the start$/],
    [{ clear: true, faults: [FAULT] }, /on: conditions as at the start · requests that fail: create pods 500 3$/],
  ];
  for (const [change, words] of changes) {
    it(`are in the sentence of settings with when they came: ${JSON.stringify(change)}`, async () => {
      const session = RunSession.embedded({ ...DEFAULT_SETTINGS, mode: 'new', runners: 1 }, {});
      const before = aboutTrace(session.trace, session.originUs);
      session.changeConditions(change);
      assert.match(aboutTrace(session.trace, session.originUs), words);
      assert.ok(aboutTrace(session.trace, session.originUs).startsWith(before), 'the settings at the start stay');
      await session.stop();
    });
  }

  it('show the answers of the Actions service that are still to come, until they are ended', async () => {
    const session = RunSession.embedded({ ...DEFAULT_SETTINGS, mode: 'new', runners: 1 }, {});
    const wanted = [{ operation: 'generatejitconfig', status: 503, times: 2 }] as const;
    session.changeConditions({ actionsFaults: wanted });
    assert.deepEqual(session.conditions?.document.actionsFaults, wanted);
    session.changeConditions({ apiLatencyUs: 5_000 });
    assert.deepEqual(session.conditions?.document.actionsFaults, wanted, 'another change leaves them');
    session.changeConditions({ faults: [], actionsFaults: [] });
    assert.deepEqual(session.conditions?.document.actionsFaults, []);
    assert.deepEqual(session.conditions?.missed, []);
    await session.stop();
  });

  it('are said in part where they changed again and again', async () => {
    const session = RunSession.embedded({ ...DEFAULT_SETTINGS, mode: 'new', runners: 1 }, {});
    for (let ms = 1; ms <= 30; ms++) session.changeConditions({ apiLatencyUs: ms * 1000 });
    const about = aboutTrace(session.trace, session.originUs);
    assert.match(about, /API request takes 1\.0 ms/);
    assert.match(about, /22 more changes$/);
    assert.doesNotMatch(about, /API request takes 9\.0 ms/);
    await session.stop();
  });

  it('that are refused leave no trace', async () => {
    const session = RunSession.embedded({ ...DEFAULT_SETTINGS, mode: 'new', runners: 1 }, {});
    assert.throws(() => session.changeConditions({ apiLatencyUs: -1 }));
    assert.deepEqual(session.trace.marks, []);
    await session.stop();
  });

  it('say which of their faults have not happened, and how often the others did', async () => {
    const session = RunSession.embedded({ ...DEFAULT_SETTINGS, mode: 'new', runners: 1 }, {});
    const actionsFaults = [{ operation: 'delete-session', status: 500, times: 2 }] as const;
    session.changeConditions({ faults: [FAULT, { ...FAULT, status: 403, times: 1 }], actionsFaults });
    const { conditions } = session;
    assert.deepEqual(missedSentences(conditions?.missed ?? []), [
      'Planned: create pods 500, 3 times. It did not happen: the run ended before such a request came.',
      'Planned: create pods 403, once. It did not happen: the run ended before such a request came.',
      'Planned: delete-session 500, twice. It did not happen: the run ended before such a request came.',
    ]);
    session.changeConditions({ apiLatencyUs: 1000 });
    assert.equal(conditions?.missed.length, 3, 'other changes leave them');
    session.changeConditions({ clear: true, faults: [FAULT] });
    assert.deepEqual(conditions?.missed, [{ what: 'create pods 500', planned: 3, happened: 0 }]);
    await session.stop();
  });

  it('count what happened, and are silent where everything did', () => {
    const conditions = parseFaults('create pods 500 2, create secrets 500 3, generatejitconfig 503 5');
    assert.ok(typeof conditions !== 'string');
    let run: EmbeddedRun | undefined;
    const settings = { ...DEFAULT_SETTINGS, mode: 'new', runners: 1 };
    simulate(settings, { load: { conditions }, onStarted: (started) => void (run = started), horizonUs: 500_000 });
    assert.deepEqual(missedSentences(run?.environment.conditions.missed ?? []), [
      'Planned: create pods 500, twice. It did not happen: the run ended before such a request came.',
      'Planned: create secrets 500, 3 times. It did not happen: the run ended before such a request came.',
      'Planned: generatejitconfig 503, 5 times. It happened once: the run ended before another such request came.',
    ]);
    simulate(settings, { load: { conditions }, onStarted: (started) => void (run = started) });
    assert.deepEqual(run?.environment.conditions.missed, []);
  });
});
