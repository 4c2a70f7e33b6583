import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { LogLine, PassDetail, TraceRequest } from '../protocol.ts';
import { requestMethod } from '../timeline/chain-words.ts';
import { kindOfController, laneTitle } from '../timeline/chain-words.ts';
import { triggerWords } from '../timeline/trigger-words.ts';
import { element } from './dom.ts';
import { shortName } from './names.ts';

/** A wait for a worker that is worth a look. */
const LONG_WAIT_US = 50_000;

/** The details of a selected pass. */
export function passParts(detail: PassDetail, openManifest: () => void, openLine: (line: LogLine) => void): Node[] {
  const { event, ofRunner, nowUs, mode } = detail;
  const { phases, requests = [], started = NaN, queued = NaN } = event;
  const kind = kindOfController(event.controller);
  const title = t(
    '{0} · pass {1} of {2} · {3}',
    laneTitle(kind, shortName(event.object)),
    ofRunner.index,
    ofRunner.count,
    mode,
  );
  const parts: Node[] = [element('h2', {}, title), figures(detail)];
  if (event.ended !== undefined && typeof event.error === 'string')
    parts.push(element('p', { class: 'error' }, event.error));
  if (detail.why.length > 0) {
    const hasWaited = started > queued || requests.some(({ throttled = 0, locked = 0 }) => throttled + locked > 0);
    parts.push(element('h3', {}, hasWaited ? t('Why this wait') : t('Where the time went')));
    for (const sentence of detail.why) parts.push(element('p', {}, sentence));
  }
  if (event.requests !== undefined) {
    const items = requests.map((request) => requestItem(request, nowUs));
    parts.push(element('h3', {}, t('Requests ({0})', requests.length)), element('ol', { class: 'requests' }, ...items));
  }
  if (phases !== undefined) {
    const items = phases.map((phase) => element('li', {}, `${phase.name} · ${lengthOf(phase, nowUs)}`));
    parts.push(element('h3', {}, t('Phases')), element('ol', { class: 'phases' }, ...items));
  }
  if (detail.lines.length > 0) {
    const items = detail.lines.map((line) => {
      const button = element('button', { type: 'button', class: 'link' }, line.name);
      button.addEventListener('click', () => openLine(line));
      return element('li', {}, button);
    });
    parts.push(element('h3', {}, t('Lines of the log')), element('ol', { class: 'lines' }, ...items));
  }
  if (detail.hasManifest) {
    const button = element('vscode-button' as 'button', { secondary: '' }, t('Manifest before and after'));
    button.addEventListener('click', openManifest);
    parts.push(button);
  }
  return parts;
}

/** How long something lasted, or has until now. */
function lengthOf({ started = NaN, ended }: { started?: number; ended?: number }, nowUs: number): string {
  return known((ended ?? nowUs) - started, (us) => formatDuration(Math.max(0, us)));
}

/** What is not known is not told as 0. */
function known(value: number | undefined, words: (value: number) => string): string {
  return value === undefined || Number.isNaN(value) ? t('not known') : words(value);
}

function figures({ event, nowUs }: PassDetail): HTMLElement {
  const list = element('dl');
  const row = (term: string, text: string, style = ''): void =>
    list.append(element('dt', {}, term), element('dd', { class: style }, text));
  const { queued = NaN, ready = NaN, started = NaN, requests } = event;
  const heldUs = requests?.reduce((sum, { throttled = 0 }) => sum + throttled, 0);
  row(t('because'), triggerWords(event.trigger ?? '', kindOfController(event.controller)));
  row(t('back-off'), known(ready - queued, formatDuration), ready > queued ? 'warn' : '');
  row(t('waited for worker'), known(started - ready, formatDuration), started - ready > LONG_WAIT_US ? 'warn' : '');
  row(t('held by limiter'), known(heldUs, formatDuration));
  const lockedUs = requests?.reduce((sum, { locked = 0 }) => sum + locked, 0) ?? 0;
  if (lockedUs > 0) row(t('waited for lock'), formatDuration(lockedUs), 'warn');
  row(event.ended === undefined ? t('so far') : t('took'), lengthOf(event, nowUs));
  row(
    t('worker'),
    known(event.worker, (worker) => String(worker + 1)),
  );
  row(t('try'), known(event.attempt, String));
  if (event.ended === undefined) {
    row(t('result'), t('not ended'), 'warn');
    return list;
  }
  const { after = 0 } = event;
  const ended = event.result === 'unknown' ? t('not known') : event.result;
  const result = after > 0 ? `${ended}, ${formatDuration(after)}` : ended;
  row(t('result'), result, event.result === 'error' ? 'error' : event.result === 'requeue' ? 'warn' : '');
  return list;
}

function requestItem(request: TraceRequest, nowUs: number): HTMLElement {
  const said = refusalOf(request);
  return element(
    'li',
    { class: request.to ?? '' },
    element('b', {}, requestMethod(request)),
    ` ${requestText(request, nowUs)}`,
    ...(said === '' ? [] : [element('span', { class: 'error' }, ` · ${said}`)]),
  );
}

/** What a refused request was answered, or why no answer came; empty where neither is so. */
export function refusalOf(request: TraceRequest): string {
  return request.ended === undefined ? '' : (request.message ?? '');
}

export function requestText(request: TraceRequest, nowUs: number): string {
  const { resource = '', throttled = 0, locked = 0, started = NaN, ended } = request;
  const held = throttled > 0 ? t(', held {0}', formatDuration(throttled)) : '';
  const waited = locked > 0 ? t(', waited {0} for the lock', formatDuration(locked)) : '';
  const took = lengthOf({ started: started + throttled + locked, ...(ended === undefined ? {} : { ended }) }, nowUs);
  const status =
    ended === undefined ? t('no answer yet') : request.status === 0 ? t('no answer') : known(request.status, String);
  return `${resource} · ${status} · ${took}${held}${waited}`;
}
