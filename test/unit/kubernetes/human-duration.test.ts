import assert from 'node:assert/strict';
import { humanDuration } from '../../../src/kubernetes/embedded/http/human-duration.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** As `kubectl get` shows ages: two units at most, and the smaller one only while it matters. */
describe('ages in tables', () => {
  const shown: readonly (readonly [seconds: number, text: string])[] = [
    [0, '0s'],
    [119, '119s'],
    [2 * MINUTE, '2m'],
    [9 * MINUTE + 59, '9m59s'],
    [10 * MINUTE + 59, '10m'],
    [3 * HOUR - 1, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 59 * MINUTE, '7h59m'],
    [8 * HOUR + 59 * MINUTE, '8h'],
    [2 * DAY - 1, '47h'],
    [2 * DAY, '2d'],
    [7 * DAY + 23 * HOUR, '7d23h'],
    [8 * DAY + 23 * HOUR, '8d'],
    [2 * YEAR - 1, '729d'],
    [2 * YEAR, '2y'],
    [2 * YEAR + 3 * DAY, '2y3d'],
    [8 * YEAR + 3 * DAY, '8y'],
  ];
  for (const [seconds, text] of shown) {
    it(`show ${seconds} seconds as ${text}`, () => assert.equal(humanDuration(seconds), text));
  }
});
