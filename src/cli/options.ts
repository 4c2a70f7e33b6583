import { parseArgs, type ParseArgsConfig } from 'node:util';
import { parseAddress, type Address } from '../base/address.ts';
import { parseDurationUs } from '../base/duration.ts';
import { parseLatency } from '../base/latency.ts';
import { likelyWord } from '../base/likely-word.ts';
import { visibleText } from '../base/visible-text.ts';
import { parseFaults, type Faults } from '../run/conditions-control.ts';
import { isPodFile } from '../run/pod-file-name.ts';
import { readPodFile } from '../run/pod-plan.ts';
import { DEFAULT_SETTINGS, MOST_RUNNERS, POD_PRESET_NAMES, type RunSettings } from '../run/settings.ts';
import { WORKQUEUE_RATE_LIMITERS, type WorkqueueRateLimiter } from '../runtime/rate-limiter.ts';
import { UsageError } from './usage.ts';

export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What an option was given with; undefined where it was not given, or takes no value. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Options that compare, run and sweep share. */
export const SHARED = [
  'runners',
  'workers',
  'qps',
  'burst',
  'workqueue-rate-limiter',
  'jit-latency',
  'api-latency',
  'pods',
  'pod-start',
  'job-duration',
  'seed',
];

/**
 * @param repeated options that may be given more than once, each with a value
 * @throws UsageError for unknown options, missing values and positional arguments
 */
export function parse(
  args: readonly string[],
  strings: readonly string[],
  flags: readonly string[],
  repeated: readonly string[] = [],
): Values {
  const { values, positionals } = parseMixed(args, strings, flags, repeated);
  if (positionals.length > 0) throw new UsageError(`unexpected argument ${JSON.stringify(positionals[0])}`);
  return values;
}

/**
 * The same for a command that also takes words without an option before them.
 * @throws UsageError for unknown options and missing values
 */
export function parseMixed(
  args: readonly string[],
  strings: readonly string[],
  flags: readonly string[],
  repeated: readonly string[] = [],
): { readonly values: Values; readonly positionals: readonly string[] } {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const name of strings) options[name] = { type: 'string' };
  for (const name of flags) options[name] = { type: 'boolean' };
  for (const name of repeated) options[name] = { type: 'string', multiple: true };
  if (strings.includes('namespace')) options['namespace'] = { type: 'string', short: 'n' };
  try {
    const { values, positionals, tokens } = parseArgs({
      args: withNegatives(args),
      options,
      allowPositionals: true,
      tokens: true,
    });
    const given = tokens.flatMap((token) => (token.kind === 'option' ? [[token.name, token.value] as const] : []));
    process.stderr.write(overruledText(given.filter(([name]) => !repeated.includes(name))));
    return { values: values as Values, positionals };
  } catch (error) {
    throw new UsageError(optionProblem(error as NodeJS.ErrnoException, Object.keys(options)));
  }
}

/** A line for each option that is given several values though it takes one. */
function overruledText(given: readonly (readonly [name: string, value: string | undefined])[]): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of given) {
    if (value !== undefined) values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  const last = new Map(given);
  return [...values]
    .filter(([, all]) => all.size > 1)
    .map(([name]) => `--${name} is given more than once; the last one counts, ${visibleText(last.get(name) ?? '')}.\n`)
    .join('');
}

/** Negative numbers joined to their options: parseArgs takes `-1` for an option, and nobody learns that 1 is the least. */
function withNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of args) {
    const last = joined.at(-1);
    if (/^-\d/.test(argument) && last !== undefined && /^--[^=]+$/.test(last))
      joined.splice(-1, 1, `${last}=${argument}`);
    else joined.push(argument);
  }
  return joined;
}

