import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  empirical,
  factorAt,
  latencyArgument,
  latencyText,
  meanFactor,
  normalQuantile,
  parseLatency,
  type Latency,
} from '../../../src/base/latency.ts';

function quantileUs({ medianUs, shape }: Latency, probability: number): number {
  return medianUs * factorAt(shape, probability);
}

describe('Latencies as distributions', () => {
  it('have the quantiles of the normal distribution that tables print', () => {
    for (const [probability, z] of [
      [0.5, 0],
      [0.9, 1.2815515655],
      [0.95, 1.644853627],
      [0.975, 1.959963985],
      [0.999, 3.090232306],
      [0.01, -2.326347874],
    ] as const) {
      assert.ok(Math.abs(normalQuantile(probability) - z) < 1e-8, `${probability}: ${normalQuantile(probability)}`);
    }
  });

  it('are given by median and sigma, by quantiles, or by values', () => {
    assert.deepEqual(parseLatency('lognormal(400ms, 0.3)'), {
      medianUs: 400_000,
      shape: { kind: 'lognormal', sigma: 0.3 },
    });
    const byQuantiles = parseLatency('p50=400ms,p95=900ms') as Latency;
    assert.equal(byQuantiles.medianUs, 400_000);
    assert.ok(Math.abs(quantileUs(byQuantiles, 0.95) - 900_000) < 10);
    const others = parseLatency('p90=900ms,p10=100ms') as Latency;
    assert.ok(Math.abs(quantileUs(others, 0.1) - 100_000) < 10 && Math.abs(quantileUs(others, 0.9) - 900_000) < 10);
    const seen = parseLatency('empirical(1s,300ms,400ms)') as Latency;
    assert.deepEqual(
      [0, 0.5, 1].map((at) => Math.round(quantileUs(seen, at))),
      [300_000, 400_000, 1_000_000],
    );
    assert.equal(latencyText(byQuantiles.medianUs, byQuantiles.shape), '400 ms (p95 900 ms)');
  });

  for (const [text, why] of [
    ['p50=400ms,p95=100ms', 'cannot have p95 below p50'],
    ['p50=400ms,p90=300ms,p99=900ms', 'cannot have p90 below p50'],
    ['p50=400ms,p50=500ms', 'takes p50 once'],
    ['p50=400ms', 'takes two quantiles or more'],
    ['p50=0,p95=1s', 'takes durations above 0 for quantiles between p0 and p100'],
    ['p50=1ms,p95=1s', 'has quantiles too far apart: p95 is at most 139 times p50'],
    ['lognormal(400ms,99)', 'takes a median above 0 and a standard deviation of the logarithm, from 0 to 3'],
    ['empirical(400ms)', 'takes two durations or more, all above 0'],
  ] as const) {
    it(`say of ${text} what it must be`, () => assert.equal(parseLatency(text), why));
  }

  for (const text of [
    '400ms',
    'lognormal(400ms)',
    'lognormal(0,0.3)',
    'lognormal(400ms,-1)',
    'lognormal(400ms,x)',
    'lognormal(400ms,99)',
    'p50=400ms',
    'p50=400ms,p50=400ms',
    'p95=400ms,p50=900ms',
    'p100=1s,p50=100ms',
    'empirical(400ms)',
    'empirical(400ms,0)',
    'empirical(400ms,fast)',
    '',
  ]) {
    it(`are not ${JSON.stringify(text)}`, () => assert.notEqual(typeof parseLatency(text), 'object'));
  }

  it('are the same when they are written and read again', () => {
    const value = fc.integer({ min: 1000, max: 5_000_000 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 60 }), (values) => {
        const latency = empirical(values) as Latency;
        const again = parseLatency(latencyArgument(latency.medianUs, latency.shape)) as Latency;
        for (const at of [0, 0.1, 0.5, 0.9, 1]) {
          assert.ok(Math.abs(quantileUs(latency, at) - quantileUs(again, at)) <= 3, `${values.join()} at ${at}`);
        }
      }),
    );
    const lognormal = parseLatency('lognormal(400ms,0.3)') as Latency;
    assert.equal(latencyArgument(lognormal.medianUs, lognormal.shape), 'lognormal(400ms,0.3)');
  });

  it('have the mean that their draws have', () => {
    for (const text of ['lognormal(400ms,0.5)', 'empirical(300ms,400ms,1.2s)']) {
      const { shape } = parseLatency(text) as Latency;
      const draws = 20_000;
      let sum = 0;
      for (let draw = 0; draw < draws; draw++) sum += factorAt(shape, (draw + 0.5) / draws);
      assert.ok(Math.abs(sum / draws - meanFactor(shape)) < 0.001, text);
    }
  });
});
