import { t } from '@vscode/l10n';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { fitting, hasClientLimitFlags, hasWorkersFlag } from '../run/fitting-settings.ts';
import type { Load } from '../run/run-target.ts';
import type { RunSettings } from '../run/settings.ts';
import { WORKQUEUE_RATE_LIMITERS } from '../runtime/rate-limiter.ts';
import type { Objective } from '../advice/objective.ts';
import type { Choice, Field, FieldId, FieldValues } from '../what-if-protocol.ts';

/** What advice is asked for. */
export interface Question {
  readonly settings: RunSettings;
  readonly load: Load;
  readonly objective: Objective;
}

/** Where the values of fields come from, by field: `fitted from controller.log`. */
export type Origins = Readonly<Partial<Record<FieldId, string>>>;

/** Values as they are written, and why some of them cannot be used. */
export interface ReadValues {
  readonly question: Question;
  readonly problems: Readonly<Partial<Record<FieldId, string>>>;
}

/** A number that people write: its unit and bounds, and what it is in a question. */
interface NumberField {
  readonly id: FieldId;
  readonly group: Field['group'];
  readonly label: string;
  readonly unit: string;
  readonly isWhole: boolean;
  readonly least: number;
  readonly most: number;
  /** May be left empty. */
  readonly isOptional: boolean;
  readonly of: (question: Question) => number | undefined;
  readonly set: (question: Question, value: number | undefined) => Question;
}

/** More take longer than somebody waits in front of a page. */
const MOST_RUNNERS = 5_000;
const MOST_WORKERS = 1_000;
const MOST_RATE = 100_000;
const MOST_SECONDS = 7_200;
const MS = 1_000;
const S = 1_000_000;

/** As people write numbers: neither hexadecimal nor with an exponent. */
const PLAIN = /^(\d+\.?\d*|\.\d+)$/;

/** What a slider may make of a value, and what it stops at where there is none. */
const FACTORS = [0.125, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 16];
const USUAL_STOPS: Readonly<Partial<Record<FieldId, readonly number[]>>> = { podStart: [1, 2, 5, 10, 20, 30, 60] };

