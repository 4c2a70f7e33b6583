import { t } from '@vscode/l10n';
import type { Waste, WasteKind } from '../analysis/waste/waste.ts';
import { callsText, passesText, podsText, requestsText, runnersText } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { RELEASES } from '../reconciler/releases/releases.ts';
import { SWITCHES, type Switch } from '../reconciler/releases/switches.ts';

/** What a waste is, with its numbers; one sentence. */
const SENTENCES: Readonly<Record<WasteKind, (times: number, of: number, spent: string, each: string) => string>> = {
  'calls ahead': (times, of, spent) =>
    t(
      'Workers waited {2} in all for GitHub before they deleted pod and secret of {0} of {1}.',
      times,
      runnersText(of),
      spent,
    ),
  'needless removals': (times, of, spent) =>
    t(
      '{0} of {1} to remove a runner came after GitHub had removed it itself, as its job was done; workers waited {2} for them in all.',
      times,
      callsText(of),
      spent,
    ),
  'late decisions': (times, of, spent) =>
    of === 1
      ? t('The listener sent other requests before its only decision, which made it {0} late.', spent)
      : t(
          'The listener sent other requests before {0} of its {1} decisions, which made them {2} late in all.',
          times,
          of,
          spent,
        ),
  'self-waking writes': (times, of, spent) =>
    t(
      '{0} of {1} pairs of writes could be one: the first only woke a pass that changed nothing, {2} in all.',
      times,
      of,
      spent,
    ),
  'idle passes': (times, of, spent) =>
    t('{0} of {1} changed nothing, and held workers for {2}.', times, passesText(of), spent),
  'busy workers': (times, of, _spent, each) =>
    t(
      '{0} of {1} waited for a worker, on average for {2}, while all workers waited for answers.',
      times,
      passesText(of),
      each,
    ),
  'held requests': (times, of, _spent, each) =>
    t("The client's own limit held back {0} of {1}, on average for {2}.", times, requestsText(of), each),
  'idle grace': (times, of, spent) =>
    t('{0} of {1} of ended runners kept their nodes for a grace period, {2} in all.', times, podsText(of), spent),
};

/** The pull request that takes a waste away. */
const CHANGED_BY: Readonly<Partial<Record<WasteKind, Switch>>> = {
  'calls ahead': 4664,
  'needless removals': 4664,
  'late decisions': 4668,
  'self-waking writes': 4669,
  'busy workers': 4670,
  'held requests': 4673,
  'idle grace': 4673,
};

/** The pull request that a release lacks and that takes a waste away; undefined where there is none. */
export function remedyOf({ kind }: Pick<Waste, 'kind'>, mode = '', releases = RELEASES): Switch | undefined {
  const change = CHANGED_BY[kind];
  const has = change !== undefined && releases.find(mode)?.switches.has(change) === true;
  return has ? undefined : change;
}

export function wasteSentence({ kind, times, of, us }: Waste): string {
  return SENTENCES[kind](times, of, formatDuration(Math.round(us)), formatDuration(Math.round(us / times)));
}

/** What takes the waste away, a sentence; empty where nothing is known to. */
export function remedyText(waste: Pick<Waste, 'kind'>, mode?: string): string {
  const change = remedyOf(waste, mode);
  return change === undefined ? '' : t('Pull request {0} changes that: {1}.', change, SWITCHES[change]);
}
