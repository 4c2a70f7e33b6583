import { LEVELS } from '../line-parts.ts';
import { readStamp } from '../moment.ts';
import type { Step } from './step.ts';

/** Times by which programs' lines are dated in other forms than RFC 3339, as tables, spreadsheets and web pages write them. */
interface Form {
  /** How it is written; it names its parts. */
  readonly pattern: string;
  /** @returns RFC 3339 in UTC, or undefined where there is no such time */
  readonly read: (parts: Parts, context: Context) => string | undefined;
}

type Parts = Readonly<Record<string, string | undefined>>;

/** What the first lines tell of the parts that a form leaves out. */
interface Context {
  /** Milliseconds since 1970 of the line before, or of another time in the file. */
  nearMs: number;
  readonly isDayFirst: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?(?:\s?(?<half>[AaPp])\.?[Mm]\b\.?)?`;
const ZONE = String.raw`(?:\s?(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?`;
const MONTH = `(?<month>${MONTHS.map((name) => `${(name[0] as string).toUpperCase()}${name.slice(1)}`).join('|')})[a-z]{0,6}`;
const DAY_MS = 86_400_000;

const FORMS: readonly Form[] = [
  {
    pattern: String.raw`(?<year>\d{4})[-/](?<month>\d\d)[-/](?<day>\d\d)[ T]${CLOCK}${ZONE}`,
    read: (parts) => stampOf(parts),
  },
  {
    pattern: String.raw`(?<year>20\d\d)(?<month>\d\d)(?<day>\d\d)[ T]?(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)Z?`,
    read: (parts) => stampOf(parts),
  },
  {
    pattern: String.raw`(?<one>\d{1,2})(?<between>[/.-])(?<two>\d{1,2})\k<between>(?<year>\d{4}|\d\d),?\s${CLOCK}${ZONE}`,
    read: ({ one, two, between, ...parts }, { isDayFirst }) => {
      const [day, month] = between === '/' && !isDayFirst ? [two, one] : [one, two];
      return stampOf({ ...parts, day, month });
    },
  },
  {
    pattern: String.raw`(?:[A-Z][a-z]{2},?\s+)?${MONTH}\s+(?<day>\d{1,2})(?:,?\s(?<year>\d{4}))?,?(?:\s@|\sat)?\s+${CLOCK}(?:\s[A-Z]{3,4}\s(?<last>\d{4}))?${ZONE}`,
    read: (parts, context) => stampOf(withYear({ ...parts, year: parts['year'] ?? parts['last'] }, context)),
  },
  {
    pattern: String.raw`(?:[A-Z][a-z]{2},?\s+)?(?<day>\d{1,2})[\s/-]${MONTH}[\s/-](?<year>\d{4})[\s:,]+${CLOCK}${ZONE}`,
    read: (parts) => stampOf(parts),
  },
  {
    pattern: String.raw`(?<number>1\d{9}(?:\.\d{1,9})?|1\d{12}(?:\.\d{1,6})?|1\d{15}|1\d{18}|1\.\d{1,18}[eE]\+?0?9)`,
    read: ({ number = '' }) => sinceEpoch(number),
  },
  {
    pattern: CLOCK,
    read: (parts, context) => {
      const at = Date.parse(stampOf({ ...parts, year: '2001', month: '1', day: '1' }) ?? '');
      if (Number.isNaN(at)) return undefined;
      // The day on which it is nearest to the line before.
      const offset = (at % DAY_MS) - (context.nearMs % DAY_MS);
      const turn = offset > DAY_MS / 2 ? -DAY_MS : offset < -DAY_MS / 2 ? DAY_MS : 0;
      const date = new Date(context.nearMs - (context.nearMs % DAY_MS) + turn);
      const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()].map(String);
      return stampOf({ ...parts, year, month, day });
    },
  },
];

const LEVEL = `(?:${LEVELS})`;
const PREFIX = String.raw`^(?:\[pod/[^\]]+\]\s)?`;

/** Where a form stands in the lines of a program. */
function placesOf(pattern: string): readonly RegExp[] {
  const isOwn = String.raw`\[?${pattern}\]?(?=\s+(?:${LEVEL}\s|time=|\{"(?:severity|level|time|ts)"))`;
  // The names of parts may stand only once in an expression.
  const bare = pattern.replaceAll(/\(\?<\w+>/g, '(?:').replaceAll(/\\k<\w+>/g, '[/.-]');
  return [
    new RegExp(`(?<=${PREFIX})${isOwn}`),
    new RegExp(`(?<=${PREFIX})${pattern}(?=\\s+${bare}\\s+${LEVEL}\\s)`),
    new RegExp(String.raw`(?<=${PREFIX}\S+\s+)${isOwn}`),
    new RegExp(String.raw`(?<=\btime="?)${pattern}(?="?\s+level=)`),
    new RegExp(String.raw`(?<="(?:ts|time|timestamp)":\s?")${pattern}(?=")`),
  ];
}

/** The times that most of the lines have, where these have another form. */
export const otherTimes: Step = (lines) => {
  const found = FORMS.map((form) => ({ form, places: placesOf(form.pattern) }))
    .map((each) => ({ ...each, count: lines.filter((line) => each.places.some((place) => place.test(line))).length }))
    .sort((a, b) => b.count - a.count)[0];
  if (found === undefined || found.count === 0) return undefined;
  const { form, places } = found;
  const context: Context = { nearMs: nearOf(lines), isDayFirst: lines.some((line) => DAY_FIRST.test(line)) };
  const rewritten = (written: string, ...rest: unknown[]): string => {
    const stamp = form.read((rest.at(-1) ?? {}) as Parts, context);
    if (stamp === undefined) return written;
    context.nearMs = Date.parse(stamp);
    return stamp;
  };
  return (line) => [places.reduce((text, place) => text.replace(place, rewritten), line)];
};

/** A first number of a date that is no month. */
const DAY_FIRST = /(?:^|[\s"=[])(?:1[3-9]|2\d|3[01])\/\d{1,2}\/\d\d/;
const DATE = /\b20\d\d[-/]\d\d[-/]\d\d\b/;

/** A day that some line names, or today. */
function nearOf(lines: readonly string[]): number {
  const date = lines.map((line) => DATE.exec(line)?.[0]).find((each) => each !== undefined);
  const ms = Date.parse(`${(date ?? '').replaceAll('/', '-')}T12:00:00Z`);
  return Number.isNaN(ms) ? Date.now() : ms;
}

/** Of the years that it may be the one that is nearest to another time of the file. */
function withYear(parts: Parts, { nearMs }: Context): Parts {
  if (parts['year'] !== undefined) return parts;
  const years = [-1, 0, 1].map((offset) => String(new Date(nearMs).getUTCFullYear() + offset));
  const farOf = (year: string): number => Math.abs(Date.parse(stampOf({ ...parts, year }) ?? '') - nearMs);
  return { ...parts, year: years.sort((a, b) => farOf(a) - farOf(b))[0] };
}

function stampOf(parts: Parts): string | undefined {
  const {
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    fraction = '',
    half,
    zone = '',
  } = parts;
  const named = MONTHS.indexOf(month.toLowerCase()) + 1;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  const date = [year.padStart(4, '20'), String(named === 0 ? Number(month) : named), day]
    .map((part) => part.padStart(2, '0'))
    .join('-');
  const time = `${String(hours).padStart(2, '0')}:${minute}:${second}${/^0*$/.test(fraction) ? '' : `.${fraction}`}`;
  const stamp = `${date}T${time}${/^[+-]/.test(zone) ? zone : 'Z'}`;
  return readStamp(stamp) === undefined ? undefined : stamp;
}

/** A number of seconds, or of thousandths, millionths or billionths of one, by its size; one of whole seconds may be in thousandths. */
function sinceEpoch(written: string): string | undefined {
  const [whole = '', fraction = ''] = /e/i.test(written) ? Number(written).toFixed(6).split('.') : written.split('.');
  const digits = `${whole}${fraction}`;
  const [seconds, rest] = [Number(digits.slice(0, 10)), digits.slice(10, 19)];
  const stamp = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${stamp}${/^0*$/.test(rest) ? '' : `.${rest}`}Z`;
}
