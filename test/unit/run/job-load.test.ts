import assert from 'node:assert/strict';
import { countOf, jobsText, parseLoad, startLoad } from '../../../src/run/job-load.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';

/** How many jobs come when, in seconds, within a time. */
function arrivals(text: string, forS: number, endS = forS): [number, number][] {
  const clock = new VirtualClock();
  const came: [number, number][] = [];
  const load = startLoad(clock, parseLoad(text), (count) => came.push([clock.nowUs() / 1e6, count]));
  clock.run(endS * 1e6);
  load.dispose();
  clock.run(forS * 1e6);
  return came;
}

describe('A load of jobs', () => {
  it('comes at once, at a rate, or at the times of a list', () => {
    for (const text of ['3', '3 jobs', '3 at once', '3 jobs at once', ' 3 Jobs At Once ']) {
      assert.deepEqual(arrivals(text, 60), [[0, 3]], text);
    }
    for (const text of ['2 a minute', '2 jobs per minute', '2/minute']) {
      assert.deepEqual(
        arrivals(text, 100),
        [
          [0, 1],
          [30, 1],
          [60, 1],
          [90, 1],
        ],
        text,
      );
    }
    assert.deepEqual(arrivals('1 an hour', 7200), [
      [0, 1],
      [3600, 1],
      [7200, 1],
    ]);
    assert.deepEqual(arrivals('10s, 0s, 10s, 1m30s', 100), [
      [0, 1],
      [10, 2],
      [90, 1],
    ]);
    assert.deepEqual(arrivals('0 10s', 100), [
      [0, 1],
      [10, 1],
    ]);
  });

  it('comes at a rate until there were as many, or for a time', () => {
    const threeEach30s = [
      [0, 1],
      [30, 1],
      [60, 1],
    ];
    const asNumber = [
      '3 jobs, 2 a minute',
      '3 jobs at 2 a minute',
      '3, 2 per minute',
      '3 at 2/min',
      '3 in all, 2 a minute',
    ];
    const asLimit = [
      '2 a minute, 3 jobs',
      '2 a minute up to 3',
      '2 jobs a minute, at most 3 jobs',
      '2/minute, 3 in total',
    ];
    const asTime = [
      '2 a minute for 90s',
      '2 a minute for 1m30s',
      '2 a minute for 1.5 minutes',
      '2 each minute, for 90 sec',
    ];
    const asInterval = [
      '3 jobs, one every 30s',
      '3 jobs, every 30 seconds',
      'every 30s, 3 jobs',
      'one job every 30s for 90s',
    ];
    for (const text of [...asNumber, ...asLimit, ...asTime, ...asInterval]) {
      assert.deepEqual(arrivals(text, 1000), threeEach30s, text);
      assert.equal(countOf(parseLoad(text)), 3, text);
      assert.equal(countOf(parseLoad(text), 30e6), 2, text);
    }
    assert.equal(countOf(parseLoad('5 a minute for 10m')), 50);
    assert.equal(countOf(parseLoad('7 a minute for 10m')), 70, 'a rate that is no whole number of microseconds');
    assert.equal(countOf(parseLoad('20 a minute')), Infinity, '20 is part of the rate, and no number of jobs');
  });

  it('keeps its rate over a long time', () => {
    assert.equal(arrivals('7 a minute', 3600 - 1).length, 420);
  });

  it('ends when it is disposed of', () => {
    assert.deepEqual(arrivals('1 a second', 60, 2), [
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    assert.deepEqual(arrivals('0s, 5s', 60, 2), [[0, 1]]);
  });

  it('is written as it can be read again', () => {
    const texts = [
      '1 at once',
      '30 at once',
      '2 a second',
      '5 a minute',
      '7 a minute',
      '90 a minute',
      '7 an hour',
      '20 jobs, 5 a minute',
    ];
    texts.push('1 job, 2 a second', 'one every 7s', '4 jobs, one every 7.7s');
    for (const text of [...texts, '0s, 0.5s, 10s, 90s', '10s']) assert.equal(jobsText(parseLoad(text)), text);
    assert.equal(jobsText(parseLoad('1m30s, 0')), '0s, 90s');
    assert.equal(jobsText(parseLoad('30  at \tonce')), '30 at once', 'spaces do not count');
    assert.equal(jobsText(parseLoad('120 a minute')), '2 a second');
    assert.equal(jobsText(parseLoad('5 a minute for 10m')), '50 jobs, 5 a minute');
  });

  it('is refused with a sentence where it cannot be read', () => {
    const refused: [string, RegExp][] = [
      ['', /none of these/],
      ['many', /none of these/],
      ['5 a week', /none of these/],
      ['1s, soon', /none of these/],
      ['0 at once', /from 1 to 100000/],
      ['100001', /from 1 to 100000/],
      ['99999 a second', /more than a thousand jobs a second/],
      ['every 0s', /more than a thousand jobs a second/],
      ['0 jobs, 5 a minute', /from 1 to 100000/],
      ['5 a minute for 0s', /the time has to be longer than 0$/],
      ['0.5 a minute', /a whole number of jobs; fewer are given as "one every 2m"$/],
      ['2.5 jobs per hour', /a whole number of jobs/],
      ['20 jobs, 0.5 a minute', /a whole number of jobs/],
      ['5 a minute for 9999h', /from 1 to 100000/],
      ['20 jobs, 5 a minute for 10m', /a number of jobs or a time, not both/],
      ['20 jobs, 5 a week', /none of these/],
      ['20 jobs, soon', /none of these/],
      ['5 a minute for ever', /none of these/],
    ];
    for (const [text, why] of refused) {
      assert.throws(
        () => parseLoad(text),
        (error: Error) => {
          assert.match(error.message, /^jobs are given as "30 at once", "5 a minute", .* or a list of times/);
          return why.test(error.message);
        },
        text,
      );
    }
  });
});
