import { t } from '@vscode/l10n';
import { setCalled } from '../belongs-to.ts';
import type { EvidenceLine, Finding, Rule } from '../finding.ts';
import type { Reading } from '../reading.ts';

/** Scale sets whose limits contradict each other, or let no job run: by their objects or by what their listeners reckon with. */
export const limits: Rule = (reading) => [...ofObjects(reading), ...ofListeners(reading)];

function ofObjects(reading: Reading): Finding[] {
  return reading.objects.sets.flatMap(({ object, seen }) => {
    const { minRunners: min, maxRunners: max } = object.spec ?? {};
    if (object.kind !== 'AutoscalingRunnerSet' || typeof max !== 'number') return [];
    const name = t('Scale set {0}', setCalled(reading, object));
    if (typeof min === 'number' && min > max) {
      const says = `spec.minRunners ${min}, spec.maxRunners ${max}`;
      return [moreThanMaximum(name, min, max, { at: seen, says })];
    }
    if (max > 0) return [];
    return [
      {
        ...of({ at: seen, says: `spec.maxRunners ${max}` }),
        sentence: t('{0} has maxRunners {1}: it runs no job.', name, max),
        confidence: 'likely',
        advice: t('Raise maxRunners, unless the scale set is meant to rest.'),
      },
    ];
  });
}

function ofListeners({ listeners }: Reading): Finding[] {
  return [...listeners.values()].flatMap(({ limits: told }) => {
    const { min = 0, max = Number.POSITIVE_INFINITY, seen } = told ?? {};
    const isContrary = seen !== undefined && min > max;
    return isContrary
      ? [moreThanMaximum(t('The listener'), min, max, { at: seen, says: `min=${min} max=${max}` })]
      : [];
  });
}

function moreThanMaximum(who: string, min: number, max: number, evidence: EvidenceLine): Finding {
  return {
    ...of(evidence),
    sentence: t('{0} has minRunners {1} and maxRunners {2}: there are never more than {2}.', who, min, max),
    confidence: 'sure',
    advice: t('Set minRunners to at most maxRunners.'),
  };
}

function of(evidence: EvidenceLine): Omit<Finding, 'sentence' | 'confidence' | 'advice'> {
  const shown = { id: 'limits', severity: 'warning', details: [], runners: [], evidence: [evidence] } as const;
  return { ...shown, knob: 'maxRunners', weightUs: 0 };
}
