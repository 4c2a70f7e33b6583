import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { env, EventEmitter, person } from '../../builders/vscode/interface.ts';
import type { ShownSession, TimelineSource } from '../../../src/extension/run.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { parseLoad } from '../../../src/run/job-load.ts';
import { parseTroubles } from '../../../src/run/listener-trouble.ts';
import { DEFAULT_SETTINGS } from '../../../src/run/settings.ts';

const { LostMessages, withoutLinks } = await import('../../../src/extension/lost-messages.ts');
const { StatusBar } = await import('../../../src/extension/status-bar.ts');
const { headlineOf, noticesOf } = await import('../../../src/extension/timeline-captions.ts');
const { sourceOf } = await import('../../../src/extension/run.ts');
const { openMachineSetting } = await import('../../../src/extension/configuration.ts');

type Counts = Partial<ShownSession['run']['table']['index']['counts']>;

/** A session as far as its state is shown. */
function session(
  mode: string,
  { counts = {}, gone = 0, ...state }: { counts?: Counts; gone?: number; [field: string]: unknown } = {},
): ShownSession {
  const all = { pending: 0, running: 0, succeeded: 0, failed: 0, deleting: 0, ...counts };
  const size = Object.values(all).reduce((sum, count) => sum + count, 0);
  return {
    id: `run-1-${mode}`,
    name: 'prod 1',
    settings: { mode },
    target: { kind: 'attached', apply: false },
    run: {
      where: 'prod · arc',
      connection: { state: 'connected' },
      differences: 'pods are simulated: they start after 2 s',
      table: { index: { counts: all, size }, gone },
      controllers: { named: () => ({ queue: { length: 0 } }) },
    },
    ended: false,
    ...state,
  } as unknown as ShownSession;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the message about a lost connection', () => {
  const shown = (): readonly string[] => [...person.progress.keys()];

  afterEach(() => person.progress.clear());

  it('is one for each cluster, and goes when the last session of it has its connection back or has ended', async () => {
    const messages = new LostMessages();
    const [old, fresh] = [session('old'), session('new')];
    for (const one of [old, fresh]) messages.show(one, 'Connection to prod lost 9 s ago (no answer).');
    assert.equal(shown().length, 1);
    messages.withdraw(old);
    await settled();
    assert.equal(shown().length, 1, 'the other session still has no connection');
    messages.withdraw(fresh);
    await settled();
    assert.deepEqual(shown(), []);
    messages.show(old, 'Connection to prod lost (no answer).');
    assert.equal(shown().length, 1, 'a second loss is not shown');
    messages.withdraw(old);
  });

  it('does not come again for the same loss when somebody has closed it', async () => {
    const messages = new LostMessages();
    const one = session('new');
    messages.show(one, 'Lost.');
    for (const close of [...person.progress.values()]) close();
    await settled();
    messages.show(one, 'Lost.');
    assert.deepEqual(shown(), []);
  });

  it('has links to reconnect and to the log, and makes none of what a server says', () => {
    const messages = new LostMessages();
    const one = session('new');
    messages.show(one, 'Connection lost ([here](command:evil)).');
    const [text = ''] = shown();
    assert.deepEqual(
      [...text.matchAll(/\[([^\]]+)\]\(command:([^)]+)\)/g)].map(([, label, command]) => [
        label,
        decodeURIComponent(command ?? ''),
      ]),
      [
        ['Reconnect', 'arcReconcilerLab.reconnect?["lost/run-1-new"]'],
        ['Show Log', 'arcReconcilerLab.showLog'],
      ],
    );
    assert.doesNotMatch(withoutLinks('[a](b)'), /\]\(/);
    messages.withdraw(one);
  });
});

describe('the status bar', () => {
  /** What it shows of live sessions, and of one that has lost the right to write. */
  function shows(
    live: readonly ShownSession[],
    unreadLoss?: ShownSession,
  ): { text: string; colour: string } | undefined {
    const changed = new EventEmitter<void>();
    const sessions = {
      live,
      all: live,
      newestFirst: live,
      onDidChange: changed.event,
      unreadLoss,
      runOf: () => ({ sessions: live }),
    };
    const bar = new StatusBar(sessions as never, { sessions: live } as never);
    changed.fire();
    bar.dispose();
    const item = person.statusBar.at(-1);
    return item?.isShown === true ? { text: item.text, colour: item.backgroundColor?.id ?? '' } : undefined;
  }

  it('counts those that run, and says what all have come to where none will run any more', () => {
    for (const [counts, gone, text] of [
      [{ pending: 1, running: 2 }, 0, 'new 2/3'],
      [{ pending: 3 }, 0, 'new 0/3'],
      [{ succeeded: 3 }, 0, 'new 3 succeeded'],
      [{ succeeded: 2, failed: 1 }, 0, 'new 2 succeeded, 1 failed'],
      [{}, 3, 'new 3 gone'],
      [{ succeeded: 1 }, 2, 'new 1 succeeded, 2 gone'],
      [{}, 0, 'new 0/0'],
    ] as const) {
      assert.equal(shows([session('new', { counts, gone })])?.text, `$(eye) ARC · ${text}`);
    }
  });

  it('is red for a lost session until its message was read, and shows nothing after that', () => {
    const lost = session('new', { ended: true });
    const red = { text: '$(error) ARC · stopped writing to prod · arc', colour: 'statusBarItem.errorBackground' };
    assert.deepEqual(shows([], lost), red);
    assert.equal(shows([]), undefined);
    assert.equal(shows([session('old')])?.colour, '');
  });
});

