import { t } from '@vscode/l10n';
import type { RunStatistics } from '../analysis/statistics.ts';
import type { TimeUntilStarts } from '../analysis/time-spent.ts';
import { inWords } from '../base/count-words.ts';
import { formatDuration } from '../base/duration.ts';
import { codeWords } from '../problems/code-words.ts';
import type { RunSettings } from '../run/settings.ts';
import { actionsLockText } from './actions-lock.ts';

/** The parts of a run that explain where its time went. */
export interface SpentRun {
  readonly statistics: Pick<RunStatistics, 'mode' | 'untilPods'>;
  /** Time until pods ran, by cause; absent if none ran. */
  readonly untilStarts?: TimeUntilStarts | undefined;
  readonly settings: Partial<Pick<RunSettings, 'workers'>>;
  /** It was read from a log: that ends, and nobody stopped the controller. */
  readonly isRead?: boolean;
}

/**
 * The largest share of the time until pods ran (or, if none ran, until they were created), in sentences; and what the
 * workers did meanwhile if the wait was for a worker.
 */
export function causeText(run: SpentRun): string {
  const { statistics, untilStarts } = run;
  const { work, waiting, all } = sharesOf(run);
  const { actionsUs, runners } = untilStarts ?? statistics.untilPods;
  const [most, totalUs] = [largest(all), sumOf(all)];
  const share = [percent(most.us, totalUs), averageText(most.us, totalUs, runners), most.what] as const;
  const text =
    untilStarts === undefined
      ? t('{0} of the time until pods were made, {1}, was {2}', ...share)
      : t('{0} of the time until pods ran, {1}, was {2}', ...share);
  if (most !== waiting) return `${text}.`;
  const [busy, workUs] = [largest(work), sumOf(work)];
  const hardly = actionsLockText(statistics.mode, actionsUs, workUs);
  return `${text}, ${t('and {0} of the work was {1}', percent(busy.us, workUs), busy.what)}.${hardly === undefined ? '' : ` ${hardly}`}`;
}

/** All shares of the time, among them the workers' own work and the wait for a worker. */
function sharesOf(run: SpentRun): { work: readonly Share[]; waiting: Share; all: readonly Share[] } {
  const { statistics, untilStarts, settings, isRead: isLog } = run;
  const { workerUs, delayUs, limiterUs, actionsUs, kubernetesUs, otherUs } = untilStarts ?? statistics.untilPods;
  const heldUs = Object.values(limiterUs).reduce((sum, us) => sum + us, 0);
  const work: Share[] = [
    { us: heldUs, what: t('being held back by the client limiter on {0}', heldKinds(limiterUs)) },
    { us: actionsUs, what: t('calls of the Actions service') },
    {
      us: kubernetesUs,
      // No line says for how long the client's limiter held a request back.
      what: isLog === true ? t('requests to Kubernetes and the client limiter') : t('requests to Kubernetes'),
    },
  ];
  const waiting: Share = { us: workerUs, what: waitingText(settings.workers) };
  const other: Share[] = [
    { us: delayUs, what: t('waiting for back-offs to end') },
    { us: otherUs, what: t('waiting for events') },
  ];
  return { work, waiting, all: [waiting, ...work, ...other, ...podShares(untilStarts)] };
}

/** What took longest until pods ran. */
export function longestWait(run: SpentRun): string {
  return largest(sharesOf(run).all).what;
}

/** How much of a time a part of it was, for one of the runners that it is a sum over. */
function averageText(partUs: number, wholeUs: number, runners: number): string {
  const [part, whole] = [partUs, wholeUs].map((us) => formatDuration(us / Math.max(1, runners))) as [string, string];
  return runners > 1 ? t('on average {0} of {1}', part, whole) : t('{0} of {1}', part, whole);
}

/** What pods waited for before they ran, in words; what has the same words is one. */
function podShares(spent: TimeUntilStarts | undefined): Share[] {
  const byWords = new Map<string, number>();
  for (const [code, us] of Object.entries(spent?.podUs ?? {})) {
    const what = podWaitText(code);
    byWords.set(what, (byWords.get(what) ?? 0) + us);
  }
  return [...byWords].map(([what, us]) => ({ us, what }));
}

function sumOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { us }) => sum + us, 0);
}

/** @param code of a pod's trouble, or the state of one that has none */
function podWaitText(code: string): string {
  switch (code) {
    case 'NotScheduled':
    case 'created':
      return t('waiting for the scheduler');
    case 'Unschedulable':
      return t('waiting for a node that has room ({0})', code);
    case 'ContainerCreating':
      return t('creating containers and pulling their images ({0})', code);
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return t('failing to pull images ({0})', code);
    case 'InitRunning':
      return t('running init containers');
    default:
      return t('waiting for pods to start: {0}', codeWords(code));
  }
}

interface Share {
  readonly us: number;
  readonly what: string;
}

function largest(shares: readonly Share[]): Share {
  return shares.reduce((a, b) => (b.us > a.us ? b : a));
}

function waitingText(workers: number | undefined): string {
  if (workers === undefined) return t('waiting for a worker');
  return workers === 1 ? t('waiting for the only worker') : t('waiting for one of {0} workers', workers);
}

/** The kinds whose buckets held requests back, the one that did so most first. */
function heldKinds(limiterUs: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(limiterUs).sort(([, a], [, b]) => b - a);
  return inWords(kinds.map(([kind]) => kind));
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
}
