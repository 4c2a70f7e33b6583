import type { Step } from './step.ts';

const LOOKS_SO = /&(?:quot|apos|amp|lt|gt|nbsp|#\d+|#x[\da-f]+);|<\/?(?:td|tr|li|pre|p|div|span|code|br)\b[^<>]*>/i;
/** Elements after whose end a line ends. */
const LINE_END = /<br\s*\/?>|<\/(?:p|div|tr|li|pre)>/gi;
const BETWEEN_CELLS = /<\/t[dh]>\s*<t[dh]\b[^<>]*>/gi;
/** Only elements that pages have: a log has words in such brackets, too. */
const TAG =
  /<\/?(?:html|body|table|thead|tbody|t[rdh]|[uo]l|li|pre|p|div|span|code|a|b|i|em|strong|mark|font|samp)\b[^<>]*>/gi;
const ENTITY = /&(?:(\w+)|#(\d+)|#x([\da-f]+));/gi;
const NAMED: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>', nbsp: ' ' };

/** The source of a page or an e-mail: elements and entities. */
export const page: Step = (lines) =>
  lines.some((line) => LOOKS_SO.test(line))
    ? (line) =>
        line
          .replace(LINE_END, '\n')
          .replace(BETWEEN_CELLS, ' ')
          .replace(TAG, '')
          .replace(/\n+$/, '')
          .split('\n')
          .map((each) => each.replace(ENTITY, decoded))
    : undefined;

function decoded(entity: string, name = '', decimal = '', hex = ''): string {
  if (name !== '') return NAMED[name.toLowerCase()] ?? entity;
  const code = decimal === '' ? Number.parseInt(hex, 16) : Number(decimal);
  return code === 0xa0 ? ' ' : code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
