import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { ApiObject } from '../kubernetes/types.ts';
import { objectsAt, phaseAt, requestAt, statusAt, toldAt } from './facts.ts';
import type { Moment } from './moments.ts';
import type { Recording } from './recording.ts';

/**
 * What a pass knows and is about to do, each in a few words, as an editor writes it behind the line where the pass stands:
 * `runner = runner-1, Pending`. They hold no field of an object but its name and phase.
 * @param now when objects are looked at that the pass has not asked for yet
 */
export function valuesAt(recording: Recording, moment: Moment, now: Moment): readonly string[] {
  const objects = objectsAt(recording, moment, now);
  const known = (name: 'runner' | 'pod' | 'set'): string | undefined => {
    const told = toldAt(recording, moment, name);
    if (told !== undefined) return told.object === undefined ? t('not there') : objectText(told.object);
    const cached = objects.get(name)?.cached;
    return cached && objectText(cached);
  };
  const request = requestAt(recording, moment);
  // Editors cut what is long, and what is about to happen is looked for first.
  const values: readonly (readonly [name: string, value: string | undefined])[] = [
    ['phase', phaseAt(recording, moment) || undefined],
    ['request', request && `${request.verb} ${request.resource} ${request.name}`.trim()],
    ['answer', request && answerText(recording, moment)],
    ['result', recording.moments.outcome(moment)?.kind],
    ['stale', recording.moments.isStale(moment) ? 'true' : undefined],
    ['runner', known('runner')],
    ['pod', known('pod')],
    ['set', objects.get('runner')?.cached === undefined ? known('set') : undefined],
  ];
  return values.flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${value}`]));
}

function objectText({ metadata, ...object }: ApiObject): string {
  const { phase = '' } = (object as { readonly status?: { readonly phase?: string } }).status ?? {};
  const state = metadata.deletionTimestamp === undefined ? phase : t('deleting');
  return state === '' ? metadata.name : `${metadata.name}, ${state}`;
}

function answerText(recording: Recording, moment: Moment): string | undefined {
  const { moments, goesOn } = recording;
  const answer = moments.answerOf(moment);
  if (answer.kind === 'none') return goesOn === true ? undefined : t('it does not come');
  const status = statusAt(recording, moment);
  const after = formatDuration(answer.atUs - moments.timeUs(moment));
  return status === undefined ? undefined : t('{0} after {1}', status === 0 ? t('lost') : status, after);
}
