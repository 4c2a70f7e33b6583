import { t } from '@vscode/l10n';
import { counted, runnersText, thousands } from '../base/count-words.ts';
import { visibleText } from '../base/visible-text.ts';
import type { UpgradeAnswer } from '../upgrade/check.ts';
import type { Difference } from '../upgrade/differences.ts';
import type { Action, Hazard } from '../upgrade/hazard.ts';

const SIGNS: Readonly<Record<Hazard['severity'], string>> = { error: '✗', warning: '!', note: 'i' };
/** Objects of a hazard, and calls of one kind, that are listed; JSON has all. */
const LISTED = 10;

/** The answer of `arc-lab upgrade-check` for a terminal. */
export function upgradeText(answer: UpgradeAnswer): string {
  const { verdict, isClean, hazards, actions, effect, notFound, remarks } = answer;
  const blocks = [
    `${isClean ? '✓ ' : ''}${verdict}\n  ${runsText(answer)}`,
    ...[...remarks, ...(effect === undefined ? [] : [effect])].map((remark) => `i ${remark}`),
    ...hazards.map(hazardText),
    section(
      t('What to do, in this order'),
      actionLines(hazards.length === 0 ? [] : actions, (text) => `     ${text}`),
    ),
    ...differenceGroups(answer).map(({ title, parts }) =>
      section(
        title,
        parts.flatMap(({ about, lines }) => [`  ${about}:`, ...lines.map((line) => `    ${line}`)]),
      ),
    ),
    section(
      t('Looked for, and not found'),
      notFound.map((what) => `  ${what}`),
    ),
    ...notChecked(answer).map(({ title, whats }) =>
      section(
        title,
        whats.map((what) => `  ${what}`),
      ),
    ),
  ];
  // Names come from a cluster or a file as they are, and a terminal obeys what cannot be seen.
  return visibleText(`${blocks.filter((block) => block !== '').join('\n\n')}\n`);
}

/** Which version runs, and how that is known. */
export function runsText({ from, fromSaidBy, source, read }: UpgradeAnswer): string {
  const { runners, sets, scaleSets, listeners, definitions } = read;
  const counts = [
    runnersText(runners),
    counted(sets, t('1 set'), t('{0} sets', thousands(sets))),
    counted(scaleSets, t('1 scale set'), t('{0} scale sets', thousands(scaleSets))),
    counted(listeners, t('1 listener'), t('{0} listeners', thousands(listeners))),
    counted(definitions, t('1 definition'), t('{0} definitions', thousands(definitions))),
  ];
  return t('ARC {0} runs ({1}); read from {2}: {3}', from, fromSaidBy, source, counts.join(', '));
}

/** What the wanted version does and the other does not, and the other way round, by what it is about. */
export function differenceGroups({ differences }: UpgradeAnswer): readonly {
  readonly title: string;
  readonly parts: readonly { readonly about: string; readonly lines: readonly string[] }[];
}[] {
  const abouts: readonly (readonly [Difference['about'], string])[] = [
    ['speed', t('How fast runners come and go')],
    ['runners', t('What happens to runners and their jobs')],
    ['other', t('Other things')],
  ];
  const titles = [
    [true, t('What will be different afterwards')],
    [false, t('What will no longer be so afterwards')],
  ] as const;
  return titles.map(([wanted, title]) => ({
    title,
    parts: abouts.flatMap(([about, words]) => {
      const lines = differences
        .filter((one) => one.isNew === wanted && one.about === about)
        .map(({ pullRequest, does }) => `#${pullRequest}: ${does}`);
      return lines.length === 0 ? [] : [{ about: words, lines }];
    }),
  }));
}

/** What could not be checked, by why. */
export function notChecked({
  notLookedFor,
}: UpgradeAnswer): readonly { readonly title: string; readonly whats: readonly string[] }[] {
  return [...new Set(notLookedFor.map(({ why }) => why))].map((why) => ({
    title: t('Could not be checked, because {0}', why),
    whats: notLookedFor.filter((one) => one.why === why).map(({ what }) => what),
  }));
}

/** The lines of a numbered list; many calls that do the same to other objects are cut short. */
export function actionLines(actions: readonly Action[], command: (text: string) => string): string[] {
  const lines = actions.flatMap((action, index) => {
    const place = actions.slice(0, index).filter(({ stage }) => stage === action.stage).length;
    const left = actions.filter(({ stage }) => stage === action.stage).length - LISTED;
    if (place > LISTED || (place === LISTED && left <= 0)) return [];
    if (place === LISTED) {
      const more = counted(
        left,
        t('1 more call of this kind; --json has all'),
        t('{0} more calls of this kind; --json has all', thousands(left)),
      );
      return [`  …  ${more}`];
    }
    const line = `${String(index + 1).padStart(3)}. ${action.does}${action.isGuess === true ? ' *' : ''}`;
    return action.command === undefined ? [line] : [line, command(action.command)];
  });
  return actions.some(({ isGuess }) => isGuess === true)
    ? [...lines, t('  * The call is right if Helm installed the scale set, as a release of the same name.')]
    : lines;
}

function hazardText({ severity, sentence, details, objects, confidence }: Hazard): string {
  const left = objects.length - LISTED;
  return [
    `${SIGNS[severity]} ${sentence}${confidence === 'sure' ? '' : ` (${confidence})`}`,
    ...details.map((detail) => `  ${detail}`),
    ...objects.slice(0, LISTED).map((object) => `    ${objectName(object)}  ${object.shows}`),
    ...(left > 0 ? [`    ${t('and {0} more; --json has all', thousands(left))}`] : []),
  ].join('\n');
}

export function objectName({ kind, namespace, name }: Hazard['objects'][number]): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 || lines.join('').trim() === '' ? '' : `${title}:\n${lines.join('\n')}`;
}
