import { t } from '@vscode/l10n';
import { passesText } from '../base/count-words.ts';
import { isEmpty } from '../timeline/query.ts';
import { byId, show, write } from './dom.ts';
import type { View } from './view.ts';

/** Says beside the search what it finds, and over the chart when that is nothing. */
export function showSearch(view: View): void {
  const { query, matches, queryText } = view;
  const { unknown } = query;
  write('matches', isEmpty(query) || unknown.length > 0 ? '' : countOf(view));
  write('search-problem', unknown.length === 0 ? '' : problemOf(unknown[0] as string));
  const isFruitless = unknown.length === 0 && !isEmpty(query) && matches.length === 0;
  write('nothing-text', isFruitless ? t('No pass matches “{0}”.', queryText.trim()) : '');
  show('nothing', isFruitless);
  show('search-problem', unknown.length > 0);
  show('clear', queryText !== '');
  byId('toolbar').classList.toggle('searching', queryText !== '');
}

function countOf({ matches, selected }: View): string {
  const at = matches.findIndex(({ session, pass }) => session === selected?.session && pass === selected.pass);
  return at < 0 ? passesText(matches.length) : t('{0} of {1}', at + 1, matches.length);
}

function problemOf(term: string): string {
  return t(
    '“{0}” is not known here. Search for a part of a runner’s name, kind:listener, in:PHASE-OR-REQUEST, result:done, result:requeue, result:error, or >100ms.',
    term,
  );
}
