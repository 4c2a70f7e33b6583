import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import type { HttpResponse, HttpRequest } from '../../src/base/http.ts';
import { SecretRegistry } from '../../src/base/redact.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { createRequest } from '../../src/kubernetes/request.ts';
import { EphemeralRunners, Secrets } from '../../src/kubernetes/resource.ts';
import { EmbeddedRig } from '../builders/embedded-rig.ts';
import { LAB_NAMESPACE } from '../../src/run/embedded-environment.ts';
import { DEFAULT_SETTINGS, VIRTUAL_EPOCH_MS } from '../../src/run/settings.ts';
import { RELEASES } from '../../src/reconciler/releases/releases.ts';
import { traceLines } from '../../src/trace/jsonl.ts';
import { arcLab, inFolder } from '../builders/arc-lab.ts';
import { aRunner, aSecret } from '../builders/objects.ts';

const PAT = 'canary-pat-6f1d2c';
const PROXY_PASSWORD = 'canary-proxy-pass!word';
const ADMIN_CLAIM = 'canary-admin-claim';
const REGISTRATION_TOKEN = 'canary-registration-token';
const JIT_CONFIG = 'Y2FuYXJ5LWppdC1jb25maWc-canary-jit';
const APP_KEY_LINE = (key: string): string => key.split('\n')[3] ?? '';

/** A service that quotes every credential it is shown, as a careless one might, and then refuses. */
function indiscreetService(refuse: string) {
  const json = (status: number, body: unknown): HttpResponse => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const adminToken = `e30.${Buffer.from(JSON.stringify({ exp: 4e9, jti: ADMIN_CLAIM })).toString('base64url')}.`;
  let issued = '';
  const handle = (request: HttpRequest): HttpResponse => {
    const { url } = request;
    const echo = `${request.headers['authorization']} ${request.route?.httpProxy ?? ''} ${issued}`;
    if (url.includes(refuse)) return json(400, { typeName: 'Refused', message: `no: ${echo}` });
    if (url.endsWith('/access_tokens')) return json(201, { token: 'canary-installation-token' });
    if (url.endsWith('/registration-token')) return json(201, { token: REGISTRATION_TOKEN });
    if (url.endsWith('/runner-registration')) return json(200, { url: 'http://svc/tenant/', token: adminToken });
    if (url.includes('generatejitconfig')) {
      issued = JIT_CONFIG;
      return json(200, { runner: { id: 101, name: 'job1', runnerScaleSetId: 1 }, encodedJITConfig: JIT_CONFIG });
    }
    return json(400, { typeName: 'Refused', message: echo });
  };
  return { handle, adminToken };
}

describe('credentials', () => {
  for (const mode of RELEASES.ids) {
    for (const refuse of [
      'registration-token',
      'runner-registration',
      'generatejitconfig',
      'agents',
      'access_tokens',
    ]) {
      it(`appear in no trace and no log line of ${mode}, even when the service quotes them refusing ${refuse}`, () => {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const appKey = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
        const service = indiscreetService(refuse);
        const clock = new VirtualClock();
        const said: string[] = [];
        const rig = new EmbeddedRig({
          clock,
          epochMs: VIRTUAL_EPOCH_MS,
          settings: { ...DEFAULT_SETTINGS, mode, podStartUs: 10_000, jobDurationUs: 10_000 },
          withoutGitHubSecret: true,
          wrapHttp: () => ({
            send: (request, done) => clock.schedule<HttpResponse>(5_000, done, service.handle(request)),
          }),
          onLogLine: (line) => said.push(JSON.stringify(line)),
        });
        const base64 = (text: string): string => Buffer.from(text).toString('base64');
        const credentials: Record<string, string> =
          refuse === 'access_tokens'
            ? { github_app_id: '1', github_app_installation_id: '2', github_app_private_key: appKey }
            : { github_token: PAT };
        const data = Object.fromEntries(Object.entries(credentials).map(([key, value]) => [key, base64(value)]));
        const namespace = LAB_NAMESPACE;
        rig.cluster.api.handle(createRequest(Secrets, aSecret({ name: 'gh', namespace }, data)));
        rig.cluster.api.handle(
          createRequest(
            Secrets,
            aSecret({ name: 'proxy', namespace }, { username: base64('u'), password: base64(PROXY_PASSWORD) }),
          ),
        );
        // As ARC's charts have it: a container that has ended stays so.
        const spec = { restartPolicy: 'Never', containers: [{ name: 'runner', image: 'x' }] };
        const proxy = { http: { url: 'http://proxy.corp:1', credentialSecretRef: 'proxy' } };
        rig.cluster.api.handle(createRequest(EphemeralRunners, aRunner({ namespace }, { proxy, spec })));
        rig.start();
        clock.run(3_000_000);
        rig.dispose();
        const output = [...traceLines(rig.trace), ...said].join('\n');
        assert.match(output, /"error":"[^"]+/, 'nothing failed, so nothing could have leaked');
        const canaries = [
          PAT,
          PROXY_PASSWORD,
          encodeURIComponent(PROXY_PASSWORD),
          REGISTRATION_TOKEN,
          service.adminToken,
        ];
        for (const canary of [
          ...canaries,
          JIT_CONFIG,
          base64(PAT),
          APP_KEY_LINE(appKey),
          'canary-installation-token',
        ]) {
          assert.ok(!output.includes(canary), `${canary} is in the output`);
        }
      });
    }
  }

  it('of a kubeconfig are in nothing that a run prints or writes', () =>
    inFolder(async (folder) => {
      const kubeconfig = join(folder, 'config');
      const user = { token: 'canary-kubeconfig-token', password: 'canary-kubeconfig-password', username: 'u' };
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'c',
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
        clusters: [{ name: 'c', cluster: { server: 'https://user:canary-url-password@127.0.0.1:1' } }],
        users: [{ name: 'u', user }],
      };
      writeFileSync(kubeconfig, JSON.stringify(config));
      const trace = join(folder, 'out.arctrace.jsonl');
      const { stdout, stderr } = await arcLab(['run', '--kubeconfig', kubeconfig, '--trace', trace]);
      const written = readdirSync(folder).filter((file) => file !== 'config');
      const output = [stdout, stderr, ...written.map((file) => readFileSync(join(folder, file), 'utf8'))].join('\n');
      assert.match(output, /cannot be reached/);
      assert.doesNotMatch(output, /canary/);
    }));

  it('are cleared from any text, also in base64 and URL encoding, and tokens by their looks', () => {
    const secrets = new SecretRegistry();
    secrets.add('pass word/1');
    secrets.addRecent('jit-config-1');
    for (const form of ['pass word/1', 'cGFzcyB3b3JkLzE=', 'pass%20word%2F1', 'jit-config-1', 'ghp_0123456789abcdef']) {
      assert.equal(secrets.redact(`<${form}>`), '<[redacted]>', form);
    }
    assert.equal(secrets.redact('Authorization: Bearer abc.def'), 'Authorization: Bearer [redacted]');
    assert.equal(secrets.redact('http://u:p@host/'), 'http://[redacted]@host/');
    assert.equal(secrets.redact('pods "job1" not found'), 'pods "job1" not found');
  });
});
