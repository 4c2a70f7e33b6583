import { t } from '@vscode/l10n';
import { traceLines } from '../trace/jsonl.ts';
import type { Exporter } from './exporter.ts';

/** Everything that is known of the runs, one trace behind the other: they open as one timeline again. */
export const traceExporter: Exporter = {
  id: 'trace',
  extension: 'arctrace.jsonl',
  kind: () => t('Trace'),
  about: () => t('all passes, requests and states; opens as a timeline'),
  what: 'a trace',
  opensIn: 'timeline',
  begins: /^\{"type":"header",/,
  *write(sections) {
    for (const { trace, originUs, atUs } of sections.flatMap(({ runs }) => runs)) {
      yield* traceLines(trace, atUs ?? trace.endedUs, originUs);
    }
  },
};