describe('a shadow that has ended', () => {
  it('still says what in its picture was simulated, and offers nothing that is for a live one', () => {
    const ended = session('new', { ended: true, stopped: true });
    const [notice, ...others] = noticesOf([ended], 0);
    assert.equal(notice?.text, 'Shadow: nothing was written to prod · arc; pods are simulated: they start after 2 s.');
    assert.deepEqual([notice.actions, others], [[], []]);
  });
});

describe('a scale set that has come to rest', () => {
  const sessionOf = (pods: string): ShownSession => {
    const scaleSet = { jobs: parseLoad('3'), minRunners: 0, maxRunners: 3 };
    const { trace } = simulate({ ...DEFAULT_SETTINGS, mode: '0.14.2', pods }, { load: { scaleSet }, horizonUs: 900e6 });
    const chain = session('0.14.2', { ended: true, stopped: true, target: { kind: 'embedded' }, load: { scaleSet } });
    return { ...chain, run: { ...chain.run, trace, hasJobs: true } };
  };

  it('says why jobs are not done, and nothing where all are', () => {
    const [notice, ...others] = noticesOf([sessionOf('fails-at-start')], 0);
    assert.match(notice?.text ?? '', /^3 jobs have not started: .* failed \(exit 1\) before they got a job, /);
    assert.deepEqual([notice?.severity, others], ['warning', []]);
    assert.deepEqual(noticesOf([sessionOf('jobs')], 0), []);
  });
});

describe('a scale set whose listener was killed', () => {
  const scaleSet = { jobs: parseLoad('20 jobs, 60 a minute'), minRunners: 0, maxRunners: 50 };
  const load = { scaleSet: { ...scaleSet, listener: parseTroubles('kill at 5s') } };

  /** The run as a session shows it at a time, in seconds; at its end without one. */
  function shownAt(atS?: number): TimelineSource {
    const horizonUs = (atS ?? 900) * 1e6;
    const settings = { ...DEFAULT_SETTINGS, mode: '0.14.2', jobDurationUs: 10e6 };
    const { trace } = simulate(settings, { load, horizonUs });
    const shown = session('0.14.2', { ended: atS === undefined, target: { kind: 'embedded' }, load });
    const run = { ...shown.run, trace, hasJobs: true, originUs: trace.originUs, nowUs: () => horizonUs };
    return sourceOf({ ...shown, run });
  }

  it('says so above the bars: since when none polls, and that one does again', () => {
    assert.match(
      headlineOf([shownAt(5.5)]),
      / The listener stopped 5\.\d\d s after the start: it was killed during its long poll\. No listener has polled since then, so jobs wait, /,
    );
    assert.match(headlineOf([shownAt(8)]), / it was killed during its long poll\. It polled again 1\.\d\d s later\.$/);
    assert.doesNotMatch(headlineOf([shownAt(4)]), /listener/);
  });

  it('says in the end which jobs waited for it, once per change of the trace', () => {
    const { session: shown } = shownAt();
    assert.ok(shown !== undefined);
    const [notice, ...others] = noticesOf([shown], 0);
    assert.match(notice?.text ?? '', /^1 job waited .* for a listener: it was killed during its long poll, /);
    assert.deepEqual([notice?.severity, others], ['info', []], 'all jobs are done');
    const { rows } = shown.run.trace;
    let reads = 0;
    const { whys } = rows;
    Object.defineProperty(rows, 'whys', { get: () => (reads++, whys) });
    assert.deepEqual(noticesOf([shown], 1000), [notice]);
    assert.equal(reads, 0);
  });
});

describe('the link to a setting of the machine', () => {
  it('opens the settings of the remote where the window has one: its user has no place for it', () => {
    for (const [remoteName, command] of [
      [undefined, 'workbench.action.openSettings'],
      ['ssh-remote', 'workbench.action.openRemoteSettings'],
    ] as const) {
      env.remoteName = remoteName;
      person.ran.length = 0;
      openMachineSetting('arcReconcilerLab.kubeconfig');
      assert.deepEqual(person.ran, [[command, { query: '@id:arcReconcilerLab.kubeconfig' }]]);
    }
    env.remoteName = undefined;
  });
});
