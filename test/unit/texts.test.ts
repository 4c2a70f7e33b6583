import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUNDLE = join(ROOT, 'l10n', 'bundle.l10n.json');
/** Folders whose texts people read in VS Code. */
const FOLDERS = ['base', 'explain', 'extension', 'model', 'problems', 'report', 'run', 'timeline', 'webview'];

/** A text given to `t`, with the number of values that are put into it; undefined where they are spread. */
interface Text {
  readonly message: string;
  readonly values: number | undefined;
  readonly where: string;
}

describe('texts for people', () => {
  const texts = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => textsOf(join('src', folder, file))),
  );

  it('are all in the bundle that translators start from, and nothing else is', () => {
    const messages = [...new Set(texts.map(({ message }) => message))].sort();
    const wanted = `${JSON.stringify(Object.fromEntries(messages.map((message) => [message, message])), null, 2)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(join(ROOT, 'l10n'), { recursive: true });
      writeFileSync(BUNDLE, wanted);
    }
    assert.equal(readFileSync(BUNDLE, 'utf8'), wanted, 'UPDATE_GOLDEN=1 writes l10n/bundle.l10n.json anew');
  });

  it('are given as many values as they have places for', () => {
    for (const { message, values, where } of texts) {
      if (values === undefined) continue;
      const places = new Set([...message.matchAll(/\{(\d+)\}/g)].map(([, place]) => Number(place)));
      assert.deepEqual(
        [...places].sort(),
        Array.from({ length: values }, (_, index) => index),
        `${where}: ${message}`,
      );
    }
  });
});

/** What stands in calls of `t` and `vscode.l10n.t`. */
function textsOf(file: string): Text[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: Text[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(vscode\.l10n\.)?t$/.test(node.expression.getText())) {
      const [first, ...rest] = node.arguments;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      const where = `${file}:${line + 1}`;
      if (first !== undefined && ts.isStringLiteralLike(first)) {
        texts.push({ message: first.text, values: rest.some(ts.isSpreadElement) ? undefined : rest.length, where });
      } else if (!file.endsWith('timeline-view.ts')) {
        // The timeline's markup hands its texts on; everything else has to be found here.
        assert.fail(`${where}: a text has to be written where it is translated`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}
