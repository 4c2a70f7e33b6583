import assert from 'node:assert/strict';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';
import { recordedLines } from '../../builders/recorded-logs.ts';

function setLine(second: number, message: string, fields: string, set = 'set'): string {
  return `${at(second)}\tINFO\tEphemeralRunnerSet\t${message}\t{"version": "NA", "ephemeralrunnerset": {"name":"${set}","namespace":"ci"}, ${fields}}`;
}

const LIFE = 60;

/** A runner with a job of a minute; its pod runs after some seconds. */
function life(name: string, start: number, runsAfter = 4): string[] {
  return [
    createdLine(at(start), name),
    runnerLine(at(start), name, 'Adding finalizers'),
    runnerLine(at(start), name, 'Creating ephemeral runner JIT config'),
    runnerLine(at(start), name, 'Created ephemeral runner JIT config'),
    runnerLine(at(start), name, 'Created new secret spec for ephemeral runner'),
    runnerLine(at(start), name, 'Created ephemeral runner secret'),
    runnerLine(at(start + 1), name, 'Created new pod spec for ephemeral runner'),
    runnerLine(at(start + 1), name, 'Created ephemeral runner pod'),
    runnerLine(at(start + 2), name, 'Waiting for runner container status to be available'),
    runnerLine(at(start + runsAfter), name, 'Updating ephemeral runner status', { statusPhase: 'Running' }),
    runnerLine(at(start + LIFE), name, 'Ephemeral runner has finished successfully, deleting ephemeral runner'),
    runnerLine(at(start + LIFE), name, 'Successfully removed finalizer after cleanup'),
  ];
}

function timeOf(line: string): number {
  return Date.parse(line.slice(0, 20)) / 1000;
}

/** Two sets for an hour: a runner each ten seconds, and one each five minutes whose pods take four minutes to run. */
function busyLog(): string[] {
  const quick = Array.from({ length: 360 }, (_, index) => life(`lark-${index}`, index * 10));
  const slow = Array.from({ length: 12 }, (_, index) => life(`wren-${index}`, index * 300, 40));
  return [...quick, ...slow].flat().sort((a, b) => timeOf(a) - timeOf(b));
}

function from(lines: readonly string[], fromS: number, untilS: number): string[] {
  const start = timeOf(at(0));
  return lines.filter((line) => timeOf(line) - start < fromS || timeOf(line) - start >= untilS);
}

describe('a log that lacks a stretch', () => {
  it('says so, and takes no runner for stuck that may have run in it', async () => {
    for (const [fromS, untilS] of [
      [1200, 1800],
      [1203, 1500],
      [2401, 3000],
    ] as const) {
      const { verdict, findings } = await explainText(from(busyLog(), fromS, untilS).join('\n'));
      assert.match(verdict, /^Lines are missing from \S+ to \S+\.$/);
      assert.deepEqual(
        findings.map(({ id }) => id),
        ['lines-missing'],
      );
    }
  });

  it('is not one in which the controller was idle, or has old runners', async () => {
    const [early, late] = [busyLog().slice(0, 2000), Array.from({ length: 5 }, (_, i) => life(`kite-${i}`, 9000 + i))];
    const idle = await explainText([...early, ...late.flat()].join('\n'));
    assert.ok(idle.findings.every(({ id }) => id !== 'lines-missing'));
    const old = Array.from({ length: 8 }, (_, index) =>
      runnerLine(
        at(index * 450),
        `heron-${index}`,
        'Runner container is still running; updating ephemeral runner status',
      ),
    );
    const { findings } = await explainText([...busyLog(), ...old].sort((a, b) => timeOf(a) - timeOf(b)).join('\n'));
    assert.deepEqual(findings, []);
  });

  it('is said to be one where many runners show it', async () => {
    const lines = recordedLines('set-100-workers-2-latest.controller');
    for (const [start, end] of [
      [600, 1300],
      [500, 900],
      [700, 1100],
    ] as const) {
      const { verdict } = await explainText([...lines.slice(0, start), ...lines.slice(end)].join('\n'));
      assert.match(verdict, /^Lines are missing from \S+ to \S+\.$/);
    }
    const { verdict } = await explainText(
      [...lines.slice(0, 500), ...lines.slice(700, 900), ...lines.slice(1200)].join('\n'),
    );
    assert.match(verdict, /^Lines are missing from \S+ to \S+, from \S+ to \S+\.$/);
  });

  it('is known by a runner whose pod no line makes', async () => {
    const lines = busyLog().filter((line) => !/Created (?:new pod spec|ephemeral runner pod).*"lark-77"/.test(line));
    const { verdict } = await explainText(lines.join('\n'));
    assert.match(verdict, /^Lines are missing from 12:12:50 to 12:12:5\d\.$/);
  });
});

