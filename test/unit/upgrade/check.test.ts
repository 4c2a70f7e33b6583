import assert from 'node:assert/strict';
import { ApiError } from '../../../src/kubernetes/api-error.ts';
import { Deployments, EphemeralRunners, Secrets, type Resource } from '../../../src/kubernetes/resource.ts';
import type { ApiObject } from '../../../src/kubernetes/types.ts';
import { RELEASES } from '../../../src/reconciler/releases/releases.ts';
import { upgradeMarkdown } from '../../../src/report/upgrade-markdown.ts';
import { upgradeText } from '../../../src/report/upgrade-text.ts';
import { arcVersion } from '../../../src/upgrade/arc-version.ts';
import { checkUpgrade, type UpgradeAnswer } from '../../../src/upgrade/check.ts';
import { LOOKED_AT } from '../../../src/upgrade/kinds.ts';
import { readCluster } from '../../../src/upgrade/read-cluster.ts';
import { Snapshot } from '../../../src/upgrade/snapshot.ts';
import { UnknownVersionError } from '../../../src/upgrade/upgrade-error.ts';
import {
  controller,
  listener,
  NEW_DEFINITIONS,
  runner,
  runnerSet,
  scaleSet,
  snapshot,
} from '../../builders/upgrade-objects.ts';

const FAILED = runner('a', { failures: { 'uid-1': true } });

describe('the version that runs', () => {
  const said = (...objects: readonly ApiObject[]): string => {
    const { from, fromSaidBy } = checkUpgrade(snapshot(...objects), '0.14.2');
    return `${from} ${fromSaidBy}`;
  };

  it("is that of the controller's image, else of its label, else of the scale sets, else of the runners", () => {
    assert.equal(said(controller('0.13.1'), scaleSet('big', '0.12.1')), '0.13.1 Deployment arc-gha-rs-controller');
    const ofOwnImage = structuredClone(controller('0.13.1')) as ApiObject & {
      spec: { template: { spec: { containers: { image: string }[] } } };
    };
    for (const container of ofOwnImage.spec.template.spec.containers) container.image = 'example.com/arc@sha256:abc';
    assert.equal(said(ofOwnImage), '0.13.1 Deployment arc-gha-rs-controller');
    assert.equal(said(scaleSet('big', '0.12.1')), '0.12.1 AutoscalingRunnerSet big');
    const labels = { 'app.kubernetes.io/version': '0.11.0' };
    assert.equal(said(runner('a', {}, { labels })), '0.11.0 EphemeralRunner a');
  });

  it('is asked for where nothing says it, and where two things differ', () => {
    assert.throws(() => said(runner('a')), /^UpgradeError: no controller, .* say it with --from/);
    const other = controller('0.12.1');
    assert.throws(() => said(controller('0.13.1'), other), /two versions run: 0\.13\.1 .* and 0\.12\.1/);
    assert.equal(checkUpgrade(snapshot(runner('a')), '0.14.2', '0.13.1').from, '0.13.1');
  });

  it('is the one that was given, and the answer says so where only others are shown', () => {
    const given = (from: string, ...objects: readonly ApiObject[]): string =>
      checkUpgrade(snapshot(...objects), '0.14.2', from).remarks.join();
    const said =
      /Deployment arc-gha-rs-controller shows ARC 0\.11\.0, but the check is from 0\.13\.1, as --from says; leave --from out to check from 0\.11\.0\./;
    assert.match(given('0.13.1', controller('0.11.0'), scaleSet('big', '0.13.1')), said);
    assert.match(given('0.13.1', scaleSet('big', '0.12.1')), /AutoscalingRunnerSet big shows ARC 0\.12\.1, but/);
    assert.equal(given('0.13', controller('0.13.1')), '');
    assert.equal(given('0.13.1', controller('0.11.0'), controller('0.13.1')), '', 'one of two controllers is chosen');
    assert.equal(given('0.13.1', runner('a')), '');
  });

  it('is doubted where a runner holds what only another one writes, whatever is wanted', () => {
    const timed = runner('a', { failures: { 'uid-1': '2026-03-02T12:00:00Z' } });
    const doubts = (from: string, to: string, ...objects: readonly ApiObject[]): string =>
      checkUpgrade(snapshot(...objects), to, from)
        .remarks.filter((each) => each.includes('--from'))
        .join();
    for (const to of ['0.10.0', '0.11.0', '0.12.1', '0.13.1', '0.14.2']) {
      assert.match(
        doubts('0.11.0', to, timed),
        /^1 runner has times in status\.failures, where 0\.11\.0 writes true: another version wrote that\. If it is what runs, say so with --from; 0\.11\.0 starts no worker/,
        to,
      );
      assert.equal(doubts('0.12.1', to, timed), '', to);
      assert.match(
        doubts('0.13.1', to, FAILED, runner('b', { failures: { b: true } })),
        /^2 runners have true in /,
        to,
      );
      assert.equal(doubts('0.11.0', to, FAILED), '', to);
      assert.match(
        doubts('0.12.1', to, runner('a', { jobId: 'job' })),
        /^1 runner has status\.jobId, which 0\.12\.1/,
        to,
      );
      assert.equal(doubts('0.13.1', to, runner('a', { jobId: 'job' })), '', to);
    }
  });
});

