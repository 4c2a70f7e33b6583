import { visibleText } from '../base/visible-text.ts';
import type { PodTrouble, RunnerWhy } from './model.ts';

const TROUBLE_FIELDS = [
  'code',
  'container',
  'init',
  'exitCode',
  'message',
  'since',
  'detail',
  'ended',
  'overlooked',
  'due',
] as const satisfies readonly (keyof PodTrouble)[];

/**
 * What there is of a why, as it may be shown and without what is empty; undefined where that leaves nothing.
 * @param isVisible whether it comes from here and may be shown as it is
 */
export function whyOf(
  { reason = '', message = '', trouble, failures = 0 }: RunnerWhy,
  isVisible = false,
): RunnerWhy | undefined {
  if (reason === '' && message === '' && trouble === undefined && failures === 0) return undefined;
  const why: { -readonly [field in keyof RunnerWhy]: RunnerWhy[field] } = {};
  if (reason !== '') why.reason = isVisible ? reason : visibleText(reason);
  if (message !== '') why.message = isVisible ? message : visibleText(message);
  if (trouble !== undefined) why.trouble = isVisible ? trouble : visibleTrouble(trouble);
  if (failures !== 0) why.failures = failures;
  return why;
}

/** Whether two are equal: a kubelet that repeats a known report has nothing new. */
export function isSameWhy(one: RunnerWhy | undefined, other: RunnerWhy | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.reason === other.reason &&
    one.message === other.message &&
    one.failures === other.failures &&
    isSameTrouble(one.trouble, other.trouble)
  );
}

function isSameTrouble(one: PodTrouble | undefined, other: PodTrouble | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  // Nearly all that differ do so in what comes first.
  return one.code === other.code && TROUBLE_FIELDS.every((field) => one[field] === other[field]);
}

/** In one order of fields, so that a trace that is read is written as it was. */
function visibleTrouble(trouble: PodTrouble): PodTrouble {
  const visible: Record<string, unknown> = {};
  for (const field of TROUBLE_FIELDS) {
    const value = trouble[field];
    if (value !== undefined && value !== '') visible[field] = typeof value === 'string' ? visibleText(value) : value;
  }
  return visible as unknown as PodTrouble;
}

/** Waits that every pod passes through; only that one lasts is worth a word. */
const COMMON_WAITS: ReadonlySet<string> = new Set([
  'NotScheduled',
  'NotStarted',
  'ContainerCreating',
  'PodInitializing',
  'InitRunning',
  'Terminating',
]);

export function isCommonWait({ code }: Pick<PodTrouble, 'code'>): boolean {
  return COMMON_WAITS.has(code);
}
