import { t } from '@vscode/l10n';
import { inWords, runnersText, thousands } from '../base/count-words.ts';
import type { LabAtWork } from '../apply/write-lease.ts';
import type { Explanation } from '../evidence/explain.ts';
import type { Finding } from '../evidence/finding.ts';

/**
 * Where no controller of ARC runs, that comes before all else: nothing happens to runners, whatever is wrong with them.
 * @param labs those that reconcile in its place: with them all is as it should be, and they have no log here
 * @param places namespaces whose pods were looked at; none for all
 */
export function withoutController(
  explanation: Explanation,
  places: readonly string[],
  labs: readonly LabAtWork[],
): Explanation {
  const { runners } = explanation.reading.objects;
  const isReconciled = ({ object: { metadata } }: (typeof runners)[number]): boolean =>
    labs.some(({ namespace }) => namespace === '' || namespace === metadata.namespace);
  if (labs.length > 0 && runners.every(isReconciled)) return withLabs(explanation, labs);
  const finding = noController(explanation, places);
  return {
    ...{ ...explanation, isHealthy: false, isJudged: true, verdict: finding.sentence },
    findings: [finding, ...explanation.findings],
  };
}

function withLabs(explanation: Explanation, labs: readonly LabAtWork[]): Explanation {
  const said = labs.map(({ holder, namespace }) =>
    namespace === ''
      ? t('No ARC controller runs; arc-lab ({0}) reconciles all namespaces.', holder)
      : t('No ARC controller runs; arc-lab ({0}) reconciles namespace {1}.', holder, namespace),
  );
  if (!explanation.isHealthy) return { ...explanation, remarks: [...said, ...explanation.remarks] };
  return { ...explanation, verdict: [...said, explanation.verdict].join(' ') };
}

function noController({ reading }: Explanation, places: readonly string[]): Finding {
  const { runners } = reading.objects;
  const [first] = runners;
  const where =
    places.length === 0
      ? t('any namespace')
      : places.length === 1
        ? t('namespace {0}', places[0] ?? '')
        : t('namespaces {0}', inWords(places));
  const list = t(
    'List the controllers: kubectl get deployments -A -l app.kubernetes.io/part-of=gha-rs-controller. Where none is listed, install the chart gha-runner-scale-set-controller; one with 0 replicas must be scaled up.',
  );
  const elsewhere = t(
    'Where it runs in another namespace, use a context with that namespace, or ask for the right to list pods in it.',
  );
  return {
    id: 'no-controller',
    severity: 'error',
    sentence:
      runners.length === 0
        ? t('No ARC controller was found in {0}.', where)
        : t(
            'No ARC controller was found in {0}: nothing is done for {1}.',
            where,
            runnersText(thousands(runners.length)),
          ),
    details: [],
    runners: [],
    evidence: first === undefined ? [] : [{ at: first.seen, says: t('a runner that a controller would look after') }],
    confidence: places.length === 0 ? 'sure' : 'likely',
    advice: places.length === 0 ? list : `${list} ${elsewhere}`,
    weightUs: 0,
  };
}
