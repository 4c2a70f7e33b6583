import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

const listenerLine = (seconds: number, message: string): string =>
  `${at(seconds)}\tINFO\tAutoscalingListener\t${message}\t{"version": "0.14.2", "autoscalinglistener": {"name": "lark-listener", "namespace": "arc"}}`;
const setLine = (seconds: number, message: string, name: string): string =>
  `${at(seconds)}\tINFO\tEphemeralRunnerSet\t${message}\t{"version": "0.12.1", "ephemeralrunnerset": {"name": "lark", "namespace": "ci"}, "name": "${name}"}`;

describe('a listener whose pod is made again', () => {
  const remade = (times: number, everyS: number): string =>
    Array.from({ length: times }, (_, index) => [
      listenerLine(index * everyS, 'Listener pod dependency changed, recreating listener pod'),
      listenerLine(index * everyS + 2, 'Listener pod is not ready'),
    ])
      .flat()
      .join('\n');

  it('over and over is a finding, and not one that never becomes ready', async () => {
    const { findings, verdict } = await explainText(remade(20, 30));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['listener-pod-made-again'],
    );
    assert.match(
      verdict,
      /^The pod of listener arc\/lark-listener was made again 20 times in 9 min 30 s, since 12:00:00/,
    );
  });

  it('now and then is none', async () => {
    const { findings } = await explainText(remade(6, 3600));
    assert.deepEqual(
      findings.filter(({ id }) => id === 'listener-pod-made-again'),
      [],
    );
  });
});

describe('a runner that its set does not remove, as it is not registered', () => {
  const skipped = (untilS: number): string[] =>
    Array.from({ length: untilS / 10 }, (_, index) =>
      setLine(index * 10, 'Skipping ephemeral runner since it is not registered yet', 'lark-1'),
    );

  it('for long is a finding', async () => {
    const { findings } = await explainText(skipped(1800).join('\n'));
    assert.equal(
      findings[0]?.sentence,
      'lark-1 has not been registered for 29 min 50 s, since 12:00:00: its set does not remove it.',
    );
    assert.match(findings[0].advice, /kubectl get ephemeralrunner -n ci lark-1 -o yaml/);
  });

  it('for minutes, or until it is registered, is none', async () => {
    const later = runnerLine(at(1795), 'lark-1', 'Created ephemeral runner JIT config', { runnerId: 7 });
    for (const lines of [skipped(300), [...skipped(1800), later]]) {
      const { findings } = await explainText(lines.join('\n'));
      assert.deepEqual(
        findings.filter(({ id }) => id === 'unregistered'),
        [],
      );
    }
  });
});

describe('an API server that does not answer for seconds', () => {
  const refused =
    'Get "https://10.96.0.1:443/apis/actions.github.com/v1alpha1/ephemeralrunners": dial tcp 10.96.0.1:443: connect: connection refused';
  const failed = (seconds: number): string =>
    `${at(seconds)}\tERROR\tReconciler error\t{"controller": "ephemeralrunnerset", "controllerGroup": "actions.github.com", "namespace": "ci", "name": "lark", "error": ${JSON.stringify(refused)}}`;
  const made = (seconds: number): string =>
    `${at(seconds)}\tINFO\tEphemeralRunnerSet\tCreated new ephemeral runner\t{"ephemeralrunnerset": {"name":"lark","namespace":"ci"}, "runner": "lark-runner-abcde"}`;
  const spell = [1, 1, 2, 2, 3, 3].map(failed);
  const later = runnerLine(at(600), 'lark-runner-abcde', 'Created ephemeral runner pod');

  it('is over where the set makes runners again, and no way to GitHub', async () => {
    const { findings } = await explainText([...spell, made(20), later].join('\n'));
    const found = findings.find(({ id }) => id === 'repeated-errors');
    assert.equal(found?.severity, 'warning');
    assert.deepEqual(found.details, ['It was over at 12:00:20: a runner was made then.']);
    assert.match(found.advice, /^The cluster's control plane did not answer/);
  });

  it('is not over where it makes none, or fails on and on', async () => {
    for (const lines of [
      [...spell, later],
      [...spell, ...[100, 200, 300].map(failed), made(310), later],
    ]) {
      const { findings } = await explainText(lines.join('\n'));
      assert.equal(findings.find(({ id }) => id === 'repeated-errors')?.severity, 'error');
    }
  });

  it('tells nothing of GitHub, whose answers are over only where a runner is registered', async () => {
    const answer =
      'failed to get runner: GET https://pipelines.actions.githubusercontent.com/abc/_apis/distributedtask/pools/0/agents: failed(status="503 Service Unavailable"): try later';
    const ofGithub = spell.map((line) => line.replace(JSON.stringify(refused), JSON.stringify(answer)));
    const { findings } = await explainText([...ofGithub, made(20), later].join('\n'));
    const found = findings.find(({ id }) => id === 'repeated-errors');
    assert.ok(found !== undefined, 'the answers are a finding');
    assert.doesNotMatch(found.details.join(' '), /It was over/);
  });
});
