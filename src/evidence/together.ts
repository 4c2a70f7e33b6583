import { t } from '@vscode/l10n';
import { groupBy } from '../base/group.ts';
import { namesInWords, runnersText, thousands } from '../base/count-words.ts';
import { formatAge } from '../base/duration.ts';
import type { Finding, OfOne } from './finding.ts';
import { toSecond } from './moment.ts';

const CONFIDENCES = ['sure', 'likely', 'unsure'] as const;
const SEVERITIES = ['error', 'warning', 'note'] as const;

/** Findings about runners with the same trouble as one, in the order of the first of each. */
export function together(findings: readonly OfOne[]): Finding[] {
  const groups = groupBy(findings, (each) => (each.alike === undefined ? each : `${each.id} ${each.alike.cause}`));
  return [...groups.values()].map(asOne);
}

function asOne(group: readonly OfOne[]): Finding {
  const { alike, ...first } = group[0] as OfOne;
  if (group.length === 1 || alike === undefined) return first;
  const runners = group.flatMap((each) => each.runners);
  const [shown = [], last = []] = [group[0], group.at(-1)].map((each) => each?.evidence.slice(0, 2));
  const since = sinceTexts(group);
  const evidence = [
    ...shown,
    ...last.map(({ at, says }) => ({ at, says: shown.some((line) => line.says === says) ? t('the same') : says })),
  ];
  return {
    ...first,
    severity: worst(
      SEVERITIES,
      group.map(({ severity }) => severity),
      Math.min,
    ),
    confidence: worst(
      CONFIDENCES,
      group.map(({ confidence }) => confidence),
      Math.max,
    ),
    sentence: alike.sentence(runnersText(thousands(group.length))),
    details: [
      t('{0}.', namesInWords(runners)),
      ...since,
      ...first.details.filter(
        (detail) => !since.includes(detail) && group.every(({ details }) => details.includes(detail)),
      ),
    ],
    runners,
    evidence,
    weightUs: group.reduce((most, { weightUs }) => Math.max(most, weightUs), 0),
  };
}

function worst<T>(order: readonly T[], all: readonly T[], of: (...places: number[]) => number): T {
  return order[all.map((each) => order.indexOf(each)).reduce((a, b) => of(a, b))] as T;
}

function sinceTexts(group: readonly OfOne[]): string[] {
  const times = group.flatMap(({ alike }) => alike?.sinceUs ?? []).sort((a, b) => a - b);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return lastedTexts(group);
  const [from, to] = [toSecond(first), toSecond(last)];
  return from === to ? [] : [t('The first since {0}Z, the last since {1}Z.', from, to)];
}

function lastedTexts(group: readonly OfOne[]): string[] {
  const spans = group.flatMap(({ alike }) => alike?.lastedUs ?? []);
  if (spans.length === 0) return [];
  const [least, most] = [formatAge(Math.min(...spans)), formatAge(Math.max(...spans))];
  return [least === most ? t('For {0}.', most) : t('For {0} to {1}.', least, most)];
}
