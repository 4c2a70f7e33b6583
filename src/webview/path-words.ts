import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { CriticalPath, PathLink, WaitCause, WaitPart } from '../protocol.ts';
import { shortName } from './names.ts';

/** What a part of a wait is put down to, in a word or two. */
export function causeText(cause: WaitCause): string {
  switch (cause) {
    case 'worker':
      return t('workers busy');
    case 'back-off':
      return t('back-off');
    case 'event':
      return t('nothing to do until a watch event');
    case 'client limit':
      return t('client limit');
    case 'actions lock':
      return t('Actions lock');
    case 'actions service':
      return t('Actions service');
    case 'kubernetes':
      return t('Kubernetes API');
    case 'controller':
      return t('controller, between requests');
    case 'pod':
      return t('pod is starting');
    case 'unknown':
      return t('not known');
  }
}

/** The same with what it was about: `Kubernetes API, PATCH ephemeralrunners`. */
export function partText({ cause, detail }: Pick<WaitPart, 'cause' | 'detail'>): string {
  return detail === '' ? causeText(cause) : `${causeText(cause)}, ${detail}`;
}

/** `created → pod made: 31.5 s` */
export function wholeText({ fromUs, toUs, until, isFromBeginning }: CriticalPath): string {
  const lasted = formatDuration(Math.round(toUs - fromUs));
  const from = isFromBeginning ? t('created') : t('first seen');
  switch (until) {
    case 'running':
      return t('{0} → pod running: {1}', from, lasted);
    case 'pod':
      return t('{0} → pod made: {1}', from, lasted);
    case 'open':
      return t('{0} → now: {1}, without a pod', from, lasted);
  }
}

/** `step 3 of 51: runner-7, Actions service, generatejitconfig, 207 ms` */
export function linkText(link: PathLink, place: number, of: number): string {
  const { runner, fromUs, toUs } = link;
  const lasted = formatDuration(Math.round(toUs - fromUs));
  return t('Step {0} of {1}: {2} · {3} · {4}', place + 1, of, shortName(runner), partText(link), lasted);
}
