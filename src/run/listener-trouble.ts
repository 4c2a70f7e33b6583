import { t } from '@vscode/l10n';
import { formatDuration, parseDurationUs } from '../base/duration.ts';
import type { ListenerPods } from './listener-pods.ts';

/** What is done to the listeners of a run, which a node or a person would do to them. Times are microseconds. */
export type ListenerTrouble =
  | { readonly do: 'kill' }
  | { readonly do: 'evict' }
  /** Each answer reaches them this much later; 0 ends it. */
  | { readonly do: 'slow'; readonly byUs: number };

/** The same at a time, counted from when the scale set is made. */
export type TimedTrouble = ListenerTrouble & { readonly atUs: number };

/** @returns how many listeners it was done to; all of them, also later ones, are slow or fast */
export function troubleListeners(listeners: ListenerPods | undefined, trouble: ListenerTrouble): number {
  if (listeners === undefined) return 0;
  if (trouble.do === 'kill') return listeners.kill();
  if (trouble.do === 'evict') return listeners.evict();
  listeners.pauseUs = trouble.byUs;
  return 1;
}

const NOBODY = {
  kill: () => t('no listener ran that could be killed'),
  evict: () => t('no listener ran that could be evicted'),
  slow: () => t('no listener could be slowed down: pods do not run'),
} as const;

/** In a few words, for a trace and for people; each is what is said where nothing ran that it could be done to. */
export function troubleWords(trouble: ListenerTrouble, count = 1): string {
  if (count === 0) return NOBODY[trouble.do]();
  if (trouble.do === 'kill') return t('listener killed');
  if (trouble.do === 'evict') return t('listener evicted');
  return trouble.byUs === 0 ? t('listener no longer slowed down') : slowedText(formatDuration(trouble.byUs));
}

function slowedText(by: string): string {
  return t('listener slowed down: each answer comes {0} later', by);
}

/** What a trace says was done to the listeners, of a text by troubleWords(); undefined for any other. */
export function troubleSaid(text: string): 'kill' | 'evict' | 'slow' | 'fast' | undefined {
  for (const act of ['kill', 'evict'] as const) if (text === troubleWords({ do: act })) return act;
  if (text === troubleWords({ do: 'slow', byUs: 0 })) return 'fast';
  const [before = '', after = ''] = slowedText('\0').split('\0');
  return text.startsWith(before) && text.endsWith(after) ? 'slow' : undefined;
}

const UNITS = [
  ['ms', 'milliseconds?|msecs?|ms'],
  ['s', 'seconds?|secs?|s'],
  ['m', 'minutes?|mins?|m'],
  ['h', 'hours?|hrs?|h'],
] as const;

/** `kill at 10s` for `Killed@10 seconds`, and so on. */
function plainForm(text: string): string {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/\s*@\s*| after /g, ' at ')
    .replace(/^(kill|evict|slow)ed\b/, '$1');
  return UNITS.reduce(
    (form, [unit, names]) => form.replace(new RegExp(`(\\d)\\s*(?:${names})\\b`, 'g'), `$1${unit}`),
    words,
  );
}

/**
 * Reads `kill at 10s, evict at 1m, slow by 2s at 5s`.
 * @throws Error with a sentence for anything else
 */
export function parseTroubles(text: string): readonly TimedTrouble[] {
  return text.split(/[,;]/).map((part) => {
    const words = plainForm(part);
    const [, act, ending = ''] = /^(kill|evict)(?: at)? (\S+)$/.exec(words) ?? [];
    const [, by = '', from = ''] = /^slow(?: by)? (\S+)(?: at (\S+))?$/.exec(words) ?? [];
    const atUs = act === undefined ? parseDurationUs(from === '' ? '0' : from) : parseDurationUs(ending);
    const byUs = parseDurationUs(by);
    if (atUs !== undefined && act !== undefined) return { do: act as 'kill' | 'evict', atUs };
    if (atUs !== undefined && byUs !== undefined) return { do: 'slow', byUs, atUs };
    throw new Error(
      `what happens to the listener is given as "kill at 10s, evict at 1m, slow by 2s at 5s", not ${JSON.stringify(part.trim())}`,
    );
  });
}

/** As parseTroubles() reads it. */
export function troublesText(troubles: readonly TimedTrouble[]): string {
  return troubles
    .map((one) => {
      const what = one.do === 'slow' ? `slow by ${one.byUs / 1000}ms` : one.do;
      return `${what} at ${one.atUs / 1000}ms`;
    })
    .join(', ');
}
