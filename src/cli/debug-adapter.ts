import { ArcDebugSession } from '../debug-adapter/adapter.ts';
import { speak } from '../debug-adapter/speak.ts';
import { parse } from './options.ts';

/** `arc-lab debug-adapter`: the Debug Adapter Protocol on standard input and output, for editors that start an adapter themselves. */
export async function debugAdapter(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<void> {
  parse(args, [], []);
  await speak(new ArcDebugSession(), process.stdin, out, signal);
  process.stdin.destroy();
}
