import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../../base/count-words.ts';
import type { EphemeralRunner } from '../../kubernetes/types.ts';
import { belongsTo, setCalled } from '../belongs-to.ts';
import type { Finding, Rule } from '../finding.ts';

/** Scale sets that have as many runners with jobs as they may: jobs that come now wait for one of them to end. */
export const allBusy: Rule = (reading) => {
  const { sets, runners } = reading.objects;
  return sets.flatMap(({ object, seen }): Finding[] => {
    const max = object.spec?.maxRunners;
    if (object.kind !== 'AutoscalingRunnerSet' || typeof max !== 'number' || max === 0) return [];
    const busy = runners.filter((runner) => belongsTo(object, runner.object) && hasJob(runner.object));
    const [first] = busy;
    if (first === undefined || busy.length < max) return [];
    return [
      {
        id: 'all-busy',
        severity: 'warning',
        sentence: t(
          'Scale set {0} may have {1}, and all run jobs: no runner is made until one ends.',
          setCalled(reading, object),
          runnersText(thousands(max)),
        ),
        details: [],
        runners: [],
        evidence: [
          { at: seen, says: `spec.maxRunners ${max}` },
          { at: first.phaseSeen, says: t('the first of those with a job') },
        ],
        confidence: 'sure',
        advice: t('Raise maxRunners of the scale set, where the nodes have room for more.'),
        knob: 'maxRunners',
        weightUs: 0,
      },
    ];
  });
};

/** By its number or, in later releases, its id. */
function hasJob({ status }: EphemeralRunner): boolean {
  const { phase, jobRequestId = 0 } = status ?? {};
  return phase === 'Running' && (jobRequestId !== 0 || (status?.jobId ?? '') !== '');
}
