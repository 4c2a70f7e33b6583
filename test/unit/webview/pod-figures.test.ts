import assert from 'node:assert/strict';
import { statisticsOf } from '../../../src/analysis/statistics.ts';
import { htmlReport } from '../../../src/report/html.ts';
import { svgDocument } from '../../../src/webview/svg-document.ts';
import { VirtualSession } from '../../builders/virtual-session.ts';
import { shown, THEME } from './shown.ts';

const RUNNERS = 4;

/** Runners whose pods are killed and made again until their runners have failed. */
function killed(): VirtualSession {
  return new VirtualSession({ mode: 'new', runners: RUNNERS, pods: 'oom-killed' });
}

describe('times of pods that are made again and again', () => {
  for (const [when, untilUs] of [
    ['while the run goes on', 8e6],
    ['when it is over', 120e6],
  ] as const) {
    it(`are those of each runner’s first pod everywhere, and the last of all is named as such, ${when}`, () => {
      const session = killed();
      const view = shown([session], untilUs, 1200);
      const { trace } = session.shown.run;
      const statistics = statisticsOf(trace, 0);
      assert.ok(statistics.pods > RUNNERS, 'no pod was made again');
      const { pods } = view.sessions[0] ?? {};
      assert.deepEqual(
        [pods?.count, pods?.firstUs, pods?.medianUs, pods?.lastUs, pods?.lastMadeUs],
        [statistics.pods, statistics.firstPodUs, statistics.p50PodUs, statistics.lastPodUs, statistics.lastMadeUs],
      );
      assert.ok((pods?.lastMadeUs ?? 0) > 2 * (pods?.lastUs ?? 0), 'the last of all came no later');
      const words = /runners’ first pods [\d.]+ ms to [\d.]+ m?s · \d+ pods in all, the last at [\d.]+ s · \d+ passes/;
      const [head = ''] = words.exec(svgDocument(view, THEME, undefined, [], (text) => text.length * 5)) ?? [];
      assert.notEqual(head, '', 'the head of the group does not say it');
      const html = htmlReport([{ title: 'Run', runs: [{ trace, originUs: 0, statistics }] }]);
      assert.ok(html.includes(head), 'the report says something else');
      assert.match(html, /Times of pods are those of each runner’s first pod\./);
    });
  }
});
