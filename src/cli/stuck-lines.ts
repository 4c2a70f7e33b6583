import { visibleText } from '../base/visible-text.ts';
import { StuckRunners } from '../explain/stuck-runners.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** How often waits are looked at that last too long. */
export const LOOK_MS = 1_000;

/** @returns a function that writes a line for each runner that got stuck or recovered since its last call */
export function stuckLines(trace: TraceLog, nowUs: () => number, out: NodeJS.WriteStream): () => void {
  const runners = new StuckRunners(trace);
  return () => {
    for (const { runner, text, isStuck } of runners.look(nowUs())) {
      out.write(`${visibleText(`${isStuck ? 'stuck' : 'free '}  ${runner}  ${text}`)}\n`);
    }
  };
}
