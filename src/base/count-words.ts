import { t } from '@vscode/l10n';

/** A number, or several in words: `30 against 3`. */
type Counts = number | string;

/** With a separator between thousands. */
export function thousands(count: number): string {
  return count.toLocaleString('en');
}

/** The text for one thing, or that for several. */
export function counted(count: number, one: string, several: string): string {
  return count === 1 ? one : several;
}

export function runnersText(count: Counts): string {
  return String(count) === '1' ? t('1 runner') : t('{0} runners', count);
}

export function workersText(count: Counts): string {
  return String(count) === '1' ? t('1 worker') : t('{0} workers', count);
}

export function jobsText(count: number): string {
  return count === 1 ? t('1 job') : t('{0} jobs', thousands(count));
}

export function podsText(count: number): string {
  return count === 1 ? t('1 pod') : t('{0} pods', count);
}

export function passesText(count: number): string {
  return count === 1 ? t('1 pass') : t('{0} passes', count);
}

export function requestsText(count: Counts): string {
  return String(count) === '1' ? t('1 request') : t('{0} requests', count);
}

export function callsText(count: number): string {
  return count === 1 ? t('1 call') : t('{0} calls', count);
}

export function jitCallsText(count: number): string {
  return count === 1 ? t('1 JIT call') : t('{0} JIT calls', thousands(count));
}

export function linesText(count: number): string {
  return count === 1 ? t('1 line') : t('{0} lines', thousands(count));
}

/** `once`, `twice`, `12 times` */
export function timesText(count: number): string {
  return count === 1 ? t('once') : count === 2 ? t('twice') : t('{0} times', thousands(count));
}

/** `a, b or c` */
export function anyOf(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : t('{0} or {1}', parts.slice(0, -1).join(', '), last);
}

/** `a, b and c` */
export function inWords(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : t('{0} and {1}', parts.slice(0, -1).join(', '), last);
}

/** How many names a sentence gives before it says how many more there are. */
const MOST_NAMED = 3;

/** For example `a and b`, or of many `a, b, c and 2 more`. */
export function namesInWords(names: readonly string[]): string {
  const first = names.slice(0, MOST_NAMED);
  return inWords(names.length > MOST_NAMED ? [...first, t('{0} more', names.length - MOST_NAMED)] : first);
}
