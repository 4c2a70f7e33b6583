import { EventEmitter as NodeEmitter } from 'node:events';
import manifest from '../../../package.json' with { type: 'json' };

/**
 * What stands in for VS Code's interface where the extension's questions and lists are tested without a window: it keeps
 * what it is given, and a test answers as a person would. What nobody looks at accepts everything.
 */
type Anything = (...args: unknown[]) => Anything;

const anything: Anything = new Proxy(() => anything, {
  get: (_target, name) =>
    name === 'then' || typeof name === 'symbol' ? undefined : name === 'toString' ? () => '' : anything,
  set: () => true,
});

/** What a test looks at is known; the rest accepts everything. */
function partOf<T extends object>(known: T): T {
  return new Proxy(known, {
    get: (target, name) => (name in target ? Reflect.get(target, name) : name === 'then' ? undefined : anything),
  });
}

/** As people have them who changed none. */
const settings: Readonly<Record<string, { readonly default?: unknown }>> =
  manifest.contributes.configuration.properties;

export class EventEmitter<T> {
  readonly #emitter = new NodeEmitter().setMaxListeners(0);
  readonly event = (listener: (value: T) => void): { dispose: () => void } => {
    this.#emitter.on('event', listener);
    return { dispose: () => void this.#emitter.off('event', listener) };
  };
  fire(value: T): void {
    this.#emitter.emit('event', value);
  }
  dispose(): void {
    this.#emitter.removeAllListeners();
  }
}

export class CancellationError extends Error {}

export class ThemeIcon {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeColor extends ThemeIcon {}

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  description?: string;
  constructor(label: string, collapsibleState = 0) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export class MarkdownString {
  value = '';
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
  appendText(text: string): this {
    return this.appendMarkdown(text);
  }
}

export class TabInputWebview {
  readonly viewType: string;
  constructor(viewType: string) {
    this.viewType = viewType;
  }
}

export class TabInputCustom {}

export class RelativePattern {
  readonly baseUri: Uri;
  readonly pattern: string;

