import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const line = (seconds: number, name: string, message: string, fields = {}, level = 'INFO'): string =>
  runnerLine(at(seconds), name, message, fields, level);
const withoutTime = (text: string): string => text.replace(/^\S+\t/, '');
const refused = line(2, 'lark-1', 'Failed to create a pod due to unrecoverable failure', { error: 'pods "lark-1" is forbidden: no' }, 'ERROR'); // prettier-ignore

describe('lines whose times have been left out', () => {
  it('have their errors shown, and no times', async () => {
    const { verdict, runners } = await explainText([line(0, 'lark-1', 'x'), refused].map(withoutTime).join('\n'));
    assert.match(verdict, /^The API server refused the pod of lark-1: no\.$/);
    assert.deepEqual(runners[0]?.milestones, {});
  });

  it('are no reason to say that nothing is wrong', async () => {
    const made = ['Creating ephemeral runner JIT config', 'Created ephemeral runner pod'];
    const text = made.map((message) => withoutTime(line(0, 'lark-1', message))).join('\n');
    const { verdict, isJudged } = await explainText(text);
    assert.equal(isJudged, false);
    assert.match(verdict, /the lines have no times, so waits are unknown/);
  });

  it('have the time of the line before, and the first of them that of the next one', async () => {
    const conflict = (name: string): string => line(60, name, 'Runner container is still running', {}, 'ERROR');
    const text = [withoutTime(refused), conflict('lark-2'), withoutTime(conflict('lark-3'))].join('\n');
    const { findings } = await explainText(text);
    assert.equal(findings[0]?.evidence[0]?.at.at.us, Date.parse(at(60)) * 1000);
  });

  it('are read where a runner says that GitHub no longer takes its version', async () => {
    const { verdict, findings } = await explainText(
      'The first call returned HTTP 403:\n\nRunner version v2.330.0 is deprecated and cannot receive messages.\n',
    );
    assert.match(verdict, /Runner version v2\.330\.0 is deprecated and cannot receive messages/);
    assert.match(findings[0]?.advice ?? '', /current image/);
  });

  it('are read where they are the last words of a listener', async () => {
    const { verdict } = await explainText('Application returned an error: createSession failed: no such host');
    assert.match(verdict, /^The listener reported an error once: /);
  });
});

describe('events of a log store', () => {
  const event = (stamp: string, reason: string): string => `${stamp}\tname=lark-1 kind=Pod reason=${reason} type=Warning count=1 msg="0/1 nodes are available"`; // prettier-ignore

  it('have the time of the store and tell nothing of its zone', async () => {
    const { files } = await explainText(
      [event('2026-03-02 12:00:00.000', 'FailedScheduling'), event('2026-03-02 12:40:00.000', 'FailedScheduling')].join('\n'), // prettier-ignore
    );
    assert.equal(files[0]?.zoneUs, undefined);
  });
});
