import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../builders/vscode/hook.ts';
import { person, Uri, type ShownItem } from '../../builders/vscode/interface.ts';
import type { App } from '../../../src/extension/app.ts';
import type { OpenedLogs } from '../../../src/extension/evidence-reader.ts';
import type { ShownSession } from '../../../src/extension/run.ts';
import type { KeptSubject, WhatIfActions } from '../../../src/extension/what-if-view.ts';
import type { FittedAnswer } from '../../../src/report/fitted-answer.ts';
import { simulate } from '../../../src/run/embedded-run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { traceLines } from '../../../src/trace/jsonl.ts';
import type { Subject } from '../../../src/what-if/what-if.ts';
import type { WhatIfHostMessage, WhatIfPageMessage } from '../../../src/what-if-protocol.ts';

const { restoreWhatIf, whatIf } = await import('../../../src/extension/commands/what-if.ts');
const { WhatIfView } = await import('../../../src/extension/what-if-view.ts');
const { KeptWhatIf } = await import('../../../src/extension/kept-what-if.ts');

const SETTINGS = { ...DEFAULT_SETTINGS, mode: '0.12.1', runners: 7, workers: 3 };

interface Shown {
  readonly id: string;
  readonly subject: Subject;
  readonly isBeside: boolean;
}

/** The parts of the extension that the command looks at, with what it has shown. */
function app(own: { sessions?: readonly ShownSession[]; logs?: readonly OpenedLogs[]; hasTimeline?: boolean } = {}) {
  const shown: Shown[] = [];
  const { sessions = [], logs = [], hasTimeline = false } = own;
  const parts = {
    sessions: { newestFirst: sessions },
    current: { sessions: sessions.slice(0, 1) },
    findings: { logs },
    activeTimeline: () => (hasTimeline ? {} : undefined),
    whatIf: {
      show: (kept: KeptSubject, _actions: WhatIfActions, isBeside: boolean) => void shown.push({ ...kept, isBeside }),
      adopt: (_panel: unknown, kept: KeptSubject) => void shown.push({ ...kept, isBeside: false }),
    },
  };
  return { parts: parts as unknown as App, shown };
}

function session(own: Partial<ShownSession> = {}): ShownSession {
  const target = { kind: 'embedded' };
  return {
    id: 'a',
    name: 'embedded 1',
    settings: SETTINGS,
    target,
    load: undefined,
    ...own,
  } as unknown as ShownSession;
}

function logs(load: FittedAnswer['load']): OpenedLogs {
  const settings = [{ of: 'workers', text: 'Workers: 3', restsOn: 'a line of the log says it' }];
  const assumed = 'The log fits ARC 0.9.3 to 0.12.1: 0.12.0 is assumed, which comes nearest.';
  const fitted = { load, settings, run: undefined, assumed };
  return { id: 'log', title: 'controller.log', fitted, explanation: { findings: [] } } as unknown as OpenedLogs;
}

const node = (of: ShownSession): never => ({ kind: 'session', session: of }) as never;

