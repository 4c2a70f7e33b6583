import { t } from '@vscode/l10n';
import type { Pod } from '../../kubernetes/types.ts';
import { problemOfEvents, wantsEvents } from '../../problems/pod-event-problem.ts';
import { podProblem, problemSentence, type PodProblem } from '../../problems/pod-problem.ts';
import { runnerNote } from '../../problems/runner-note.ts';
import { briefWords } from '../brief-words.ts';
import { clean } from '../clean.ts';
import type { OfOne, Rule } from '../finding.ts';
import { toSecond } from '../moment.ts';
import { eventsOfPod, runnerOfJobPod, runnerOfPod } from '../pod-owner.ts';
import { keyOf, type Found, type Reading } from '../reading.ts';
import { sameWords } from '../same-words.ts';
import { shortened } from '../words.ts';

/** What is wrong with the pods that runners of the container mode kubernetes make for their jobs: the runner itself looks well. */
export const jobPods: Rule = (reading) =>
  [...reading.objects.pods.values()].flatMap((found) => {
    const { object } = found;
    const runner = runnerOfJobPod(object);
    if (runner === undefined || object.metadata.deletionTimestamp !== undefined) return [];
    const problem = problemOf(reading, object);
    return problem === undefined ? [] : [finding(reading, found, runner, problem)];
  });

/** A container that ended with an exit code of its own is a step of the job that failed, which GitHub shows. */
function problemOf(reading: Reading, pod: Pod): PodProblem | undefined {
  const { latestUs } = reading.objects;
  const noted = runnerNote(runnerOfPod(pod), pod, undefined, { nowUs: latestUs, epochMs: 0, redact: clean });
  if (/^exit \d/.test(noted.trouble?.code ?? '')) return undefined;
  const events = eventsOfPod(reading, pod.metadata);
  const told = wantsEvents(noted) ? problemOfEvents({ events, epochMs: 0, redact: clean }) : undefined;
  return told ?? podProblem(noted, latestUs);
}

function finding(
  { objects: { latestUs } }: Reading,
  { object, phaseSeen }: Found<Pod>,
  runner: string,
  problem: PodProblem,
): OfOne {
  const { name } = object.metadata;
  const said = clean(problem.words);
  const brief = briefWords(said);
  const words = clean(problemSentence({ ...problem, words: brief, sinceUs: undefined }, latestUs));
  return {
    id: 'job-pod',
    severity: 'error',
    sentence: shortened(t("The job's pod {0}: {1}", name, words), 24),
    details: [
      ...(problem.sinceUs === undefined ? [] : [t('Since {0}Z.', toSecond(problem.sinceUs))]),
      ...(said === '' || said === brief ? [] : [said]),
      t('The job on {0} waits for it; the runner itself looks well.', runner),
    ],
    runners: [runner],
    evidence: [{ at: phaseSeen, says: t('pod {0}', keyOf(object)) }],
    confidence: 'sure',
    advice: problem.advice,
    weightUs: problem.sinceUs === undefined ? 0 : Math.max(0, latestUs - problem.sinceUs),
    alike: {
      cause: `${problem.what} ${sameWords(brief, name)}`,
      sentence: (who) => shortened(t("The jobs' pods of {0}: {1}", who, words.replaceAll(name, '…')), 24),
      sinceUs: problem.sinceUs,
    },
  };
}
