import { createInterface } from 'node:readline/promises';
import { visibleText } from '../base/visible-text.ts';
import type { ApplyOptions } from '../apply/apply-guard.ts';
import { checkText } from '../apply/check.ts';
import type { RunCall } from './run-call.ts';
import { UsageError } from './usage.ts';

/** Shows the checklist and asks on the terminal. */
export function askToWrite(
  { yes, scaleDownController }: RunCall,
  out: NodeJS.WriteStream,
  onLost: (why: string) => void,
): ApplyOptions {
  const say = (text: string): void => void out.write(`${visibleText(text)}\n`);
  return {
    onChecklist: (checks) => checks.forEach((check) => say(checkText(check))),
    confirm: async ({ summary }) => {
      for (const [heading, text] of summary) say(`${heading.padEnd(8)} ${text}`);
      if (yes) return true;
      if (!process.stdin.isTTY) {
        throw new UsageError(
          '--apply changes the cluster: repeat with --yes if that is meant; nothing was changed',
          false,
        );
      }
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      const answer = await new Promise<string>((resolve) => {
        // Ctrl-C and the end of the input are no.
        terminal.once('close', () => resolve(''));
        terminal.question('Write to this cluster? [y/N] ').then(resolve, () => resolve(''));
      });
      terminal.close();
      return /^y(es)?$/i.test(answer.trim());
    },
    scaleDownController,
    onLost,
    onProgress: say,
  };
}
