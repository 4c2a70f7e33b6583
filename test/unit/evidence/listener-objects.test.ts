import assert from 'node:assert/strict';
import { at, explainText } from '../../builders/evidence.ts';

const made = (seconds: number): string =>
  `${at(seconds)}\tINFO\tAutoscalingRunnerSet\tCreating a new AutoscalingListener for the runner set\t{"version": "0.12.1", "autoscalingrunnerset": {"name":"linux","namespace":"ci"}}`;
const notReady = (seconds: number): string =>
  `${at(seconds)}\tINFO\tAutoscalingListener\tListener pod is not ready\t{"version": "0.12.1", "autoscalinglistener": {"name":"linux-listener","namespace":"arc"}}`;
const every = (step: number, count: number): number[] => Array.from({ length: count }, (_, index) => index * step);

describe('a listener, by the lines of its controller', () => {
  it('is found where it is made over and over', async () => {
    const { verdict } = await explainText(every(30, 40).map(made).join('\n'));
    assert.equal(
      verdict,
      'The listener of ci/linux was made 40 times in 19 min 30 s, since 12:00:00: each is deleted and made again.',
    );
  });

  it('is no trouble where it is made once for each of a few changes', async () => {
    const { findings } = await explainText(every(3600, 8).map(made).join('\n'));
    assert.deepEqual(findings, []);
  });

  it('is found where its pod does not become ready', async () => {
    const { verdict } = await explainText(every(60, 29).map(notReady).join('\n'));
    assert.equal(verdict, 'The pod of listener arc/linux-listener has not been ready for 28 min 0 s, since 12:00:00.');
  });

  it('is no trouble where its pod is not ready for a moment, now and then', async () => {
    const { findings } = await explainText([0, 5, 600, 605, 1200].map(notReady).join('\n'));
    assert.deepEqual(findings, []);
  });
});