describe('What If, opened', () => {
  it('on a run has its settings and how its runners came, beside its timeline', async () => {
    const { parts, shown } = app({ hasTimeline: true });
    await whatIf(parts, node(session({ load: { perSecond: 4 } })));
    const [{ id, subject, isBeside } = assert.fail('nothing is shown')] = shown;
    assert.deepEqual([id, isBeside], ['a', true]);
    assert.deepEqual(subject.question.settings, SETTINGS);
    assert.equal(subject.question.load.perSecond, 4);
    assert.match(subject.source, /^The settings of 0\.12\.1 · embedded 1\.$/);
  });

  it('on a scale set with jobs says that they are simulated as a burst', async () => {
    const { parts, shown } = app();
    const scaleSet = { jobs: [], minRunners: 0, maxRunners: 5 };
    await whatIf(parts, node(session({ load: { scaleSet } as unknown as NonNullable<ShownSession['load']> })));
    assert.match(shown[0]?.subject.source ?? '', /its jobs are simulated as a burst of as many runners\.$/);
    assert.equal(shown[0]?.subject.question.load.scaleSet, undefined);
  });

  it('on a cluster in shadow has as many runners as were seen', async () => {
    const { parts, shown } = app();
    const target = { kind: 'attached', apply: false, simulatePods: true } as const;
    const run = { table: { index: { size: 42 } } } as unknown as ShownSession['run'];
    await whatIf(parts, node(session({ target, run })));
    assert.equal(shown[0]?.subject.question.settings.runners, 42);
  });

  describe('on the file of a trace', () => {
    const folder = mkdtempSync(join(tmpdir(), 'what-if-'));
    after(() => rmSync(folder, { recursive: true }));
    const file = (text: string): Uri => {
      const path = join(folder, 'run.arctrace.jsonl');
      writeFileSync(path, text);
      return new Uri(path);
    };
    const linesOf = (settings: RunSettings): string => {
      const { trace, originUs } = simulate(settings, { load: { perSecond: 4 } });
      return [...traceLines(trace, trace.endedUs, originUs)].join('');
    };

    it('has the settings that its run was made with, and how its runners came', async () => {
      const { parts, shown } = app();
      await whatIf(parts, file(linesOf(SETTINGS)) as never);
      const [{ subject } = assert.fail('nothing is shown')] = shown;
      const { mode, runners, workers, qps } = subject.question.settings;
      assert.deepEqual([mode, runners, workers, qps], ['0.12.1', 7, 3, SETTINGS.qps]);
      assert.equal(subject.question.load.perSecond, 4);
      assert.equal(subject.source, 'The settings of run.arctrace.jsonl.');
    });

    it('asks which of several runs it is', async () => {
      const { parts, shown } = app();
      const uri = file(linesOf({ ...SETTINGS, runners: 2 }) + linesOf({ ...SETTINGS, mode: 'new', runners: 3 }));
      person.chooses = (items) => items[1];
      await whatIf(parts, uri as never);
      assert.equal(shown[0]?.subject.question.settings.runners, 3);
      person.chooses = () => undefined;
      await whatIf(parts, uri as never);
      assert.equal(shown.length, 1, 'the question was left');
    });

    it('says what to open instead of a trace that was made from a log, and of one that says no settings', async () => {
      const [header = '', ...rest] = linesOf(SETTINGS).split('\n');
      const withHeader = (own: object): Uri =>
        file([JSON.stringify({ ...JSON.parse(header), ...own }), ...rest].join('\n'));
      const sources = [{ kind: 'controller-log', file: 'controller.log' }];
      await assert.rejects(
        whatIf(app().parts, withHeader({ sources }) as never),
        /was made from a log.*: open the log/,
      );
      await assert.rejects(
        whatIf(app().parts, withHeader({ settings: {} }) as never),
        /does not say how its run was made/,
      );
      await assert.rejects(whatIf(app().parts, file('') as never), /./);
    });
  });

  it('says why it cannot be opened, and what to do', async () => {
    const watched = { kind: 'attached', apply: false, simulatePods: false, watches: true } as const;
    await assert.rejects(whatIf(app().parts, node(session({ target: watched }))), /open its log, and ask about that/);
    const kept = { kind: 'kept', run: { id: 'k', title: 'k', plan: undefined } } as never;
    await assert.rejects(whatIf(app().parts, kept), /does not say which settings it had/);
    const far = { kind: 'logs', opened: logs(undefined) } as never;
    await assert.rejects(whatIf(app().parts, far), /No simulation comes near enough .* start from a run/);
  });

  it('on a log has the settings that it tells, each with what it rests on', async () => {
    const { parts, shown } = app();
    const load = { settings: SETTINGS, load: { waves: [{ atUs: 0, runners: 7 }] }, named: '0.12.0' };
    await whatIf(parts, { kind: 'logs', opened: logs(load) } as never);
    const { subject } = shown[0] ?? assert.fail('nothing is shown');
    assert.deepEqual(subject.question.load, load.load);
    const { mode = '', ...origins } = subject.origins;
    assert.deepEqual(origins, { workers: 'a line of the log says it' });
    assert.match(mode, /0\.12\.0 is assumed/, 'the log leaves the release open');
    assert.ok(subject.source.endsWith(mode), subject.source);
    assert.equal(subject.named, '0.12.0', 'the patch is for the version of the log');
  });

  it('from the palette asks what to start from where there is more than the settings', async () => {
    const nothing = app();
    await whatIf(nothing.parts, undefined);
    assert.equal(nothing.shown[0]?.id, 'settings', 'nothing is asked where there is nothing else');
    const load = { settings: SETTINGS, load: {}, named: '0.12.1' };
    const several = app({ sessions: [session()], logs: [logs(load)] });
    let offered: readonly ShownItem[] = [];
    person.chooses = (items) => {
      offered = items;
      return items[1];
    };
    await whatIf(several.parts, undefined);
    assert.deepEqual(
      offered.map(({ label }) => label),
      ['0.12.1 · embedded 1', 'controller.log', 'A new burst'],
    );
    assert.equal(several.shown[0]?.id, 'log');
    person.chooses = () => undefined;
    await whatIf(several.parts, undefined);
    assert.equal(several.shown.length, 1, 'the question was left');
  });
});

describe('What If, when the window is loaded again', () => {
  const kept = async (): Promise<KeptSubject> => {
    const { parts, shown } = app();
    const load = { settings: SETTINGS, load: { waves: [{ atUs: 0, runners: 7 }] }, named: '0.12.0' };
    await whatIf(parts, { kind: 'logs', opened: logs(load) } as never);
    const { id, subject } = shown[0] ?? assert.fail('nothing is shown');
    return { id, subject };
  };
  const restored = (state: unknown): Shown => {
    const { parts, shown } = app();
    restoreWhatIf(parts, {} as never, state);
    return shown[0] ?? assert.fail('nothing is shown');
  };

  it('is about what it was about before, though the log is not open any more', async () => {
    const before = await kept();
    const state: unknown = JSON.parse(JSON.stringify({ version: 1, subject: before, values: {}, tried: {} }));
    const { id, subject } = restored(state);
    assert.deepEqual({ id, subject }, before);
  });

  it('is about a new burst where what it was about cannot be read', async () => {
    const { id, subject } = await kept();
    const { settings } = subject.question;
    const gone = { ...subject, question: { ...subject.question, settings: { ...settings, mode: 'gone' } } };
    for (const state of [
      undefined,
      null,
      'x',
      {},
      { subject: 1 },
      { subject: { id } },
      { subject: { id, subject: gone } },
    ]) {
      assert.equal(restored(state).id, 'settings', JSON.stringify(state));
    }
  });
});

