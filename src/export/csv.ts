import { t } from '@vscode/l10n';
import { MILESTONES, milestonesOf, type Milestones } from '../analysis/milestones.ts';
import type { Exporter, ExportedRun } from './exporter.ts';

const HEADER = ['mode', 'runner', ...MILESTONES.flatMap((name) => [`${name}_s`, `${name}_until_s`])];

/** A line for each runner: when it came by what, in seconds of its run. Where only an interval is known, both its ends. */
export const csvExporter: Exporter = {
  id: 'csv',
  extension: 'csv',
  kind: () => t('CSV table'),
  about: () => t('a line for each runner with the times of its milestones, for spreadsheets'),
  what: 'a table of arc-lab',
  opensIn: 'editor',
  begins: /^mode,runner,created_s,/,
  *write(sections) {
    yield line(HEADER);
    for (const run of sections.flatMap(({ runs }) => runs)) {
      for (const [runner, milestones] of milestonesOf(run.trace)) yield runnerLine(run, runner, milestones);
    }
  },
};

function runnerLine({ trace, originUs }: ExportedRun, runner: string, milestones: Milestones): string {
  const seconds = (us: number | undefined): string => (us === undefined ? '' : String((us - originUs) / 1e6));
  const times = MILESTONES.flatMap((name) => [seconds(milestones[name]?.atUs), seconds(milestones[name]?.untilUs)]);
  return line([text(trace.header.release ?? ''), text(runner), ...times]);
}

/** A spreadsheet takes a text that begins like a formula for one; an apostrophe makes it a text. */
function text(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function line(fields: readonly string[]): string {
  return `${fields.join(',')}\r\n`;
}
