import { t } from '@vscode/l10n';
import { inWords } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import type { Fate, FateWord } from '../run/fate.ts';
import { splitKey } from '../kubernetes/types.ts';
import { SCALE_SET_ID_ANNOTATION } from '../reconciler/autoscaling-runner-set/names.ts';
import { causeAt } from './cause.ts';
import type { Chronicle } from './chronicle.ts';
import type { Estimate, Hindsight } from './point-of-no-return.ts';
import { roundAdvice, roundOf, roundText, type Round } from './round.ts';

/** How it ended, and from when on that could not be helped any more, in a few sentences. */
export function hindsightText(hindsight: Hindsight): string {
  const { verdict, fate, estimates, chronicle } = hindsight;
  const { originUs } = chronicle.finished;
  const ended = fateText(fate, chronicle);
  const count = estimates[0]?.of ?? 0;
  switch (verdict.kind) {
    case 'ended well':
      return t('{0} There is no point of no return.', ended);
    case 'cut short':
      return cutShortText(fate, chronicle);
    case 'never':
      return t(
        '{0} No future ends well, not even from the beginning ({1} tried): the release itself, or what it found, leads there.',
        ended,
        count,
      );
    case 'not yet': {
      const { well = 0, of = 0 } = estimates.at(-1) ?? {};
      return t(
        '{0} It is not too late: if nothing goes wrong any more, {1} of {2} futures from its last change on end well.',
        ended,
        well,
        of,
      );
    }
    case 'event': {
      const { last, first } = verdict;
      const cause = causeAt(chronicle, first.event, first.atUs);
      const from = clockText(first.atUs - originUs);
      const isExact = first.event - last.event <= 1;
      const point = isExact
        ? t('From {0} on no future ends well: {1}.', from, cause.text)
        : t(
            'From {0} on no future ends well. What led there happened after {1}: there was no time to look closer.',
            from,
            clockText(last.atUs - originUs),
          );
      const before = isExact
        ? t('A moment before, {0} of {1} did; from there on, 0 of {2}.', last.well, last.of, first.of)
        : t('At {0}, {1} of {2} did.', clockText(last.atUs - originUs), last.well, last.of);
      return [ended, point, ...consequence(hindsight, first), before].join(' ');
    }
  }
}

/** The final phase that the controllers then wrote, where they did. */
function consequence({ chronicle, fate }: Hindsight, { event }: Estimate): readonly string[] {
  const { written, finished } = chronicle;
  const after = written.filter((each) => each.event >= event);
  const one = after.find(({ key }) => key === fate.key) ?? after[0];
  if (one === undefined) return [];
  const { name } = splitKey(one.key);
  const when = clockText(one.atUs - finished.originUs);
  return [t('At {0} a controller wrote phase {1} into {2} {3}.', when, one.phase, one.kind, name)];
}

/** A sentence. */
function fateText({ word, key }: Fate, chronicle: Chronicle): string {
  const { name } = splitKey(key);
  const because = (text: string): string => {
    const round = roundOf(chronicle);
    return round === undefined ? `${text}.` : `${text}: ${roundText(round)}.`;
  };
  const texts: Readonly<Record<FateWord, () => string>> = {
    gone: () => (name === '' ? t('Everything is done and gone.') : t('{0} is gone, and nothing of it is left.', name)),
    done: () => t('{0} did its job.', name),
    runs: () => t('{0} runs.', name),
    waits: () => t('{0} waits for a node.', name),
    'not-made': () => t('{0} was never made.', name),
    'registration-left': () => t('{0} is gone, and its registration is left at GitHub.', name),
    'name-taken': () => t('{0} got no pod: its name is registered for another scale set.', name),
    held: () => heldText(chronicle, key),
    failed: () => t('{0} failed for good.', name),
    outdated: () => t('{0} is Outdated for good.', name),
    'no-pod': () => t('{0} has no pod and gets none.', name),
    'pod-pending': () => t('The pod of {0} does not start.', name),
    'pod-over': () => t('The pod of {0} has ended, and the runner does not notice.', name),
    unregistered: () => t('{0} runs, and GitHub does not know it.', name),
    'jobs-left': () => t('Jobs of scale set {0} wait for ever.', name),
    'no-listener': () => t('Scale set {0} has no listener that runs.', name),
    'scale-set-gone': () => because(t('Scale set {0} is gone at GitHub, and its controller does not notice', name)),
    'goes-round': () => because(t('Scale set {0} does not come to an end', name)),
  };
  return texts[word]();
}

/** How far it had come when the run was ended. */
function cutShortText({ word, key }: Fate, { finished: { end } }: Chronicle): string {
  const { name } = splitKey(key);
  const texts: Readonly<Partial<Record<FateWord, () => string>>> = {
    'not-made': () => t('{0} had not been made yet', name),
    held: () => t('{0} was being deleted', name),
    'no-pod': () => t('{0} had no pod yet', name),
    'pod-pending': () => t('the pod of {0} had not started yet', name),
    'pod-over': () => t('the pod of {0} had ended, and {0} had not been deleted yet', name),
    unregistered: () => t('{0} ran and was not registered', name),
    'no-listener': () => t('scale set {0} had no listener that ran', name),
    'scale-set-gone': () => t('scale set {0} was gone at GitHub', name),
  };
  const soFar = texts[word]?.() ?? t('jobs of scale set {0} were not done yet', name);
  const after = end.kind === 'cut-off' ? formatDuration(end.afterUs) : '';
  return t('The run was ended after {0}, when {1}: how it would have ended is not known.', after, soFar);
}

