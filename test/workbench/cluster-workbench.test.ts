import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import { createRequest, sendRequest } from '../../src/kubernetes/request.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { EphemeralRunners, Namespaces, Secrets } from '../../src/kubernetes/resource.ts';
import { ADMIN, SHADOW, NOBODY, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { aRunner, aSecret } from '../builders/objects.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { missingWorkbenchTool } from './tools.ts';
import { RETRIES, Workbench } from './workbench.ts';

describe('the workbench on a real kube-apiserver', function () {
  this.timeout(6 * 60_000);
  this.retries(RETRIES);
  let server: RealApiServer;
  let workbench: Workbench;
  let kubeconfig: string;
  let proxy: TcpProxy;

  before(async function () {
    const missing = missingTool() ?? missingWorkbenchTool();
    if (missing !== undefined) {
      process.stderr.write(`skipped: ${missing}\n`);
      this.skip();
    }
    server = await RealApiServer.start();
    const transport = await server.transport();
    const cluster = new RemoteCluster(transport);
    await sendRequest(
      cluster,
      createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'arc' } }),
    );
    const token = Buffer.from('shadow-needs-none').toString('base64');
    await sendRequest(cluster, createRequest(Secrets, aSecret({ name: 'gh' }, { github_token: token })));
    for (const name of ['real-1', 'real-2', 'real-3']) {
      await sendRequest(cluster, createRequest(EphemeralRunners, aRunner({ name })));
    }
    transport.close();
    proxy = await TcpProxy.to(Number(new URL(server.url).port));
    kubeconfig = server.kubeconfig(SHADOW, ({ clusters, contexts, users }) => {
      for (const { cluster: entry } of clusters) entry.server = `https://127.0.0.1:${proxy.port}`;
      for (const name of [NOBODY, ADMIN]) {
        contexts.push({ name, context: { cluster: 'real', user: name, namespace: 'arc' } });
        users.push({ name, user: { token: server.tokens[name] } });
      }
    });
    workbench = await Workbench.open({
      settings: { 'arcReconcilerLab.workers': 1, 'arcReconcilerLab.podStart': '500ms' },
      environment: { KUBECONFIG: kubeconfig },
    });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed-cluster');
  });

  after(async () => {
    await workbench?.close();
    proxy?.cut();
    server?.stop();
  });

  it('offers the contexts of the kubeconfig and the namespaces with runners, and runs in shadow', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Run Reconciler Locally');
    await page.getByPlaceholder('Where should the reconciler run?').waitFor();
    const context = page.locator('.quick-input-list .monaco-list-row', { hasText: SHADOW }).first();
    await context.waitFor();
    assert.match((await context.textContent()) ?? '', /current.*runs in shadow: nothing is changed/);
    await context.click();
    await page.getByPlaceholder('Which namespace?').waitFor();
    const first = page.locator('.quick-input-list .monaco-list-row').first();
    await first.waitFor();
    assert.match((await first.textContent()) ?? '', /3 runners/, 'the namespace that holds runners comes first');
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Which mode of the reconciler?').waitFor();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Both, side by side' }).click();
    await workbench.timeline().locator('#chart[aria-label*="3 runners"]').waitFor({ timeout: 20_000 });
    await workbench.command('View: Show ARC Reconciler Lab');
    const running = page.locator('.pane-body .monaco-list-row', { hasText: 'running · job running' });
    await running.nth(2).waitFor({ timeout: 20_000 });
    await page.locator('.pane-body .monaco-list-row', { hasText: 'shadow' }).first().waitFor();
    await workbench.screenshot('shadow-dark');
  });

  it('has written nothing to the cluster: its audit log names reads and access reviews only', () => {
    const verbs = readFileSync(server.auditLog, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { verb: string; objectRef?: { resource?: string } })
      .map(({ verb, objectRef }) => `${verb} ${objectRef?.resource ?? ''}`);
    assert.ok(verbs.includes('list ephemeralrunners'), 'the lab read the runners');
    const writes = verbs.filter(
      (verb) => !/^(get|list|watch) /.test(verb) && !verb.endsWith('selfsubjectaccessreviews'),
    );
    assert.deepEqual(writes, []);
  });

  it('says when the cluster cannot be reached, and goes on by itself when it can', async () => {
    const { page } = workbench;
    proxy.cut();
    const lost = page.locator('.pane-body .monaco-list-row', { hasText: 'connection lost, trying again' });
    await lost.first().waitFor({ timeout: 60_000 });
    await workbench.screenshot('lost-dark');
    const transport = await server.transport();
    await sendRequest(new RemoteCluster(transport), createRequest(EphemeralRunners, aRunner({ name: 'real-4' })));
    transport.close();
    await proxy.restore();
    await page.locator('.pane-body .monaco-list-row', { hasText: 'real-4' }).first().waitFor({ timeout: 90_000 });
    await lost.first().waitFor({ state: 'hidden', timeout: 60_000 });
  });

  /** Runs from the palette on a context and gives the sentence that it fails with. */
  async function failure(context: string, sentence: string): Promise<string> {
    const { page } = workbench;
    await workbench.command('ARC: Run Reconciler Locally');
    await page.getByPlaceholder('Where should the reconciler run?').waitFor();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: context }).first().click();
    await workbench.answer('Which namespace?');
    await workbench.answer('Which mode of the reconciler?');
    const notification = page.locator('.notification-toast', { hasText: sentence });
    await notification.waitFor();
    const text = (await notification.textContent()) ?? '';
    await workbench.command('Notifications: Clear All Notifications');
    return text;
  }

  it('names the permissions that a user lacks, and offers the embedded cluster', async () => {
    const text = await failure(NOBODY, 'lacks permissions');
    assert.match(text, /list ephemeralrunners\.actions\.github\.com.*get secrets/);
    assert.match(text, /Run on the Embedded Cluster/);
    assert.doesNotMatch(text, / at .*\.js/, 'no stack trace');
  });

  it('says that ARC is not installed where its resources are not known', async () => {
    const transport = await server.transport();
    await transport.json(
      'DELETE',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ephemeralrunners.actions.github.com',
    );
    transport.close();
    const text = await failure(ADMIN, 'custom resource definitions are missing');
    assert.match(text, /install the gha-runner-scale-set-controller chart/);
  });

  it('stops when told to, and says in a sentence what is wrong with a kubeconfig that is gone', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Stop');
    await page.locator('.pane-body .monaco-list-row', { hasText: 'ended' }).first().waitFor();
    renameSync(kubeconfig, `${kubeconfig}.gone`);
    try {
      await workbench.command('ARC: Run Reconciler Locally');
      await page.getByPlaceholder('Where should the reconciler run?').waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'there is no kubeconfig at' }).waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Embedded cluster' }).first().waitFor();
      await page.keyboard.press('Enter');
      const notification = page.locator('.notification-toast', { hasText: 'There is no kubeconfig at' });
      await notification.waitFor();
      assert.doesNotMatch((await notification.textContent()) ?? '', / at .*\.js/, 'no stack trace');
    } finally {
      renameSync(`${kubeconfig}.gone`, kubeconfig);
    }
  });
});
