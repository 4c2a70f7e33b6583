/**
 * A moment as a clock tells it: at `us` or up to `withinUs` later, both in microseconds, `us` since 1970. A clock of whole
 * seconds gives 999,999 there, one of nanoseconds 0.
 */
export interface Moment {
  readonly us: number;
  readonly withinUs: number;
}

/** How coarse a clock of whole seconds is, as `withinUs` has it. */
export const WHOLE_SECOND_US = 999_999;

/** That of lines which have no time, and none before them has. */
export const UNDATED: Moment = { us: 0, withinUs: 0 };

export function isUndated({ us, withinUs }: Moment): boolean {
  return us === UNDATED.us && withinUs === UNDATED.withinUs;
}

interface Stamp {
  readonly moment: Moment;
  /** Whether it names its zone; otherwise it was read as UTC. */
  readonly isZoned: boolean;
  /** Characters that it takes. */
  readonly length: number;
}

const STAMP = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?/;

/** Logs of ARC are not older, and a year beyond is a damaged one. */
const [FIRST_YEAR, LAST_YEAR] = [2000, 2100];

/**
 * Reads the time that a text begins with: RFC 3339, or a date and a time without a zone; undefined for anything else, and
 * for a day or an hour that there is not.
 */
export function readStamp(text: unknown): Stamp | undefined {
  // Objects that somebody has edited may have anything in place of a time.
  if (typeof text !== 'string') return undefined;
  return onLastDay(text) ?? parsedStamp(text);
}

/** The last day that was read, as text up to the hour and in microseconds: nearly every line has that of the line before. */
const last = { day: 'none', us: 0 };
const [ZERO, DOT, COLON, UTC] = [0x30, 0x2e, 0x3a, 0x5a];

/** The usual form, in UTC and on the day of the stamp before; undefined for any other, which may be a stamp as well. */
function onLastDay(text: string): Stamp | undefined {
  if (!text.startsWith(last.day) || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  let end = 19;
  let fractionUs = 0;
  let withinUs = 1e6;
  if (text.charCodeAt(end) === DOT) {
    for (let digit = digitAt(text, ++end); digit >= 0 && digit <= 9; digit = digitAt(text, ++end)) {
      withinUs /= 10;
      if (withinUs >= 1) fractionUs += digit * withinUs;
    }
  }
  // A point has one to nine digits after it.
  if (text.charCodeAt(end) !== UTC || end === 20 || end > 29) return undefined;
  const us = last.us + (hour * 3600 + minute * 60 + second) * 1e6 + fractionUs;
  return { moment: { us, withinUs: Math.max(0, withinUs - 1) }, isZoned: true, length: end + 1 };
}

function digitAt(text: string, index: number): number {
  return text.charCodeAt(index) - ZERO;
}

/** NaN where they are no digits. */
function twoDigits(text: string, index: number): number {
  const [tens, ones] = [digitAt(text, index), digitAt(text, index + 1)];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function parsedStamp(text: string): Stamp | undefined {
  const match = STAMP.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone = ''] = match;
  if (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // A 31st of February would be taken for the 3rd of March.
  if (new Date(date).getUTCDate() !== Number(day) || Number(month) < 1 || Number(month) > 12) return undefined;
  if (!isZone(zone)) return undefined;
  if (zone === 'Z' && text[4] === '-' && text[10] === 'T') {
    last.day = text.slice(0, 11);
    last.us = date * 1000;
  }
  const ms = date + (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
  const fractionUs = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const us = ms * 1000 + fractionUs - zoneUs(zone);
  const withinUs = fraction.length >= 6 ? 0 : 10 ** (6 - fraction.length) - 1;
  return { moment: { us, withinUs }, isZoned: zone !== '', length: match[0].length };
}

/** Zones lie between UTC-12 and UTC+14. */
function isZone(zone: string): boolean {
  return Math.abs(zoneUs(zone)) <= 14 * 3600e6 && Number(zone === 'Z' ? 0 : zone.slice(-2)) < 60;
}

const ANYWHERE = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/;
/** A line's own time stands near its beginning. */
const NEAR_BEGINNING = 200;

/** The time near the beginning of a line that no calendar and no clock has: a 13th month, an hour 25. */
export function impossibleStamp(text: string): string | undefined {
  const stamp = ANYWHERE.exec(text.slice(0, NEAR_BEGINNING))?.[0];
  return stamp === undefined || readStamp(stamp) !== undefined ? undefined : stamp;
}

function zoneUs(zone: string): number {
  if (zone === '' || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60e6;
}

/** RFC 3339 in UTC with microseconds. */
export function formatUs(us: number): string {
  const micros = String(((us % 1000) + 1000) % 1000).padStart(3, '0');
  return new Date(Math.floor(us / 1000)).toISOString().replace('Z', `${micros}Z`);
}

/** Date and time to the second, in UTC: `2026-03-02T12:00:01`. */
export function toSecond(us: number): string {
  return formatUs(us).slice(0, 19);
}

/** The time of the day to the second, in UTC: `12:00:01`. */
export function timeOfDay(us: number): string {
  return formatUs(us).slice(11, 19);
}
