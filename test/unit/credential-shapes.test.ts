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
  'a token of Google': [`key AIzaSy${RANDOM}`, RANDOM],
  'a token of a model': [`bad sk-proj-${RANDOM}`, RANDOM],
  'a token of Hugging Face': [`hf_${RANDOM} is not valid`, RANDOM],
  'a token of a payment': [`sk_live_${RANDOM}`, RANDOM],
  'a token of an index': [`pypi-AgEIcHlwaS5vcmc${RANDOM}`, RANDOM],
  'a token of GitLab that runs jobs': [`glrt-${RANDOM}`, RANDOM],
  'a token of a mail service': ['SG.aB3dE5fG7hI9jK1lM3nO5p.Q7rS9tU1vW3xY5zA7bC9dE1f', 'aB3dE5fG7hI9'],
  'the id of a key of AWS': ['denied for AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
  'a key of a kubeconfig': ['client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0', 'CRUdJTiBSU0Eg'],
  'the same without its name': ['read LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0', 'BSU0EgUFJJ'],
  'a webhook of Slack': ['POST https://hooks.slack.com/services/T0001/B0001/abcdefgh1234', 'abcdefgh1234'],
  'a webhook of Teams': ['https://x.webhook.office.com/webhookb2/abcdefgh1234@1/IncomingWebhook/2', 'abcdefgh1234'],
  'a webhook of Discord': ['https://discord.com/api/webhooks/1234/abcdefgh1234', 'abcdefgh1234'],
  'a key in place of a user': ['https://0a1b2c3d4e5f6a7b8c9d@o1.ingest.sentry.io/2', '0a1b2c3d4e5f6a7b8c9d'],
  'an API key in a header': ['x-api-key: abcdefgh1234', 'abcdefgh1234'],
  'a key of an account': ['AccountKey=abcdefgh1234==;EndpointSuffix=core.windows.net', 'abcdefgh1234'],
  'an answer of digest authentication': [
    'Authorization: Digest username="x", nonce="n", response="abcdefgh1234"',
    'abcdefgh1234',
  ],
  'a variable of a container in JSON': ['{"name":"DB_PASSWORD","value":"abcdefgh1234"}', 'abcdefgh1234'],
  'the same of a variable': ['"{\\"name\\":\\"API_SECRET\\",\\"value\\":\\"two words\\"}"', 'two words'],
  'a variable of a container in YAML': ['- name: DB_PASSWORD\n  value: abcdefgh', 'abcdefgh'],
  'a variable of a container in Go': ['EnvVar{Name:"DB_PASSWORD", Value:"abcdefgh", ValueFrom:nil}', 'abcdefgh'],
  'a quoted option': ['config.sh remove --token "ABCDEFGH1234"', 'ABCDEFGH1234'],
  'an option of mysql': ['mysql -uroot -pabcdefgh db', 'abcdefgh'],
  'an option of sshpass': ['sshpass -p abcdefgh ssh host', 'abcdefgh'],
  'a variable and its value': ['set SNYK_TOKEN 0a1b2c3d-4e5f', '0a1b2c3d-4e5f'],
  'a password after its word': ['passphrase abcdefgh1234', 'abcdefgh1234'],
  'a password without a digit': ['password=abcdefgh&x=1', 'abcdefgh'],
  'a password in German': ['Passwort: abcdefgh1234', 'abcdefgh1234'],
  'a code of one use': ['otp=83746512', '83746512'],
  'a JSON web token': [`token eyJhbGciOiJIUzI1NiJ9.${RANDOM}.${RANDOM}`, RANDOM],
  'the beginning of a JIT config': ['config eyIucnVubmVyIjogImV5SmhaMlZ1ZEVsa0lqb2lPRGN', 'IucnVubmVyIjog'],
  'a runner token': ['token AABBCCDDEEFFGG112233445566778', 'AABBCCDD'],
  'a variable of a container without quotes': ['EnvVar{Name:DB_PASSWORD,Value:abcdefgh,ValueFrom:nil,}', 'abcdefgh'],
  'a bearer as a field': ['bearer: abcdefgh1234', 'abcdefgh1234'],
  'a password in a pipe': ["echo 'hunter2two' | docker login ghcr.io -u bob --password-stdin", 'hunter2two'],
  'an option in a list': ['args: ["--token", "hunter2two"]', 'hunter2two'],
  'an encoded key': ['private_key_base64: hunter2two', 'hunter2two'],
  'a password of a chart': ['helm install --set-string auth.pass=hunter2two', 'hunter2two'],
  'a personal token of the environment': ['export GITHUB_PAT=hunter2two', 'hunter2two'],
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
  'pods "risk_test_1-runner-69bd8" not found',
  'password=required',
  'pods "globex-runner-set-8kq2m-runner-69bd8" not found',
  'response="404 page not found"',
  'the password must have 8 characters',
  'env: - name: RUNNER_NAME value: linux-8kq2m-runner-69bd8',
  'ssh://git@github.com/acme/repo',
  'risk_test_and_other_names_of_pods',
  'mapping: 1234567 pods',
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
    const { files } = await explainText(
      [runnerLine(at(0), 'lark-1', 'Creating ephemeral runner JIT config'), ...key, 'what else there is'].join('\n'),
    );
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