/** What keeps an object that is to be deleted: what its passes are refused again and again, or a finalizer that nobody takes away. */
function heldText(chronicle: Chronicle, key: string): string {
  const { name } = splitKey(key);
  const round = refusedRound(chronicle, key);
  const left = chronicle.finalizersLeft.get(key) ?? [];
  if (round !== undefined) return t('{0} is to be deleted and is never gone: {1}.', name, roundText(round));
  return left.length === 0
    ? t('{0} is to be deleted and is never gone.', name)
    : t('{0} is to be deleted and is never gone: nobody takes {1} out of its finalizers.', name, inWords(left));
}

function heldAdvice(chronicle: Chronicle, key: string): string {
  const round = refusedRound(chronicle, key);
  if (round !== undefined) return roundAdvice(round, chronicle);
  const left = inWords(chronicle.finalizersLeft.get(key) ?? []);
  return left === ''
    ? t('Look which finalizer is left in its metadata, and remove that once its work is done by hand.')
    : t(
        'The program that set {0} has to take it out of the finalizers; where none does, remove it by hand once its work is done.',
        left,
      );
}

function refusedRound(chronicle: Chronicle, key: string): Round | undefined {
  const round = roundOf(chronicle, (each) => each === key);
  const isRefused = round?.kind === 'passes' && (round.loop.request !== undefined || round.loop.error !== null);
  return isRefused ? round : undefined;
}

/** @param texts what notRepeated() found */
export function notRepeatedText(texts: readonly string[]): string {
  return t('What was changed while the run went on is not repeated: {0}.', texts.join('; '));
}

/** What to do about how it ended; empty where it ended well. */
export function adviceText({ verdict, chronicle, fate: { word, key } }: Hindsight): string {
  if (verdict.kind === 'ended well') return '';
  if (verdict.kind === 'cut short') return t('Look at a run with a longer horizon.');
  const { namespace, name } = splitKey(key);
  const another = (): string => t('Mend the cause, then delete {0}: its set makes another runner.', name);
  const texts: Readonly<Partial<Record<FateWord, () => string>>> = {
    'registration-left': () => t('Delete the registration of {0} at GitHub, in the list of self-hosted runners.', name),
    'name-taken': () =>
      t('Delete the registration of that name at GitHub, or give one of the scale sets another name.'),
    held: () => heldAdvice(chronicle, key),
    failed: another,
    outdated: () =>
      t("Change the image of the scale set's runners to a current version: a changed spec resets the phase."),
    'no-pod': another,
    'pod-pending': () => t('Look at the events of its pod: kubectl describe pod {0} -n {1}', name, namespace),
    'pod-over': () => t('Delete {0}: its set makes another runner.', name),
    unregistered: () => t('Delete {0}: its set makes another runner, which is registered under another id.', name),
    'jobs-left': () => t('Cancel these jobs and run them again, with a release that does not lose them.'),
    'no-listener': () => t("Delete the listener's pod and its AutoscalingListener: the controller makes others."),
    'scale-set-gone': () =>
      t(
        'Remove the annotation {0} of AutoscalingRunnerSet {1}, then delete its EphemeralRunnerSets and its AutoscalingListener: the controller registers the scale set again and makes others.',
        ...[SCALE_SET_ID_ANNOTATION, name],
      ),
    'goes-round': () => roundAdvice(roundOf(chronicle), chronicle),
  };
  return texts[word]?.() ?? '';
}

/** The estimates as rows of time, bar, figures and time of the run's clock; what repeats the figures on both of its sides is left out. */
export function estimateRows({
  estimates,
  chronicle,
}: Hindsight): readonly (readonly [time: string, bar: string, figures: string, atUs: number])[] {
  const { originUs } = chronicle.finished;
  const isInside = ({ well }: Estimate, index: number): boolean =>
    well === estimates[index - 1]?.well && well === estimates[index + 1]?.well;
  const shown = estimates.filter((estimate, index) => !isInside(estimate, index));
  const times = rowTimes(shown.map(({ atUs }) => Math.max(0, atUs - originUs)));
  return shown.map(({ atUs, well, of }, index) => [
    times[index] ?? '',
    '█'.repeat(Math.round((well / of) * BAR)).padEnd(BAR, '░'),
    t('{0} of {1}', well, of),
    atUs,
  ]);
}

const BAR = 20;

/** The times of rows, with as many digits as it takes to tell them apart; before the last of one moment something happened at once. */
function rowTimes(allUs: readonly number[]): string[] {
  const isTold = (digits: number): boolean =>
    new Set(allUs.map((us) => clockText(us, digits))).size === new Set(allUs).size;
  const digits = isTold(MS_DIGITS) ? MS_DIGITS : US_DIGITS;
  const texts = allUs.map((us) => clockText(us, digits));
  return texts.map((text, index) => (texts.lastIndexOf(text) === index ? text : t('just before {0}', text)));
}

const [MS_DIGITS, US_DIGITS] = [3, 6];

/** `00:04.210`: minutes, seconds and milliseconds, or with 6 digits microseconds. */
export function clockText(us: number, digits = MS_DIGITS): string {
  const unitUs = 10 ** (6 - digits);
  const units = Math.max(0, Math.round(us / unitUs));
  const aMinute = 60e6 / unitUs;
  const minutes = String(Math.floor(units / aMinute)).padStart(2, '0');
  return `${minutes}:${(((units % aMinute) * unitUs) / 1e6).toFixed(digits).padStart(3 + digits, '0')}`;
}
