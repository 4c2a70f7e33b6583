import { t } from '@vscode/l10n';
import { runnersText, thousands } from '../../base/count-words.ts';
import { belongsTo, setCalled } from '../belongs-to.ts';
import type { Finding, Rule } from '../finding.ts';

/** A set that is Outdated and counts runners that do not exist: nothing is queued for it, so nothing will happen. */
export const countersWithoutObjects: Rule = (reading) => {
  const { sets, runners } = reading.objects;
  return sets.flatMap(({ object, seen }): Finding[] => {
    const { phase, currentRunners, currentReplicas } = object.status ?? {};
    const counted = typeof currentRunners === 'number' ? currentRunners : currentReplicas;
    const { namespace } = object.metadata;
    const hasOwn = runners.some((runner) => belongsTo(object, runner.object));
    if (phase !== 'Outdated' || typeof counted !== 'number' || counted === 0 || hasOwn) return [];
    return [
      {
        id: 'counters-without-objects',
        severity: 'error',
        sentence: t(
          'Set {0} is Outdated and counts {1}, but 0 exist here: nothing is queued, so nothing will happen.',
          setCalled(reading, object),
          runnersText(thousands(counted)),
        ),
        details: [
          t(
            'ARC waits for runners to go that are gone already. This is so only if runners were asked for, too: kubectl get ephemeralrunners.',
          ),
        ],
        runners: [],
        evidence: [{ at: seen, says: `status.phase Outdated, ${counted} counted` }],
        confidence: 'likely',
        advice: t(
          "Check with kubectl get ephemeralrunners -n {0}; if there are none, set the counters of the set's status to 0 (kubectl patch --subresource=status), and change its spec to bring it back.",
          namespace ?? 'NAMESPACE',
        ),
        weightUs: 0,
      },
    ];
  });
};
