import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runLive, simulateInSlices, type FinishedRun, type RunOptions } from '../lab/embedded-run.ts';
import { compareText } from '../lab/report/compare-text.ts';
import { GANTT_LEGEND } from '../lab/report/gantt-text.ts';
import { htmlReport, type ReportSection } from '../lab/report/html.ts';
import { waitingText, type Loop } from '../lab/run-end.ts';
import { writeTraces } from '../lab/trace-file.ts';
import type { LabSettings } from '../lab/settings.ts';
import { MODES } from '../reconciler/modes.ts';
import { checkWritable } from './output.ts';
import { horizonUs, parse, SHARED, settingLists, singleSettings, type Values } from './options.ts';
import { InterruptedError } from './usage.ts';

/** Where nothing else is asked for: with few runners or many workers the modes hardly differ. */
const SHOWS_THE_POINT: Values = { runners: '30', workers: '1' };

/** `arc-lab compare` */
export async function compare(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  const values: Values = {
    ...SHOWS_THE_POINT,
    ...parse(args, [...SHARED, 'horizon', 'html', 'trace', 'trace-dir'], ['virtual', 'json']),
  };
  const base = singleSettings(values, ['runners']);
  const counts = settingLists(values).runners ?? [base.runners];
  const horizon = horizonUs(values);
  const options: RunOptions = { signal, ...(horizon === undefined ? {} : { horizonUs: horizon }) };
  const json = values['json'] === true;
  const virtual = values['virtual'] === true;
  const htmlFile = typeof values['html'] === 'string' ? resolve(values['html']) : undefined;
  const traceDir = typeof values['trace-dir'] === 'string' ? resolve(values['trace-dir']) : undefined;
  const traceFile = typeof values['trace'] === 'string' ? resolve(values['trace']) : undefined;
  if (htmlFile !== undefined) checkWritable(htmlFile);
  if (traceFile !== undefined) checkWritable(traceFile);
  if (traceDir !== undefined) checkWritable(join(traceDir, 'old.arctrace.jsonl'));

  const sections: ReportSection<FinishedRun>[] = [];
  for (const runners of counts) {
    const settings = MODES.map((mode): LabSettings => ({ ...base, mode, runners }));
    const title = `${runners} ${runners === 1 ? 'runner' : 'runners'}, ${base.workers} ${base.workers === 1 ? 'worker' : 'workers'}`;
    if (!json && !virtual && out.isTTY) out.write(`${title}: running both modes side by side …\r`);
    const onWaiting = (loops: readonly Loop[]): void => void (json || out.write(`${waitingText(loops)}\n`));
    const runs = virtual ? await oneByOne(settings, options) : await runLive(settings, { ...options, onWaiting });
    sections.push({ title, runs });
    if (!json) out.write(`${title}\n\n${compareText(runs, Math.min(out.columns ?? 100, 120))}\n`);
    if (traceDir !== undefined) {
      for (const run of runs) writeTraces(join(traceDir, `${run.settings.mode}.arctrace.jsonl`), [run]);
    }
    if (signal.aborted) break;
  }
  if (traceFile !== undefined) {
    writeTraces(
      traceFile,
      sections.flatMap(({ runs }) => runs),
    );
  }
  if (htmlFile !== undefined) writeFileSync(htmlFile, htmlReport(sections));
  if (json) {
    const results = sections.flatMap(({ runs }) =>
      runs.map(({ settings, statistics, end }) => ({ settings, ...statistics, end })),
    );
    out.write(`${JSON.stringify({ virtual, results }, null, 2)}\n`);
  } else {
    out.write(`${GANTT_LEGEND}\n`);
    if (htmlFile !== undefined) out.write(`\nReport: ${htmlFile}\n`);
    if (traceDir !== undefined) out.write(`Traces: ${traceDir}\n`);
    if (traceFile !== undefined) out.write(`Trace: ${traceFile}\n`);
  }
  if (signal.aborted) throw new InterruptedError('interrupted; the comparison is not complete');
}

async function oneByOne(settings: readonly LabSettings[], options: RunOptions): Promise<FinishedRun[]> {
  const runs: FinishedRun[] = [];
  for (const each of settings) if (options.signal?.aborted !== true) runs.push(await simulateInSlices(each, options));
  return runs;
}