function numberFields(): readonly NumberField[] {
  type Own = Partial<Pick<NumberField, 'unit' | 'isWhole' | 'least' | 'most' | 'isOptional'>>;
  const setting =
    (id: FieldId, group: NumberField['group'], label: string, own: Own) =>
    (of: NumberField['of'], set: NumberField['set']): NumberField => ({
      ...{ id, group, label, unit: '', isWhole: false, least: 0, most: MOST_RATE, isOptional: false, ...own, of, set },
    });
  const withSettings = (question: Question, settings: Partial<RunSettings>): Question => ({
    ...question,
    settings: { ...question.settings, ...settings },
  });
  // Nothing comes within no time: an objective is left empty where there is none.
  const time = { unit: 's', least: MS / S, most: MOST_SECONDS, isOptional: true };
  const us = (value: number | undefined, unit: number): number => Math.round((value ?? 0) * unit);
  const inSeconds = (value: number | undefined): number | undefined => (value === undefined ? undefined : value / S);
  return [
    setting('runners', 'load', t('Runners'), { isWhole: true, least: 1, most: MOST_RUNNERS })(
      ({ settings }) => settings.runners,
      (question, value = 1) => withSettings(question, { runners: value }),
    ),
    setting('perSecond', 'load', t('Created a second'), { unit: t('runners a second'), isOptional: true })(
      ({ load }) => load.perSecond,
      (question, value) => ({ ...question, load: { ...question.load, perSecond: value === 0 ? undefined : value } }),
    ),
    setting('workers', 'controller', t('Workers'), { isWhole: true, least: 1, most: MOST_WORKERS })(
      ({ settings }) => settings.workers,
      (question, value = 1) => withSettings(question, { workers: value }),
    ),
    setting('qps', 'controller', t('Client limit'), { unit: t('requests a second') })(
      ({ settings }) => settings.qps,
      (question, value = 0) => withSettings(question, { qps: value }),
    ),
    setting('burst', 'controller', t('Client burst'), { unit: t('requests at once'), isWhole: true, least: 1 })(
      ({ settings }) => settings.burst,
      (question, value = 1) => withSettings(question, { burst: value }),
    ),
    setting('jitLatency', 'cluster', t('JIT call'), { unit: 'ms', most: MOST_SECONDS * MS })(
      ({ settings }) => settings.jitLatencyUs / MS,
      (question, value) => withSettings(question, { jitLatencyUs: us(value, MS) }),
    ),
    setting('apiLatency', 'cluster', t('Request to Kubernetes'), { unit: 'ms', most: MOST_SECONDS * MS })(
      ({ settings }) => settings.apiLatencyUs / MS,
      (question, value) => withSettings(question, { apiLatencyUs: us(value, MS) }),
    ),
    setting('podStart', 'cluster', t('Start of a pod'), { unit: 's', most: MOST_SECONDS, isOptional: true })(
      ({ settings }) => inSeconds(settings.podStartUs),
      (question, value) => withSettings(question, { podStartUs: value === undefined ? undefined : us(value, S) }),
    ),
    setting(
      'last',
      'objective',
      t('Last pod within'),
      time,
    )(
      ({ objective }) => inSeconds(objective.lastUs),
      (question, value) => ({ ...question, objective: { ...question.objective, lastUs: inUnits(value, S) } }),
    ),
    setting(
      'p95',
      'objective',
      t('95 of 100 pods within'),
      time,
    )(
      ({ objective }) => inSeconds(objective.p95Us),
      (question, value) => ({ ...question, objective: { ...question.objective, p95Us: inUnits(value, S) } }),
    ),
    setting('requestRate', 'objective', t('Requests at most'), {
      ...{ unit: t('requests a second'), isWhole: true, least: 1, isOptional: true },
    })(
      ({ objective }) => objective.mostRequestsASecond,
      (question, value) => ({
        ...question,
        objective: { ...question.objective, mostRequestsASecond: value },
      }),
    ),
  ];
}

function inUnits(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : Math.round(value * unit);
}

/** The fields of a question, with what is wrong with what is written in them. */
export function fieldsOf(
  question: Question,
  origins: Origins,
  written: FieldValues,
  problems: ReadValues['problems'],
): Field[] {
  const { mode } = question.settings;
  const shown = { ...question, settings: fitting(question.settings) };
  const field = (id: FieldId, own: Omit<Field, 'id' | 'about' | 'problem' | 'isFixed'>): Field => {
    const fixed = fixedBy(id, question);
    const value = fixed === '' && problems[id] !== undefined ? (written[id] ?? own.value) : own.value;
    const about = fixed === '' ? (origins[id] ?? '') : fixed;
    return { id, ...own, value, about, problem: problems[id] ?? '', isFixed: fixed !== '' };
  };
  const limiter = shown.settings.workqueueRateLimiter ?? '';
  const chosen = (id: FieldId, label: string, value: string, choices: readonly Choice[]): Field =>
    field(id, { group: 'controller', label, unit: '', value, choices, stops: [] });
  const numbers = numberFields().map((spec) => {
    const value = spec.of(shown);
    const { id, group, label, unit } = spec;
    return field(id, { group, label, unit, value: textOf(value), choices: undefined, stops: stopsOf(spec, value) });
  });
  const [load, rest] = [
    numbers.filter(({ group }) => group === 'load'),
    numbers.filter(({ group }) => group !== 'load'),
  ];
  return [
    ...load,
    chosen('mode', t('Release'), mode, modeChoices(mode)),
    ...rest.filter(({ group }) => group === 'controller'),
    chosen('workqueueRateLimiter', t('Limiter of the queue'), limiter, [
      { value: '', label: t('as the release has it') },
      ...WORKQUEUE_RATE_LIMITERS.map((name) => ({ value: name, label: name })),
    ]),
    ...rest.filter(({ group }) => group !== 'controller'),
  ];
}

