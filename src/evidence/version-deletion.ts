import { copyOf } from './clean.ts';
import { textField } from './fields.ts';
import type { LogRecord } from './log-record.ts';
import { again, once, type Repeated, type Seen } from './seen.ts';

/** A scale set that the controller deletes because its version label is another than the controller's own version. */
export interface VersionDeletion {
  /** The controller's version, and that of the label: '' without one. */
  readonly build: string;
  readonly label: string;
  /** The lines that say so. */
  said: Repeated;
  /** How often it was there, and deleted. */
  times: number;
  /** When nothing of it was left. */
  gone: Seen | undefined;
  /** When a controller took it again: it was installed again. */
  back: Seen | undefined;
}

const MISMATCH = "Autoscaling runner set version doesn't match the build version.";
const GONE = 'Successfully removed finalizer after cleanup';
/** What is only done to a scale set whose label is right. */
const TAKEN = /^(?:Adding finalizer|Successfully added finalizer|Runner scale set id annotation|Creating a new )/;

/** @param before what is known of the same scale set: undefined as well where it has never been deleted so */
export function foldVersionDeletion(
  before: VersionDeletion | undefined,
  { message, fields }: LogRecord,
  seen: Seen,
): VersionDeletion | undefined {
  if (message.startsWith(MISMATCH)) {
    // Up to 0.10 the controller's version is called the target.
    const build = textField(fields, 'buildVersion') ?? textField(fields, 'targetVersion') ?? '';
    const label = textField(fields, 'autoscalingRunnerSetVersion') ?? textField(fields, 'actualVersion') ?? '';
    const isSame = before?.back === undefined && before?.build === build && before.label === label;
    if (!isSame) {
      return {
        ...{ build: copyOf(build), label: copyOf(label) },
        ...{ said: once(seen, ''), times: 1, gone: undefined, back: undefined },
      };
    }
    again(before.said, seen, '');
    if (before.gone !== undefined) before.times++;
    before.gone = undefined;
  } else if (before !== undefined && message === GONE) before.gone ??= seen;
  else if (before !== undefined && TAKEN.test(message)) before.back ??= seen;
  return before;
}
