import { t } from '@vscode/l10n';
import { hasChain } from '../analysis/has-chain.ts';
import { MILESTONES, milestonesOf, type Milestones } from '../analysis/milestones.ts';
import { Origins, type Origin } from '../analysis/origin.ts';
import type { Exporter, ExportedRun } from './exporter.ts';

const HEADER = ['mode', 'runner', ...MILESTONES.flatMap((name) => [`${name}_s`, `${name}_until_s`])];
/** What brought a runner about, where the whole chain is in a trace. */
const CAUSES = ['set', 'job', 'job_queued_s', 'decided_s', 'replicas', 'assigned_jobs', 'set_patched_s'];

/**
 * A line for each runner: when it came by what, in seconds of its run, and what brought it about where sets make runners. Where
 * only an interval is known, both its ends.
 */
export const csvExporter: Exporter = {
  id: 'csv',
  extension: 'csv',
  kind: () => t('CSV table'),
  about: () => t('a line for each runner with the times of its milestones, for spreadsheets'),
  what: 'a table of arc-lab',
  opensIn: 'editor',
  begins: /^mode,runner,created_s,/,
  *write(sections) {
    const all = sections.flatMap(({ runs }) => runs);
    const haveChain = all.some(({ trace }) => hasChain(trace));
    yield line(haveChain ? [...HEADER, ...CAUSES] : HEADER);
    for (const run of all) {
      const origins = haveChain ? new Origins(run.trace) : undefined;
      for (const [runner, milestones] of milestonesOf(run.trace)) {
        const causes = origins === undefined ? [] : causesOf(run, origins.of(runner));
        yield line([...fieldsOf(run, runner, milestones), ...causes]);
      }
    }
  },
};

function fieldsOf(run: ExportedRun, runner: string, milestones: Milestones): string[] {
  const times = MILESTONES.flatMap((name) => {
    return [seconds(run, milestones[name]?.atUs), seconds(run, milestones[name]?.untilUs)];
  });
  return [text(run.trace.header.release ?? ''), text(runner), ...times];
}

function causesOf(run: ExportedRun, origin: Origin | undefined): string[] {
  const { set = '', job, state } = origin ?? {};
  const decision = state?.decision;
  return [
    ...[text(set), text(job?.job ?? ''), seconds(run, job?.queuedUs), seconds(run, decision?.atUs)],
    ...[String(state?.replicas ?? ''), String(decision?.assigned ?? ''), seconds(run, state?.atUs)],
  ];
}

function seconds({ originUs }: ExportedRun, us: number | undefined): string {
  return us === undefined ? '' : String((us - originUs) / 1e6);
}

/** A spreadsheet takes a text that begins like a formula for one; an apostrophe makes it a text. */
function text(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function line(fields: readonly string[]): string {
  return `${fields.join(',')}\r\n`;
}
