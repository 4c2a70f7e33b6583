import { basename } from 'node:path/posix';
import * as vscode from 'vscode';
import type { FittedAnswer } from '../../report/fitted-answer.ts';
import { RELEASES } from '../../reconciler/releases/releases.ts';
import { runNotedIn } from '../../run/noted-run.ts';
import type { Load } from '../../run/run-target.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../run/settings.ts';
import type { Subject, WhatIf } from '../../what-if/what-if.ts';
import { isRead } from '../../trace/header.ts';
import type { FieldId, WhatIfState } from '../../what-if-protocol.ts';
import { accuracyPage } from '../../advice/accuracy-page.ts';
import type { App } from '../app.ts';
import { settingsFor } from '../configuration.ts';
import type { Explained } from '../explained.ts';
import { fitOpened } from '../fit-opened.ts';
import type { FindingNode } from '../findings-tree.ts';
import type { ShownSession } from '../run.ts';
import type { RunnerTreeNode } from '../runner-nodes.ts';
import { isWatch, labelOf } from '../session-words.ts';
import { readTraces } from '../trace-editor.ts';
import type { KeptSubject, WhatIfActions, WhatIfView } from '../what-if-view.ts';
import { showCreation } from './create-progress.ts';
import { askWhich } from './question.ts';

/** A burst of this many is asked about where nothing else is. */
const RUNNERS = 100;

type CalledOn = RunnerTreeNode | FindingNode | WhatIfArguments | vscode.Uri;

/** Settings that are to be asked about instead of those of the extension's settings. */
export interface WhatIfArguments {
  readonly settings: Partial<RunSettings>;
}

/**
 * Opens the What If editor on a run, on the burst of logs, or on the settings.
 * @param on a node of a tree, the file of a trace, or settings; asked for where there are several
 */
export async function whatIf(app: App, on: CalledOn | undefined): Promise<WhatIfView | undefined> {
  const asked = on === undefined ? await askSubject(app) : await subjectOf(on);
  if (asked === undefined) return undefined;
  return app.whatIf.show(asked, actionsOf(app), app.activeTimeline() !== undefined);
}

/**
 * Fills an editor after the window was reloaded, with the subject that it had. Where that cannot be read, it shows the settings of
 * VS Code.
 * @param state what its page has kept
 */
export function restoreWhatIf(app: App, panel: vscode.WebviewPanel, state: unknown): void {
  app.whatIf.adopt(panel, keptIn(state) ?? ofSettings({}), actionsOf(app));
}

/** It may have been kept by another version of this extension. */
function keptIn(state: unknown): KeptSubject | undefined {
  const { subject: kept } = (state ?? {}) as Partial<WhatIfState>;
  const { id, subject } = (kept ?? {}) as Partial<KeptSubject>;
  const settings = subject?.question?.settings;
  if (typeof id !== 'string' || subject === undefined || settings === undefined) return undefined;
  if (RELEASES.find(settings.mode) === undefined) return undefined;
  const { title, source, named, question, origins = {} } = subject;
  if ([title, source, named].some((text) => typeof text !== 'string')) return undefined;
  const { load = {}, objective = {} } = question;
  const whole = { ...DEFAULT_SETTINGS, ...settings };
  return { id, subject: { title, source, named, origins, question: { settings: whole, load, objective } } };
}

function actionsOf(app: App): WhatIfActions {
  return {
    run: (settings) => startRun(app, settings),
    openAccuracy,
    drawn: (ms) => app.log.channel.debug(`what if: timeline drawn ${Math.round(ms)} ms after the slider moved`),
    log: (text) => app.log.channel.error(`what if: ${text}`),
  };
}

async function subjectOf(on: CalledOn): Promise<KeptSubject | undefined> {
  if (on instanceof vscode.Uri) return ofTrace(on);
  if ('opened' in on) return ofLogs(on.opened);
  if ('session' in on) return ofSession(on.session);
  if ('kind' in on && on.kind === 'kept') {
    const [settings] = on.run.plan?.settings ?? [];
    if (settings === undefined) throw new Error(vscode.l10n.t('This run does not say which settings it had.'));
    return ofRun(on.run.id, on.run.title, settings, on.run.plan?.load);
  }
  return ofSettings('settings' in on ? on.settings : {});
}

/** The settings, each session, and each log that has been read. */
async function askSubject(app: App): Promise<KeptSubject | undefined> {
  const { t } = vscode.l10n;
  const [current] = app.current.sessions;
  const all = new Set([...(current === undefined ? [] : [current]), ...app.sessions.newestFirst]);
  const sessions = [...all].filter(({ target }) => !isWatch(target));
  const items = [
    ...sessions.map((session) => ({
      label: labelOf(session),
      description: t('the settings of this run'),
      subject: () => Promise.resolve(ofSession(session)),
    })),
    ...app.findings.logs.map((opened) => ({
      label: opened.title,
      description: t('the settings that the log tells'),
      subject: () => ofLogs(opened),
    })),
    {
      label: t('A new burst'),
      description: t('from the settings of VS Code'),
      subject: () => Promise.resolve(ofSettings({})),
    },
  ];
  const [only] = items;
  if (items.length === 1) return only?.subject();
  return (await askWhich(items, { placeHolder: t('What would be if? Select what to start from') }))?.subject();
}

