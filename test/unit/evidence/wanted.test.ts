import assert from 'node:assert/strict';
import { at, explainText } from '../../builders/evidence.ts';

function compared(seconds: number, current: number, desired: number): string {
  return `${at(seconds)}\tINFO\tEphemeralRunnerSet\tScaling comparison\t{"version": "0.12.1", "ephemeralrunnerset": {"name":"gpu-x","namespace":"ci"}, "current": ${current}, "desired": ${desired}}`;
}

it('a set that wants runners and makes none is no set that wanted none', async () => {
  const short = await explainText([compared(0, 2, 10), compared(60, 2, 10)].join('\n'));
  assert.match(short.verdict, /set gpu-x wants 10 runners and has 2, and no line shows that it makes one/);
  const idle = await explainText([compared(0, 2, 2), compared(60, 2, 2)].join('\n'));
  assert.match(idle.verdict, /set gpu-x wanted 2\); give one from when runners were wanted/);
});

it("the longest wait for the client's limit is not cut to whole seconds", async () => {
  const klog = `I0302 12:00:01.412345       1 request.go:697] Waited for 7.8s due to client-side throttling, not priority and fairness, request: GET:https://10.96.0.1:443/api/v1/pods`;
  const { findings } = await explainText([compared(0, 2, 2), klog].join('\n'));
  assert.match(findings[0]?.sentence ?? '', /, 7\.8\d* s the longest\.$/);
});
