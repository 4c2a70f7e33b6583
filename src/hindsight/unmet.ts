import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { happeningText } from '../run/happenings.ts';
import type { RunSpec } from '../run/run-spec.ts';
import type { Chronicle } from './chronicle.ts';
import { makesOwnRunners, runnerNames } from './choose-subject.ts';

/** What was to happen meanwhile and did, by when it did. */
export function metIn({ load }: RunSpec, { interferences, finished }: Chronicle): Chronicle['interferences'] {
  const planned = (load?.happenings ?? []).map((one) => keyOf(happeningText(one), finished.originUs + one.atUs));
  return interferences.filter(({ text, atUs }) => planned.includes(keyOf(text, atUs)));
}

function keyOf(text: string, atUs: number): string {
  return `${atUs} ${text}`;
}

/** What was to happen meanwhile and met nothing that it could happen to: a sentence each. */
export function unmetTexts(spec: RunSpec, { interferences, finished }: Chronicle): readonly string[] {
  const names = runnerNames(spec);
  return (spec.load?.happenings ?? []).flatMap((happening) => {
    const text = happeningText(happening);
    const atUs = finished.originUs + happening.atUs;
    const runner = 'runner' in happening ? happening.runner : undefined;
    const isUnknown = runner !== undefined && !makesOwnRunners(spec) && !names.includes(runner);
    if (!isUnknown && interferences.some((each) => each.text === text && each.atUs === atUs)) return [];
    const what = t('"{0}" at {1}', text, formatDuration(happening.atUs));
    if (isUnknown) return [t('{0} met no runner: there are runner-1 to runner-{1}.', what, names.length)];
    if (runner !== undefined && makesOwnRunners(spec)) {
      return [t('{0} met no runner: those of a scale set have names of their own. Leave the name out.', what)];
    }
    const isOver = atUs > (finished.trace.endedUs ?? Infinity);
    return [
      isOver
        ? t('{0} did not happen: the run was over.', what)
        : t('{0} met nothing: nothing of the kind was there.', what),
    ];
  });
}
