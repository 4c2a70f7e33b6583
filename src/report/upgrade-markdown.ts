import { t } from '@vscode/l10n';
import { thousands } from '../base/count-words.ts';
import { escapeMarkdown } from '../base/escape-markdown.ts';
import { visibleText } from '../base/visible-text.ts';
import type { UpgradeAnswer } from '../upgrade/check.ts';
import { actionLines, differenceText, objectName, runsText } from './upgrade-text.ts';

const LISTED = 50;

/** The answer of `arc-lab upgrade-check` for an issue. */
export function upgradeMarkdown(answer: UpgradeAnswer): string {
  const { verdict, hazards, actions, differences, effect, notFound, notLookedFor, remarks } = answer;
  const lines = [`**${escapeMarkdown(verdict)}**`, '', escapeMarkdown(runsText(answer)), ''];
  lines.push(...remarks.flatMap((remark) => [escapeMarkdown(remark), '']));
  for (const { severity, sentence, details, objects, confidence } of hazards) {
    const left = objects.length - LISTED;
    lines.push(`### ${escapeMarkdown(sentence)}`, '', `- ${t('Severity: {0}; how sure: {1}', severity, confidence)}`);
    lines.push(...details.map((detail) => `- ${escapeMarkdown(detail)}`));
    lines.push(
      ...objects
        .slice(0, LISTED)
        .map((object) => `- ${escapeMarkdown(objectName(object))}: ${escapeMarkdown(object.shows)}`),
    );
    if (left > 0) lines.push(`- ${t('and {0} more', thousands(left))}`);
    lines.push('');
  }
  if (hazards.length > 0) {
    const code = (text: string): string => `\n     \`\`\`sh\n     ${text}\n     \`\`\`\n`;
    lines.push(`### ${t('What to do, in this order')}`, '', ...actionLines(actions, code), '');
  }
  if (effect !== undefined) lines.push(escapeMarkdown(effect), '');
  if (differences.length > 0) {
    const changes = differences.map((difference) => `- ${escapeMarkdown(differenceText(difference))}`);
    lines.push(`### ${t('What will be different afterwards')}`, '', ...changes, '');
  }
  if (notFound.length > 0) lines.push(t('Looked for, and not found: {0}.', notFound.join('; ')), '');
  lines.push(
    ...notLookedFor.map(({ what, why }) => t('Not looked for everywhere: {0} ({1}).', what, escapeMarkdown(why))),
  );
  return visibleText(`${lines.join('\n').trimEnd()}\n`);
}
