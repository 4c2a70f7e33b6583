import { namesInWords, runnersText } from '../base/count-words.ts';
import { visibleText } from '../base/visible-text.ts';
import { hasJobs } from '../explain/jobs-verdict.ts';
import { listenerText } from '../explain/listener-waits.ts';
import { StuckRunners } from '../explain/stuck-runners.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** How often waits are looked at that last too long. */
export const LOOK_MS = 1_000;

/** @returns a function that writes which runners got stuck or recovered since its last call, and the listener of a scale set: a line for each text */
export function stuckLines(trace: TraceLog, nowUs: () => number, write: (text: string) => void): () => void {
  const runners = new StuckRunners(trace);
  let saidOfListener = '';
  return () => {
    const byText = new Map<string, { readonly word: string; readonly text: string; readonly names: string[] }>();
    for (const { runner, text, isStuck } of runners.look(nowUs())) {
      const word = isStuck ? 'stuck' : 'free ';
      const same = byText.get(word + text);
      if (same === undefined) byText.set(word + text, { word, text, names: [runner] });
      else same.names.push(runner);
    }
    for (const { word, text, names } of byText.values()) {
      const who = names.length === 1 ? names.join() : `${runnersText(names.length)} (${namesInWords(names)})`;
      write(`${visibleText(`${word}  ${who}  ${text}`)}\n`);
    }
    const ofListener = hasJobs(trace) ? listenerText(trace, 0, nowUs()) : '';
    if (ofListener === saidOfListener) return;
    saidOfListener = ofListener;
    if (ofListener !== '') write(`listener  ${visibleText(ofListener)}\n`);
  };
}
