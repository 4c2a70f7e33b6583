import assert from 'node:assert/strict';
import { mostRequestsASecond } from '../../../src/analysis/request-rate.ts';
import { inOneGo } from '../../../src/base/in-parts.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';

describe('the most requests a second', () => {
  it('counts those of any second, when they are sent, and no calls to the Actions service', () => {
    const log = new TraceLog({ type: 'header', version: 2, start: '2026-01-01T00:00:00Z', sources: [], settings: {} });
    const requests = [
      { to: 'kubernetes', started: 0, throttled: 0 },
      { to: 'kubernetes', started: 100, throttled: 900_000 },
      { to: 'kubernetes', started: 1_000_050, throttled: 0 },
      { to: 'kubernetes', started: 1_800_000, throttled: 0 },
      { to: 'actions', started: 1_800_000 },
    ] as const;
    for (const request of requests) log.addRequest(request);
    assert.equal(inOneGo(mostRequestsASecond(log)), 3, 'those sent at 0.9, 1.0 and 1.8 s');
  });

  it('is kept below its limit by a client with one bucket, but for the burst', () => {
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: 'new', runners: 40, workers: 8, qps: 5, burst: 5 });
    const kinds = 4;
    assert.ok(
      inOneGo(mostRequestsASecond(trace)) <= kinds * (5 + 5),
      `${inOneGo(mostRequestsASecond(trace))} requests in one second`,
    );
  });
});
