import { pathToFileURL } from 'node:url';
import type { Row } from './measure.ts';

/** Started as `rows.ts FOLDER BENCH`: runs a bench of the version of the lab that is in a folder and prints its rows. */
const [folder = '', name = ''] = process.argv.slice(2);
const bench = `${name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Bench`;
const module = (await import(pathToFileURL(`${folder}/test/bench/${name}.ts`).href)) as Record<
  string,
  () => Row[] | Promise<Row[]>
>;
const rows = await module[bench]?.();
process.stdout.write(JSON.stringify(rows));
