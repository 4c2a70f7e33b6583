import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedActionsService } from '../../src/actions/embedded-service.ts';
import { serveActions } from '../../src/actions/http-server.ts';
import type { ApiError } from '../../src/kubernetes/api-error.ts';
import { createRequest, deleteRequest, patchRequest } from '../../src/kubernetes/request.ts';
import { listObjects, sendRequest } from '../builders/requests.ts';
import { RemoteCluster } from '../../src/kubernetes/remote/remote-cluster.ts';
import { Deployments, EphemeralRunners, Namespaces, pathOf, Pods, Secrets } from '../../src/kubernetes/resource.ts';
import { notesFolder, RestoreNotes } from '../../src/apply/restore-notes.ts';
import type { Deployment } from '../../src/apply/running-controllers.ts';
import { RESTORE_ANNOTATION } from '../../src/apply/scale-controller.ts';
import { ADMIN, SHADOW, NOBODY, RealApiServer } from '../apiserver/api-server.ts';
import { missingTool } from '../apiserver/tools.ts';
import { eventually } from '../builders/eventually.ts';
import { aRunner, aSecret } from '../builders/objects.ts';
import { testsWorkbench } from './suite-hooks.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { missingWorkbenchTool } from './tools.ts';
import { RETRIES, Workbench } from './workbench.ts';

const PLUGIN = 'plugin-context';
const EXEC_API = 'client.authentication.k8s.io/v1';

/** For what an earlier try, or somebody else, may have done already. */
const isGone = (error: unknown): void => assert.equal((error as ApiError).code, 404);

