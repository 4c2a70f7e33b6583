import assert from 'node:assert/strict';
import { SAID_BY } from '../../../src/evidence/messages.ts';
import { emptyReading } from '../../../src/evidence/reading.ts';
import type { Seen } from '../../../src/evidence/seen.ts';
import { narrow, releaseOf } from '../../../src/evidence/release.ts';
import { hasActionsLock, LOCK_SINCE, NO_LOCK_UNTIL } from '../../../src/reconciler/releases/actions-lock.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';

const AT_FIRST: Seen = { at: { us: 0, withinUs: 1 }, line: 1, source: 0 };

describe('the release that wrote a log', () => {
  const bounds = [...SAID_BY].flatMap(([message, { since, until }]) =>
    [since, until].flatMap((version) => (version === undefined ? [] : [{ message, version }])),
  );

  it('is bounded by published versions alone', () => {
    const unknown = bounds.filter(({ version }) => !RELEASES.published.includes(version));
    assert.deepEqual(unknown, [], 'a bound that nobody published narrows the range to nothing');
  });

  for (const { message } of bounds) {
    it(`is narrowed by ${JSON.stringify(message)} to a range that is not empty`, () => {
      const reading = emptyReading();
      narrow(reading, SAID_BY.get(message) ?? {});
      const [low, high] = reading.releaseRange;
      assert.ok(low >= 0 && low <= high && high < RELEASES.published.length, `${low} to ${high}`);
    });
  }

  it('has the lock exactly where all that it may be have it', () => {
    const lockOf = (since: string, until: string): boolean | undefined => {
      const reading = emptyReading();
      narrow(reading, { since, until });
      return releaseOf(reading)?.hasLock;
    };
    const [first, last] = [RELEASES.published[0] as string, RELEASES.published.at(-1) as string];
    assert.equal(lockOf(first, NO_LOCK_UNTIL), false);
    assert.equal(lockOf(LOCK_SINCE, last), true);
    assert.equal(lockOf(NO_LOCK_UNTIL, LOCK_SINCE), undefined);
  });

  it('is that of its last version line, known to this program or not', () => {
    const locks = ['0.9.3', '0.13.0', '0.13.1', '0.14.0', '0.14.1', '0.15.0', '1.0.0', '0.14.0-canary'].map(
      (version) => {
        const reading = emptyReading();
        reading.versions.set('0.9.3', AT_FIRST);
        reading.versions.set(version, AT_FIRST);
        return releaseOf(reading)?.hasLock;
      },
    );
    assert.deepEqual(locks, [false, false, false, true, true, true, true, true]);
  });
});

describe('the lock of the Actions client', () => {
  it('is a matter of the releases, one answer for every part of the program', () => {
    assert.deepEqual(
      RELEASES.all.map(({ id, actions }) => [id, hasActionsLock(id) === actions.isOneAtATime]),
      RELEASES.ids.map((id) => [id, true]),
    );
    assert.equal(hasActionsLock('no release'), undefined);
  });
});