describe('lines that a search for the beginnings of steps left', () => {
  for (const words of [/Creating ephemeral runner JIT config/, /Creating /, /Adding |Creating /])
    it(`are taken for no call that goes on: ${words.source}`, async () => {
      for (const name of ['burst-300-workers-2-latest', 'jobs-50-old', 'set-100-workers-10-new']) {
        const { verdict, findings } = await explainText(
          recordedLines(`${name}.controller`)
            .filter((line) => words.test(line))
            .join('\n'),
        );
        assert.ok(
          findings.every(({ id }) => id === 'lines-missing'),
          verdict,
        );
        if (words.source.endsWith('config'))
          assert.match(
            verdict,
            /^Lines are missing: \d+ lines say that a step of a runner begins, and none that one ends/,
          );
      }
    });
});

describe('a set whose lines are missing', () => {
  const counts = '"pending": 1, "running": 2, "finished": 0, "failed": 0, "deleting": 0';
  const compared = [0, 300, 600, 900].map((s) => setLine(s, 'Scaling comparison', '"current": 3, "desired": 4'));

  it('is not said to make no runners where a search left its comparisons', async () => {
    const { verdict, findings } = await explainText(compared.join('\n'));
    assert.deepEqual(findings, []);
    assert.match(
      verdict,
      /^Not enough to judge: set set wants 4 runners and has 3, and no line shows that it makes one/,
    );
  });

  it('is not said to make none where lines are about its new runners', async () => {
    const passes = compared.flatMap((line, i) => [setLine(i * 300, 'Ephemeral runner counts', counts), line]);
    const wanted = await explainText(passes.join('\n'));
    assert.equal(wanted.findings[0]?.id, 'wants-more');
    const runners = Array.from({ length: 5 }, (_, i) =>
      runnerLine(at(i * 100 + 10), `set-runner-a1b2${i}`, 'Waiting for runner container status to be available'),
    );
    const lines = [...passes, ...runners].sort((a, b) => timeOf(a) - timeOf(b));
    assert.ok((await explainText(lines.join('\n'))).findings.every(({ id }) => id !== 'wants-more'));
  });
});

describe('runners whose names were replaced', () => {
  it('are not taken for one', async () => {
    for (const name of ['burst-300-workers-2-latest', 'jobs-50-old', 'jobs-3-new', 'set-30-json-new'])
      for (const instead of ['***', 'runner-xxxxx']) {
        const text = recordedLines(`${name}.controller`)
          .join('\n')
          .replaceAll(/\bjob\d+\b|[a-z-]+-runner-[a-z0-9]{5}\b|lab-[a-z0-9]{5}-runner-[a-z0-9]{5}\b/g, instead);
        const { findings, bursts } = await explainText(text);
        const same = findings.find(({ id }) => id === 'same-names');
        assert.equal(
          same?.sentence,
          `Several runners bear the name ${instead}: their names were replaced in this log.`,
          name,
        );
        assert.deepEqual(bursts, []);
      }
  });
});

describe('a pod that waits while those of other sets ran', () => {
  const other = Array.from({ length: 20 }, (_, index) => life(`lark-${index}`, index * 10)).flat();
  const waiting = (names: readonly string[], end: number): string[] => [
    ...names.flatMap((name) => life(name, 0).slice(0, 9)),
    ...names.map((name) => setLine(0, 'Created new ephemeral runner', `"runner": "${name}"`, 'win')),
    runnerLine(at(end), 'lark-0', 'Runner is gone'),
  ];

  it('is late only after what an image may take, where none of its own set ran', async () => {
    const ids = async (names: readonly string[], end: number): Promise<string[]> => {
      const lines = [...other, ...waiting(names, end)].sort((a, b) => timeOf(a) - timeOf(b));
      return (await explainText(lines.join('\n'))).findings.map(({ id }) => id);
    };
    assert.deepEqual(await ids(['win-1'], 280), []);
    assert.deepEqual(await ids(['win-1', 'win-2'], 280), []);
    assert.deepEqual(await ids(['win-1', 'win-2'], 400), ['never-ran']);
    assert.deepEqual(await ids(['win-1', 'win-2', 'win-3', 'win-4', 'win-5'], 280), ['never-ran']);
  });
});

describe('tails of one log from two days', () => {
  it('lack what was between, and no step went on across it', async () => {
    for (const name of ['jobs-50-old', 'burst-300-workers-2-new', 'set-100-workers-2-latest']) {
      const lines = recordedLines(`${name}.controller`);
      const [first, second] = [lines.slice(0, lines.length * 0.4), lines.slice(lines.length * 0.45)];
      const later = second.map((line) =>
        line.replace(/^\d{4}-\d\d-\d\d/, (day) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)),
      );
      const { verdict, findings } = await explainText([...first, ...later].join('\n'));
      assert.match(verdict, /^Lines are missing from \d{4}-\d\d-\d\dT[\d:]+ to \d{4}-\d\d-\d\dT[\d:]+/, name);
      for (const { sentence } of findings) assert.doesNotMatch(sentence, /\b24 h|\b23 h/, name);
    }
  });
});