describe('the first sentence', () => {
  const first = (to: string, ...objects: readonly ApiObject[]): string =>
    checkUpgrade(snapshot(...objects), to).verdict;

  it('says of an upgrade that was made in part what is left of it, not that it must not be made', () => {
    const { annotations: _, ...metadata } = scaleSet('big', '0.12.1').metadata;
    const set = { ...scaleSet('big', '0.12.1'), metadata };
    const answer = checkUpgrade(
      snapshot(controller('0.14.2'), set, listener('big-754b578d-listener', 'big'), ...NEW_DEFINITIONS),
      '0.14.2',
    );
    assert.equal(
      answer.verdict,
      '0.14.2 runs already, and its upgrade is half done: 2 hazards stop or lose something.',
    );
    assert.match(answer.hazards[1]?.sentence ?? '', /^0\.14\.2 does not know 1 listener by its name/);
    assert.ok(!answer.notFound.some((what) => what.includes('version label')), 'what was found is not in that list');
    assert.match(upgradeText(answer), /uninstall big, and wait until its runners are gone \*\n/);
    assert.equal(upgradeText(answer).split('if Helm installed').length, 2, 'the remark on Helm stands there once');
  });

  it('says beside hazards too that not everything could be looked at', () => {
    const busy = runner(
      'a',
      { phase: 'Running', jobRequestId: 5 },
      { labels: { 'app.kubernetes.io/version': '0.12.1' } },
    );
    const dump = new Snapshot(
      'a.yaml',
      '',
      new Map([[EphemeralRunners, [busy]]]),
      new Map(LOOKED_AT.filter((kind) => kind !== EphemeralRunners).map((kind) => [kind, 'there are none in a.yaml'])),
    );
    assert.equal(
      checkUpgrade(dump, '0.14.2').verdict,
      'You may upgrade from 0.12.1 to 0.14.2 if you deal with 1 hazard first; not everything could be looked at.',
    );
    assert.match(first('0.14.2', controller('0.13.1'), FAILED, ...NEW_DEFINITIONS), /stop or lose something\.$/);
  });
});

describe('a version whose listener acquires no jobs', () => {
  it('is said to do none on GitHub Enterprise Server', () => {
    const remarks = (to: string): string =>
      checkUpgrade(snapshot(controller('0.13.1'), ...NEW_DEFINITIONS), to).remarks.join();
    assert.match(remarks('0.14.0'), /The listener of 0\.14\.0 acquires no jobs/);
    for (const to of ['0.14.1', '0.14.2']) assert.doesNotMatch(remarks(to), /acquires no jobs/);
  });
});

