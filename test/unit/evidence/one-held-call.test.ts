import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

/** Two JIT calls that do not end, while others wait. */
function held(version: string): string {
  const lines = [
    ...['a', 'b', 'c', 'd', 'e'].map((name) => createdLine(at(0), name)),
    ...['a', 'b'].map((name) => runnerLine(at(1), name, 'Creating ephemeral runner JIT config')),
    createdLine(at(500), 'f'),
  ];
  return lines.join('\n').replaceAll('"version": "NA"', `"version": "${version}"`);
}

describe('JIT calls that do not end', () => {
  it('are one finding with those that wait for them, and where one lock is held more workers are no advice', async () => {
    const { findings } = await explainText(held('0.14.2'));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['held-call'],
    );
    assert.equal(
      findings[0]?.sentence,
      'JIT calls for a and b have held workers for 8 min 19 s, 12:00:01 to 12:08:20; c and 2 others waited.',
    );
    assert.match(findings[0].details.join(' '), /at most one of them is at GitHub/);
    assert.match(findings[0].advice, /More workers would not help/);
    assert.equal(findings[0].knob, undefined);
  });

  it('hold a worker each before that lock, where more workers help', async () => {
    const { findings } = await explainText(held('0.12.1'));
    assert.equal(findings.length, 1);
    assert.doesNotMatch(findings[0]?.details.join(' ') ?? '', /lock/);
    assert.match(findings[0]?.advice ?? '', /With more workers/);
  });
});

describe('a pass that panics', () => {
  it('is one finding, though the pass also ends with that error', async () => {
    const about = (name: string): string =>
      `{"controller": "ephemeralrunner", "controllerKind": "EphemeralRunner", "EphemeralRunner": {"name":"${name}","namespace":"ci"}, "namespace": "ci", "name": "${name}"`;
    const lines = [10, 20, 40].flatMap((seconds) => [
      runnerLine(at(seconds), 'lark-1', 'Creating ephemeral runner JIT config'),
      `${at(seconds)}\tERROR\tObserved a panic\t${about('lark-1')}, "panic": "runtime error: index out of range [3]"}`,
      `${at(seconds)}\tERROR\tReconciler error\t${about('lark-1')}, "error": "panic: runtime error: index out of range [3] [recovered]"}`,
    ]);
    const { findings } = await explainText(lines.join('\n'));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['process-event'],
    );
    assert.match(findings[0]?.sentence ?? '', /^A pass of ci\/lark-1 panicked 3 times/);
  });
});
