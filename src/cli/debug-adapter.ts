import { ArcDebugSession } from '../debug-adapter/adapter.ts';
import { aborted } from './aborted.ts';
import { parse } from './options.ts';

/** `arc-lab debug-adapter`: the Debug Adapter Protocol on standard input and output, for editors that start an adapter themselves. */
export async function debugAdapter(
  args: readonly string[],
  out: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<void> {
  parse(args, [], []);
  await new Promise<void>((resolve) => {
    const session = new StdioSession(() => {
      session.release();
      resolve();
    });
    void aborted(signal).then(() => session.shutdown());
    process.stdin.once('end', () => session.shutdown());
    session.start(process.stdin, out);
  });
  process.stdin.destroy();
}

/** Ends when the editor disconnects; the process ends with its command. */
class StdioSession extends ArcDebugSession {
  readonly #onEnd: () => void;

  constructor(onEnd: () => void) {
    super();
    this.#onEnd = onEnd;
  }

  override shutdown(): void {
    this.#onEnd();
  }
}