describe('versions', () => {
  it('are read as people write them; 0.12.0 and 0.13.0 lack what their next patch brought', () => {
    assert.equal(arcVersion('v0.14.2').name, '0.14.2');
    for (const [minor, newest] of [
      ['0.14', '0.14.2'],
      ['v0.13', '0.13.1'],
      ['0.12', '0.12.1'],
      ['0.10', '0.10.1'],
      ['0.9', '0.9.3'],
    ] as const) {
      assert.equal(arcVersion(minor).name, newest, 'without a patch the newest one is meant');
    }
    assert.deepEqual([...arcVersion('0.12.0').release.switches].includes(4152), false);
    assert.deepEqual([...arcVersion('0.13.0').release.switches].includes(4299), false);
    assert.equal(arcVersion('0.14.1').release.id, '0.14.1');
    assert.equal(arcVersion('0.12.0').release.id, '0.12.0');
  });

  it('that an object shows and that are not known are taken for the nearest, which is said', () => {
    const { remarks } = checkUpgrade(snapshot(controller('0.16.0')), '0.14.2');
    assert.match(remarks.join(), /ARC 0\.16\.0 is not known here; it is checked as if it were latest/);
    assert.throws(() => checkUpgrade(snapshot(controller('0.8.3')), '0.14.2'), /"0\.8\.3" is no version of ARC/);
  });

  it('that somebody names are those that arc-lab run takes', () => {
    for (const version of [...RELEASES.published, 'new', 'latest', '0.9.0', 'v0.13.1', '0.13']) {
      const { id } = arcVersion(version).release;
      assert.equal(RELEASES.position(id), RELEASES.position(RELEASES.get(version).id), version);
    }
    assert.equal(arcVersion('0.9.0').takenFor, '0.9.3');
    assert.equal(arcVersion('new').name, '0.10.1', 'a mode has the name that its chart has');
    for (const wrong of ['old', 'banana', '', '0.1.0', '0.16.0', '1.0', '0.14.2-4390', '0.14.2-rc1', '../x']) {
      assert.throws(() => arcVersion(wrong), UnknownVersionError, wrong);
      assert.throws(
        () => arcVersion(wrong),
        /known here; versions are 0\.9\.0, .* and latest(; did you mean .+\?)?$/,
        wrong,
      );
    }
    assert.throws(
      () => arcVersion('LATEST'),
      /"LATEST" is no version of ARC that is known here; .*; did you mean latest\?$/,
    );
  });
});

