import assert from 'node:assert/strict';
import { unfitted } from '../../../src/fit/log-fit.ts';
import { about } from '../../../src/report/why-text.ts';
import { explainInputs, explainText } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

const STAMP = /^\S+Z/;
const HOUR = 3600;

/** The same lines with other times and other runners. */
function later(lines: readonly string[], seconds: number, name: string): string[] {
  return lines.map((line) =>
    line
      .replace(STAMP, (stamp) => new Date(Date.parse(stamp) + seconds * 1000).toISOString().replace('.000Z', 'Z'))
      .replaceAll('"job', `"${name}`),
  );
}

function secondOf(line: string): number {
  return Date.parse(STAMP.exec(line)?.[0] ?? '') / 1000;
}

function byTime(...logs: readonly (readonly string[])[]): string[] {
  return logs.flat().sort((a, b) => secondOf(a) - secondOf(b));
}

const of300 = recordedLines('burst-300-workers-2-latest.controller');
const of300New = recordedLines('burst-300-workers-2-new.controller');
const of100 = recordedLines('burst-100-workers-4-latest.controller');
const begun = secondOf(of300[0] as string);

describe('a log of several controllers, one after the other', () => {
  it('explains each burst with the workers of the controller that was running', async () => {
    const { findings, bursts } = await explainText([...of300, ...later(of100, HOUR, 'late')].join('\n'));
    assert.deepEqual(
      bursts.map(({ burst, workers, cause }) => [burst.runners.length, workers, cause]),
      [
        [300, 2, 'actions lock'],
        [100, 4, 'actions lock'],
      ],
    );
    assert.match(findings[0]?.sentence ?? '', /300 JIT calls ran one at a time/);
    assert.equal(findings[0]?.burst, bursts[0]);
  });

  it('has a header that names release and workers of each', async () => {
    const explanation = await explainText([...of300New, ...later(of100, HOUR, 'late')].join('\n'));
    assert.match(
      about(explanation, unfitted(explanation.reading)),
      /^400 runners, 2 starts of the controller: ARC 0\.9\.3 to 0\.12\.1 \(from the messages\), 2 workers; then ARC 0\.14\.\d or later \(from the messages\), 4 workers$/,
    );
  });

  it('explains each burst with the release that was running, in one file or in two', async () => {
    const second = later(of300New, HOUR, 'late');
    for (const explanation of [
      await explainText([...of300, ...second].join('\n')),
      await explainInputs({ 'a.log': of300, 'b.log': second }),
    ]) {
      const locks = explanation.bursts.map(({ burst, release }) => [
        burst.start.at.us / 1e6 > begun + 60,
        release?.hasLock,
      ]);
      assert.deepEqual(locks.sort(), [
        [false, true],
        [true, false],
      ]);
      assert.deepEqual(
        explanation.findings.map(({ id }) => id),
        ['actions-lock', 'client-limit'],
      );
    }
  });

  it('is no controller that begins before the other has worked', async () => {
    const { reading } = await explainText(of300.join('\n'));
    assert.equal(reading.processes.length, 1);
  });
});

describe('a log of two controllers at the same time', () => {
  const shiftUs = begun - secondOf(of300New[0] as string) + 20;
  const others: Record<string, string[]> = {
    'of two releases': later(of300New, shiftUs, 'other'),
    'of one release': later(of300, 20, 'other'),
  };
  for (const [what, other] of Object.entries(others)) {
    it(`is called that, and no time in it is explained: in two files, ${what}`, async () => {
      const { verdict, bursts } = await explainInputs({ 'a.log': of300, 'b.log': other });
      assert.match(verdict, /^Two controllers write in these logs at the same time/);
      assert.deepEqual(bursts, []);
    });

    it(`is called that, and no time in it is explained: in one file, ${what}`, async () => {
      const { verdict, bursts } = await explainText(byTime(of300, other).join('\n'));
      assert.match(verdict, /^Two controllers write in these logs at the same time/);
      assert.deepEqual(bursts, []);
    });
  }
});

describe('a log with a hole', () => {
  for (const [log, name] of [
    [of300, 'with the lock'],
    [of300New, 'without it'],
  ] as const) {
    it(`names it, and concludes nothing across it: a release ${name}`, async () => {
      const start = secondOf(log[0] as string);
      const isLeft = (line: string): boolean => secondOf(line) < start + 15 || secondOf(line) > start + 55;
      const { verdict, findings, bursts } = await explainText(log.filter(isLeft).join('\n'));
      const clock = (second: number): string => new Date(second * 1000).toISOString().slice(11, 19);
      assert.equal(verdict, `Lines are missing from ${clock(start + 14)} to ${clock(start + 56)}.`);
      assert.deepEqual(
        findings.map(({ id }) => id),
        ['lines-missing'],
      );
      assert.deepEqual(bursts, []);
    });
  }

  for (const [log, name] of [
    [of300, 'with the lock'],
    [of300New, 'without it'],
  ] as const) {
    it(`names it where it is only 3 s long: a release ${name}`, async () => {
      const start = secondOf(log[0] as string);
      const isLeft = (line: string): boolean => secondOf(line) < start + 15 || secondOf(line) > start + 17;
      const { findings } = await explainText(log.filter(isLeft).join('\n'));
      const clock = (second: number): string => new Date(second * 1000).toISOString().slice(11, 19);
      assert.equal(findings[0]?.sentence, `Lines are missing from ${clock(start + 14)} to ${clock(start + 18)}.`);
    });
  }

  it('has its other bursts explained', async () => {
    const isLeft = (line: string): boolean => secondOf(line) < begun + 15 || secondOf(line) > begun + 55;
    const log = [...of300.filter(isLeft), ...later(of100, HOUR, 'late')];
    const { findings } = await explainText(log.join('\n'));
    assert.deepEqual(findings.map(({ id }) => id).sort(), ['actions-lock', 'lines-missing']);
  });
});

describe('a log that is not as it was written', () => {
  it('says first that its lines are out of order', async () => {
    const shuffled = of300.map((line, index) => ({ line, at: (index * 7919) % of300.length }));
    const { verdict, bursts } = await explainText(
      shuffled
        .sort((a, b) => a.at - b.at)
        .map(({ line }) => line)
        .join('\n'),
    );
    assert.match(verdict, /^The lines are not in the order of their times: [\d,]+ of [\d,]+ lines are older/);
    assert.deepEqual(bursts, []);
  });

  it('says that registrations are missing', async () => {
    const { verdict, bursts } = await explainText(of300.filter((line) => !line.includes('JIT')).join('\n'));
    assert.match(
      verdict,
      /^Lines are missing: 300 runners have a secret or a pod and no line about their registration/,
    );
    assert.deepEqual(bursts, []);
  });

  it('says of pods that no line is about them, not that none were made', async () => {
    const { verdict } = await explainText(of300.filter((line) => line.includes('JIT config')).join('\n'));
    assert.match(verdict, /^Not enough to judge: no line is about a pod of 300 runners/);
  });

  it('is no damage where the newest lines come first', async () => {
    const { findings } = await explainText([...of300].reverse().join('\n'));
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['actions-lock'],
    );
  });
});
