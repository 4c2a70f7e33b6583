import { t } from '@vscode/l10n';
import { thousands } from '../base/count-words.ts';
import { escapeMarkdown } from '../base/escape-markdown.ts';
import { visibleText } from '../base/visible-text.ts';
import type { UpgradeAnswer } from '../upgrade/check.ts';
import { actionLines, differenceGroups, notChecked, objectName, runsText } from './upgrade-text.ts';

const LISTED = 50;

/** The answer of `arc-lab upgrade-check` for an issue. */
export function upgradeMarkdown(answer: UpgradeAnswer): string {
  const { verdict, hazards, actions, effect, notFound, remarks } = answer;
  const lines = [`**${escapeMarkdown(verdict)}**`, '', escapeMarkdown(runsText(answer)), ''];
  const known = [...remarks, ...(effect === undefined ? [] : [effect])];
  lines.push(...known.flatMap((remark) => [escapeMarkdown(remark), '']));
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
  for (const { title, parts } of differenceGroups(answer)) {
    if (parts.length > 0) lines.push(`### ${title}`, '');
    for (const { about, lines: changes } of parts) {
      lines.push(`${about}:`, '', ...changes.map((change) => `- ${escapeMarkdown(change)}`), '');
    }
  }
  if (notFound.length > 0) lines.push(t('Looked for, and not found: {0}.', notFound.join('; ')), '');
  for (const { title, whats } of notChecked(answer)) {
    lines.push(`${escapeMarkdown(title)}:`, '', ...whats.map((what) => `- ${what}`), '');
  }
  return visibleText(`${lines.join('\n').trimEnd()}\n`);
}
