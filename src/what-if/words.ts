import { t } from '@vscode/l10n';
import type { Advice, Growth } from '../advice/advise.ts';
import type { Curve } from '../advice/curve.ts';
import type { Limit } from '../advice/limit.ts';
import { isAsked, meets, type Objective } from '../advice/objective.ts';
import type { Outcome } from '../advice/outcome.ts';
import type { FlagChange } from '../advice/patch.ts';
import { basisOf } from '../advice/recorded.ts';
import type { Bar } from '../advice/tornado.ts';
import type { Spread } from '../analysis/spread.ts';
import { capital } from '../base/capital.ts';
import { formatDuration } from '../base/duration.ts';
import { isRealDifference } from '../explain/real-difference.ts';
import {
  basisText,
  changeText,
  effectText,
  foundText,
  growthText,
  isEffect,
  kneeText,
  lastPodText,
  limitText,
  patchText,
  podStartNote,
} from '../report/advice-text.ts';
import type { RunSettings } from '../run/settings.ts';
import type {
  Basis,
  ComparedRow,
  CurveOfOne,
  Effect,
  EffectsOfOne,
  Patch,
  WhatIfHostMessage,
} from '../what-if-protocol.ts';
import { differingValues } from './fields.ts';

type Message<Type extends WhatIfHostMessage['type']> = Extract<WhatIfHostMessage, { type: Type }>;

export function nowMessage(now: Outcome, limit: Limit): Message<'now'> {
  const text = t('Now {0}. {1}', lastPodText(now), capital(limitText(limit, now.settings)));
  return { type: 'now', text, basis: basisFor(now.settings) };
}

export function effectsOf({ id, ends }: Bar, now: Outcome, isFirstLook: boolean): EffectsOfOne {
  return {
    id: String(id),
    isFirstLook,
    ends: ends.map((end): Effect => {
      const { settings, lastUs } = end.outcome;
      const isReal = isEffect(end, now);
      const isSeen = isFirstLook && isRealDifference(now.lastUs.median, lastUs.median);
      return {
        change: changeText(id, now.settings, settings),
        effect: isReal || isSeen ? effectText(end) : id === 'podStartUs' ? podStartNote() : t('no difference'),
        soonerUs: finite(end.soonerUs),
        isEffect: isReal,
        basis: basisFor(settings),
        values: differingValues(now.settings, settings),
      };
    }),
  };
}

export function curveMessage(curve: Curve | undefined, now: RunSettings): Message<'curve'> {
  return { type: 'curve', curve: curve === undefined ? null : curveOfOne(curve, now) };
}

function curveOfOne(curve: Curve, now: RunSettings): CurveOfOne {
  const { knob, points, knee } = curve;
  return {
    label: knob === 'workers' ? t('workers') : t('requests a second'),
    points: points.map(({ settings, lastUs }) => ({
      value: settings[knob],
      lastUs: finite(lastUs.median),
      lowUs: finite(lastUs.low),
      highUs: finite(lastUs.high),
      text: timeText(lastUs),
      basis: basisFor(settings),
      values: differingValues(now, settings),
    })),
    knee,
    text: kneeText(curve),
  };
}

export function foundMessage(advice: Omit<Advice, 'growth'>, objective: Objective): Message<'found'> {
  const { now, found, changes } = advice;
  const { settings } = found.nearest;
  const values = changes.length === 0 ? null : differingValues(now.settings, settings);
  return { type: 'found', text: foundText(advice, objective), basis: basisFor(settings), values };
}

export function growthMessage(growth: Growth, objective: Objective): Message<'growth'> {
  return { type: 'growth', text: growthText(growth, objective), basis: basisFor(growth.outcome.settings) };
}

/** @param about what the changes are for, in a sentence */
export function patchOf(
  changes: readonly FlagChange[],
  version: string | undefined,
  now: Outcome,
  then: Outcome,
  about: string,
): Patch | null {
  if (changes.length === 0) return null;
  const text = (form: 'helm' | 'flags'): string => patchText({ changes, version, now }, then, form);
  return { about, helm: text('helm'), flags: text('flags') };
}

/** What is tried beside what is now; the verdict says by how much the last pod comes sooner or later. */
export function comparedMessage(now: Outcome, tried: Outcome, objective: Objective): Message<'compared'> {
  const rows = [
    row(t('Last pod'), timeText(now.lastUs), timeText(tried.lastUs)),
    row(t('95 of 100 pods'), timeText(now.p95Us), timeText(tried.p95Us)),
    row(t('Most requests within a second'), rateText(now), rateText(tried)),
  ];
  return { type: 'compared', text: comparedText(now, tried, objective), basis: basisFor(tried.settings), rows };
}

function comparedText(now: Outcome, tried: Outcome, objective: Objective): string {
  const differenceUs = now.lastUs.median - tried.lastUs.median;
  const [before, after] = [now, tried].map(({ lastUs }) => timeText(lastUs)) as [string, string];
  const by = formatDuration(Math.abs(Math.round(differenceUs)));
  const difference =
    tried.lastUs.median === Infinity
      ? t('Some runners get no pod.')
      : now.lastUs.median === Infinity
        ? t('The last pod comes after {0}; now some runners get none.', after)
        : !isRealDifference(now.lastUs.median, tried.lastUs.median)
          ? t('No difference: the last pod comes after {0}, and after {1} now.', after, before)
          : differenceUs > 0
            ? t('The last pod comes {0} sooner: after {1} instead of {2}.', by, after, before)
            : t('The last pod comes {0} later: after {1} instead of {2}.', by, after, before);
  if (!isAsked(objective)) return difference;
  return `${difference} ${meets(objective, tried) ? t('The objective is met.') : t('The objective is not met.')}`;
}

function row(label: string, now: string, tried: string): ComparedRow {
  return { label, now, tried };
}

function rateText({ requestsASecond }: Outcome): string {
  return String(requestsASecond.median);
}

function timeText({ median }: Spread): string {
  return median === Infinity ? t('never') : formatDuration(Math.round(median));
}

function basisFor(settings: RunSettings): Basis {
  return { kind: basisOf(settings), text: basisText(settings) };
}

/** Messages are JSON, which has no infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
