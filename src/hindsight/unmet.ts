import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { happeningText, type TimedHappening } from '../run/happenings.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { Chronicle } from './chronicle.ts';
import { makesOwnRunners, runnerNames } from './choose-subject.ts';

/** What was to happen meanwhile and did, by when it did. */
export function metIn({ load }: RunSpec, chronicle: Chronicle): Chronicle['interferences'] {
  const planned = load?.happenings ?? [];
  return chronicle.interferences.filter((each) => planned.some((one) => isOf(each, one, chronicle)));
}

/** Whether something that happened is what was planned. */
function isOf(
  { text, atUs }: Chronicle['interferences'][number],
  planned: TimedHappening,
  { finished }: Chronicle,
): boolean {
  return atUs === finished.originUs + planned.atUs && text === happeningText(planned);
}

/** What was to happen meanwhile and met nothing that it could happen to: a sentence each. */
export function unmetTexts(spec: RunSpec, chronicle: Chronicle): readonly string[] {
  const { interferences, finished } = chronicle;
  const names = runnerNames(spec);
  return (spec.load?.happenings ?? []).flatMap((happening) => {
    const runner = 'runner' in happening ? happening.runner : undefined;
    const isUnknown = runner !== undefined && !makesOwnRunners(spec) && !names.includes(runner);
    if (!isUnknown && interferences.some((each) => isOf(each, happening, chronicle))) return [];
    const what = t('"{0}" at {1}', happeningText(happening), formatDuration(happening.atUs));
    if (isUnknown) return [t('{0} met no runner: there are runner-1 to runner-{1}.', what, names.length)];
    if (runner !== undefined && makesOwnRunners(spec)) {
      return [t('{0} met no runner: those of a scale set have names of their own. Leave the name out.', what)];
    }
    const isOver = finished.originUs + happening.atUs > (finished.trace.endedUs ?? Infinity);
    return [
      isOver
        ? t('{0} did not happen: the run was over.', what)
        : t('{0} met nothing: nothing of the kind was there.', what),
    ];
  });
}
