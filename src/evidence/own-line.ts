import type { JsonObject } from '../base/json.ts';
import { LEVELS, RUNNER, STAMP } from './line-parts.ts';
import { unwrap } from './unwrap.ts';

const TEXT = String.raw`${STAMP}\s+(?:${LEVELS})\s`;
const HTTP = String.raw`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[?\w`;
const SLOG = String.raw`time=\d{4}-\d\d-\d\dT\S+ level=`;
const KLOG = String.raw`[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6}\s`;
/** zap's JSON, and slog's. */
const JSON_LINE = String.raw`\{"(?:(?:severity|level)":"\w+","(?:ts|time)"|time":"[^"]*","level"):`;

/** How the last line of a listener that ends because of an error begins. */
export const LAST_WORDS = /^Application returned an error: /;

const OWN = new RegExp(`^(?:${[TEXT, HTTP, SLOG, KLOG, RUNNER, JSON_LINE].join('|')})`);
/** Behind something that ends a column or a name. */
const WITHIN = new RegExp(`(?<=[\\s|│:\\]>)};])(?:${[TEXT, HTTP, SLOG, RUNNER, JSON_LINE].join('|')})`);
/** What stands before a line is not longer. */
const PREFIX = 600;

/** Whether a text begins as the lines do that a controller, a listener or a library of theirs writes. */
export function isOwnLine(text: string): boolean {
  return OWN.test(text) || OWN.test(unwrap(text).text);
}

/** Where in a line the line of a program begins; negative where none does. */
export function ownLineWithin(text: string): number {
  return text.slice(0, PREFIX).search(WITHIN);
}

/** Whether an object is a line itself: one of zap's or slog's, or an event of an audit log. */
export function isOwnRecord(value: JsonObject): boolean {
  const has = (...names: readonly string[]): boolean => names.some((name) => isPlain(value[name]));
  return isAuditEvent(value) || (has('severity', 'level') && has('ts', 'time') && has('message', 'msg'));
}

/** Whether an object is one of a cluster, in which a line may be quoted. */
export function isClusterObject({ apiVersion, kind }: JsonObject): boolean {
  return typeof apiVersion === 'string' && typeof kind === 'string' && !apiVersion.startsWith('audit.');
}

function isAuditEvent({ apiVersion, kind }: JsonObject): boolean {
  return kind === 'Event' && typeof apiVersion === 'string' && apiVersion.startsWith('audit.');
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