/** What parseArgs found, in the words of the other sentences. */
function optionProblem({ code, message }: NodeJS.ErrnoException, known: readonly string[]): string {
  const quoted = /'(.*?)'/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const meant = quoted.startsWith('--') ? likelyOption(quoted.slice(2), known) : undefined;
    return `unknown option ${quoted}${meant === undefined ? '' : `; did you mean --${meant}?`}`;
  }
  const option = quoted.replace(/ <value>$/, '').replace(/^-\w, /, '');
  return message.includes('does not take an argument') ? `${option} takes no value` : `${option} needs a value`;
}

/** ARC's flag whose name has no word of ours. */
const ARC_FLAGS: Readonly<Record<string, string>> = { 'runner-max-concurrent-reconciles': 'workers' };

/** One that is spelled alike, or that the name begins or ends with: `max` for the chart's `maxRunners`, `qps` for ARC's long name. */
function likelyOption(name: string, known: readonly string[]): string | undefined {
  const kebab = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  const alike = likelyWord(kebab, known) ?? ARC_FLAGS[kebab];
  const found = [alike, kebab.split('-')[0], kebab.split('-').at(-1)];
  return found.find((each) => each !== undefined && known.includes(each));
}

/** Each shared setting as the list of its values; most commands want exactly one of each. */
export function settingLists(values: Values): { [K in keyof RunSettings]?: RunSettings[K][] } {
  const list = <T>(name: string, read: (name: string, text: string) => T): T[] | undefined => {
    const text = values[name];
    return typeof text === 'string' ? text.split(',').map((part) => read(name, part.trim())) : undefined;
  };
  const lists: Record<string, unknown[] | undefined> = {
    runners: list('runners', runnerCount),
    workers: list('workers', (name, text) => count(name, text, 1)),
    qps: list('qps', (name, text) => number(name, text)),
    burst: list('burst', (name, text) => count(name, text, 1)),
    workqueueRateLimiter: list('workqueue-rate-limiter', rateLimiter),
    ...latencies('jit', values['jit-latency']),
    ...latencies('api', values['api-latency']),
    pods: list('pods', podPreset),
    podStartUs: list('pod-start', duration),
    jobDurationUs: list('job-duration', duration),
    seed: list('seed', (name, text) => count(name, text, 0)),
  };
  for (const key of Object.keys(lists)) if (lists[key] === undefined) Reflect.deleteProperty(lists, key);
  return lists;
}

/** Durations, or one distribution: its median, and how latencies lie around it. */
function latencies(of: 'jit' | 'api', text: Values[string]): Record<string, unknown[]> {
  if (typeof text !== 'string') return {};
  const latency = parseLatency(text);
  if (typeof latency === 'string') throw new UsageError(`--${of}-latency ${text.trim()} ${latency}`, false);
  if (latency !== undefined) return { [`${of}LatencyUs`]: [latency.medianUs], [`${of}Shape`]: [latency.shape] };
  if (/^(?:[a-z]+\(|p\d)/.test(text.trim())) {
    throw new UsageError(
      `--${of}-latency must be a duration, lognormal(400ms,0.3), p50=400ms,p95=900ms or empirical(300ms,400ms,900ms), not ${JSON.stringify(text)}`,
    );
  }
  return { [`${of}LatencyUs`]: text.split(',').map((part) => duration(`${of}-latency`, part.trim())) };
}

/** @throws UsageError when a setting has several values and is not in `mayBeList` */
export function singleSettings(
  values: Values,
  mayBeList: readonly (keyof RunSettings)[] = [],
): Omit<RunSettings, 'mode'> {
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [key, list] of Object.entries(settingLists(values))) {
    if (list.length > 1 && !mayBeList.includes(key as keyof RunSettings)) {
      throw new UsageError(`${optionOf(key)} takes one value here; lists are for arc-lab sweep`);
    }
    settings[key] = list[0];
  }
  return settings as unknown as Omit<RunSettings, 'mode'>;
}

/**
 * How many seeds each setting runs with, as `--seeds` says; undefined without it.
 * @throws UsageError
 */
