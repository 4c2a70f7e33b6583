import { createInterface } from 'node:readline';
import { naturalCompare } from '../base/natural-order.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { visibleText } from '../base/visible-text.ts';
import { stateIn, stateText } from '../model/at-attach.ts';
import { EphemeralRunners } from '../kubernetes/resource.ts';
import type { Controllers } from '../runtime/controllers.ts';

/**
 * Prints what a held controller sees, a line for each runner, and lets it reconcile when Enter is pressed.
 * @param justLook end after printing, as without a terminal
 * @param ended settles when the run has to end
 * @returns whether it reconciles now
 */
export async function startedByHand(
  controllers: Controllers,
  secrets: SecretRegistry,
  justLook: boolean,
  out: NodeJS.WriteStream,
  ended: Promise<unknown>,
): Promise<boolean> {
  const isOver = ended.then(() => true);
  const synced = new Promise<boolean>((resolve) => controllers.whenSynced(() => resolve(false)));
  if (await Promise.race([isOver, synced])) return false;
  for (const line of linesOf(controllers)) out.write(`${secrets.redact(line)}\n`);
  if (justLook || !out.isTTY || !process.stdin.isTTY) return false;
  out.write('held: nothing is reconciled until you press Enter\n');
  const terminal = createInterface({ input: process.stdin });
  const entered = new Promise<boolean>((resolve) => {
    terminal.once('line', () => resolve(true));
    // The end of the input starts nothing.
    terminal.once('close', () => resolve(false));
  });
  const starts = await Promise.race([isOver.then(() => false), entered]);
  terminal.close();
  if (starts) controllers.start();
  return starts;
}

function linesOf(controllers: Controllers): string[] {
  const keys = [...controllers.caches.of(EphemeralRunners).entries()].map(([key]) => key).sort(naturalCompare);
  const width = Math.max(0, ...keys.map((key) => key.length));
  const lines = keys.flatMap((key) => {
    const state = stateIn(controllers, key);
    return state === undefined ? [] : [`${visibleText(key).padEnd(width)}  ${stateText(state)}`];
  });
  return lines.length === 0 ? ['there are no runners'] : lines;
}
