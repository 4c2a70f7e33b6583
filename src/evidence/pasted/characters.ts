import type { Step } from './step.ts';

/** Blanks that pages and messengers put in place of tabs and spaces. */
const BLANKS = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const WITHOUT_WIDTH = /[\u200b-\u200d\u2060\ufeff]/g;
const DOUBLE = /[\u201c-\u201f\u2033]/g;
const SINGLE = /[\u2018-\u201b\u2032]/g;

/** Blanks that do not break, as Outlook, Teams and wikis write them. */
export const blanks: Step = (lines) =>
  lines.some((line) => line.search(BLANKS) >= 0 || line.search(WITHOUT_WIDTH) >= 0)
    ? (line) => [line.replace(BLANKS, ' ').replace(WITHOUT_WIDTH, '')]
    : undefined;

/** Quotes as typographers have them; a line with straight ones as well quotes somebody. */
export const quotes: Step = (lines) =>
  lines.some((line) => line.search(DOUBLE) >= 0)
    ? (line) => [line.includes('"') ? line : line.replace(DOUBLE, '"').replace(SINGLE, "'")]
    : undefined;

/** The marks of a patch before each line. */
export const patchMarks: Step = (lines) =>
  lines.some((line) => /^[+-]\S/.test(line)) ? (line) => [line.replace(/^[+ -]/, '')] : undefined;

/** As mail and issues quote, where nearly all lines are quoted. */
export const quoteMarks: Step = (lines) => {
  const written = lines.filter((line) => line.trim() !== '');
  const quoted = written.filter((line) => QUOTED.test(line));
  return quoted.length > 1 && quoted.length >= NEARLY_ALL * written.length
    ? (line) => [line.replace(QUOTED, '')]
    : undefined;
};

const QUOTED = /^(?:>\s?)+/;
const NEARLY_ALL = 0.8;

/** Tabs, quotes and line ends as a program's text has them: `\t`, `\"`, `\n`. */
export const escapes: Step = (lines) =>
  lines.some((line) => /\\[tn"]/.test(line) && !UNESCAPED.test(line))
    ? (line) => (line.includes('\\') && !UNESCAPED.test(line) ? unescaped(line).replace(/\n$/, '').split('\n') : [line])
    : undefined;

const UNESCAPED = /(?:^|[^\\])"/;

function unescaped(line: string): string {
  try {
    // Half of an escape may stand at the end of what was cut.
    const text = line.replace(/\\+(?:u[\da-f]{0,3})?$/i, '').replaceAll('\t', '\\t');
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return line.replaceAll('\\t', '\t').replaceAll('\\"', '"');
  }
}
