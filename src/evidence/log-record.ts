import type { Moment } from './moment.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** One line of a log, whatever its format. */
export interface LogRecord {
  readonly at: Moment;
  /** Whether the line itself has no time: it is that of the store, or of the line before. */
  readonly isUndated?: boolean;
  /** Whether something has cut the line's end away, as all lines of its file that are longer. */
  readonly isCut?: boolean;
  /** Whether a program of ARC has written it, with a message that no known release writes. */
  readonly isNewMessage?: boolean;
  readonly level: Level;
  /** Empty where the line names none, as controller-runtime's own lines. */
  readonly logger: string;
  readonly message: string;
  /** The fields as JSON text, read by ./fields.ts only where somebody wants one; may be cut. */
  readonly fields: string;
}

/** Loggers whose lines always name an object. */
const WITH_FIELDS = /^(?:EphemeralRunnerSet|EphemeralRunner|AutoscalingRunnerSet|AutoscalingListener)$/;

/** Whether the end of a line is not there, as where `cut -c` or a log store shortens lines. */
export function isCutShort({ logger, fields }: LogRecord): boolean {
  return fields === '' ? WITH_FIELDS.test(logger) : !fields.trimEnd().endsWith('}');
}

/** Where something is said. */
export interface Ref {
  /** Index of the file. */
  readonly source: number;
  /** From 1. */
  readonly line: number;
}

export function levelOf(word: string): Level {
  switch (word.slice(0, 3).toLowerCase()) {
    case 'deb':
      return 'debug';
    case 'war':
      return 'warn';
    case 'err':
    case 'dpa':
    case 'pan':
    case 'fat':
    case 'cri':
      return 'error';
    default:
      return 'info';
  }
}
