import { t } from '@vscode/l10n';
import { counted, runnersText, thousands } from '../base/count-words.ts';
import { visibleText } from '../base/visible-text.ts';
import type { UpgradeAnswer } from '../upgrade/check.ts';
import type { Action, Hazard } from '../upgrade/hazard.ts';

const SIGNS: Readonly<Record<Hazard['severity'], string>> = { error: '✗', warning: '!', note: 'i' };
/** Objects of a hazard, and calls of one kind, that are listed; JSON has all. */
const LISTED = 10;

/** The answer of `arc-lab upgrade-check` for a terminal. */
export function upgradeText(answer: UpgradeAnswer): string {
  const { verdict, isClean, hazards, actions, differences, effect, notFound, notLookedFor, remarks } = answer;
  const blocks = [
    `${isClean ? '✓ ' : ''}${verdict}\n  ${runsText(answer)}`,
    ...remarks.map((remark) => `i ${remark}`),
    ...hazards.map(hazardText),
    section(
      t('What to do, in this order'),
      actionLines(hazards.length === 0 ? [] : actions, (text) => `     ${text}`),
    ),
    section(
      t('What will be different afterwards'),
      [...(effect === undefined ? [] : [effect]), ...differences.map(differenceText)].map((line) => `  ${line}`),
    ),
    section(
      t('Looked for, and not found'),
      notFound.map((what) => `  ${what}`),
    ),
    section(
      t('Not looked for everywhere'),
      notLookedFor.map(({ what, why }) => `  ${what} (${why})`),
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

export function differenceText({ pullRequest, does, isNew }: UpgradeAnswer['differences'][number]): string {
  return isNew ? `#${pullRequest}: ${does}` : t('#{0}: no longer so: {1}', pullRequest, does);
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
