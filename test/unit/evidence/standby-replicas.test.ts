import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine, workersLine } from '../../builders/evidence.ts';

const manager = (seconds: number): string => `${at(seconds)}\tINFO\tstarting manager\t{"version": "0.14.2"}`;
const lease = (seconds: number, says: string): string =>
  `I0302 ${at(seconds).slice(11, 19)}.100000       1 leaderelection.go:257] ${says} arc-systems/arc-gha-rs-controller...`;
const ATTEMPT = 'attempting to acquire leader lease';
const ACQUIRED = 'successfully acquired lease';
/** Runners that come and go, each in nine seconds. */
const runners = (from: number, until: number): string[] =>
  Array.from({ length: (until - from) / 10 }, (_, index) => {
    const [name, start] = [`r${from + index}`, from + 10 * index];
    return [
      createdLine(at(start), name),
      runnerLine(at(start), name, 'Creating ephemeral runner JIT config'),
      runnerLine(at(start), name, 'Created ephemeral runner JIT config'),
      runnerLine(at(start), name, 'Created ephemeral runner pod'),
      runnerLine(at(start + 9), name, 'Ephemeral runner has finished successfully, deleting ephemeral runner'),
    ];
  }).flat();
/** Three starts at which lines of runners go on. */
const log = (...after: readonly ((seconds: number) => string)[]): string =>
  [
    ...[manager(0), workersLine(at(0), 2), ...runners(10, 200)],
    ...[200, 400, 600].flatMap((from) => [
      manager(from),
      ...after.map((line) => line(from)),
      ...runners(from + 10, from + 200),
    ]),
  ].join('\n');

describe('a replica that starts and waits for the lease', () => {
  it('is no restart of the controller that works', async () => {
    const { findings } = await explainText(log((from) => lease(from, ATTEMPT)));
    assert.deepEqual(findings, []);
  });

  it('is one where it gets the lease and works', async () => {
    const { findings } = await explainText(
      log(
        (from) => lease(from, ATTEMPT),
        (from) => lease(from, ACQUIRED),
        (from) => workersLine(at(from), 2),
      ),
    );
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['restarts'],
    );
  });
});