export function seedsIn(values: Values): number | undefined {
  const text = values['seeds'];
  if (typeof text !== 'string') return undefined;
  if (typeof values['seed'] === 'string' && values['seed'].includes(',')) {
    throw new UsageError('--seed names the first of --seeds: give one');
  }
  const seeds = count('seeds', text, FEWEST_SEEDS);
  if (seeds > MOST_SEEDS) throw new UsageError(`--seeds must be at most ${MOST_SEEDS}, not ${text}`);
  return seeds;
}

/** With fewer there is no band, and no rank test finds a difference. */
const FEWEST_SEEDS = 4;
/** More make no band narrower than anybody reads it, and take hours. */
const MOST_SEEDS = 10_000;

/** @returns how long a run may last at most; undefined by default */
export function horizonUs(values: Values): number | undefined {
  return positiveDuration(values, 'horizon');
}

function optionOf(setting: string): string {
  return `--${setting.replace(/Us$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function rateLimiter(name: string, text: string): WorkqueueRateLimiter {
  const found = WORKQUEUE_RATE_LIMITERS.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} must be ${WORKQUEUE_RATE_LIMITERS.join(' or ')}, not ${JSON.stringify(text)}`);
}

/** @throws UsageError */
export function count(name: string, text: string, least: number): number {
  if (!/^-?\d+$/.test(text)) throw new UsageError(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  const value = Number(text);
  if (value < least || !Number.isSafeInteger(value))
    throw new UsageError(`--${name} must be at least ${least}, not ${text}`);
  return value;
}

function runnerCount(name: string, text: string): number {
  const value = count(name, text, 1);
  if (value > MOST_RUNNERS) throw new UsageError(`--${name} must be at most ${MOST_RUNNERS}, not ${text}`);
  return value;
}

function number(name: string, text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new UsageError(`--${name} must be a number, not ${JSON.stringify(text)}`);
  if (Number(text) < 0) throw new UsageError(`--${name} must not be negative; 0 means no limit`);
  return Number(text);
}

function podPreset(_name: string, text: string): string {
  if (POD_PRESET_NAMES.has(text)) return text;
  if (isPodFile(text)) {
    try {
      readPodFile(text);
      return text;
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }
  const names = [...POD_PRESET_NAMES.keys()].join(', ');
  throw new UsageError(
    `unknown preset ${JSON.stringify(text)} for --pods; there are ${names}, and files that end with .yaml or .json`,
  );
}

/** @throws UsageError */
export function duration(name: string, text: string): number {
  const us = parseDurationUs(text);
  if (us === undefined)
    throw new UsageError(`--${name} must be a duration like 200ms or 1.5s, not ${JSON.stringify(text)}`);
  return us;
}

/**
 * What an option says how long something may last; undefined where it is not given.
 * @throws UsageError
 */
export function positiveDuration(values: Values, name: string): number | undefined {
  const text = textOf(values, name);
  const us = text === undefined ? undefined : duration(name, text);
  if (us === 0) throw new UsageError(`--${name} must be longer than 0`);
  return us;
}

/**
 * Reads `create pods 500 3,generatejitconfig 503 2`.
 * @throws UsageError
 */
export function faults(text: Values[string]): Faults {
  if (text === '') throw new UsageError('--fail names no fault; it looks like "create pods 500 3"');
  const parsed = parseFaults(typeof text === 'string' ? text : '');
  if (typeof parsed === 'string') throw new UsageError(`--fail: ${parsed}`);
  return parsed;
}

/**
 * @returns how many runners are created a second; undefined for one burst
 * @throws UsageError
 */
export function perSecond(text: Values[string]): number | undefined {
  if (typeof text !== 'string') return undefined;
  const value = number('per-second', text);
  if (value === 0) throw new UsageError('--per-second must be more than 0; without it runners come in one burst');
  return value;
}

/** @throws UsageError */
export function address(name: string, text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new UsageError(`--${name} must be HOST:PORT, not ${JSON.stringify(text)}`);
  return parsed;
}
