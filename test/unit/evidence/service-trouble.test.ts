import assert from 'node:assert/strict';
import { troubleOf } from '../../../src/evidence/service-trouble.ts';
import { at, createdLine, explainText, runnerLine } from '../../builders/evidence.ts';

const HOST = 'https://broker.example.test/rest/_apis';
const JIT = `${HOST}/runtime/runnerscalesets/7/generatejitconfig?api-version=6.0-preview`;
const AGENT = `${HOST}/distributedtask/pools/0/agents/5511?api-version=6.0-preview`;
const SESSIONS = `${HOST}/runtime/runnerscalesets/7/sessions?api-version=6.0-preview`;

const client = (seconds: number, text: string): string =>
  `${at(seconds).replaceAll('-', '/').replace('T', ' ').replace('Z', '')} [DEBUG] ${text}`;

/** A call that is answered with a status at each try but the last. */
function calls(call: string, status: number, tries: number, waitS = 30): string[] {
  const again = Array.from({ length: tries }, (_, index) =>
    client(index * waitS, `${call} (status: ${status}): retrying in ${waitS}s (${4 - index} left)`),
  );
  return [client(0, call), ...again];
}

function failedPass(seconds: number, runner: string, error: string): string {
  return `${at(seconds)}\tERROR\tReconciler error\t${JSON.stringify({
    ...{ controller: 'ephemeralrunner', controllerGroup: 'actions.github.com', controllerKind: 'EphemeralRunner' },
    ...{ EphemeralRunner: { name: runner, namespace: 'ci' }, namespace: 'ci', name: runner, error },
  })}`;
}