describe('the answer about an upgrade', () => {
  const CLEAN = snapshot(controller('0.14.0'), runner('a', { runnerId: 1 }), ...NEW_DEFINITIONS);

  it('says of a clean cluster that nothing was found, and what was looked for', () => {
    const answer = checkUpgrade(CLEAN, '0.14.2');
    assert.equal(answer.verdict, 'Nothing was found against the upgrade from 0.14.0 to 0.14.2.');
    assert.deepEqual([answer.hazards, answer.notLookedFor], [[], []]);
    assert.match(
      upgradeText(answer),
      /^✓ Nothing was found.*\n {2}ARC 0\.14\.0 runs \(Deployment arc-gha-rs-controller\)/,
    );
    assert.match(upgradeText(answer), /Looked for, .*:\n {2}failures that the new version cannot read\n/);
  });

  it('says what it could not look for, and why, and does not call that clean', () => {
    const unread = new Map<Resource, string>([[Secrets, 'the user may not list secrets in all namespaces']]);
    const objects = new Map<Resource, readonly ApiObject[]>([[Deployments, [controller('0.12.1')]]]);
    const answer = checkUpgrade(new Snapshot('the context c', '--context c', objects, unread), '0.13.1');
    assert.match(answer.verdict, /Nothing was found .* not everything could be looked at\.$/);
    assert.ok(!upgradeText(answer).startsWith('✓'));
    assert.match(
      upgradeText(answer),
      /Could not be checked, because the user may not list secrets in all namespaces:\n {2}registered runners without a secret$/m,
    );
  });

  it('says how many objects were read, by kind', () => {
    const { read } = checkUpgrade(CLEAN, '0.14.2');
    assert.deepEqual(read, { runners: 1, sets: 0, scaleSets: 0, listeners: 0, definitions: 2 });
    const words = 'from the context test: 1 runner, 0 sets, 0 scale sets, 0 listeners, 2 definitions';
    assert.ok(upgradeText(checkUpgrade(CLEAN, '0.14.2')).includes(words));
    assert.ok(upgradeMarkdown(checkUpgrade(CLEAN, '0.14.2')).includes(words));
  });

  it('calls nothing clean that holds no object of ARC but its controller', () => {
    const answer = checkUpgrade(snapshot(controller('0.14.0'), ...NEW_DEFINITIONS), '0.14.2');
    assert.match(answer.verdict, /, but the context test holds no runner, set or scale set\.$/);
    assert.ok(!upgradeText(answer).startsWith('✓'), upgradeText(answer));
  });

  it('calls no single namespace clean: a runner elsewhere can stop the controller for all', () => {
    const objects = new Map(LOOKED_AT.map((one) => [one, CLEAN.of(one)]));
    const answer = checkUpgrade(new Snapshot('the context c', '', objects, new Map(), 'arc-runners'), '0.14.2');
    assert.match(answer.verdict, /, but not everything could be looked at\.$/);
    const text = upgradeText(answer);
    assert.ok(!text.startsWith('✓'), text);
    assert.match(text, /only arc-runners was looked at; a runner elsewhere can stop the controller for all/);
  });

  it('names what a wanted version without a number leaves open of version labels', () => {
    const set = scaleSet('big', '0.14.0');
    const { notLookedFor, notFound } = checkUpgrade(snapshot(controller('0.14.0'), set), 'latest');
    assert.deepEqual(
      notLookedFor.map(({ what }) => what),
      ['scale sets whose version label the new controller does not take'],
    );
    assert.match(notLookedFor[0]?.why ?? '', /latest has no version yet/);
    assert.ok(!notFound.includes(notLookedFor[0]?.what ?? ''));
  });

  it('leaves out what is to be done to objects that go with their scale set, and says so', () => {
    const named = (kind: string, name: string, uid: string): object => ({
      ownerReferences: [{ apiVersion: 'actions.github.com/v1alpha1', kind, name, uid }],
    });
    const labels = {
      'actions.github.com/scale-set-name': 'big',
      'actions.github.com/scale-set-namespace': 'arc-runners',
    };
    const failures = { failures: { uid: true } };
    const { hazards, actions } = checkUpgrade(
      snapshot(
        ...[controller('0.11.0'), scaleSet('big', '0.11.0')],
        runnerSet('big-x', { ...named('AutoscalingRunnerSet', 'big', 'u'), uid: 'u1' }),
        runner('owned', failures, named('EphemeralRunnerSet', 'big-x', 'u1') as Record<string, unknown>),
        runner('labelled', failures, { labels }),
        runner('alone', failures),
      ),
      '0.14.2',
    );
    const calls = actions.map(({ command = '' }) => command).join('\n');
    assert.match(calls, /ephemeralrunner alone/);
    assert.doesNotMatch(calls, /ephemeralrunner (owned|labelled)|ephemeralrunnerset/);
    const failing = hazards.find(({ id }) => id === 'failures-type');
    assert.match(failing?.details.join(' ') ?? '', /2 of these go with their scale set, which is uninstalled first\./);
    assert.equal(failing?.objects.length, 3);
  });

  it('keeps the values of scale sets of one name apart', () => {
    const set = scaleSet('big', '0.11.0');
    const other = { ...set, metadata: { ...set.metadata, namespace: 'team-b' } };
    const { actions } = checkUpgrade(snapshot(controller('0.11.0'), set, other), '0.14.2');
    const files = actions.flatMap(({ command = '' }) => /> (\S+)$/.exec(command)?.[1] ?? []);
    assert.deepEqual(files, ['arc-runners-big-values.yaml', 'team-b-big-values.yaml']);
  });

  it('stops no controller for objects that all go with their scale set', () => {
    const labels = {
      'actions.github.com/scale-set-name': 'big',
      'actions.github.com/scale-set-namespace': 'arc-runners',
    };
    const objects = [
      controller('0.11.0'),
      scaleSet('big', '0.11.0'),
      runner('a', { failures: { uid: true } }, { labels }),
    ];
    const { actions } = checkUpgrade(snapshot(...objects), '0.14.2');
    assert.deepEqual(
      actions.map(({ stage }) => stage),
      ['uninstall', 'uninstall', 'upgrade', 'after'],
    );
  });

  it('keeps what is to be done to objects that the version that runs cannot read either', () => {
    const labels = {
      'actions.github.com/scale-set-name': 'big',
      'actions.github.com/scale-set-namespace': 'arc-runners',
    };
    const objects = [
      controller('0.13.1'),
      scaleSet('big', '0.13.1'),
      runner('a', { failures: { uid: true } }, { labels }),
    ];
    const { actions } = checkUpgrade(snapshot(...objects), '0.14.2');
    assert.ok(actions.some(({ command = '' }) => command.includes('patch ephemeralrunner a')));
  });

  it('installs again each scale set that it uninstalls, also where no annotation names the release of Helm', () => {
    const set = scaleSet('big', '0.11.0');
    const { annotations: _, ...metadata } = set.metadata;
    const answer = checkUpgrade(snapshot(controller('0.11.0'), { ...set, metadata }), '0.14.2');
    const calls = answer.actions.map(({ stage, command = '' }) => `${stage}: ${command.replace(/oci:\S+\//, '')}`);
    assert.deepEqual(
      calls.filter((call) => !call.startsWith('upgrade')),
      [
        'uninstall: helm get values big -o yaml -n arc-runners > arc-runners-big-values.yaml',
        'uninstall: helm uninstall big --wait -n arc-runners',
        'after: helm install big gha-runner-scale-set --version 0.14.2 -f arc-runners-big-values.yaml -n arc-runners',
      ],
    );
    assert.equal(answer.actions[0]?.isGuess, true);
    assert.match(
      upgradeText(answer),
      /\* The call is right if Helm installed the scale set, as a release of the same name\./,
    );
  });

  it('gives what to do in the order in which it is done: uninstall, stop, repair, definitions, upgrade, install', () => {
    const objects = [controller('0.11.0'), FAILED, scaleSet('big', '0.11.0')];
    const { actions, verdict } = checkUpgrade(snapshot(...objects), '0.14.2');
    assert.match(
      verdict,
      /^Do not upgrade from 0\.11\.0 to 0\.14\.2 as it is: 2 hazards would stop or lose something\.$/,
    );
    assert.deepEqual(
      actions.map(({ command = '' }) => command.replace(/oci:\S+\/|arc-gha-rs-controller /g, '').replace(/ -p .*/, '')),
      [
        'helm get values big -o yaml -n arc-runners > arc-runners-big-values.yaml',
        'helm uninstall big --wait -n arc-runners',
        'kubectl -n arc-systems scale deployment --replicas=0',
        'kubectl -n arc-runners patch ephemeralrunner a --subresource=status --type=merge',
        'helm upgrade arc gha-runner-scale-set-controller --version 0.14.2 --reset-then-reuse-values -n arc-systems',
        'helm install big gha-runner-scale-set --version 0.14.2 -f arc-runners-big-values.yaml -n arc-runners',
      ],
    );
  });

  it('reaches the cluster that was read, and quotes what is no word', () => {
    const odd = runner("a'; rm -rf /", { failures: { uid: true } });
    const objects = new Map<Resource, readonly ApiObject[]>();
    const read = snapshot(controller('0.11.0'), odd);
    for (const resource of [Deployments]) objects.set(resource, read.of(resource));
    const { actions } = checkUpgrade(read, '0.14.2');
    const calls = actions.map(({ command = '' }) => command);
    assert.ok(
      calls.some((call) => call.includes(String.raw`ephemeralrunner 'a'\''; rm -rf /'`)),
      calls.join('\n'),
    );
    const ofContext = new Snapshot('the context p', '--context p', objects, new Map());
    const [upgrade] = checkUpgrade(ofContext, '0.14.2').actions;
    assert.match(upgrade?.command ?? '', /^helm upgrade .* --kube-context p -n arc-systems$/);
  });

  it('says what will be different, by pull request, and on the way back what will no longer be', () => {
    const forth = checkUpgrade(CLEAN, '0.14.2').differences;
    assert.ok(forth.some(({ pullRequest, does }) => pullRequest === 4457 && does.includes('init container')));
    assert.ok(forth.every(({ isNew }) => isNew) && !forth.some(({ pullRequest }) => pullRequest === 4390));
    const back = checkUpgrade(snapshot(controller('0.14.2'), runner('a')), '0.14.0');
    assert.deepEqual(
      back.differences.map(({ pullRequest, isNew }) => [pullRequest, isNew]),
      forth.map(({ pullRequest }) => [pullRequest, false]),
    );
    const said = upgradeText(back);
    assert.equal(said.match(/no longer be so/g)?.length, 1, 'said once, and not of each');
    assert.match(back.verdict, /against the downgrade from 0\.14\.2 to 0\.14\.0\.$/);
    assert.match(back.remarks.join(), /0\.14\.0 is older than 0\.14\.2, which runs/);
  });

  it('doubts that a scale set has no version label', () => {
    const bare = { ...scaleSet('big', '0.12.1'), metadata: { name: 'big', namespace: 'arc-runners' } };
    const same = checkUpgrade(snapshot(controller('0.12.1'), bare), '0.12.1');
    assert.equal(same.verdict, '0.12.1 runs already; deal with 1 hazard.');
    assert.equal(
      same.hazards[0]?.sentence,
      '0.12.1 deletes 1 scale set if it is without a version label in the cluster too.',
    );
    assert.deepEqual(
      same.actions.map(({ command = '' }) => command.split(' ')[0]),
      ['kubectl'],
      'nothing is uninstalled for it',
    );
    const other = checkUpgrade(snapshot(controller('0.12.1'), bare), '0.14.2');
    assert.equal(other.hazards[0]?.severity, 'error', 'with the label of 0.12.1 it is deleted as well');
    assert.match(other.hazards[0]?.details.join() ?? '', /what was read may lack it/);
  });

  it('says so where the version runs already, and where the next patch mends what it lacks', () => {
    const { verdict } = checkUpgrade(CLEAN, '0.14.0');
    assert.match(verdict, /^0\.14\.0 runs already, so there is nothing to upgrade, and nothing was found against/);
    assert.doesNotMatch(verdict, /from 0\.14\.0 to 0\.14\.0/);
    const { remarks } = checkUpgrade(snapshot(controller('0.11.0')), '0.12.0');
    assert.match(remarks.join(), /0\.12\.0 lacks what 0\.12\.1 brought \(4142, 4152\); go to 0\.12\.1 instead\./);
  });

  it('shows no character that a terminal obeys, and no Markdown of a name', () => {
    const odd = runnerSet('a\u001b[2J**b**', { finalizers: ['ephemeralrunner.actions.github.com/finalizer'] });
    const answer: UpgradeAnswer = checkUpgrade(snapshot(controller('0.14.2'), odd), 'latest');
    assert.ok(!upgradeText(answer).includes('\u001b'));
    assert.match(upgradeMarkdown(answer), /\\\*\\\*b\\\*\\\*/);
  });

  it('cuts long lists of objects and calls short, and says how much is left out', () => {
    const many = Array.from({ length: 40 }, (_, index) => runner(`r-${index}`, { failures: { uid: true } }));
    const text = upgradeText(checkUpgrade(snapshot(controller('0.11.0'), ...many), '0.14.2'));
    assert.match(text, /and 30 more; --json has all/);
    assert.match(text, /30 more calls of this kind; --json has all/);
    assert.match(text, /bring the controller to 0\.14\.2/);
    assert.ok(text.split('\n').length < 100, text);
  });
});

