import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, type Row } from './measure.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The same bench, now and at an earlier commit. */
interface Compared {
  readonly what: string;
  readonly now: string;
  readonly then: string;
  /** Each figure now in parts of what it was. */
  readonly ratios: string;
}

/** Another version of the lab beside this one, built and ready to be measured; dispose() removes it. */
export class EarlierVersion {
  readonly #folder = mkdtempSync(join(tmpdir(), 'arc-lab-bench-'));

  /** @throws Error when git does not know the commit */
  constructor(commit: string) {
    const archive = execFileSync('git', ['archive', commit], { cwd: ROOT, maxBuffer: 2 ** 30 });
    execFileSync('tar', ['-x'], { cwd: this.#folder, input: archive });
    for (const shared of ['node_modules', '.cache']) symlinkSync(join(ROOT, shared), join(this.#folder, shared));
    execFileSync(process.execPath, ['esbuild.mjs'], { cwd: this.#folder });
  }

  /** Both versions in turn, so that what else the machine does meets them alike; medians of all rounds. */
  compare(bench: string, rounds: number): Compared[] {
    const now: Row[][] = [];
    const then: Row[][] = [];
    for (let round = 0; round < rounds; round++) {
      now.push(rowsOf(ROOT, bench));
      then.push(rowsOf(this.#folder, bench));
    }
    return (now[0] ?? []).flatMap(({ what }) => {
      const [ours, theirs] = [now, then].map((runs) => medianText(runs, what));
      if (ours === undefined || theirs === undefined) return [];
      return [{ what, now: ours, then: theirs, ratios: ratiosOf(ours, theirs) }];
    });
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Its child processes count the time on a core as well. */
function rowsOf(folder: string, bench: string): Row[] {
  const NODE_OPTIONS = `--import=${file('core-clock.ts')}`;
  const output = execFileSync(process.execPath, [file('rows.ts'), folder, bench], {
    env: { ...process.env, NODE_OPTIONS },
    encoding: 'utf8',
  });
  return JSON.parse(output) as Row[];
}

/** A number in a text. */
const FIGURE = /\d+(?:\.\d+)?/g;

/** A row's text with the median of all runs for each of its figures; undefined where a version does not have the row. */
function medianText(runs: readonly Row[][], what: string): string | undefined {
  const texts = runs.flatMap((rows) => rows.find((row) => row.what === what)?.ours ?? []);
  const figures = texts.map((text) => text.match(FIGURE) ?? []);
  let index = -1;
  return texts[0]?.replace(FIGURE, (first) => {
    index++;
    const middle = median(figures.map((of) => Number(of[index] ?? NaN)));
    return middle.toFixed(first.split('.')[1]?.length ?? 0);
  });
}

function ratiosOf(now: string, then: string): string {
  const [ours, theirs] = [now, then].map((text) => (text.match(FIGURE) ?? []).map(Number));
  if (ours === undefined || ours.length !== theirs?.length) return '';
  return ours.map((figure, index) => (figure / (theirs[index] ?? NaN)).toFixed(2)).join(' ');
}