describe('a call to GitHub that fails', () => {
  for (const [status, words] of [
    [429, 'too many requests'],
    [500, 'internal server error'],
    [503, 'service unavailable'],
    [403, 'forbidden'],
  ] as const) {
    it(`is the cause of a late pod where it was a JIT call that was answered ${status}`, async () => {
      const { findings } = await explainText(
        [
          runnerLine(at(0), 'r1', 'Creating ephemeral runner JIT config'),
          ...calls(`POST ${JIT}`, status, 4),
          runnerLine(at(120), 'r1', 'Created ephemeral runner JIT config', { runnerId: 1 }),
          runnerLine(at(120), 'r1', 'Created ephemeral runner pod', { podName: 'r1' }),
        ].join('\n'),
      );
      assert.deepEqual(
        findings.map(({ sentence }) => sentence),
        [`The last pod came after 2 min 0 s because GitHub answered ${status} (${words}) to 4 tries of 1 JIT call.`],
      );
      assert.ok(findings[0]?.details.includes('The call of r1 held a worker for 2 min 0 s.'));
      const said = JSON.stringify(findings.map(({ details, advice }) => [details, advice]));
      assert.doesNotMatch(said, /no line of the HTTP client|does not tell a slow service/);
      if (status === 429) assert.match(said, /GitHub's rate limit/);
    });
  }

  it('is the cause of a burst whose every call waits a little', async () => {
    const lines = Array.from({ length: 12 }, (_, index) => {
      const from = index * 10;
      return [
        runnerLine(at(from), `r${index}`, 'Creating ephemeral runner JIT config'),
        client(from, `POST ${JIT}`),
        client(from, `POST ${JIT} (status: 429): retrying in 9s (4 left)`),
        runnerLine(at(from + 10), `r${index}`, 'Created ephemeral runner JIT config', { runnerId: index }),
        runnerLine(at(from + 10), `r${index}`, 'Created ephemeral runner pod', { podName: `r${index}` }),
      ];
    });
    const created = lines.map((_, index) => createdLine(at(0), `r${index}`));
    const { verdict } = await explainText([...created, ...lines.flat()].join('\n'));
    assert.equal(
      verdict,
      'The last pod came after 2 min 0 s because GitHub answered 429 (too many requests) to 12 tries of 12 JIT calls.',
    );
  });

  it('is named where it was a removal', async () => {
    const { verdict } = await explainText(
      [
        runnerLine(at(0), 'r1', 'Removing runner from the service', { runnerId: 5511 }),
        ...calls(`DELETE ${AGENT}`, 429, 3),
        runnerLine(at(90), 'r1', 'Removed runner from the service', { runnerId: 5511 }),
      ].join('\n'),
    );
    assert.equal(
      verdict,
      'GitHub answered 429 (too many requests) to 3 tries of the DELETE call of r1; it held a worker for 1 min 30 s.',
    );
  });

  it("is named where it was one for a listener's session or a token", async () => {
    const session = await explainText(calls(`POST ${SESSIONS}`, 503, 3).join('\n'), 'listener.log');
    assert.equal(
      session.verdict,
      "GitHub answered 503 (service unavailable) to 3 tries of a listener's POST for its session.",
    );
    const token = 'POST https://api.github.com/orgs/acme/actions/runners/registration-token';
    assert.equal(
      (await explainText(calls(token, 429, 4).join('\n'))).verdict,
      'GitHub answered 429 (too many requests) to 4 tries of the call for a token.',
    );
  });

  const errors = {
    'actions error: StatusCode 429, AcivityId "xyz": TooManyRequests': 'GitHub answered 429 (too many requests)',
    'POST https://x giving up after 5 attempt(s): unexpected HTTP status 429 Too Many Requests':
      'GitHub answered 429 (too many requests)',
    'actions error: StatusCode 503, AcivityId "xyz": service unavailable': 'GitHub answered 503 (service unavailable)',
    'giving up after 5 attempt(s): dial tcp: lookup x.githubusercontent.com on 10.96.0.10:53: no such host':
      "DNS knows no address for GitHub's host",
    'Post "https://api.github.com": proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused':
      'the proxy let no connection through',
    'Post "https://api.github.com": tls: failed to verify certificate: x509: certificate signed by unknown authority':
      'the certificate of the other side is not trusted',
  };
  for (const [error, says] of Object.entries(errors)) {
    it(`is one finding where passes end with it, at once or after long: ${says}`, async () => {
      for (const lasts of [1, 31]) {
        const lines = [0, 1, 2, 3].flatMap((time) => {
          const runner = `r${time % 2}`;
          return [
            runnerLine(at(time * lasts), runner, 'Creating ephemeral runner JIT config'),
            failedPass((time + 1) * lasts, runner, `failed to generate JIT config: ${error}`),
          ];
        });
        const { findings } = await explainText(lines.join('\n'));
        assert.equal(findings.length, 1, findings.map(({ sentence }) => sentence).join('\n'));
        const isInCodes = error.includes('429');
        if (lasts > 30 || isInCodes) assert.ok(findings[0]?.sentence.includes(says), findings[0]?.sentence);
        assert.doesNotMatch(findings[0]?.advice ?? '', /^Search for the message/);
      }
    });
  }

  it('is cited with the first and the last of all', async () => {
    const lines = [0, 1, 2, 3].map((time) => failedPass(time, `r${time % 2}`, 'actions error: StatusCode 429'));
    const { findings } = await explainText(lines.join('\n'));
    assert.deepEqual(
      findings[0]?.evidence.map(({ at: { line }, says }) => [line, /\(.*\)$/.exec(says)?.[0]]),
      [
        [1, '(first of 4)'],
        [4, '(last)'],
      ],
    );
  });

  it('is none where an answer was none of a failure', () => {
    assert.equal(troubleOf('status: 200'), undefined);
    assert.equal(troubleOf('context deadline exceeded (Client.Timeout exceeded while awaiting headers)'), undefined);
  });
});

describe('passes that fail at GitHub', () => {
  const ERROR = 'failed to generate JIT config: actions error: StatusCode 502, AcivityId "x": Bad Gateway';
  const spell = (from: number, runner: string): string[] => [
    createdLine(at(from), runner),
    ...[0, 20, 40, 80].map((seconds) => failedPass(from + seconds, runner, ERROR)),
  ];
  const registered = (from: number, runner: string): string[] => [
    createdLine(at(from), runner),
    runnerLine(at(from), runner, 'Creating ephemeral runner JIT config'),
    runnerLine(at(from + 1), runner, 'Created ephemeral runner JIT config', { runnerId: 1 }),
    runnerLine(at(from + 1), runner, 'Created ephemeral runner pod'),
  ];
  const sentence = async (...lines: readonly string[][]): Promise<string | undefined> => {
    const { findings } = await explainText(lines.flat().join('\n'));
    return findings.find(({ id }) => id === 'repeated-errors')?.sentence;
  };

  it('are two spells where GitHub registered others for long between them', async () => {
    assert.equal(
      await sentence(spell(0, 'r1'), registered(600, 'r2'), spell(1200, 'r3')),
      'Passes of r1 and r3 failed 8 times, in 2 spells of up to 1 min 20 s: GitHub answered 502 (bad gateway).',
    );
  });

  it('are one where nobody registered between them, or at once', async () => {
    const whole = 'Passes of r1 and r3 failed 8 times over 21 min 20 s: GitHub answered 502 (bad gateway).';
    assert.equal(await sentence(spell(0, 'r1'), spell(1200, 'r3')), whole);
    assert.match((await sentence(spell(0, 'r1'), registered(90, 'r2'), spell(100, 'r3'))) ?? '', /8 times over 3 min/);
  });
});
