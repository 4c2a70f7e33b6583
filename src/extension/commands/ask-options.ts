import * as vscode from 'vscode';
import { formatDuration } from '../../base/duration.ts';
import { faultsText } from '../../run/conditions-control.ts';
import { POD_PRESET_NAMES } from '../../run/settings.ts';
import { knobsFor, PODS_RUN } from '../configuration.ts';
import { runnersText, workersText } from '../session-words.ts';
import { askDuration, askFaults, type Conditions } from './ask-conditions.ts';
import { askCount } from './ask-count.ts';
import { cancelled, pick, type Choice, type Step } from './pick.ts';
import { askText, askWhich } from './question.ts';
import type { RunOptions } from './run-arguments.ts';

type Options = RunOptions & { readonly runners: number };
/** Changes one of the options; undefined when its question was left. */
type Change = (now: Options) => Promise<Partial<RunOptions> | undefined>;

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
  const isBurst = now.perSecond === undefined || now.throughSet === true;
  const rate = isBurst ? t('in one burst') : t('{0} per second', now.perSecond);
  const makers = now.throughSet === true ? t('by an EphemeralRunnerSet') : t('one by one');
  return [
    { label: `$(play) ${t('Start')}`, description: runnersText(now.runners), value: undefined },
    { label: t('Pods'), description: now.pods ?? settings.pods ?? PODS_RUN, value: askPods },
    { label: t('Runners'), description: String(now.runners), value: askRunners },
    { label: t('Runners are made'), description: makers, value: changeMaker },
    { label: t('Runners per second'), description: rate, value: askRate },
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

/** There are two ways: choosing the row takes the other one. */
async function changeMaker({ throughSet }: Options): Promise<Partial<RunOptions>> {
  return throughSet === true ? { throughSet: undefined } : { throughSet: true, perSecond: undefined };
}

async function askNumber(title: string, prompt: string, value: string): Promise<number | undefined> {
  const isNumber = (text: string): boolean => /^\d{1,4}$/.test(text.trim());
  const text = await askText({
    title,
    prompt,
    value,
    validateInput: (typed) =>
      isNumber(typed)
        ? undefined
        : vscode.l10n.t('{0} is not a whole number from 0 to {1}', JSON.stringify(typed), 9999),
  });
  return text === undefined ? undefined : Number(text);
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
