import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { attachSentence } from './at-attach.ts';
import { explainPass } from './explain-pass.ts';
import { occupantsOf } from './occupants.ts';
import type { LabSession } from './session.ts';
import type { PassEvent } from '../trace/model.ts';

/** Passes are looked for among this many of the latest events. */
const LOOK_BACK = 50_000;

/** What a runner waits for now, and what its last pass was, in sentences. */
export function explainRunner({ table, trace, atAttach }: LabSession, key: string): string {
  const about = table.describe(key);
  if (about === undefined) return t('The runner is gone.');
  const sentences = [t('It is {0} and has been known for {1}.', about.state, formatDuration(about.ageUs))];
  sentences.push(about.waits === '' ? t('It waits for nothing.') : t('Now: {0}.', about.waits));
  const then = attachSentence(atAttach, key);
  if (then !== '') sentences.push(then);
  const passes: { readonly pass: PassEvent; readonly index: number }[] = [];
  for (let index = trace.length - 1; index >= Math.max(0, trace.length - LOOK_BACK) && passes.length < 2; index--) {
    const event = trace.event(index);
    if (event.type === 'pass' && event.runner === key) passes.push({ pass: event, index });
  }
  const [latest, before] = passes;
  if (latest === undefined) return [...sentences, t('No pass has ended yet.')].join(' ');
  const last = latest.pass;
  sentences.push(
    t(
      'Its last pass was queued by {0}, took {1} and ended with {2}.',
      last.trigger,
      formatDuration(last.ended - last.started),
      last.error === null ? last.result : `${last.result}: ${last.error}`,
    ),
  );
  return [...sentences, ...explainPass(last, before?.pass, occupantsOf(trace, last, latest.index))].join(' ');
}
