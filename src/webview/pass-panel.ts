import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { PassDetail } from '../protocol.ts';
import { triggerWords } from '../timeline/trigger-words.ts';
import { element } from './dom.ts';
import { shortName } from './names.ts';

/** A wait for a worker that is worth a look. */
const LONG_WAIT_US = 50_000;

/** What is told of a selected pass. */
export function passParts(detail: PassDetail, openManifest: () => void): Node[] {
  const { event, ofRunner, nowUs } = detail;
  const title = t('{0} · pass {1} of {2} · {3}', shortName(event.runner), ofRunner.index, ofRunner.count, event.mode);
  const parts: Node[] = [element('h2', {}, title), figures(detail)];
  if (event.ended !== undefined && event.error !== null) parts.push(element('p', { class: 'error' }, event.error));
  if (detail.why.length > 0) {
    const hasWaited = event.started > event.queued || event.requests.some(({ throttled }) => throttled > 0);
    parts.push(element('h3', {}, hasWaited ? t('Why this wait') : t('Where the time went')));
    for (const sentence of detail.why) parts.push(element('p', {}, sentence));
  }
  const requests = element(
    'ol',
    { class: 'requests' },
    ...event.requests.map((request) => requestItem(request, nowUs)),
  );
  const phases = event.phases.map((phase) => element('li', {}, `${phase.name} · ${lengthOf(phase, nowUs)}`));
  parts.push(element('h3', {}, t('Requests ({0})', event.requests.length)), requests);
  parts.push(element('h3', {}, t('Phases')), element('ol', { class: 'phases' }, ...phases));
  if (detail.hasManifest) {
    const button = element('vscode-button' as 'button', { secondary: '' }, t('Manifest before and after'));
    button.addEventListener('click', openManifest);
    parts.push(button);
  }
  return parts;
}

/** How long something lasted, or has until now. */
function lengthOf({ started, ended }: { started: number; ended?: number }, nowUs: number): string {
  return formatDuration(Math.max(0, (ended ?? nowUs) - started));
}

function figures({ event, nowUs }: PassDetail): HTMLElement {
  const list = element('dl');
  const row = (term: string, text: string, style = ''): void =>
    list.append(element('dt', {}, term), element('dd', { class: style }, text));
  const waitedUs = event.started - event.ready;
  const heldUs = event.requests.reduce((sum, { throttled }) => sum + throttled, 0);
  row(t('because'), triggerWords(event.trigger));
  row(t('back-off'), formatDuration(event.ready - event.queued), event.ready > event.queued ? 'warn' : '');
  row(t('waited for worker'), formatDuration(waitedUs), waitedUs > LONG_WAIT_US ? 'warn' : '');
  row(t('held by limiter'), formatDuration(heldUs));
  row(event.ended === undefined ? t('so far') : t('took'), lengthOf(event, nowUs));
  row(t('worker'), String(event.worker + 1));
  row(t('try'), String(event.attempt));
  if (event.ended === undefined) {
    row(t('result'), t('not ended'), 'warn');
    return list;
  }
  const result = event.after > 0 ? `${event.result}, ${formatDuration(event.after)}` : event.result;
  row(t('result'), result, event.result === 'error' ? 'error' : event.result === 'requeue' ? 'warn' : '');
  return list;
}

type Request = PassDetail['event']['requests'][number];

function requestItem(request: Request, nowUs: number): HTMLElement {
  const said = refusalOf(request);
  return element(
    'li',
    { class: request.to },
    element('b', {}, request.verb.toUpperCase()),
    ` ${requestText(request, nowUs)}`,
    ...(said === '' ? [] : [element('span', { class: 'error' }, ` · ${said}`)]),
  );
}

/** What a refused request was answered, or why no answer came; empty where neither is so. */
export function refusalOf(request: Request): string {
  return request.ended === undefined ? '' : (request.message ?? '');
}

export function requestText(request: Request, nowUs: number): string {
  const held = request.throttled > 0 ? t(', held {0}', formatDuration(request.throttled)) : '';
  const took = lengthOf({ ...request, started: request.started + request.throttled }, nowUs);
  const status =
    request.ended === undefined ? t('no answer yet') : request.status === 0 ? t('no answer') : String(request.status);
  return `${request.resource} · ${status} · ${took}${held}`;
}
