import assert from 'node:assert/strict';
import { at, explainInputs, explainText } from '../../builders/evidence.ts';

type Fields = Readonly<Record<string, string | number>>;
type Writer = (seconds: number, logger: string, message: string, fields?: Fields, level?: string) => string;

/** As listeners write their lines: text up to 0.13, JSON, and Go's structured logger from 0.14 on. */
const WRITERS: Readonly<Record<string, Writer>> = {
  text: (seconds, logger, message, fields = {}, level = 'INFO') =>
    `${at(seconds)}\t${level}\tlistener-app${logger && `.${logger}`}\t${message}\t${JSON.stringify(fields)}`,
  json: (seconds, logger, message, fields = {}, level = 'INFO') =>
    JSON.stringify({
      ...{ severity: level.toLowerCase(), ts: at(seconds), logger: `listener-app${logger && `.${logger}`}`, message },
      ...fields,
    }),
  slog: (seconds, logger, message, fields = {}, level = 'INFO') =>
    [
      `time=${at(seconds).replace('Z', '.123Z')} level=${level} source=github.com/actions/scaleset@v0.4.0/listener/listener.go:179`,
      `msg=${JSON.stringify(message)}`,
      ...(logger === '' ? [] : [`component=${logger}`]),
      ...Object.entries(fields).map(([key, value]) => `${JSON.stringify(key)}=${JSON.stringify(value)}`),
    ].join(' '),
};

const URL = 'https://broker.example.test/message?sessionId=1';

function ask(write: Writer, seconds: number, lastMessageID = 1): string {
  return write(seconds, 'listener', 'Getting next message', { lastMessageID });
}

function decide(write: Writer, seconds: number, assigned: number, max = 20, set = 'linux-8kq2m'): string[] {
  const counts = { min: 0, max, currentRunnerCount: Math.min(assigned, max) };
  return [
    write(seconds, 'worker', 'Calculated target runner count', {
      ...{ 'assigned job': assigned, decision: Math.min(assigned, max) },
      ...counts,
    }),
    write(seconds, 'worker', 'Ephemeral runner set scaled.', { namespace: 'ci', name: set, replicas: 1 }),
  ];
}

/** What GitHub counts, as an object within the line. */
function count(write: Writer, seconds: number, statistics: Fields): string {
  return write(seconds, 'listener', 'New runner scale set statistics.', { statistics: statistics as never });
}

function fail(write: Writer, seconds: number, error: string): string {
  const message = write === WRITERS['slog'] ? 'request failed' : 'Retryable client error';
  return write(seconds, '', message, { error: `Get "${URL}": ${error}`, method: 'GET', url: URL }, 'ERROR');
}

function start(write: Writer, seconds: number): string {
  return write(seconds, '', 'Starting listener');
}