function ofSettings(given: Partial<RunSettings>): KeptSubject {
  const settings = { ...settingsFor(RELEASES.default.id, { runners: RUNNERS }), ...given };
  const { t } = vscode.l10n;
  const subject = {
    title: t('What If: a new burst'),
    source: t('A burst on the embedded cluster, with the settings of VS Code.'),
    named: settings.mode,
    question: { settings, load: {}, objective: {} },
    origins: {},
  };
  return { id: 'settings', subject };
}

function ofSession(session: ShownSession): KeptSubject {
  const { target, settings, load, run, id } = session;
  if (isWatch(target)) {
    throw new Error(
      vscode.l10n.t('A controller that is watched does not tell its settings: open its log, and ask about that.'),
    );
  }
  // A real cluster has as many runners as have been seen.
  const own = target.kind === 'embedded' ? settings : { ...settings, runners: Math.max(1, run.table.index.size) };
  return ofRun(id, labelOf(session), own, load);
}

/** The settings that the run of a trace was made with. */
async function ofTrace(uri: vscode.Uri): Promise<KeptSubject | undefined> {
  const name = basename(uri.path);
  const title = vscode.l10n.t('Reading {0}', name);
  const traces = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, (progress) =>
    readTraces(uri, (percent) => progress.report({ message: `${percent} %` })),
  );
  const items = traces.map((each, place) => ({ label: each.header.release ?? name, trace: each, place }));
  const placeHolder = vscode.l10n.t('{0} has several runs. Select the one to start from', name);
  const chosen = items.length > 1 ? await askWhich(items, { placeHolder }) : items[0];
  if (chosen === undefined) return undefined;
  const { trace, place } = chosen;
  if (isRead(trace.header)) {
    throw new Error(
      vscode.l10n.t('{0} was made from a log, which tells the settings: open the log, and ask about that.', name),
    );
  }
  const { settings, load } = runNotedIn(trace.header.settings);
  return ofRun(`${uri.toString()}#${place}`, name, settings, load);
}

function ofRun(id: string, title: string, settings: RunSettings, load: Load | undefined): KeptSubject {
  const { t } = vscode.l10n;
  const { perSecond, waves, throughSet } = load ?? {};
  const source =
    load?.scaleSet === undefined
      ? t('The settings of {0}.', title)
      : t('The settings of {0}; its jobs are simulated as a burst of as many runners.', title);
  const subject = {
    title: t('What If: {0}', title),
    source,
    named: settings.mode,
    question: { settings, load: { perSecond, waves, throughSet }, objective: {} },
    origins: {},
  };
  return { id, subject };
}

/** The settings with which a run of ours comes nearest to the logs' burst; it is simulated where it has not been. */
async function ofLogs(opened: Explained): Promise<KeptSubject> {
  const { t } = vscode.l10n;
  const fitted = opened.fitted ?? (await fitOpened(opened))?.fitted;
  if (fitted?.load === undefined) {
    throw new Error(
      t('No simulation comes near enough to the burst in {0} to say what would be if; start from a run.', opened.title),
    );
  }
  const { settings, load, named } = fitted.load;
  const error = fitted.run?.error;
  const told =
    error === undefined
      ? t('The settings that {0} tells.', opened.title)
      : t('The settings that {0} tells; the simulation of them {1}.', opened.title, error);
  const subject = {
    title: t('What If: {0}', opened.title),
    source: fitted.assumed === '' ? told : `${told} ${fitted.assumed}`,
    named,
    question: { settings, load, objective: {} },
    origins: originsOf(fitted),
  };
  return { id: opened.id, subject };
}

function originsOf({ settings, assumed }: FittedAnswer): Subject['origins'] {
  const fields = {
    ...{ workers: 'workers', qps: 'qps', burst: 'burst' },
    ...{ jitMs: 'jitLatency', apiMs: 'apiLatency' },
  } as const satisfies Record<string, FieldId>;
  const told = Object.fromEntries(settings.map(({ of, restsOn }) => [fields[of], restsOn]));
  return assumed === '' ? told : { ...told, mode: assumed };
}

/** Starts a run with the settings that are tried, in real time on the embedded cluster. */
async function startRun(app: App, { tried, load }: WhatIf['settings']): Promise<void> {
  const run = await app.sessions.start({ target: { kind: 'embedded' }, settings: [tried], load });
  app.panels.show(run);
  void showCreation(run.sessions);
}

async function openAccuracy(): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(accuracyPage()));
}