describe('the What If editor', function () {
  this.timeout(60_000);

  /** What VS Code keeps of a workspace. */
  function memento() {
    const all = new Map<string, unknown>();
    return {
      get: (key: string, otherwise?: unknown) => all.get(key) ?? otherwise,
      update: async (key: string, value: unknown) => void all.set(key, JSON.parse(JSON.stringify(value))),
      keys: () => [...all.keys()],
    } as never;
  }

  it('remembers what was written and tried in the editors that were used last, and forgets one that is opened again', () => {
    const written = new KeptWhatIf(memento());
    for (let editor = 1; editor <= 21; editor++) {
      written.keep(`${editor}`, { values: { qps: `${editor}` }, tried: {} });
      written.keep('1', { values: { qps: '1' }, tried: { workers: `${editor}` } });
    }
    assert.equal(written.of('2'), undefined, 'of 21 the one that was used first');
    assert.deepEqual(written.of('21'), { values: { qps: '21' }, tried: {} });
    assert.deepEqual(written.of('1'), { values: { qps: '1' }, tried: { workers: '21' } });
    written.forget('1');
    assert.equal(written.of('1'), undefined);
  });

  it('copies and saves the patch, starts a run with what is tried, and opens the page about accuracy', async () => {
    const posted: WhatIfHostMessage[] = [];
    let hears: (message: WhatIfPageMessage) => unknown = () => assert.fail('nobody listens');
    const webview = {
      onDidReceiveMessage: (listener: typeof hears) => {
        hears = listener;
        return { dispose: () => undefined };
      },
      postMessage: (message: WhatIfHostMessage) => void posted.push(message),
      asWebviewUri: ({ path }: Uri) => path,
      cspSource: 'vscode:',
      html: '',
      options: {},
    };
    const settings = { ...SETTINGS, mode: 'new', runners: 6, workers: 2, qps: 5, burst: 5 };
    const question = { settings, load: {}, objective: {} };
    const subject: Subject = { title: '<b>burst</b>', source: '', named: 'new', question, origins: {} };
    const asked: unknown[] = [];
    const written = new KeptWhatIf(memento());
    const starts = new Promise((resolve) => process.once('worker', resolve));
    const view = new WhatIfView(webview as never, new Uri('/extension') as never, { id: 'a', subject }, written, {
      run: async ({ tried }) => void asked.push(tried.qps),
      openAccuracy: async () => void asked.push('accuracy'),
      drawn: () => undefined,
      log: (text) => asked.push(text),
    });
    try {
      assert.match(webview.html, /<h1 id="title">[^<]*burst/, 'text is text');
      assert.match(webview.html, /default-src 'none'; script-src 'nonce-[^']+'; style-src vscode:/);
      const comes = async (type: WhatIfHostMessage['type'], isIt = (_: WhatIfHostMessage): boolean => true) => {
        while (!posted.some((message) => message.type === type && isIt(message))) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      // While the page, which has said nothing yet, is loaded.
      await starts;
      hears({ type: 'try', values: { qps: '40' } });
      // The page of the next window, which has lost it.
      hears({ type: 'ready', values: {}, tried: {} });
      await comes('compared', (message) => message.type === 'compared' && message.text !== '');
      const kept = posted.find((message) => message.type === 'subject');
      assert.deepEqual(
        kept,
        { type: 'subject', subject: { id: 'a', subject }, values: {}, tried: { qps: '40' } },
        'the page keeps it for the next window',
      );
      const bars = posted.filter((message) => message.type === 'timeline' && message.message.type === 'bars');
      assert.equal(bars.length, 2, 'now and tried');
      await comes('patch', (message) => message.type === 'patch' && message.patch !== null);
      person.saves = () => new Uri('/workspace/arc-values.yaml');
      for (const type of ['save', 'run', 'openAccuracy'] as const) hears({ type });
      hears({ type: 'copy', form: 'flags' });
      hears({ type: 'error', text: 'broken' });
      while (asked.length < 3 || person.written.size === 0 || person.clipboard === '') {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      assert.match(person.written.get('/workspace/arc-values.yaml') ?? '', /^ {2}k8sClientRateLimiterQPS: 40 # was 5/m);
      assert.equal(person.clipboard.trim(), '--k8s-client-rate-limiter-qps=40');
      assert.deepEqual(asked, [40, 'accuracy', 'broken']);
    } finally {
      view.dispose();
      person.saves = () => undefined;
    }
  });
});
