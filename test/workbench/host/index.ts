import { join } from 'node:path';
import Mocha from 'mocha';

/** Runs the suites inside VS Code's extension host, which calls this. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ timeout: 60_000, reporter: 'spec', color: false });
  mocha.addFile(join(__dirname, 'suite.js'));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed in the extension host`);
}
