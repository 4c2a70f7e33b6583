import assert from 'node:assert/strict';
import { simulate } from '../../../src/run/embedded-run.ts';
import { compareText, statisticsText } from '../../../src/report/compare-text.ts';
import { htmlReport } from '../../../src/report/html.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/run/settings.ts';
import { statisticsOf } from '../../../src/analysis/statistics.ts';
import { judgedRun, verdict } from '../../../src/explain/verdict.ts';
import { BarKind, kindLabel } from '../../../src/timeline/bars.ts';
import { legend as legendItems } from '../../../src/timeline/legend.ts';
import { LIGHT, paletteOf } from '../../../src/timeline/palette.ts';
import { TraceLog } from '../../../src/trace/trace-log.ts';
import { beginPass, beginWait, endPass } from '../../builders/traces.ts';

const SETTINGS = { ...DEFAULT_SETTINGS, runners: 3, workers: 1, jitLatencyUs: 123_000 };

function report(...all: RunSettings[]): { text: string; runs: ReturnType<typeof simulate>[] } {
  const runs = all.map((settings) => simulate(settings));
  const baseline = all[0]?.mode ?? '';
  return { text: htmlReport([{ title: '3 runners', runs, baseline }], new Date('2026-11-26T09:05:00Z')), runs };
}