  constructor(baseUri: Uri, pattern: string) {
    this.baseUri = baseUri;
    this.pattern = pattern;
  }
}

export class Uri {
  readonly scheme = 'file';
  readonly path: string;
  readonly fragment: string;
  constructor(path: string, fragment = '') {
    this.path = path;
    this.fragment = fragment;
  }
  get fsPath(): string {
    return this.path;
  }
  static file(this: void, path: string): Uri {
    return new Uri(path);
  }
  static joinPath({ path }: Uri, ...parts: readonly string[]): Uri {
    return new Uri([path, ...parts].join('/'));
  }
  with({ fragment = this.fragment }: { readonly fragment?: string }): Uri {
    return new Uri(this.path, fragment);
  }
  toString(): string {
    return `file://${this.path}`;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ExtensionMode = { Production: 1, Development: 2, Test: 3 };
export const ViewColumn = { Active: -1 };
export const UIKind = { Desktop: 1, Web: 2 };

export interface ShownItem {
  readonly label: string;
  readonly description?: string;
}

/** A list with a line to type in. */
export class QuickPick {
  readonly #events = new NodeEmitter();
  items: readonly ShownItem[] = [];
  selectedItems: readonly ShownItem[] = [];
  buttons: readonly object[] = [];
  value = '';
  /** Below the line to type in. */
  prompt: string | undefined;
  isDisposed = false;

  readonly #on =
    (name: string) =>
    (listener: () => void): void =>
      void this.#events.on(name, listener);
  readonly onDidChangeValue = this.#on('value');
  readonly onDidAccept = this.#on('accept');
  readonly onDidHide = this.#on('hide');
  readonly onDidChangeSelection = this.#on('selection');
  readonly onDidTriggerButton = this.#on('button');

  type(text: string): void {
    this.value = text;
    this.#events.emit('value');
  }
  choose(...labels: readonly string[]): void {
    this.selectedItems = this.items.filter(({ label }) => labels.some((one) => label.includes(one)));
    this.#events.emit('accept');
  }
  /** Ticks what is not ticked, and the other way round, in a list of many. */
  tick(...labels: readonly string[]): void {
    const isTicked = (item: ShownItem): boolean => this.selectedItems.includes(item);
    this.selectedItems = this.items.filter((item) => isTicked(item) !== labels.includes(item.label));
    this.#events.emit('selection');
  }
  accept(): void {
    this.#events.emit('accept');
  }
  press(): void {
    this.#events.emit('button');
  }
  show(): void {
    person.sees(this);
  }
  hide(): void {
    this.#events.emit('hide');
  }
  dispose(): void {
    this.isDisposed = true;
  }
}

/** What an input box is opened with. */
export interface Asked {
  readonly title?: string;
  readonly value?: string;
  readonly validateInput: (text: string) => string | undefined;
}

export interface Tab {
  readonly label: string;
  readonly input: unknown;
}

export interface StatusBarItem {
  text: string;
  tooltip?: string;
  backgroundColor?: ThemeColor;
  isShown: boolean;
}

/** Answers as a test wants it. */
export const person = {
  sees: (_box: QuickPick): void => undefined,
  types: (_asked: Asked): string | undefined => undefined,
  chooses: (_items: readonly ShownItem[]): ShownItem | readonly ShownItem[] | undefined => undefined,
  opens: (): readonly Uri[] | undefined => undefined,
  saves: (): Uri | undefined => undefined,
  tabs: [] as Tab[],
  files: [] as Uri[],
  clipboard: '',
  /** Warnings that were shown. */
  warned: [] as string[],
  /** The items of the status bar, as they are. */
  statusBar: [] as StatusBarItem[],
  /** Messages of progress that are on view; a test closes one by calling it. */
  progress: new Map<string, () => void>(),
  /** Commands that were run, with what they were given. */
  ran: [] as (readonly unknown[])[],
  /** What has been written, by path. */
  written: new Map<string, string>(),
};

export const l10n: { bundle: Readonly<Record<string, string>> | undefined; t: typeof translate } = {
  bundle: undefined,
  t: translate,
};

function translate(message: string, ...values: readonly unknown[]): string {
  return (l10n.bundle?.[message] ?? message).replace(/\{(\d+)\}/g, (_all, place: string) =>
    String(values[Number(place)]),
  );
}

export const window = partOf({
  showWarningMessage: async (text: string) => void person.warned.push(text),
  createQuickPick: () => new QuickPick(),
  showInputBox: async (asked: Asked) => person.types(asked),
  showQuickPick: async (items: readonly ShownItem[]) => person.chooses(items),
  showOpenDialog: async () => person.opens(),
  showSaveDialog: async () => person.saves(),
  withProgress: async (
    { title = '' }: { readonly title?: string },
    task: (progress: unknown, token: unknown) => unknown,
  ) => {
    const closed = new EventEmitter<void>();
    person.progress.set(title, () => closed.fire());
    try {
      return await task(anything, { isCancellationRequested: false, onCancellationRequested: closed.event });
    } finally {
      person.progress.delete(title);
    }
  },
  createStatusBarItem: () => {
    const item: StatusBarItem & { show: () => void; hide: () => void; dispose: () => void } = {
      text: '',
      isShown: false,
      show: () => void (item.isShown = true),
      hide: () => void (item.isShown = false),
      dispose: () => undefined,
    };
    person.statusBar.push(item);
    return item;
  },
  tabGroups: {
    activeTabGroup: {},
    get all() {
      return [{ tabs: person.tabs }];
    },
    close: async (closed: readonly Tab[]) => {
      person.tabs = person.tabs.filter((tab) => !closed.includes(tab));
    },
  },
});

export const workspace = partOf({
  isTrusted: true,
  fs: partOf({
    writeFile: async ({ path }: Uri, bytes: Uint8Array) => void person.written.set(path, Buffer.from(bytes).toString()),
  }),
  findFiles: async () => person.files,
  asRelativePath: ({ path }: Uri) => path.replace(/^\/work\//, ''),
  getConfiguration: (section: string) => ({
    get: (name: string, otherwise: unknown) => settings[`${section}.${name}`]?.default ?? otherwise,
  }),
});

export const env: { remoteName?: string | undefined } = partOf({
  remoteName: undefined as string | undefined,
  clipboard: { writeText: async (text: string) => void (person.clipboard = text) },
});
export const commands = partOf({
  executeCommand: async (...all: readonly unknown[]) => void person.ran.push(all),
});
export const languages = partOf({});
export const debug = partOf({});
