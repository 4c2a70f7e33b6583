import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

function line(second: number, level: string, logger: string, message: string, fields: string): string {
  return `${at(second)}\t${level}\t${logger}\t${message}\t{"version": "0.14.2", ${fields}}`;
}

const SCALE_SET = '"autoscalingrunnerset": {"name": "linux", "namespace": "ci"}';
const SET = '"ephemeralrunnerset": {"name": "linux", "namespace": "ci"}';

describe('what each pass reports again', () => {
  it('are found where the listener was taken away for a changed spec', async () => {
    const waits = (until: number): string[] =>
      Array.from({ length: until / 10 }, (_, index) =>
        line(
          index * 10,
          'INFO',
          'AutoscalingRunnerSet',
          'Ephemeral runner set spec changed but runners are still active; deleting listener to stop new jobs',
          SCALE_SET,
        ),
      );
    assert.equal(
      (await explainText(waits(600).join('\n'))).verdict,
      'Scale set ci/linux has had no listener for 9 min 50 s, since 12:00:00: it waits for its runners to end.',
    );
    assert.deepEqual((await explainText(waits(50).join('\n'))).findings, []);
  });

  it("are found where a job's pods do not go", async () => {
    const waits = (count: number): string =>
      Array.from({ length: count }, (_, index) =>
        runnerLine(at(60 + index * 5), 'lark-1', 'Waiting for container hooks resources to be deleted'),
      ).join('\n');
    const { verdict, findings } = await explainText(`${createdLine(at(0), 'lark-1')}\n${waits(60)}`);
    assert.equal(verdict, 'lark-1 has ended and the pods of its job have not gone for 4 min 55 s, since 12:01:00.');
    assert.match(findings[0]?.advice ?? '', /kubectl get pods -n ci -l runner-pod=lark-1/);
    const done = runnerLine(at(400), 'lark-1', 'Successfully removed finalizer after cleanup');
    const over = await explainText(`${createdLine(at(0), 'lark-1')}\n${waits(60)}\n${done}`);
    assert.ok(over.findings.every(({ id }) => id !== 'pod-stays'));
  });

  it('are counted where each pass reports an error and ends without one', async () => {
    const errors = Array.from({ length: 20 }, (_, index) =>
      line(
        index * 40,
        'ERROR',
        'EphemeralRunnerSet',
        'Github Config URL is invalid',
        `${SET}, "URL": "github.com/acme", "error": "URL must be a https://github.com/...: invalid config URL"`,
      ),
    );
    const { verdict, findings } = await explainText(errors.join('\n'));
    assert.match(verdict, /^EphemeralRunnerSet ci\/linux reported an error 20 times over 12 min 40 s: URL must be/);
    assert.match(findings[0]?.advice ?? '', /^Correct githubConfigUrl/);
  });
});

describe('a replica that waits for the lease', () => {
  it('is called so where it is alone', async () => {
    const lease = 'I0302 12:00:00.000000       1 leaderelection.go:257] attempting to acquire leader lease ci/x...';
    const { verdict } = await explainText(`${at(0)}\tINFO\tstarting manager\t{"version": "0.14.2"}\n${lease}`);
    assert.match(
      verdict,
      /^Not enough to judge: this replica of the controller waits for the lease, which another one/,
    );
  });
});

describe('events that pods have as well that work', () => {
  const row = (reason: string, message: string): string =>
    `2m          Warning   ${reason}   pod/linux-8kq2m-runner-abcde   ${message}`;
  const table = (...rows: readonly string[]): string =>
    ['LAST SEEN   TYPE      REASON             OBJECT                         MESSAGE', ...rows].join('\n');

  it('are no trouble', async () => {
    for (const harmless of [
      row('DNSConfigForming', 'Nameserver limits were exceeded, some nameservers have been omitted'),
      row('Unhealthy', 'Readiness probe failed: command timed out'),
    ])
      assert.deepEqual((await explainText(table(harmless))).findings, [], harmless);
  });

  it('do not hide others', async () => {
    const { findings } = await explainText(
      table(row('DNSConfigForming', 'Nameserver limits were exceeded'), row('Unhealthy', 'Startup probe failed: no')),
    );
    assert.equal(findings.length, 1);
  });

  it('name no image where a container may not run as root', async () => {
    const { verdict } = await explainText(
      table(row('Failed', 'Error: container has runAsNonRoot and image will run as root (pod: "x", container: init)')),
    );
    assert.match(verdict, /Container runner cannot be created: Error: container has runAsNonRoot/);
  });
});