describe('the HTML report', () => {
  it('says which pull requests make its runs differ, below what it shows first', () => {
    const { runs } = report({ ...SETTINGS, mode: 'new' }, { ...SETTINGS, mode: '0.14.2' });
    const why = ['The last pod comes later because of #4390 & others.'];
    const text = htmlReport([{ title: '3 runners', runs, why }]);
    assert.match(
      text,
      /<p class="verdict">[^<]+<\/p>\n<p>The last pod comes later because of #4390 &#38; others\.<\/p>/,
    );
  });

  it('says first what the runs show, with which settings and when, and what old and new are', () => {
    const { text, runs } = report({ ...SETTINGS, mode: 'old' }, { ...SETTINGS, mode: 'new' });
    const sentence = verdict(runs.map(({ trace, originUs }) => judgedRun(trace, originUs)));
    assert.ok(sentence.length > 20);
    const order = [
      'pull request 3831',
      '2026-11-26 09:05',
      sentence,
      '1 worker',
      'registration takes 123 ms',
      '<table',
      '<svg',
    ];
    const places = order.map((part) => text.indexOf(part));
    assert.ok(!places.includes(-1), `missing: ${order.filter((_part, index) => places[index] === -1).join('; ')}`);
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
      'not in this order',
    );
  });

  it('marks a figure that is worse as worse, in words and not in the colour of a better one', () => {
    const { text } = report({ ...SETTINGS, mode: 'new' }, { ...SETTINGS, mode: 'old' });
    assert.match(text, /<td class="worse">▲ later by 2\d\d ms<\/td>/);
    assert.doesNotMatch(text, /class="better">▲|class="worse">▼/);
  });

  it('names what else runs differ in, whose settings are whose, and puts no figure down to the mode alone', () => {
    const { text } = report({ ...SETTINGS, mode: 'old', runners: 30 }, { ...SETTINGS, mode: 'new' });
    assert.match(text, /The runs differ in more than the mode: 30 against 3 runners\./);
    assert.match(text, /<th scope="row">difference, not of the mode alone<\/th>/);
    assert.match(text, /<p class="about">old: 30 runners · .*<\/p>\n<p class="about">new: 3 runners · /);
    assert.doesNotMatch(
      report({ ...SETTINGS, mode: 'old' }, { ...SETTINGS, mode: 'new' }).text,
      /not of the mode alone/,
    );
  });

  it('calls nothing done that has only come to its last pass', () => {
    const { text } = report({ ...SETTINGS, mode: 'new' });
    assert.match(text, /<th>last pass<\/th>/);
    assert.doesNotMatch(text, /all done/);
  });

  it('calls real in its table what its sentence calls real, and nothing else', () => {
    for (const runners of [3, 30]) {
      const { text, runs } = report({ ...SETTINGS, runners, mode: 'old' }, { ...SETTINGS, runners, mode: 'new' });
      const sentence = verdict(runs.map(({ trace, originUs }) => judgedRun(trace, originUs)));
      const heads = [...text.matchAll(/<th>(.*?)<\/th>/g)].map(([, head]) => head);
      const row = text.split('<tr>').find((part) => part.includes('difference<')) ?? '';
      const cells = row.split(/<t[dh]/).slice(1);
      const of = (head: string): string => cells[heads.indexOf(head)] ?? assert.fail(`no column ${head}`);
      for (const [head, what] of [
        ['first pod', 'the first pod'],
        ['last pod', 'the last'],
      ] as const) {
        const isReal = new RegExp(`${what} \\S+ \\S+ (sooner|later)`).test(sentence);
        assert.equal(/earlier|later/.test(of(head)), isReal, `${sentence}\n${head}: ${of(head)}`);
      }
    }
  });

  it('says below the table whose times those of pods are where pods were made again, on the terminal too', () => {
    const note = /Times of pods are those of each runner’s first pod\./;
    const once = report({ ...SETTINGS, runners: 2, mode: 'old' }, { ...SETTINGS, runners: 2, mode: 'new' });
    const settings = { ...SETTINGS, runners: 2, pods: 'fails-at-start' };
    const again = report({ ...settings, mode: 'old' }, { ...settings, mode: 'new' });
    for (const text of [again.text, compareText(again.runs, 100)]) assert.match(text, note);
    for (const text of [once.text, compareText(once.runs, 100)]) assert.doesNotMatch(text, note);
  });

  it('names no runner as stuck whose pod stays pending as the settings say', () => {
    const { trace, originUs, statistics } = simulate({ ...SETTINGS, mode: 'new', runners: 2, pods: 'none' });
    trace.end(600_000_000);
    const text = htmlReport([{ title: 'pending', runs: [{ trace, originUs, statistics }] }]);
    assert.doesNotMatch(text, /No scheduler has looked/);
  });

  it('has the figures of the table on the terminal, under the same names', () => {
    const settings = { ...SETTINGS, runners: 1, pods: 'job-still-running', jobDurationUs: 10_000_000 };
    const { text, runs } = report({ ...settings, mode: 'old' }, { ...settings, mode: 'new' });
    const heads = [...text.matchAll(/<th>(.*?)<\/th>/g)].map(([, head]) => head);
    const [first = '', , old = ''] = statisticsText(runs).split('\n');
    assert.deepEqual(
      heads,
      first.split(/ {2,}/).filter((title) => title !== ''),
    );
    const cells = [...(text.split('<tr>')[2] ?? '').matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell]) => cell);
    assert.deepEqual(cells, old.trim().split(/ {2,}/));
    assert.equal(cells.at(-1), 'never', 'the run does not get quiet');
  });

  it('explains every kind of bar with the fill that it has, and every sign', () => {
    const { text } = report({ ...SETTINGS, mode: 'new' });
    const legend = text.slice(text.indexOf('class="legend"'));
    for (const { kind, label, isSign } of legendItems()) {
      if (isSign) {
        assert.ok(legend.includes(`</svg>${label}</span>`), `no sign of ${label}`);
        continue;
      }
      const item = new RegExp(`fill="([^"]+)"/></svg>${label}</span>`).exec(legend);
      assert.ok(item !== null, `no sample of ${label}`);
      const isPatterned = paletteOf(LIGHT)[kind]?.pattern !== 'solid';
      assert.equal(item[1]?.startsWith('url(#legend'), isPatterned, `${label} is filled ${item[1]}`);
    }
  });

  it('has an axis to the end of a run in which a pod has not started, however long nothing has happened to it', () => {
    const { header } = simulate({ ...SETTINGS, mode: 'new' }).trace;
    const axisOf = (trouble: object): string => {
      const trace = new TraceLog({ ...header, settings: { ...header.settings, pods: 'slow-node' } });
      endPass(trace, beginPass(trace, 'ns/slow', 1_000_000, { queued: 0 }), 1_100_000);
      trace.addObject({
        kind: 'EphemeralRunner',
        object: 'ns/slow',
        at: 1_100_000,
        phase: 'Pending',
        pod: 'pending',
        ...trouble,
      });
      trace.end(181_000_000);
      return htmlReport([{ title: 'slow', runs: [{ trace, originUs: 0, statistics: statisticsOf(trace, 0) }] }]);
    };
    assert.match(axisOf({ trouble: { code: 'creating', reason: 'ContainerCreating', since: 1_100_000 } }), />3:00</);
    assert.doesNotMatch(axisOf({ phase: 'Running', pod: 'running' }), />3:00</);
  });

  it('draws what had not ended to the end of the trace', () => {
    const trace = new TraceLog(simulate({ ...SETTINGS, mode: 'new' }).trace.header);
    const pass = beginPass(trace, 'ns/stuck', 1_000_000, { queued: 0 });
    const request = { verb: 'delete', resource: 'runner', throttled: 0, started: 1_000_000 };
    trace.beginRequest(pass, { ...request, to: 'actions' });
    beginWait(trace, 'ns/waits', 'ephemeralrunner-added', 2_000_000, 2_000_000);
    trace.end(301_000_000);
    const text = htmlReport([{ title: 'stuck', runs: [{ trace, originUs: 0, statistics: statisticsOf(trace, 0) }] }]);
    assert.match(text, /stuck, pass 1: not ended, because: the runner is new, waited 1\.00 s, took 5 min/);
    assert.match(text, /DELETE runner: no answer yet, 5 min/);
    const fill = String.raw`(var\(--k${BarKind.actions}\)|url\(#c0k${BarKind.queued}\))`;
    const widths = [
      ...text.matchAll(new RegExp(String.raw`<rect x="[\d.]+" y="[\d.]+" width="(\d+)"[^>]*fill="${fill}"`, 'g')),
    ];
    const toTheEnd = widths.filter(([, width]) => Number(width) > 900);
    assert.equal(
      toTheEnd.length,
      2,
      `the call and the wait are ${widths.map(([, width]) => width).join(', ')} px wide`,
    );
    assert.equal(kindLabel(BarKind.actions), 'Actions service');
  });
});
