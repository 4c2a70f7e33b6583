import assert from 'node:assert/strict';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { refusalOf, requestText } from '../../../src/webview/pass-panel.ts';

describe('a request in the panel of a pass', () => {
  it('has the text of its refusal on its own line', () => {
    const settings = { ...DEFAULT_SETTINGS, mode: 'new' as const, runners: 1, jobDurationUs: 1_000_000 };
    const { trace } = simulate({ ...settings, pods: 'job-still-running' });
    const requests = [...trace.passes()].flatMap(({ requests = [] }) => requests);
    const refused = requests.find(({ resource, status }) => resource === 'delete-runner' && status === 400);
    assert.ok(refused !== undefined, 'nothing was refused');
    assert.match(requestText(refused, 0), /^delete-runner · 400 · /);
    assert.match(refusalOf(refused), /still running a job|JobStillRunning/);
    const granted = requests.find(({ status }) => status === 201);
    assert.equal(granted === undefined ? undefined : refusalOf(granted), '');
  });

  it('says how long it has gone without an answer, and has no refusal then', () => {
    const flying = { to: 'kubernetes', verb: 'create', resource: 'pods', name: 'a', throttled: 0, started: 5 } as const;
    assert.equal(requestText(flying, 1_005), 'pods · no answer yet · 1.0 ms');
    assert.equal(refusalOf(flying), '');
  });
});
