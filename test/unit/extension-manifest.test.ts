import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ANSWER_LANGUAGE,
  Command,
  Context,
  PANEL_TYPE,
  WHAT_IF_PANEL,
  TRACE_EDITOR,
  View,
  WITHOUT_TRUST,
} from '../../src/extension/ids.ts';
import { SHARED } from '../../src/cli/options.ts';
import { isPodFile } from '../../src/run/pod-file-name.ts';
import { POD_PRESET_NAMES } from '../../src/run/settings.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface MenuItem {
  readonly group?: string;
  readonly command: string;
  readonly when?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { scope?: string; description?: string; markdownDescription?: string }>
      >;
    };
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly viewsWelcome: readonly { readonly contents: string; readonly when: string }[];
    readonly languages: readonly { readonly id: string }[];
    readonly configurationDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly customEditors: readonly { readonly viewType: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly svg: string } }[] }[];
  };
}

const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const strings = JSON.parse(readFileSync(join(ROOT, 'package.nls.json'), 'utf8')) as Record<string, string>;

describe("the extension's manifest", () => {
  const { contributes } = manifest;

  it('has exactly the commands that the code has', () => {
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual([...declared].sort(), Object.values(Command).sort());
  });

  it('names views, editors and panels as the code does', () => {
    assert.ok(
      Object.values(contributes.views)
        .flat()
        .some(({ id }) => id === View.runners),
    );
    assert.ok(contributes.customEditors.some(({ viewType }) => viewType === TRACE_EDITOR));
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${PANEL_TYPE}`));
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${WHAT_IF_PANEL}`));
  });

  it('has answers about logs wrapped, in a language that checks nothing', () => {
    assert.deepEqual(
      contributes.languages.map(({ id }) => id),
      [ANSWER_LANGUAGE],
    );
    const { 'editor.wordWrap': wrap, 'editor.minimap.enabled': hasMinimap } =
      contributes.configurationDefaults[`[${ANSWER_LANGUAGE}]`] ?? {};
    assert.deepEqual([wrap, hasMinimap], ['on', false]);
  });

  it('offers logs wherever it offers traces, when nothing runs', () => {
    for (const { contents } of contributes.viewsWelcome) {
      const offered = strings[contents.replaceAll('%', '')] ?? '';
      for (const command of [Command.openLog, Command.openTrace]) assert.ok(offered.includes(`command:${command})`));
    }
  });

  it('offers exactly the presets of pods that there are, each with a description, and files', () => {
    const { anyOf } = contributes.configuration.properties['arcReconcilerLab.pods'] as unknown as {
      anyOf: readonly {
        readonly enum?: readonly string[];
        readonly markdownEnumDescriptions?: readonly string[];
        readonly pattern?: string;
      }[];
    };
    assert.deepEqual([...(anyOf[0]?.enum ?? [])].sort(), [...POD_PRESET_NAMES.keys(), 'running'].sort());
    const described = (anyOf[0]?.markdownEnumDescriptions ?? []).map((key) => strings[key.replaceAll('%', '')] ?? '');
    assert.equal(described.filter((description) => description !== '').length, POD_PRESET_NAMES.size + 1);
    const issues = [...POD_PRESET_NAMES.values()].flatMap((description) => description.match(/#\d+/g) ?? []);
    assert.deepEqual(described.flatMap((description) => description.match(/#\d+/g) ?? []).sort(), issues.sort());
    for (const path of ['lives.yaml', './a/b.YML', 'C:\\lives.json', '/etc/lives']) {
      assert.ok(isPodFile(path) && new RegExp(anyOf[1]?.pattern ?? '^$').test(path), path);
    }
    for (const preset of POD_PRESET_NAMES.keys()) assert.ok(!isPodFile(preset), preset);
  });

  it('shows commands in menus only that exist, under conditions that somebody sets', () => {
    const known = new Set<string>(Object.values(Command));
    const conditions = new Set<string>(Object.values(Context));
    for (const { command, when = '' } of Object.values(contributes.menus).flat()) {
      assert.ok(known.has(command), `${command} is in a menu and does not exist`);
      for (const [key] of when.matchAll(/arcReconcilerLab\.\w+/g)) {
        const isOurs = conditions.has(key) || (Object.values(View) as string[]).includes(key) || key === TRACE_EDITOR;
        assert.ok(isOurs, `${key} is in a condition and nobody sets it`);
      }
    }
  });

  it('has its texts in package.nls.json, each used and none missing', () => {
    const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1] as string));
    assert.deepEqual([...used].sort(), Object.keys(strings).sort());
    for (const { title } of contributes.commands) assert.match(title, /^%.*%$/);
  });

  it('has a setting for every knob that runs share on the command line', () => {
    const settings = Object.keys(contributes.configuration.properties);
    const camel = (option: string): string => option.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase());
    for (const option of SHARED) assert.ok(settings.includes(`arcReconcilerLab.${camel(option)}`), `--${option}`);
  });

  it('takes the path of a kubeconfig from the machine only, never from a workspace', () => {
    assert.equal(contributes.configuration.properties['arcReconcilerLab.kubeconfig']?.scope, 'machine');
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.deepEqual(restrictedConfigurations, ['arcReconcilerLab.kubeconfig', 'arcReconcilerLab.metrics']);
  });

  it('starts nothing in a workspace that is not trusted, whatever menu, button or keybinding asks for it', () => {
    const needTrust = Object.values(Command).filter((id) => !WITHOUT_TRUST.has(id));
    const starters = [Command.run, Command.compare, Command.apply, Command.restore, Command.runAgain, Command.restart];
    for (const starter of starters) assert.ok(needTrust.includes(starter), `${starter} may be run without trust`);
    for (const id of needTrust) {
      const places = Object.values(contributes.menus)
        .flat()
        .filter(({ command }) => command === id);
      const inPalette = contributes.menus['commandPalette']?.some(({ command }) => command === id);
      assert.ok(inPalette, `the palette always offers ${id}`);
      for (const { when = '' } of places) assert.match(when, /(?<!!)isWorkspaceTrusted|^false$/, `${id} when ${when}`);
    }
    assert.ok(contributes.viewsWelcome.length > 0);
    for (const { contents, when } of contributes.viewsWelcome) {
      const asked = [...(strings[contents.replaceAll('%', '')] ?? '').matchAll(/command:([\w.]+)/g)];
      for (const [, id = ''] of asked) {
        if (needTrust.some((one) => one === id)) assert.match(when, /(?<!!)isWorkspaceTrusted/, `a button for ${id}`);
      }
    }
    // Buttons of timelines and of the walkthrough, keybindings and other extensions are not asked for a condition.
    const registered = readFileSync(join(ROOT, 'src', 'extension', 'register-commands.ts'), 'utf8');
    assert.equal(registered.match(/registerCommand\(/g)?.length, 1, 'commands are registered in several places');
    assert.match(
      registered,
      /registerCommand\(id, [^\n]+\n[^\n]*\n\s+if \(!vscode\.workspace\.isTrusted && !WITHOUT_TRUST\.has\(id\)\)/,
    );
    const elsewhere = readdirSync(join(ROOT, 'src', 'extension'), { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.ts') &&
        file !== 'register-commands.ts' &&
        /registerCommand\(/.test(readFileSync(join(ROOT, 'src', 'extension', file), 'utf8')),
    );
    assert.deepEqual(elsewhere, [], 'commands are registered in several places');
  });

  it('removes nothing where a click before would have stopped it: a second click comes to the same place', () => {
    const buttonsOf = (item: string): readonly string[] =>
      (contributes.menus['view/item/context'] ?? [])
        .filter(({ group, when = '' }) => {
          const [, pattern = '', exact = ''] = /viewItem (?:=~ \/(.*?)\/|== (\S+))/.exec(when) ?? [];
          return (
            group?.startsWith('inline') === true && (exact === '' ? new RegExp(pattern).test(item) : exact === item)
          );
        })
        .sort((a, b) => (a.group ?? '').localeCompare(b.group ?? ''))
        .map(({ command }) => command)
        .reverse();
    for (const kind of ['', '.embedded', '.held']) {
      const [live, ended] = [buttonsOf(`session.live${kind}`), buttonsOf('session.ended')];
      assert.ok(
        live.includes(Command.stop) && ended.includes(Command.removeSession),
        `${live.join()}; ${ended.join()}`,
      );
      assert.notEqual(live.indexOf(Command.stop), ended.indexOf(Command.removeSession));
    }
  });

  it('has a picture for every step of the walkthrough', () => {
    for (const { steps } of contributes.walkthroughs) {
      for (const { media } of steps) assert.ok(existsSync(join(ROOT, media.svg)), media.svg);
    }
  });
});