function goLine(seconds: number, text: string): string {
  return `${at(seconds).replaceAll('-', '/').replace('T', ' ').replace('Z', '')} ${text}`;
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

for (const [format, write] of Object.entries(WRITERS)) {
  describe(`the log of a listener alone, as ${format}`, () => {
    const polls = (count: number, assigned: (index: number) => number): string =>
      range(count)
        .flatMap((index) => [...decide(write, index * 50, assigned(index)), ask(write, index * 50)])
        .join('\n');

    it('names the starts that follow no word of an end', async () => {
      const once = (seconds: number): string[] => [
        start(write, seconds),
        ...decide(write, seconds + 1, 0),
        ask(write, seconds + 2, 0),
      ];
      const { verdict } = await explainText([0, 120, 240, 360].flatMap(once).join('\n'));
      assert.equal(
        verdict,
        'The listener of ci/linux-8kq2m started again 3 times in 6 min 0 s and never said why it ended: something killed it.',
      );
      const { findings } = await explainText([0, 120].flatMap(once).join('\n'));
      assert.deepEqual(findings, [], 'one may be the doing of a person');
    });

    it('takes the starts of several listeners in one file for no restarts of one', async () => {
      const sets = ['linux-8kq2m', 'gpu-zz9xx', 'win-abc12', 'arm-q1q1q'];
      const ofEach = sets.flatMap((set, index) => [
        start(write, index * 60),
        ...decide(write, index * 60 + 1, 0, 20, set),
        ask(write, index * 60 + 2, 0),
      ]);
      // Of the others no set is scaled, but what was before a start goes on after it.
      const ofOne = range(4).flatMap((index) => [
        start(write, index * 60),
        ask(write, index * 60 + 2, index === 0 ? 0 : 7 + index),
        ask(write, index * 60 + 50, 7 + index),
      ]);
      for (const lines of [ofEach, ofOne]) {
        const { findings } = await explainText(lines.join('\n'));
        assert.deepEqual(
          findings.filter(({ id }) => id === 'listener-restarts'),
          [],
        );
      }
    });

    it('takes no start for one without a reason where its last words are before it', async () => {
      const once = (seconds: number): string[] => [
        start(write, seconds),
        ...decide(write, seconds + 1, 0),
        ask(write, seconds + 2),
        goLine(seconds + 3, 'Application returned an error: failed to get message: context canceled'),
      ];
      const { findings } = await explainText([0, 120, 240, 360].flatMap(once).join('\n'));
      assert.deepEqual(
        findings.filter(({ id }) => id === 'listener-restarts'),
        [],
      );
    });

    it('shows a scale set at its maximum, whose queue changes all the time', async () => {
      const { verdict, findings } = await explainText(polls(12, (index) => 60 + 2 * index));
      assert.equal(
        verdict,
        '60 to 82 jobs are assigned and the maximum is 20: for 9 min 10 s 40 to 62 waited for a runner to end.',
      );
      assert.match(findings[0]?.details.join(' ') ?? '', /\bci\/linux-8kq2m\b/);
    });

    it('shows it after the queue has gone down, and not where jobs never wait', async () => {
      const over = await explainText(polls(12, (index) => (index < 6 ? 30 + index : 3)));
      assert.equal(
        over.verdict,
        '30 to 35 jobs were assigned and the maximum is 20: for 4 min 10 s, until 12:05:00, 10 to 15 waited for a runner to end.',
      );
      assert.match(over.findings[0]?.advice ?? '', /^Nothing to do now/);
      const { findings } = await explainText(polls(12, (index) => 9 + index));
      assert.deepEqual(findings, []);
    });

    it('says of a maximum of 0 that the scale set takes no job', async () => {
      const { verdict, findings } = await explainText(
        range(12)
          .flatMap((index) => [...decide(write, index * 50, 40, 0), ask(write, index * 50)])
          .join('\n'),
      );
      assert.equal(verdict, '40 jobs are assigned and maxRunners is 0: for 9 min 10 s no runner was made for them.');
      assert.match(findings[0]?.advice ?? '', /^With maxRunners 0 the scale set runs no job/);
    });

    it('says since when its long poll is cut at the same age', async () => {
      const lines = range(12).flatMap((index) => [
        ask(write, index * 61),
        fail(write, index * 61 + 60, 'unexpected EOF'),
      ]);
      const { verdict, findings } = await explainText(lines.join('\n'));
      assert.equal(
        verdict,
        "The listener's request for jobs broke off 12 times over 11 min 11 s, each time after 1 min 0 s: unexpected EOF.",
      );
      assert.equal(findings[0]?.severity, 'error');
      assert.match(findings[0].advice, /idle time-out/);
    });

    it('names the proxy that lets nothing through, or the host that refuses', async () => {
      for (const [error, advice] of [
        ['proxyconnect tcp: EOF', /proxy that the scale set's chart names/],
        ['dial tcp 10.0.0.9:443: connect: connection refused', /way from the listener/],
        ['dial tcp: lookup broker.example.test: no such host', /DNS/],
      ] as const) {
        const lines = range(8).flatMap((index) => [ask(write, index * 50), fail(write, index * 50, error)]);
        const { verdict, findings } = await explainText(lines.join('\n'));
        assert.ok(verdict.startsWith("The listener's requests to GitHub failed 8 times over 5 min 50 s: "), verdict);
        assert.ok(verdict.includes(error.split(': ').at(-1) as string), verdict);
        assert.match(findings[0]?.advice ?? '', advice);
      }
    });

    it('is not to blame for one request that broke off between answers', async () => {
      const lines = range(12).flatMap((index) => [
        ...decide(write, index * 50, 1),
        ask(write, index * 50),
        ...(index % 6 === 5 ? [fail(write, index * 50 + 20, 'unexpected EOF')] : []),
      ]);
      const { findings } = await explainText(
        [...lines, write(601, 'listener', 'Job started message received')].join('\n'),
      );
      assert.deepEqual(findings, []);
    });

    it('reports requests that failed for a while, and that they got through', async () => {
      const lines = [
        ...range(5).flatMap((index) => [
          ask(write, index * 50),
          fail(write, index * 50 + 1, 'connection reset by peer'),
        ]),
        ...decide(write, 300, 1),
        ask(write, 300),
      ];
      const { findings } = await explainText(lines.join('\n'));
      assert.equal(findings[0]?.severity, 'warning');
      assert.match(findings[0].details.join(' '), /between 12:00:01 and 12:03:21/);
    });

    it('says that GitHub assigned no job', async () => {
      const { verdict, isJudged } = await explainText(polls(12, () => 0));
      assert.equal(
        verdict,
        'GitHub assigned no job to linux-8kq2m in 9 min 10 s: none was queued, or its runs-on or its runner group does not lead here.',
      );
      assert.equal(isJudged, false);
    });

    it('says that jobs were offered and the listener got none', async () => {
      const offers = (offered: number, got: number): string[] =>
        range(12).flatMap((index) => [
          count(write, index * 50, { totalAvailableJobs: offered, totalAssignedJobs: 0, totalRunningJobs: 0 }),
          ...decide(write, index * 50, 0),
          ask(write, index * 50),
          write(index * 50, 'listener', 'Job available message received', { jobId: index }),
          write(index * 50, 'listener', 'Jobs are acquired', { count: got }),
        ]);
      const many = await explainText(offers(7, 0).join('\n'));
      assert.equal(
        many.verdict,
        'GitHub offered up to 7 jobs at a time to linux-8kq2m in 9 min 10 s and its listener got none: another scale set that their runs-on leads to was first, or the request failed.',
      );
      assert.equal(many.isJudged, false);
      assert.match((await explainText(offers(1, 0).join('\n'))).verdict, /^GitHub offered 1 job to linux-8kq2m in /);
      assert.match((await explainText(offers(2, 1).join('\n'))).verdict, /acquired some, and none was assigned in /);
    });

    it('says of assigned jobs that GitHub counts none that runs, and which runners it has', async () => {
      const counts = (jobs: number, registered: number, idle: number, running = 0): string =>
        range(12)
          .flatMap((index) => [
            count(write, index * 50, {
              ...{ totalAvailableJobs: 0, totalAssignedJobs: jobs, totalRunningJobs: running },
              ...{ totalRegisteredRunners: registered, totalIdleRunners: idle },
            }),
            ...decide(write, index * 50, jobs),
            ask(write, index * 50),
          ])
          .join('\n');
      const jobs = '5 jobs are assigned and none runs for 9 min 10 s by what GitHub counts';
      const none = await explainText(counts(5, 0, 0));
      assert.match(none.verdict, new RegExp(`: ${jobs}: no runner is registered; look at the runners' pods`));
      const idle = await explainText(counts(5, 5, 5));
      assert.match(idle.verdict, new RegExp(`: ${jobs}: 5 runners are registered, idle and get no job;`));
      const one = await explainText(counts(1, 1, 1));
      assert.match(
        one.verdict,
        /: 1 job is assigned and does not run for .*: 1 runner is registered, idle and gets no/,
      );
      assert.match((await explainText(counts(5, 5, 0, 5))).verdict, /they run or wait/);
    });

    it('says that jobs are assigned and none starts', async () => {
      const { verdict, isJudged } = await explainText(polls(12, (index) => Math.min(3 * index, 3)));
      assert.match(
        verdict,
        /^Not enough to judge: 3 jobs are assigned and none started in 8 min 20 s; the controller's log/,
      );
      assert.equal(isJudged, false);
    });

    it('does not take jobs that may run since before the log for waiting', async () => {
      const many = await explainText(polls(12, () => 20));
      assert.equal(
        many.verdict,
        "Not enough to judge: 20 jobs were assigned when the log begins and none started in 9 min 10 s: they run or wait; the controller's log tells which.",
      );
      assert.equal(many.isJudged, false);
      const one = await explainText(polls(12, () => 1));
      assert.match(
        one.verdict,
        /: 1 job was assigned when the log begins and no job started in 9 min 10 s: it runs or waits;/,
      );
      const fewer = await explainText(polls(12, (index) => 20 - index));
      assert.match(fewer.verdict, /: 9 of 20 jobs that were assigned when the log begins are left /);
    });

    it('says how many more jobs are assigned than may run since before the log', async () => {
      const { verdict } = await explainText(polls(12, (index) => (index < 2 ? 5 : 8)));
      assert.match(
        verdict,
        /^Not enough to judge: 3 more jobs are assigned than before and none started in 7 min 30 s;/,
      );
      const one = await explainText(polls(12, (index) => (index < 2 ? 5 : 6)));
      assert.match(
        one.verdict,
        /^Not enough to judge: 1 more job is assigned than before and no job started in 7 min 30 s;/,
      );
    });

    it('counts the jobs that start, by whichever line its release writes', async () => {
      const job = (index: number): string[] => [
        ...(write === WRITERS['slog'] ? [] : [write(index * 50, 'listener', 'Job started message received.')]),
        write(index * 50, 'worker', 'Updating job info for the runner', { runnerName: `lab-runner-${index}` }),
      ];
      for (const started of [1, 8]) {
        const lines = range(12).flatMap((index) => [
          ...(index < started ? job(index) : []),
          ...decide(write, index * 50, 8),
          ask(write, index * 50),
        ]);
        const { verdict, isJudged } = await explainText(lines.join('\n'));
        const jobs = started === 1 ? '1 job started' : '8 jobs started';
        assert.ok(verdict.startsWith(`Nothing wrong found in the listener's log over 9 min 10 s: ${jobs};`), verdict);
        assert.equal(isJudged, true);
      }
    });

    it('has nothing wrong where jobs start', async () => {
      const started = write(101, 'listener', 'Job started message received', { runnerName: 'r1' });
      const { verdict, isJudged } = await explainText([polls(3, () => 1), started].join('\n'));
      assert.match(verdict, /^Nothing wrong found in the listener's log over 1 min 41 s: 1 job started;/);
      assert.equal(isJudged, true);
    });

    it('ends with an error again and again', async () => {
      const lines = range(3).flatMap((index) => [
        write(index * 30, '', 'refreshing token', { githubConfigUrl: 'https://github.com/acme' }),
        goLine(index * 30, 'Application returned an error: failed to get runner registration token: StatusCode 401'),
      ]);
      const { verdict, findings, files } = await explainText(lines.join('\n'));
      assert.match(verdict, /^The listener ended with an error 3 times over (?:1 min 0|60) s: GitHub answered 401/);
      assert.equal(findings[0]?.severity, 'error');
      assert.deepEqual(
        findings[0].evidence.map((line) => line.at.line),
        [2, 6],
      );
      assert.equal(files[0]?.isNewestFirst, false);
    });

    it('stops without a word, and another one starts', async () => {
      const before = [start(write, 0), ...decide(write, 0, 0), ask(write, 0)];
      const after = [start(write, 90), ...decide(write, 91, 0), ask(write, 91)];
      const killed = await explainInputs({ 'a.log': before, 'b.log': after });
      assert.equal(
        killed.verdict,
        'A listener of linux-8kq2m stopped without a word after 12:00:00; the next one started at 12:01:30.',
      );
      const said = goLine(60, 'Application returned an error: failed to get message: context canceled');
      const stopped = await explainInputs({ 'a.log': [...before, said], 'b.log': after });
      assert.deepEqual(stopped.findings, []);
      const other = [start(write, 90), ...decide(write, 91, 0, 20, 'arm'), ask(write, 91)];
      assert.deepEqual((await explainInputs({ 'a.log': before, 'b.log': other })).findings, []);
    });
  });
}

describe('a listener in the log of its controller', () => {
  const line = (seconds: number, message: string, fields: object = {}, name = 'arm-listener'): string =>
    `${at(seconds)}\tINFO\tAutoscalingListener\t${message}\t${JSON.stringify({
      ...{ version: '0.14.2', autoscalinglistener: { name, namespace: 'arc-systems' } },
      ...{ namespace: 'arc-systems', name, ...fields },
    })}`;
  const ends = (seconds: number): string[] => [
    line(seconds, 'Listener pod is terminated', { reason: 'Error', message: '' }),
    line(seconds, 'Deleting the listener pod'),
    line(seconds + 2, 'Creating listener pod'),
  ];

  it('that ends each time it is made is an error', async () => {
    const { verdict, findings } = await explainText(
      [
        ...range(20).flatMap((index) => ends(index * 30)),
        line(590, 'Listener pod is not ready', {}, 'linux-listener'),
      ].join('\n'),
    );
    assert.equal(
      verdict,
      'Listener arm-listener ended 20 times over 9 min 30 s (Error), not by its controller, and was made again each time.',
    );
    assert.equal(findings[0]?.severity, 'error');
    assert.match(findings[0].details.join(' '), /until the log ends/);
  });

  it('that ended once is worth a warning, also where it was evicted', async () => {
    const once = await explainText(ends(5).join('\n'));
    assert.equal(
      once.verdict,
      'Listener arm-listener ended at 12:00:05 (Error), not by its controller, and was made again.',
    );
    assert.equal(once.findings[0]?.severity, 'warning');
    assert.deepEqual(once.findings[0].details, ['Jobs of its scale set waited until the next one ran.']);
    const write = WRITERS['slog'] as Writer;
    const startOf = async (set: string): Promise<readonly string[]> => {
      const next = [start(write, 12), ...decide(write, 12, 0, 20, set), ask(write, 13)];
      return (await explainInputs({ 'a.log': ends(5), 'b.log': next })).findings[0]?.details ?? [];
    };
    assert.deepEqual(await startOf('arm'), [
      'No job of its scale set was picked up until the next one started at 12:00:12, 7 s later.',
    ]);
    assert.deepEqual(await startOf('linux'), ['Jobs of its scale set waited until the next one ran.']);
    const evicted = await explainText(line(5, 'Listener pod is evicted', { phase: 'Failed', reason: 'Evicted' }));
    assert.match(evicted.verdict, /\(Evicted\)/);
  });
});

describe('the order of a log', () => {
  it('is not turned by stamps of whole seconds between finer ones', async () => {
    const lines = range(6).flatMap((index) => [
      (WRITERS['slog'] as Writer)(index, 'listener', 'Getting next message', { lastMessageID: index }),
      goLine(index, '[DEBUG] GET https://broker.example.test/message'),
    ]);
    const [forwards, backwards] = [lines, [...lines].reverse()];
    assert.equal((await explainText(forwards.join('\n'))).files[0]?.isNewestFirst, false);
    assert.equal((await explainText(backwards.join('\n'))).files[0]?.isNewestFirst, true);
  });
});
