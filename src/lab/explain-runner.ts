import { formatDuration } from '../base/duration.ts';
import { explainPass } from './explain-pass.ts';
import type { LabSession } from './session.ts';
import type { PassEvent } from '../trace/model.ts';

/** Passes are looked for among this many of the latest events. */
const LOOK_BACK = 50_000;

/** What a runner waits for now, and what its last pass was, in sentences. */
export function explainRunner({ table, trace }: LabSession, key: string): string {
  const about = table.describe(key);
  if (about === undefined) return 'The runner is gone.';
  const sentences = [`It is ${about.state} and has been known for ${formatDuration(about.ageUs)}.`];
  sentences.push(about.waits === '' ? 'It waits for nothing.' : `Now: ${about.waits}.`);
  const passes: PassEvent[] = [];
  for (let index = trace.length - 1; index >= Math.max(0, trace.length - LOOK_BACK) && passes.length < 2; index--) {
    const event = trace.event(index);
    if (event.type === 'pass' && event.runner === key) passes.push(event);
  }
  const [last, before] = passes;
  if (last === undefined) return `${sentences.join(' ')} No pass has ended yet.`;
  sentences.push(
    `Its last pass was queued by ${last.trigger}, took ${formatDuration(last.ended - last.started)} and ended with ` +
      `${last.result}${last.error === null ? '' : `: ${last.error}`}.`,
  );
  return [...sentences, ...explainPass(last, before)].join(' ');
}