describe('the workbench on a real kube-apiserver', function () {
  this.timeout(6 * 60_000);
  this.retries(RETRIES);
  let server: RealApiServer;
  let workbench: Workbench;
  let notes: RestoreNotes;
  let kubeconfig: string;
  let proxy: TcpProxy;

  testsWorkbench(() => workbench, missingTool() ?? missingWorkbenchTool());

  before(async () => {
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
    await transport.json('POST', pathOf(Deployments, 'arc'), {
      metadata: { name: 'left', annotations: { [RESTORE_ANNOTATION]: '{"replicas":2,"by":"anna","at":"then"}' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'left' } },
        template: { metadata: { labels: { app: 'left' } }, spec: { containers: [{ name: 'manager', image: 'arc' }] } },
      },
    });
    transport.close();
    proxy = await TcpProxy.to(Number(new URL(server.url).port));
    kubeconfig = server.kubeconfig(SHADOW, ({ clusters, contexts, users }) => {
      for (const { cluster: entry } of clusters) entry.server = `https://127.0.0.1:${proxy.port}`;
      for (const name of [NOBODY, ADMIN]) {
        contexts.push({ name, context: { cluster: 'real', user: name, namespace: 'arc' } });
        users.push({ name, user: { token: server.tokens[name] } });
      }
      contexts.push({ name: PLUGIN, context: { cluster: 'real', user: PLUGIN, namespace: 'arc' } });
      const token = server.tokens[SHADOW];
      const credential = { apiVersion: EXEC_API, kind: 'ExecCredential', status: { token } };
      const script =
        `require('node:fs').writeFileSync(${JSON.stringify(pluginRan())}, '');` +
        `process.stdout.write(${JSON.stringify(JSON.stringify(credential))})`;
      const exec = { apiVersion: EXEC_API, command: process.execPath, args: ['-e', script], interactiveMode: 'Never' };
      users.push({ name: PLUGIN, user: { exec } });
    });
    const state = join(server.folder, 'state');
    notes = new RestoreNotes(notesFolder({ XDG_STATE_HOME: state }));
    notes.add({
      ...{ server: `https://127.0.0.1:${proxy.port}`, context: ADMIN, kubeconfig, namespace: 'arc', name: 'left' },
      ...{ replicas: 2, by: 'anna', at: '2026-01-01T00:00:00Z' },
    });
    workbench = await Workbench.open({
      settings: { 'arcReconcilerLab.workers': 1, 'arcReconcilerLab.podStart': '500ms' },
      environment: { KUBECONFIG: kubeconfig, XDG_STATE_HOME: state },
    });
  });

  const pluginRan = (): string => join(server.folder, 'the-plugin-ran');

  after(async () => {
    proxy?.cut();
    server?.stop();
  });

  it('offers to bring back the controller that an earlier run left at zero, and does', async () => {
    await workbench.command('View: Show ARC Lab');
    const offer = workbench.page.locator('.notification-toast', { hasText: 'left the ARC controller scaled to zero' });
    await offer.waitFor({ timeout: 30_000 });
    assert.match((await offer.textContent()) ?? '', /arc\/left \(test-admin\)/);
    await offer.getByText('Restore It').click();
    const transport = await server.transport();
    await eventually(async () => {
      const { metadata, spec } = (await transport.json('GET', pathOf(Deployments, 'arc', 'left'))) as Deployment;
      assert.deepEqual([spec.replicas, metadata.annotations?.[RESTORE_ANNOTATION]], [2, undefined]);
      assert.deepEqual(notes.all(), []);
    });
    transport.close();
    await workbench.command('Notifications: Clear All Notifications');
  });

  it('offers the contexts of the kubeconfig and the namespaces with runners, and runs in shadow', async () => {
    const { page } = workbench;
    await workbench.command('ARC: Run Reconciler Locally');
    await page.getByPlaceholder('Select where to run the reconciler').waitFor();
    const context = page.locator('.quick-input-list .monaco-list-row', { hasText: SHADOW }).first();
    await context.waitFor();
    assert.match((await context.textContent()) ?? '', /current.*in shadow: nothing is changed/);
    await context.click();
    await page.getByPlaceholder('Select a namespace').waitFor();
    const first = page.locator('.quick-input-list .monaco-list-row').first();
    await first.waitFor();
    assert.match((await first.textContent()) ?? '', /3 runners/, 'the namespace that holds runners comes first');
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Select a reconciler mode').waitFor();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Both, side by side' }).click();
    await workbench.timeline().locator('#chart[aria-label*="3 runners"]').waitFor({ timeout: 20_000 });
    await workbench.command('View: Show ARC Lab');
    const running = page.locator('.pane-body .monaco-list-row', { hasText: 'job running' });
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
    await page.getByPlaceholder('Select where to run the reconciler').waitFor();
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: context, hasNotText: 'Again' });
    await row.first().click();
    // With the mouse: a timeline that has just opened may have taken the focus.
    for (const question of ['Select a namespace', 'Select a reconciler mode']) {
      await page.getByPlaceholder(question).waitFor();
      await page.locator('.quick-input-list .monaco-list-row').first().click();
    }
    const notification = page.locator('.notification-toast', { hasText: sentence });
    await notification.waitFor();
    const text = (await notification.textContent()) ?? '';
    await workbench.command('Notifications: Clear All Notifications');
    return text;
  }

  it('shows the program that a kubeconfig runs before it runs, and runs nothing without a yes', async () => {
    const { page } = workbench;
    const choose = async (): Promise<void> => {
      await workbench.command('ARC: Run Reconciler Locally');
      await page.getByPlaceholder('Select where to run the reconciler').waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: PLUGIN }).first().click();
    };
    const dialog = page.locator('.monaco-dialog-box');
    await choose();
    await dialog.getByText('runs a program for the credentials of').waitFor();
    assert.match((await dialog.textContent()) ?? '', /node.* -e require/);
    await workbench.screenshot('program-dark');
    await dialog.getByText('Cancel').click();
    await dialog.waitFor({ state: 'hidden' });
    assert.ok(!existsSync(pluginRan()), 'the program ran before anybody had agreed to it');
    await choose();
    await dialog.getByText('Run It').click();
    await page.getByPlaceholder('Select a namespace').waitFor();
    await eventually(async () => assert.ok(existsSync(pluginRan()), 'the program did not run'));
    await page.keyboard.press('Escape');
    await choose();
    await page.getByPlaceholder('Select a namespace').waitFor();
    await page.keyboard.press('Escape');
  });

  it('names the permissions that a user lacks, and offers the embedded cluster', async () => {
    const text = await failure(NOBODY, 'lacks permissions');
    assert.match(text, /list ephemeralrunners\.actions\.github\.com.*get secrets/);
    assert.match(text, /Run on the Embedded Cluster/);
    assert.doesNotMatch(text, / at .*\.js/, 'no stack trace');
  });

  let tries = 0;

  it('writes to a cluster when that is asked for and agreed to, with the controller that is there at rest, and puts it back', async () => {
    const { page } = workbench;
    const transport = await server.transport();
    const cluster = new RemoteCluster(transport);
    const made: { service?: EmbeddedActionsService } = {};
    const actionsServer = await serveActions(async (request) =>
      (made.service as EmbeddedActionsService).handle(request),
    );
    made.service = new EmbeddedActionsService({ seed: 1, baseUrl: actionsServer.url, nowMs: Date.now });
    // Each try has its own, so that none fails for what the one before it left.
    const namespace = `write-${++tries}`;
    const metadata = { name: namespace };
    await sendRequest(cluster, createRequest(Namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata }));
    const data = { github_token: Buffer.from('canary-token').toString('base64') };
    await sendRequest(cluster, createRequest(Secrets, aSecret({ name: 'gh', namespace }, data)));
    const runner = aRunner({ name: 'written-1', namespace }, { githubConfigUrl: `${actionsServer.url}/org` });
    await sendRequest(cluster, createRequest(EphemeralRunners, runner));
    const labels = { 'app.kubernetes.io/part-of': 'gha-rs-controller', app: 'controller' };
    const controller = pathOf(Deployments, namespace, 'controller');
    const template = { metadata: { labels }, spec: { containers: [{ name: 'manager', image: 'arc' }] } };
    const spec = { replicas: 1, selector: { matchLabels: { app: 'controller' } }, template };
    await transport.json('POST', pathOf(Deployments, namespace), { metadata: { name: 'controller', labels }, spec });
    const replicas = async (): Promise<number | undefined> =>
      ((await transport.json('GET', controller)) as Deployment).spec.replicas;
    try {
      await workbench.command('ARC: Run Reconciler and Write to a Cluster');
      await page.getByPlaceholder('Select where to run the reconciler').waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: ADMIN }).first().click();
      await page.getByPlaceholder('Select a namespace').waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: namespace }).first().click();
      await page.getByPlaceholder('Select a reconciler mode').waitFor();
      assert.equal(await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Both' }).count(), 0);
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'new' }).first().click();

      const dialog = page.locator('.monaco-dialog-box');
      await dialog.waitFor();
      assert.match(
        (await dialog.textContent()) ?? '',
        new RegExp(`Nothing was changed.*${namespace}/controller is active: it is set to 1`, 's'),
      );
      await workbench.screenshot('write-refused-dark');
      await dialog.getByText('Scale It to Zero First').click();

      await dialog.getByText('Let the reconciler write to this cluster?').waitFor();
      const text = (await dialog.textContent()) ?? '';
      assert.ok(text.includes(`scales ${namespace}/controller to zero; back to 1 at the end`), text);
      assert.ok(!text.includes('canary-token'));
      await workbench.screenshot('write-question-dark');
      assert.equal(await replicas(), 1, 'nothing is scaled before somebody has agreed');
      await dialog.getByText('Write to the Cluster').click();

      await eventually(async () => {
        assert.deepEqual(
          (await listObjects(cluster, Pods, namespace)).items.map(({ metadata: pod }) => pod.name),
          ['written-1'],
        );
      });
      assert.equal(await replicas(), 0);
      await workbench.command('ARC: Stop');
      await eventually(async () => assert.equal(await replicas(), 1, 'the controller is back'));
    } finally {
      await sendRequest(cluster, deleteRequest(EphemeralRunners, namespace, 'written-1'));
      // Nobody may be there any more to take the finalizers off, without which its kind cannot be removed.
      const free = patchRequest(EphemeralRunners, namespace, 'written-1', { metadata: { finalizers: null } });
      await sendRequest(cluster, free).catch(isGone);
      transport.close();
      await actionsServer.close();
    }
  });

  it('says that ARC is not installed where its resources are not known', async () => {
    const transport = await server.transport();
    const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ephemeralrunners.actions.github.com';
    await transport.json('DELETE', definition).catch(isGone);
    await eventually(async () => assert.rejects(transport.json('GET', pathOf(EphemeralRunners, 'arc')), { code: 404 }));
    transport.close();
    const text = await failure(ADMIN, 'custom resource definitions are missing');
    assert.match(text, /install the gha-runner-scale-set-controller chart/);
  });

  it('stops when told to', async () => {
    await workbench.command('ARC: Stop');
    const session = workbench.page.locator('.pane-body .monaco-list-row', { hasText: SHADOW });
    await session.filter({ hasText: 'ended' }).first().waitFor();
  });

  it('says in a sentence what is wrong with a kubeconfig that is gone', async () => {
    const { page } = workbench;
    renameSync(kubeconfig, `${kubeconfig}.gone`);
    try {
      await workbench.command('ARC: Run Reconciler Locally');
      await page.getByPlaceholder('Select where to run the reconciler').waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'No kubeconfig found at' }).waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Embedded cluster' }).first().waitFor();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Again' }).click();
      const notification = page.locator('.notification-toast', { hasText: 'No kubeconfig found at' });
      await notification.waitFor();
      assert.doesNotMatch((await notification.textContent()) ?? '', / at .*\.js/, 'no stack trace');
    } finally {
      renameSync(`${kubeconfig}.gone`, kubeconfig);
    }
  });
});
