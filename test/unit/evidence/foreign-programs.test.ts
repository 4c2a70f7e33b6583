import assert from 'node:assert/strict';
import { at, explainText, runnerLine } from '../../builders/evidence.ts';

describe('the log of another program', () => {
  it('is named as its own lines name it', async () => {
    const line = (minute: number): string =>
      `I1127 09:0${minute}:00.123456       1 controller.go:162] "re-queuing item" logger="cert-manager.controller" controller="certificates-readiness" key="web/tls-0"`;
    const { verdict } = await explainText([0, 1, 2].map(line).join('\n'));
    assert.match(verdict, /lines are those of cert-manager, not of ARC; give the log of ARC's controller/);
  });

  it("is not what client-go says between a controller's lines", async () => {
    const klog =
      'E1127 12:00:01.123456       1 reflector.go:200] "Failed to watch" logger="UnhandledError" reflector="x"';
    const { verdict } = await explainText([runnerLine(at(0), 'lark-1', 'Adding finalizers'), klog].join('\n'));
    assert.doesNotMatch(verdict, /not of ARC/);
  });
});

describe('stack lines behind the prefix of a journal', () => {
  it('belong to the error before them', async () => {
    const prefix = (second: number): string => `Mar  2 12:00:0${second} node-1 k3s[812]: `;
    const text = [
      `${prefix(0)}${runnerLine(at(0), 'lark-1', 'Failed to create pod', { error: 'no' }, 'ERROR')}`,
      `${prefix(1)}sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller).reconcileHandler`,
      `${prefix(2)}\tsigs.k8s.io/controller-runtime@v0.19.0/pkg/internal/controller/controller.go:316`,
    ].join('\n');
    const { files } = await explainText(text);
    assert.equal(files[0]?.unknown, 0);
  });
});

describe("waits for the client's limit", () => {
  const waited = (seconds: number): string =>
    `I0302 12:00:0${seconds}.123456       1 request.go:752] "Waited before sending request" delay="1.038s" reason="client-side throttling" verb="GET"`;

  it('are good to know where they delay nobody for long', async () => {
    const { isHealthy, findings } = await explainText(
      [runnerLine(at(0), 'lark-1', 'Adding finalizers'), waited(1), waited(2)].join('\n'),
    );
    assert.equal(isHealthy, true);
    assert.equal(findings.find(({ id }) => id === 'throttled')?.severity, 'note');
  });
});
