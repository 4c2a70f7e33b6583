import { LEVELS, RUNNER, STAMP } from './line-parts.ts';
import { readStamp, type Moment } from './moment.ts';

/** A line as the program wrote it, out of what has been put around it on its way here. */
export interface Unwrapped {
  readonly text: string;
  /** When the container runtime took the line. */
  readonly taken?: Moment;
  /** A log store's stamp in a zone that it does not name. */
  readonly local?: Moment;
  /** The pod that wrote the line, where `kubectl logs --prefix` names it. */
  readonly pod?: string;
  /** Whether the runtime has cut a long line here, which goes on in its next one. */
  readonly isPart?: boolean;
}

const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/g;
/** `kubectl logs --prefix` */
const PREFIX = /^\[pod\/([^\]\s/]+)[^\]\s]*\]\s?/;
/** What `stern`, `docker compose logs` and syslog put before a line: names of pod and container, a bar, a host. */
const NAMED = new RegExp(
  String.raw`^(?![\d{])[^\t{"]{1,200}?[\s|│](?=${STAMP}\s|\{"(?:severity|level|ts|time)":|time=\d{4}-|${RUNNER})`,
);
/** `kubectl logs --timestamps`, and how runtimes keep logs on a node. */
const TAKEN = new RegExp(String.raw`^${STAMP} (?! )(?:(?:stdout|stderr) ([FP]) )?`);
/** The first column of a log store's list. */
const LISTED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3}(?:\s+|$)/;
const LEVEL = new RegExp(String.raw`^(?:${LEVELS})\s`);

/** For records of log stores around a line see ./inner-line.ts. */
export function unwrap(line: string): Unwrapped {
  let text = line.includes('\u001b') ? line.replace(COLOURS, '') : line;
  if (text.endsWith('\r')) text = text.slice(0, -1);
  if (text.startsWith('\ufeff')) text = text.slice(1);
  const [prefix, pod] = (text.startsWith('[pod/') ? PREFIX.exec(text) : null) ?? [];
  if (prefix !== undefined && pod !== undefined) return { ...unwrap(text.slice(prefix.length)), pod };
  text = text.replace(NAMED, '');
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57) return { text };
  const separator = text[10];
  if (separator === 'T') {
    // The usual line of a controller has a tab here.
    if (text[20] === '\t') return { text };
    const taken = TAKEN.exec(text);
    if (taken === null || LEVEL.test(text.slice(taken[0].length))) return { text };
    const moment = readStamp(text)?.moment;
    return {
      text: text.slice(taken[0].length),
      ...(moment === undefined ? {} : { taken: moment }),
      ...(taken[1] === 'P' ? { isPart: true } : {}),
    };
  }
  const listed = separator === ' ' ? LISTED.exec(text) : null;
  const local = listed === null ? undefined : readStamp(text)?.moment;
  if (listed === null || local === undefined) return { text };
  return { text: text.slice(listed[0].length), local };
}
