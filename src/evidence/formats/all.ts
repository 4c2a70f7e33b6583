import { arcText } from './arc-text.ts';
import { arcUndated } from './arc-undated.ts';
import { auditEvent } from './audit-event.ts';
import { EventTable } from './event-table.ts';
import { eventLogfmt } from './event-logfmt.ts';
import { goCrash } from './go-crash.ts';
import { httpClient } from './http-client.ts';
import { jsonLine } from './json-line.ts';
import { klog } from './klog.ts';
import type { LineFormat } from './line-format.ts';
import { metricSample } from './metric-sample.ts';
import { runnerConsole } from './runner-console.ts';
import { runnerContainer } from './runner-container.ts';
import { slogText } from './slog-text.ts';

const DIGITS = '0123456789';

/** A format is one file here and one place in this list. The first that knows a line has it. */
export const FORMATS: readonly LineFormat[] = [
  { name: 'ARC text', first: DIGITS, reader: () => arcText },
  { name: 'ARC text without times', first: 'DIWEPFA', reader: () => arcUndated },
  { name: 'HTTP client', first: DIGITS, reader: () => httpClient },
  { name: 'JSON', first: '{', isSampled: true, reader: () => jsonLine },
  { name: 'audit log', first: '{', reader: () => auditEvent },
  { name: 'slog text', first: 't', reader: () => slogText },
  { name: 'events of a log store', first: 'n', reader: () => eventLogfmt },
  { name: 'runner container', first: '[', reader: () => runnerContainer },
  { name: 'runner console', first: `${DIGITS}√CRFE`, reader: () => runnerConsole },
  { name: 'klog', first: 'IWEF', reader: () => klog },
  { name: 'Go crash', first: 'pfSru', reader: () => goCrash },
  { name: 'metrics', reader: () => metricSample },
  {
    name: 'table of events',
    reader: () => {
      const table = new EventTable();
      return (text, near) => table.read(text, near);
    },
  },
];
