import { t } from '@vscode/l10n';
import { runnersText } from '../base/count-words.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { USUAL_FLAGS } from '../run/settings.ts';
import { isRead, sourceOf } from '../trace/header.ts';
import type { TraceHeader } from '../trace/model.ts';
import { against, settingsApart } from '../timeline/settings-words.ts';
import { isRealDifference } from './real-difference.ts';

/** What is compared of runs besides their figures. */
interface ComparedRun {
  readonly header: TraceHeader;
  /** How many runners it is about; undefined while more may come. */
  readonly runners: number | undefined;
  /** What was changed about its cluster while it went on. */
  readonly changes: readonly string[];
}

/**
 * In what runs differ besides their mode, each in a few words: `30 against 3 runners`. As long as this is not empty, no
 * difference of their figures is the mode's alone.
 */
export function runsApart(runs: readonly ComparedRun[]): readonly string[] {
  const headers = runs.map(({ header }) => header);
  const places = headers.map(placeOf);
  const where = new Set(places).size < 2 ? [] : [against(places)];
  const settings = settingsApart(withoutOwnDefaults(headers));
  return [...where, ...runnersApart(runs), ...settings, ...changesApart(runs)];
}

/** A default that a pull request changes is what its mode does: where each run has its own mode's, that is no other difference. */
function withoutOwnDefaults(headers: readonly TraceHeader[]): readonly TraceHeader[] {
  const own = USUAL_FLAGS.filter((flag) =>
    headers.every(({ release = '', settings }) => settings[flag] === RELEASES.find(release)?.usual[flag]),
  );
  return headers.map((header) => ({
    ...header,
    settings: Object.fromEntries(Object.entries(header.settings).filter(([name]) => !own.some((one) => one === name))),
  }));
}

function changesApart(runs: readonly ComparedRun[]): string[] {
  const changes = runs.map((run) => (run.changes.length === 0 ? t('none') : run.changes.join(', ')));
  return new Set(changes).size < 2 ? [] : [t('changes while they went on: {0}', against(changes))];
}

function runnersApart(runs: readonly ComparedRun[]): string[] {
  const counts = runs.flatMap(({ runners }) => runners ?? []);
  if (counts.length < runs.length) return [];
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  // What a cluster has of itself comes and goes a little.
  const isExact = runs.every(({ header }) => sourceOf(header) === 'embedded');
  const isApart = isExact ? least < most : isRealDifference(least, most);
  return isApart ? [runnersText(against(counts.map(String)))] : [];
}

function placeOf(header: TraceHeader): string {
  if (isRead(header)) return t('a controller’s log');
  switch (sourceOf(header)) {
    case 'embedded':
      return t('the embedded cluster');
    case 'shadow':
      return t('shadow');
    default:
      return t('a cluster in write mode');
  }
}
