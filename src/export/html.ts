import { t } from '@vscode/l10n';
import { statisticsOf } from '../analysis/statistics.ts';
import { htmlReport } from '../report/html.ts';
import type { Exporter } from './exporter.ts';

/** A page with what the runs show, their figures and timelines. */
export const htmlExporter: Exporter = {
  id: 'html',
  extension: 'html',
  kind: () => t('HTML report'),
  about: () => t('a self-contained page with figures and timelines'),
  what: 'a report of arc-lab',
  opensIn: 'browser',
  begins: /^<!doctype html>[^]*<title>ARC Reconciler Lab: /,
  *write(sections, releases) {
    const reported = sections.map(({ runs, ...section }) => ({
      ...section,
      runs: runs.map((run) => ({ ...run, statistics: statisticsOf(run.trace, run.originUs) })),
    }));
    yield htmlReport(reported, undefined, releases);
  },
};
