import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration.ts';
import { faultsText } from '../../run/conditions-control.ts';
import { POD_PRESET_NAMES } from '../../run/settings.ts';
import { knobsFor, PODS_RUN, usualJobs } from '../configuration.ts';
import { runnersText, workersText } from '../session-words.ts';
import { askDuration, askFaults, type Conditions } from './ask-conditions.ts';
import { scaleSetChoices } from './ask-scale-set.ts';
import { upgradeChoices } from './ask-upgrade.ts';
import { askCount } from './ask-count.ts';
import { cancelled, pick, type Choice, type Step } from './pick.ts';
import type { Change, Options } from './option-change.ts';
import { askNumber } from './ask-number.ts';
import { askWhich } from './question.ts';
import type { RunOptions } from './run-arguments.ts';

/**
 * Everything that a run on the embedded cluster can be begun with, to change one thing after the other until it starts.
 * @throws cancelled
 */
export async function askOptions(step: Step, proposed: Options): Promise<RunOptions> {
  let options = proposed;
  for (;;) {
    const change = await pick<Change | undefined>(step, vscode.l10n.t('Change settings of this run'), choices(options));
    if (change === undefined) return options;
    options = { ...options, ...(await change(options)) };
  }
}

function choices(now: Options): Choice<Change | undefined>[] {
  const { t } = vscode.l10n;
  const settings = knobsFor(now);
  const conditions: Conditions = now.conditions ?? {};
  const faults = faultsText(conditions);
  return [
    { label: `$(play) ${t('Start')}`, description: startText(now), value: undefined },
    { label: t('Pods'), description: now.pods ?? settings.pods ?? PODS_RUN, value: askPods },
    { label: t('Runners are made'), description: makersText(now), value: askMakers },
    ...(now.jobs === undefined ? burstChoices(now) : scaleSetChoices(now)),
    ...upgradeChoices(now),
    { label: t('Workers'), description: workersText(settings.workers), value: askWorkers },
    {
      label: t('Latency of the Kubernetes API'),
      description: formatDuration(conditions.apiLatencyUs ?? settings.apiLatencyUs),
      value: (options) => askLatency(options, 'apiLatencyUs', settings.apiLatencyUs),
    },
    {
      label: t('Latency of generatejitconfig'),
      description: formatDuration(conditions.jitLatencyUs ?? settings.jitLatencyUs),
      value: (options) => askLatency(options, 'jitLatencyUs', settings.jitLatencyUs),
    },
    {
      label: t('Fail requests…'),
      description: faults === '' ? t('none') : faults,
      value: async ({ conditions: before = {} }) => {
        const changed = await askFaults(before);
        return changed && { conditions: { ...before, ...changed } };
      },
    },
  ];
}

function startText({ jobs, runners }: Options): string {
  return jobs === undefined ? runnersText(runners) : vscode.l10n.t('jobs: {0}', jobs);
}

/** What runners that no scale set makes can be asked for as. */
function burstChoices({ runners, perSecond, throughSet }: Options): Choice<Change>[] {
  const { t } = vscode.l10n;
  const isBurst = perSecond === undefined || throughSet === true;
  const rate = isBurst ? t('in one burst') : t('{0} per second', perSecond);
  return [
    { label: t('Runners'), description: String(runners), value: askRunners },
    { label: t('Runners per second'), description: rate, value: askRate },
  ];
}

async function askPods(): Promise<Partial<RunOptions> | undefined> {
  const { t } = vscode.l10n;
  const items = [
    { label: PODS_RUN, detail: t('pods start and their jobs run on'), pods: PODS_RUN },
    ...[...POD_PRESET_NAMES].map(([pods, detail]) => ({ label: pods, detail, pods })),
  ];
  const chosen = await askWhich(items, {
    title: t('Select how pods behave'),
    matchOnDetail: true,
  });
  return chosen && { pods: chosen.pods };
}

async function askRunners({ runners }: Options): Promise<Partial<RunOptions> | undefined> {
  return { runners: await unlessLeft(askCount(vscode.l10n.t('Runners'), runners), runners) };
}

async function askWorkers(now: Options): Promise<Partial<RunOptions> | undefined> {
  const { workers } = knobsFor(now);
  const number = await askNumber(
    vscode.l10n.t('Workers'),
    vscode.l10n.t('Reconcile passes at the same time'),
    String(workers),
  );
  return number === undefined ? undefined : { workers: Math.max(1, number) };
}

async function askRate({ perSecond }: Options): Promise<Partial<RunOptions> | undefined> {
  const prompt = vscode.l10n.t('Runners created per second; 0 creates all in one burst');
  const number = await askNumber(vscode.l10n.t('Runners per second'), prompt, String(perSecond ?? 0));
  if (number === undefined) return undefined;
  // A set makes its runners in one burst.
  return number === 0 ? { perSecond: undefined } : { perSecond: number, throughSet: undefined };
}

type Makers = Pick<RunOptions, 'throughSet' | 'jobs' | 'perSecond'>;

const makers = (): readonly { readonly label: string; readonly detail: string; readonly value: Makers }[] => {
  const { t } = vscode.l10n;
  const one = { throughSet: undefined, jobs: undefined };
  return [
    { label: t('one by one'), detail: t('as many as are asked for'), value: one },
    {
      label: t('by an EphemeralRunnerSet'),
      detail: t('its controller runs too, and replaces those that end'),
      value: { ...one, throughSet: true, perSecond: undefined },
    },
    {
      label: t('by a scale set that has jobs'),
      detail: t('all four controllers and the listener run; runners come when jobs do'),
      value: { ...one, jobs: usualJobs(), perSecond: undefined },
    },
  ];
};

function makersText({ jobs, throughSet }: Options): string {
  const [oneByOne, bySet, byScaleSet] = makers();
  return (jobs !== undefined ? byScaleSet : throughSet === true ? bySet : oneByOne)?.label ?? '';
}

async function askMakers(): Promise<Partial<RunOptions> | undefined> {
  return (await askWhich(makers(), { title: vscode.l10n.t('Select how runners are made') }))?.value;
}

async function askLatency(
  { conditions = {} }: Options,
  key: 'apiLatencyUs' | 'jitLatencyUs',
  usual: number,
): Promise<Partial<RunOptions> | undefined> {
  const us = await askDuration(vscode.l10n.t('Latency'), conditions[key] ?? usual);
  return us === undefined ? undefined : { conditions: { ...conditions, [key]: us } };
}

/** Who leaves the question keeps what there was. */
async function unlessLeft<T>(answer: Promise<T>, before: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error === cancelled) return before;
    throw error;
  }
}
