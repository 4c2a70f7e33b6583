import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import { BarKind } from '../timeline/bars.ts';
import { RUNNER_KIND } from '../timeline/chain-words.ts';
import { podCountWords } from '../timeline/pod-words.ts';
import { windowStatistics, type WindowStatistics } from '../timeline/window-statistics.ts';
import { element } from './dom.ts';
import { runNames } from './names.ts';
import type { SessionModel } from './session-model.ts';

/** What came of each session, when all have ended. */
export function summaryParts(sessions: readonly SessionModel[]): Node[] {
  const names = runNames(sessions.map(({ info }) => info));
  return [element('h2', {}, t('Summary')), ...sessions.flatMap((session, at) => summaryOf(session, names[at] ?? ''))];
}

function summaryOf(session: SessionModel, name: string): Node[] {
  const { info } = session;
  const list = element('dl');
  const row = (term: string, text: string): void => list.append(element('dt', {}, term), element('dd', {}, text));
  const { pods } = session;
  const { started, finished, failed, passes, failedPasses, requests } = countsOf(session);
  row(t('runners'), String(session.runnerCount));
  row(t('pods made'), pods === undefined ? '0' : podCountWords(pods));
  if (pods !== undefined) {
    const times = [
      t('first {0}', formatDuration(pods.firstUs)),
      t('median {0}', formatDuration(pods.medianUs)),
      t('last {0}', formatDuration(pods.lastUs)),
    ];
    row(t('each runner’s first pod'), times.join('\n'));
  }
  row(t('pods started'), String(started));
  row(t('passes'), failedPasses > 0 ? t('{0}, {1} failed', passes, failedPasses) : String(passes));
  row(t('requests'), String(requests));
  row(t('runners finished'), failed > 0 ? t('{0}, {1} failed', finished, failed) : String(finished));
  const lastedUs = session.nowUs(performance.now()) - info.originUs;
  row(t('ended after'), formatDuration(Math.max(0, Math.round(lastedUs))));
  return [element('h3', {}, name), list];
}

interface Counts extends Pick<WindowStatistics, 'passes' | 'failedPasses' | 'requests'> {
  /** How many bars have been counted. */
  readonly bars: number;
  readonly started: number;
  readonly finished: number;
  readonly failed: number;
}

/** To count a million bars takes a moment: it is done once. */
const counted = new WeakMap<SessionModel, Counts>();

function countsOf(session: SessionModel): Counts {
  const known = counted.get(session);
  if (known?.bars === session.runners.length) return known;
  const { runners } = session;
  let started = 0;
  // Since 0.13 a runner is deleted after its job without a phase that says so: its pod does.
  const [finishedLanes, failedLanes] = [new Set<number>(), new Set<number>()];
  for (let lane = 0; lane < runners.lanes; lane++) {
    // A listener's pod is none of a runner's.
    if (session.kindOf(lane) !== RUNNER_KIND) continue;
    runners.forEach(lane, -Infinity, Infinity, ({ kind }) => {
      if (kind === BarKind.markPodRunning) started++;
      else if (kind === BarKind.markFinished || kind === BarKind.podSucceeded) finishedLanes.add(lane);
      else if (kind === BarKind.runnerFailed) failedLanes.add(lane);
    });
  }
  const everything = Uint32Array.from({ length: runners.lanes }, (_, lane) => lane);
  const { passes, failedPasses, requests } = windowStatistics(
    runners,
    everything,
    session.targets,
    -Infinity,
    Infinity,
  );
  const counts = {
    ...{ bars: runners.length, started, finished: finishedLanes.size },
    ...{ failed: failedLanes.size, passes, failedPasses, requests },
  };
  counted.set(session, counts);
  return counts;
}
