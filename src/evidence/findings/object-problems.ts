import { t } from '@vscode/l10n';
import type { EphemeralRunner, Pod } from '../../kubernetes/types.ts';
import { podProblem, problemSentence } from '../../problems/pod-problem.ts';
import { runnerNote } from '../../problems/runner-note.ts';
import { clean } from '../clean.ts';
import type { Finding, Rule } from '../finding.ts';
import { formatUs } from '../moment.ts';
import { keyOf, type Found, type Reading } from '../reading.ts';
import { shortened } from '../words.ts';

/** What is wrong with a runner by what its object and its pod say. */
export const objectProblems: Rule = (reading) => {
  const { runners, pods, latestUs } = reading.objects;
  // Times are those of the epoch, as in a log.
  const look = { nowUs: latestUs, epochMs: 0, redact: clean };
  return [...runners, ...runnersOf(pods, runners)].flatMap(({ object, phaseSeen }): Finding[] => {
    // Whatever its phase says, it is to go: that has a finding of its own.
    if (object.metadata.deletionTimestamp !== undefined) return [];
    const pod = pods.get(keyOf(object));
    const noted = runnerNote(object, pod?.object, undefined, look);
    const problem = podProblem(noted, latestUs);
    if (problem === undefined) return [];
    const { container = 'runner', exitCode } = noted.trouble ?? {};
    const isExitTold = exitCode === undefined || problem.what.includes(String(exitCode));
    const { name } = object.metadata;
    const called = isInTwo(reading, name) ? keyOf(object) : name;
    const { status = {} } = object;
    // How long it has lasted is not known: the objects do not say when they were printed.
    const words = problemSentence({ ...problem, sinceUs: undefined }, latestUs);
    const isPodMissing = pod === undefined && pods.size === 0 && problem.code === 'NoPod';
    return [
      {
        id: 'object-problem',
        severity: 'error',
        sentence: shortened(`${called}: ${clean(words)}`, 24),
        details: [
          ...(problem.sinceUs === undefined ? [] : [t('Since {0}Z.', formatUs(problem.sinceUs).slice(0, 19))]),
          ...(isExitTold ? [] : [t('Container {0} ended with exit code {1}.', container, exitCode)]),
          ...(words.split(' ').length > 20 ? [clean(words)] : []),
          ...(status.jobRequestId === undefined || status.jobRequestId === 0
            ? []
            : [t('Job {0} is assigned to it.', status.jobRequestId)]),
          ...Object.values(status.failures ?? {}).map((time) =>
            typeof time === 'string' ? t('A pod of it failed at {0}.', time) : t('A pod of it failed before.'),
          ),
          ...(isPodMissing
            ? [
                t(
                  'There is no pod at all in what was given: it must have been asked for (kubectl get ephemeralrunners,pods).',
                ),
              ]
            : []),
          problem.next,
        ],
        runners: [name],
        evidence: [
          ...(object.status === undefined && pod !== undefined
            ? []
            : [{ at: phaseSeen, says: `status.phase ${status.phase ?? t('is empty')}` }]),
          ...(pod === undefined
            ? []
            : [{ at: pod.phaseSeen, says: t("the pod's phase is {0}", pod.object.status?.phase ?? 'empty') }]),
        ],
        confidence: isPodMissing ? 'likely' : 'sure',
        advice: problem.advice,
        weightUs: problem.sinceUs === undefined ? 0 : latestUs - problem.sinceUs,
      },
    ];
  });
};

/** Runners that only their pods tell: where nobody has asked for the runners themselves. */
function runnersOf(
  pods: ReadonlyMap<string, Found<Pod>>,
  known: readonly Found<EphemeralRunner>[],
): Found<EphemeralRunner>[] {
  const names = new Set(known.map(({ object }) => keyOf(object)));
  return [...pods].flatMap(([key, found]) => {
    const { metadata, spec } = found.object;
    const isRunners =
      metadata.labels?.['actions-ephemeral-runner'] !== undefined ||
      metadata.ownerReferences?.some(({ kind }) => kind === 'EphemeralRunner') === true;
    if (!isRunners || names.has(key)) return [];
    const runner = {
      apiVersion: 'actions.github.com/v1alpha1',
      kind: 'EphemeralRunner',
      metadata: { name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) },
      spec: { githubConfigUrl: '', githubConfigSecret: '', runnerScaleSetId: 0, spec },
    };
    return [{ ...found, object: runner }];
  });
}

function isInTwo({ objects: { runners } }: Reading, name: string): boolean {
  return runners.filter(({ object }) => object.metadata.name === name).length > 1;
}
