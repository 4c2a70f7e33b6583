import type { LogRecord } from '../log-record.ts';
import type { Moment } from '../moment.ts';

/** The names of a controller's metrics have an underscore, and no colon at the end as a line of YAML has. */
const SAMPLE = /^((?=\w*_)[a-zA-Z_][\w:]*\w)(?:\{(.*)\})?\s+([-+]?(?:\d[\d.eE+-]*|Inf)|NaN)(?:\s+\d+)?$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export interface MetricFields {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A line of what the controller's /metrics answers: Prometheus text. It has no time of its own.
 * @param near the time of the line before
 */
export function metricSample(text: string, near: Moment | undefined): LogRecord | undefined {
  const match = SAMPLE.exec(text);
  if (match === null) return undefined;
  const [, name = '', inner = '', number = ''] = match;
  const labels = Object.fromEntries([...inner.matchAll(LABEL)].map(([, label = '', value = '']) => [label, value]));
  const fields: MetricFields = { labels, value: Number(number.replace('Inf', 'Infinity')) };
  return {
    ...{ at: near ?? { us: 0, withinUs: 0 }, level: 'info', logger: 'metrics' },
    ...{ message: name, fields: JSON.stringify(fields) },
  };
}
