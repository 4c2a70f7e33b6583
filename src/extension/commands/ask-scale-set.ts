import * as vscode from 'vscode';
import { capital } from '../../base/capital.ts';
import { messageOf } from '../../base/message.ts';
import { NO_MAXIMUM } from '../../reconciler/autoscaling-runner-set/listener-for.ts';
import { parseLoad } from '../../run/job-load.ts';
import { scaleSetFor, usualJobs } from '../configuration.ts';
import type { Change, Options } from './option-change.ts';
import { askText } from './question.ts';
import type { Choice } from './pick.ts';
import type { RunOptions } from './run-arguments.ts';

/** What can be changed of a scale set that has jobs. */
export function scaleSetChoices(now: Options): Choice<Change>[] {
  const { t } = vscode.l10n;
  const { minRunners = 0, maxRunners = NO_MAXIMUM } = bounds(now);
  return [
    { label: t('Jobs'), description: now.jobs ?? '', value: changeJobs },
    { label: t('Fewest runners'), description: String(minRunners), value: askFewest },
    {
      label: t('Most runners'),
      description: maxRunners === NO_MAXIMUM ? t('without a maximum') : String(maxRunners),
      value: askMost,
    },
  ];
}

export const JOBS_TITLE = (): string => vscode.l10n.t('Jobs of the scale set');

/** Jobs as `--jobs` takes them; undefined when the question was left. */
export async function askJobs(title: string, proposed: string): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const jobs = await askText({
    title,
    prompt: t('30 at once, 5 a minute, 5 a minute for 10m, or times as 0s, 10s, 1m'),
    value: proposed,
    validateInput: (text) => problemOf(() => parseLoad(text)),
  });
  return jobs?.trim();
}

async function changeJobs({ jobs = usualJobs() }: Options): Promise<Partial<RunOptions> | undefined> {
  const changed = await askJobs(JOBS_TITLE(), jobs);
  return changed === undefined ? undefined : { jobs: changed };
}

async function askFewest(now: Options): Promise<Partial<RunOptions> | undefined> {
  const { minRunners = 0 } = bounds(now);
  const text = await askBound(vscode.l10n.t('Fewest runners'), String(minRunners), (min) => ({ ...now, min }));
  return text === undefined ? undefined : { min: Number(text) };
}

async function askMost(now: Options): Promise<Partial<RunOptions> | undefined> {
  const { maxRunners = NO_MAXIMUM } = bounds(now);
  const value = maxRunners === NO_MAXIMUM ? '50' : String(maxRunners);
  const text = await askBound(vscode.l10n.t('Most runners'), value, (max) => ({ ...now, max }));
  return text === undefined ? undefined : { max: Number(text) };
}

function askBound(title: string, value: string, changed: (bound: number) => Options): Promise<string | undefined> {
  return askText({
    ...{ title, value },
    prompt: vscode.l10n.t('A number of runners'),
    validateInput: (text) =>
      /^\d{1,6}$/.test(text.trim())
        ? problemOf(() => scaleSetFor(changed(Number(text))))
        : vscode.l10n.t('{0} is not a whole number from 0 to {1}', JSON.stringify(text), 999_999),
  });
}

/** Settings that contradict each other are said when one of them is changed, and when the run starts. */
function bounds(now: Options): { readonly minRunners?: number; readonly maxRunners?: number } {
  try {
    return scaleSetFor(now) ?? {};
  } catch {
    return { minRunners: now.min ?? 0, maxRunners: now.max ?? NO_MAXIMUM };
  }
}

function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return `${capital(messageOf(error))}.`.replace(/\.\.$/, '.');
  }
}
