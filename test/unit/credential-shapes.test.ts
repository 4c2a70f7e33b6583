import assert from 'node:assert/strict';
import { refusalOf } from '../../src/base/http.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import { clean } from '../../src/evidence/clean.ts';
import { at, explainText, runnerLine } from '../builders/evidence.ts';

const RANDOM = 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1f';

/** By what they are: a text, and the part of it that nobody may see. */
const CREDENTIALS: Readonly<Record<string, readonly [text: string, secret: string]>> = {
  'a token of GitHub': [`bad token ghp_${RANDOM}`, `ghp_${RANDOM}`],
  'a token in a coloured word': [`bad \\u001b[31mghs_${RANDOM}\\u001b[0m`, `ghs_${RANDOM}`],
  'an installation token of the old form': [`token v1.${'0a1b2c3d'.repeat(5)}`, '0a1b2c3d0a1b2c3d'],
  "GitHub's own header": ['Authorization: token abcdefgh12345678', 'abcdefgh12345678'],
  'the same in JSON': ['{"Authorization":"token abcdefgh12345678"}', 'abcdefgh12345678'],
  'a bearer': ['Authorization: Bearer abc.def.ghi', 'abc.def'],
  'a basic credential': ['Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  'a cookie': ['Cookie: user_session=abc123; logged_in=yes', 'abc123'],
  'a user in an address': ['dial http://bot:pass@proxy:3128', 'bot:pass'],
  'a signed address': [`GET https://x.blob.core.windows.net/a?sv=2020&sig=${RANDOM}`, RANDOM],
  'the key of a registry': ['{"auths":{"ghcr.io":{"auth":"Zm9vOmJhcmJhejEyMzQ1Ng=="}}}', 'Zm9vOmJhcmJh'],
  'a quoted password with blanks': ['password: "two words here"', 'two words'],
  'the same in JSON within JSON': ['"{\\"password\\":\\"pass word\\"}"', 'pass word'],
  'a field of YAML': ['github_app_private_key: | MIIEpAIBAAKCAQEA7bq2', 'MIIEpAIBAAKCAQEA7bq2'],
  'a variable of the environment': ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG', 'wJalr'],
  'an option of curl': ["curl --user bot:S3cr3t!pass https://x", 'S3cr3t'], // prettier-ignore
  'an option of docker': ['docker login -u bot -p S3cr3t!pass', 'S3cr3t'],
  'a token of Slack': ['xoxb-1234567890-abcdefghij', '1234567890-abc'],
  'a JSON web token': [`token eyJhbGciOiJIUzI1NiJ9.${RANDOM}.${RANDOM}`, RANDOM],
  'the beginning of a JIT config': ['config eyIucnVubmVyIjogImV5SmhaMlZ1ZEVsa0lqb2lPRGN', 'IucnVubmVyIjog'],
  'a runner token': ['token AABBCCDDEEFFGG112233445566778', 'AABBCCDD'],
  'a variable of a container': ['denied: {\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"hunter2two\\"}', 'hunter2two'],
  'the same in JSON itself': ['{"name": "API_SECRET", "value": "hunter2two"}', 'hunter2two'],
  'the same in YAML': ['env: - name: DB_PASSWORD value: hunter2two', 'hunter2two'],
  'the same as Go prints it': ['EnvVar{Name:DB_PASSWORD,Value:hunter2two,ValueFrom:nil,}', 'hunter2two'],
  'a quoted option': ['run: config.sh remove --token "ABCDEFGHIJKLMNOPQRSTUVWXYZ2"', 'ABCDEFGHIJKL'],
  'the key of an API in a header': ['x-api-key: hunter2two', 'hunter2two'],
  'a bearer as a field': ['bearer: hunter2two34', 'hunter2two'],
  'a digest': ['Authorization: Digest username="x", response="hunter2two"', 'hunter2two'],
  'the key of an account': ['AccountKey=hunter2two0123456789==;EndpointSuffix=core.windows.net', 'hunter2two'],
  'the key of a kubeconfig': ['client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJ', 'LS0tLS1C'],
  'a variable with a blank': ['SNYK_TOKEN hunter2two-0123', 'hunter2two'],
  'a passphrase': ['passphrase hunter2two', 'hunter2two'],
  'a password in German': ['Passwort: hunter2two', 'hunter2two'],
  'an option of mysql': ['mysql -uroot -phunter2two', 'hunter2two'],
  'an option of sshpass': ['sshpass -p hunter2two ssh x', 'hunter2two'],
  'a one-time password': ['otp=83746512', '83746512'],
  'a key of Google': ['google api AIzaSyA1234567890abcdefghijklmnopqrstuv refused', 'SyA1234567890'],
  'a token of Hugging Face': ['hf_abcdefghijklmnopqrstuvwxyz', 'abcdefghijkl'],
  'a key of OpenAI': ['bad key sk-proj-abcdefghijklmnop0123', 'abcdefghijkl'],
  'a key of Stripe': ['sk_live_abcdefghij0123456789', 'abcdefghij'],
  'a key of SendGrid': ['SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789abcdefg', 'abcdefghijkl'],
  'a token of PyPI': ['pypi-AgEIcHlwaS5vcmcSECabcdef0123456789', 'IcHlwaS5vcmc'],
  'an id of a key of AWS': ['aws_access_key_id AKIAIOSFODNN7EXAMPLE', 'IOSFODNN7EXA'],
  'a webhook of Slack': ['https://hooks.slack.com/services/T000/B000/hunter2two0123456789', 'hunter2two'],
  'a webhook of Teams': ['https://acme.webhook.office.com/webhookb2/hunter2two@x/IncomingWebhook/y/1', 'hunter2two'],
  'a webhook of Discord': ['https://discord.com/api/webhooks/123/hunter2two0123456789', 'hunter2two'],
  'an address of Sentry': ['https://0123456789abcdef01234567@o1.ingest.sentry.io/2', '0123456789ab'],
  'a long key': [`key ${RANDOM}${RANDOM}`, RANDOM],
  'a line of a key': ['MIIEpAIBAAKCAQEA7bq2aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE', 'MIIEpAIB'],
};

/** What looks like one only at the first glance. */
const INNOCENT = [
  'authorization failed: no basic auth credentials',
  'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  'Www-Authenticate: Bearer realm="https://ghcr.io/token",service="ghcr.io"',
  'Post "https://ghes.acme.internal/_services/pipelines/x/_apis/runtime/runnerscalesets/3/generatejitconfig?api-version=6.0": x509: certificate has expired',
  'secret: not found',
  'the password authentication of user bot failed',
  'env: - name: RUNNER_NAME value: linux-8kq2m-runner-69bd8',
  'pods "risk_test_1-runner-69bd8" not found',
  'secrets "arc-github" not found',
  'failed to get runner registration token on refresh: 404',
  'pods "linux-8kq2m-runner-69bd8" is forbidden: exceeded quota',
  'the commit is 8b22ad4e1f9f0a7c5d3e2b1a09f8e7d6c5b4a392',
];

describe('text of a log that may be shown', () => {
  for (const [what, [text, secret]] of Object.entries(CREDENTIALS)) {
    it(`does not have ${what}`, () => {
      assert.ok(text.includes(secret), 'the case itself is wrong');
      assert.ok(!clean(text).includes(secret), clean(text));
    });

    // It is recognised only where it is the whole line.
    if (what === 'a line of a key') continue;
    it(`does not have a part of ${what} where it is cut`, () => {
      const visible = secret.slice(0, 8);
      for (let before = 560; before <= 600; before++) {
        const shown = clean(`${'x '.repeat(before / 2)}${text}`);
        assert.ok(!shown.includes(visible), `${before} characters before it: …${shown.slice(-80)}`);
      }
    });

    it(`does not have a part of ${what} behind more than is looked at`, () => {
      for (let before = 16_300; before <= 16_384; before += 3) {
        const shown = clean(`${' '.repeat(before)}${text} and more`);
        assert.ok(!shown.includes(secret.slice(0, 8)), `${before} blanks before it: ${shown}`);
      }
    });
  }

  for (const text of INNOCENT) {
    it(`keeps: ${text.slice(0, 60)}`, () => assert.equal(clean(text), text));
  }

  it('keeps the host of an address whose path is too long to show', () => {
    const shown = clean(`GET https://pipelines.actions.githubusercontent.com/${RANDOM}${RANDOM}/_apis/runtime`);
    assert.equal(shown, 'GET https://pipelines.actions.githubusercontent.com/[redacted]');
  });

  it('has no lines of a private key, also where they are not understood', async () => {
    const key = ['-----BEGIN RSA PRIVATE KEY-----', RANDOM.repeat(2), 'shortEnd12==', '-----END RSA PRIVATE KEY-----'];
    const { files } = await explainText([runnerLine(at(0), 'lark-1', 'x'), ...key, 'what else there is'].join('\n'));
    assert.deepEqual(
      files[0]?.unknownLines.map(({ text }) => text),
      ['[redacted]', '[redacted]', '[redacted]', '[redacted]', 'what else there is'],
    );
  });
});

describe('a text of our own', () => {
  it('has no part of a known credential where an answer of a service is cut', () => {
    const [secrets, secret] = [new SecretRegistry(), `S3cr3t-${RANDOM}`];
    secrets.add(secret);
    for (let before = 230; before <= 310; before++) {
      const body = `${'x '.repeat(before / 2)}${secret} was refused`;
      const { message } = refusalOf({ status: 502, headers: { 'content-type': 'text/plain' }, body });
      assert.ok(!secrets.redact(message).includes('S3cr3t'), `${before} characters before it: ${message}`);
    }
  });

  it('has no credential whose form tells it, and keeps the words of a refusal', () => {
    const secrets = new SecretRegistry();
    assert.equal(secrets.redact(`Bearer ${RANDOM}`), 'Bearer [redacted]');
    assert.equal(secrets.redact('no basic auth credentials'), 'no basic auth credentials');
  });
});
