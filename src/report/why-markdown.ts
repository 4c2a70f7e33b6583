import { count } from '../evidence/words.ts';
import { escapeMarkdown } from '../base/escape-markdown.ts';
import { visibleText } from '../base/visible-text.ts';
import { MILESTONES } from '../evidence/messages.ts';
import type { Explanation } from '../evidence/explain.ts';
import type { LogFit } from '../fit/log-fit.ts';
import { simulationLines } from './why-fit.ts';
import { partWords } from '../evidence/wait-words.ts';
import { about, readText, type WhyChoice } from './why-text.ts';
import { timeTexts } from './why-times.ts';

const RUNNERS = 50;

/** The answer of `arc-lab why` for an issue. */
export function whyMarkdown(explanation: Explanation, fit: LogFit, { runner: wanted, isAll }: WhyChoice): string {
  const { verdict, findings, files, lineName, lookedAt, isHealthy, isJudged, remarks } = explanation;
  const chosen = explanation.runners;
  const shown = isAll ? chosen : chosen.slice(0, RUNNERS);
  const columns = MILESTONES.filter((milestone) => shown.some(({ milestones }) => milestones[milestone] !== undefined));
  const waits = wanted === undefined ? [] : chosen.flatMap(({ wait }) => [`**${escapeMarkdown(wait)}**`, '']);
  const lines = [...waits, `**${escapeMarkdown(verdict)}**`, '', about(explanation, fit), ''];
  if (isHealthy && isJudged) lines.push(`Looked at: ${lookedAt}`, '');
  lines.push(...remarks.flatMap((remark) => [escapeMarkdown(remark), '']));
  for (const { sentence, confidence, details, advice, evidence } of findings) {
    lines.push(`### ${escapeMarkdown(sentence)}`, '', ...details.map((detail) => `- ${escapeMarkdown(detail)}`));
    lines.push(`- What to do: ${escapeMarkdown(advice)}`, `- How sure: ${confidence}`);
    lines.push(...evidence.map(({ at, says }) => `- \`${lineName(at)}\` ${escapeMarkdown(says)}`), '');
  }
  const simulated = simulationLines(fit);
  if (simulated.length > 0) lines.push(...simulated.map((line) => line.replace(/^ {2}/, '- ')), '');
  if (columns.length > 0) {
    lines.push(`| runner | ${columns.join(' | ')} |`, `|---|${columns.map(() => '---|').join('')}`);
    for (const { name, milestones } of shown) {
      lines.push(`| ${escapeMarkdown(name)} | ${timeTexts(columns, milestones, true).join(' | ')} |`);
    }
    if (shown.length < chosen.length)
      lines.push('', `${count(chosen.length - shown.length, 'more runner is', 'more runners are')} left out.`);
    lines.push('');
  }
  if (wanted !== undefined) {
    for (const { name, path } of shown.filter(({ path: parts }) => parts.length > 0)) {
      lines.push(`What ${escapeMarkdown(name)} waited for until its pod was made:`, '');
      lines.push(...path.map((part) => `- ${partWords(part)}: \`${part.evidence.join(' to ')}\``), '');
    }
  }
  lines.push(...files.map(readText), '');
  return visibleText(lines.join('\n'));
}
