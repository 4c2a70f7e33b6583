import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { RunnerDetail } from '../protocol.ts';
import { laneTitle, RUNNER_KIND } from '../timeline/chain-words.ts';
import { element } from './dom.ts';
import { shortName } from './names.ts';

/**
 * What a runner waits for or failed of: what happened, why, since when, and what to do, in that order.
 * @param sinceUs how long it has been so; undefined where that is not known
 */
export function runnerParts(detail: RunnerDetail, sinceUs: number | undefined): Node[] {
  const { runner, kind = RUNNER_KIND, state, happened, advice, facts } = detail;
  const name = kind === RUNNER_KIND ? shortName(runner) : laneTitle(kind, shortName(runner));
  const parts: Node[] = [element('h2', {}, t('{0} · {1}', name, state)), element('p', { class: 'happened' }, happened)];
  if (sinceUs !== undefined) {
    const since = element('span', { id: 'since' }, formatDuration(sinceUs));
    parts.push(element('dl', {}, element('dt', {}, t('for')), element('dd', {}, since)));
  }
  if (advice !== '') parts.push(element('h3', {}, t('What to do')), element('p', { class: 'advice' }, advice));
  if (facts.length > 0) {
    const list = element('dl');
    for (const { label, value } of facts) list.append(element('dt', {}, label), element('dd', {}, value));
    parts.push(element('h3', {}, t('Facts')), list);
  }
  return parts;
}
