import assert from 'node:assert/strict';
import '../../builders/vscode/hook.ts';
import { person, Uri, type QuickPick } from '../../builders/vscode/interface.ts';

const { askTraces } = await import('../../../src/extension/commands/ask-traces.ts');

const paths = async (): Promise<string[]> => (await askTraces({})).map(({ path }) => path);
const labels = ({ items }: QuickPick): string[] => items.map(({ label }) => label);
const ticked = ({ selectedItems }: QuickPick): string[] => selectedItems.map(({ label }) => label);

describe('opening traces together', () => {
  /** The lists that are seen one after the other, and what is done with each. */
  const sees = (...acts: readonly ((box: QuickPick) => void)[]): void => {
    const left = [...acts];
    person.sees = (box) => queueMicrotask(() => left.shift()?.(box));
  };
  /** The dialog gives one selection after the other. */
  const opens = (...selections: readonly (readonly string[])[]): void => {
    const left = [...selections];
    person.opens = () => left.shift()?.map(Uri.file);
  };

  afterEach(() => {
    person.files = [];
    person.sees = () => undefined;
    person.opens = () => undefined;
  });

  it('offers those of the workspace as a list with boxes to tick', async () => {
    person.files = ['/project/a.arctrace.jsonl', '/project/runs/b.arctrace.jsonl', '/project/c.arctrace.jsonl'].map(
      Uri.file,
    );
    sees((box) => {
      assert.deepEqual(labels(box), ['a.arctrace.jsonl', 'b.arctrace.jsonl', 'c.arctrace.jsonl']);
      assert.deepEqual(ticked(box), [], 'none is ticked before somebody does');
      box.choose('a.arctrace', 'b.arctrace');
    });
    assert.deepEqual(await paths(), ['/project/a.arctrace.jsonl', '/project/runs/b.arctrace.jsonl']);
  });

  it('lets others be added one after another where the dialog takes one, and keeps what was ticked', async () => {
    person.files = [Uri.file('/project/a.arctrace.jsonl')];
    opens(['/far/x.jsonl'], ['/far/y.jsonl']);
    const tickAnd =
      (...wanted: readonly string[]) =>
      (box: QuickPick): void => {
        box.selectedItems = box.items.filter(
          ({ label }) => wanted.includes(label) || box.selectedItems.some((one) => one.label === label),
        );
        box.press();
      };
    sees(tickAnd('a.arctrace.jsonl'), tickAnd(), (box) => {
      assert.deepEqual(ticked(box), ['a.arctrace.jsonl', 'x.jsonl', 'y.jsonl']);
      box.accept();
    });
    assert.deepEqual(await paths(), ['/project/a.arctrace.jsonl', '/far/x.jsonl', '/far/y.jsonl']);
  });

  it('goes to the dialog at once where the workspace has none, and asks for more where that gave one', async () => {
    opens(['/far/x.jsonl', '/far/y.jsonl']);
    assert.deepEqual(await paths(), ['/far/x.jsonl', '/far/y.jsonl'], 'several were chosen at once');
    opens(['/far/x.jsonl'], ['/far/y.jsonl']);
    sees(
      (box) => box.press(),
      (box) => box.accept(),
    );
    assert.deepEqual(await paths(), ['/far/x.jsonl', '/far/y.jsonl']);
  });

  it('opens nothing where the list is left, and keeps the list where only the dialog is', async () => {
    person.files = [Uri.file('/project/a.arctrace.jsonl')];
    sees((box) => box.hide());
    assert.deepEqual(await paths(), []);
    sees(
      (box) => box.press(),
      (box) => box.choose('a.arctrace'),
    );
    assert.deepEqual(await paths(), ['/project/a.arctrace.jsonl']);
  });
});