describe('the objects of a cluster', () => {
  const place = { access: '', contextName: 'c', namespace: '', ownNamespace: 'default' };
  const answering = (items: readonly object[]): Parameters<typeof readCluster>[0] => ({
    json: (_method, path) => Promise.resolve({ items: path.includes('/ephemeralrunners?') ? items : [] }),
  });

  it('of a namespace that does not exist are not checked; one that may not be looked up is', async () => {
    const reading = (status: number): ReturnType<typeof readCluster> =>
      readCluster(
        {
          json: (_method, path) =>
            path.endsWith('/namespaces/arc-runner')
              ? Promise.reject(new ApiError(status, 'NotFound', 'no'))
              : Promise.resolve({ items: [] }),
        },
        { ...place, namespace: 'arc-runner' },
      );
    await assert.rejects(reading(404), /UpgradeError: namespace arc-runner does not exist in the context c/);
    const read = await reading(403);
    const { verdict } = checkUpgrade(read, '0.14.2', '0.14.0');
    assert.match(
      verdict,
      /but namespace arc-runner of the context c holds no runner, set or scale set, and not everything could be looked at\.$/,
    );
  });

  it('are never left out without a word: one of another shape ends the check with its name', async () => {
    const odd = { metadata: { name: 'odd', namespace: 'arc-runners' }, status: { failures: 'x' } };
    await assert.rejects(readCluster(answering([odd]), place), /EphemeralRunner arc-runners\/odd is not as Kubernetes/);
    const right = { metadata: { name: 'a', namespace: 'arc-runners', deletionTimestamp: null }, status: null };
    const read = await readCluster(answering([right]), place);
    assert.deepEqual(
      read.of(EphemeralRunners).map(({ kind, metadata }) => [kind, metadata.name]),
      [['EphemeralRunner', 'a']],
    );
  });
});