/** Reads what is written in fields over what a question was; what cannot be used stays as it was. */
export function readValues(before: Question, values: FieldValues): ReadValues {
  const problems: Partial<Record<FieldId, string>> = {};
  let question = before;
  const { mode, workqueueRateLimiter } = values;
  if (mode !== undefined && RELEASES.find(mode) === undefined) problems.mode = t('{0} is no release', mode);
  else if (mode !== undefined) question = { ...question, settings: { ...question.settings, mode } };
  if (workqueueRateLimiter !== undefined && fixedBy('workqueueRateLimiter', question) === '') {
    const { workqueueRateLimiter: _, ...settings } = question.settings;
    const chosen = WORKQUEUE_RATE_LIMITERS.find((name) => name === workqueueRateLimiter);
    question = {
      ...question,
      settings: chosen === undefined ? settings : { ...settings, workqueueRateLimiter: chosen },
    };
  }
  for (const spec of numberFields()) {
    const written = values[spec.id]?.trim();
    if (written === undefined || fixedBy(spec.id, question) !== '') continue;
    const problem = problemOf(spec, written);
    if (problem !== '') problems[spec.id] = problem;
    // A value that is shown in fewer digits than it has stays what it was.
    else if (written !== textOf(spec.of(question))) {
      question = spec.set(question, written === '' ? undefined : Number(written));
    }
  }
  return { question, problems };
}

/** The values in which settings differ from others, as fields have them. */
export function differingValues(from: RunSettings, to: RunSettings): FieldValues {
  const valuesOf = (settings: RunSettings): FieldValues => {
    const question = { settings, load: {}, objective: {} };
    return {
      mode: settings.mode,
      workqueueRateLimiter: settings.workqueueRateLimiter ?? '',
      ...Object.fromEntries(numberFields().map(({ id, of }) => [id, textOf(of(question))])),
    };
  };
  const before = valuesOf(from);
  return Object.fromEntries(Object.entries(valuesOf(to)).filter(([id, value]) => before[id as FieldId] !== value));
}

function problemOf({ isWhole, least, most, isOptional }: NumberField, written: string): string {
  if (written === '') return isOptional ? '' : t('a number is needed');
  const value = Number(written);
  const isBetween = PLAIN.test(written) && value >= least && value <= most;
  if (isBetween && (!isWhole || Number.isInteger(value))) return '';
  return isWhole ? t('a whole number from {0} to {1}', least, most) : t('a number from {0} to {1}', least, most);
}

/** Why a field of a question cannot be changed; empty where it can. */
function fixedBy(id: FieldId, { settings: { mode }, load }: Question): string {
  const { switches } = RELEASES.get(mode);
  const isOfLog = load.waves !== undefined && (id === 'runners' || id === 'perSecond');
  if (isOfLog) return t('as in the log');
  const hasFlag =
    id === 'workers'
      ? hasWorkersFlag(mode)
      : id === 'qps' || id === 'burst'
        ? hasClientLimitFlags(mode)
        : id === 'workqueueRateLimiter'
          ? switches.has(4451)
          : true;
  return hasFlag ? '' : t('{0} has no flag for it', mode);
}

function modeChoices(mode: string): Choice[] {
  const ids = RELEASES.ids.includes(mode) ? RELEASES.ids : [...RELEASES.ids, mode];
  return ids.map((id) => ({ value: id, label: id }));
}

function stopsOf({ id, group, isWhole, least, most }: NumberField, value: number | undefined): number[] {
  if (group === 'load' || group === 'objective') return [];
  if (value === undefined || value === 0) return [...(USUAL_STOPS[id] ?? [])];
  const near = FACTORS.map((factor) =>
    isWhole ? Math.round(value * factor) : Number((value * factor).toPrecision(3)),
  );
  const inBounds = near.filter((stop) => stop >= Math.max(least, isWhole ? 1 : 0) && stop <= most);
  return [...new Set([...inBounds, Number(textOf(value))])].sort((a, b) => a - b);
}

/** As people write it: no more digits than say something. */
function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(4)));
}
