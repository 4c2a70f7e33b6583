import { copyOf } from './clean.ts';
import { foldAuditEvent } from './fold-audit.ts';
import { foldCrash } from './fold-crash.ts';
import { noteListenerMade } from './fold-listener-made.ts';
import { noteDeletion } from './fold-deletion.ts';
import { foldHttpLine } from './fold-http.ts';
import { foldListenerLine, isOfListener } from './fold-listener.ts';
import { noteListenerEnd } from './fold-listener-end.ts';
import { foldManagerLine, LEGACY } from './fold-manager.ts';
import { foldEventRow, foldMetric } from './fold-more.ts';
import { foldContainerError, foldControllerError, foldListenerError } from './fold-reported.ts';
import { foldRunnerLine } from './fold-runner.ts';
import { foldScaleSetLine } from './fold-scale-set.ts';
import { foldSetLine } from './fold-set.ts';
import { noteGap } from './holes.ts';
import { isCutShort, type LogRecord } from './log-record.ts';
import { SAID_BY } from './messages.ts';
import { textField } from './fields.ts';
import { countSecond, type Reading } from './reading.ts';
import type { Seen } from './seen.ts';
import { narrowBoth } from './release.ts';

const LEGACY_LOGGER =
  /^(?:actions-runner-controller\.|controllers?\.)?(?:runner|runnerreplicaset|runnerdeployment|runnerset|horizontalrunnerautoscaler|runnerpod)(?:-|$)/i;
/** Whose lines come in the order of their times, and leave no long gaps while runners are made. */
const CONTROLLERS: ReadonlySet<string> = new Set(['EphemeralRunner', 'EphemeralRunnerSet']);

/** Puts one line into what is known. Lines of one file come in the order in which they were written. */
export function fold(reading: Reading, record: LogRecord, seen: Seen): void {
  if (record.logger === 'metrics') {
    foldMetric(reading, record, seen);
    return;
  }
  if (record.logger === 'events') {
    foldEventRow(reading, record, seen);
    return;
  }
  if (reading.first === undefined || seen.at.us < reading.first.at.us) reading.first = seen;
  reading.latestUs = Math.max(reading.latestUs, seen.at.us);
  reading.last = seen;
  if (record.at.withinUs > reading.coarsestUs) reading.coarsestUs = record.at.withinUs;
  if (CONTROLLERS.has(record.logger)) noteGap(reading, seen);
  if (isOfListener(record)) {
    foldListenerLine(reading, record, seen);
    return;
  }
  switch (record.logger) {
    case 'EphemeralRunner':
      noteRelease(reading, record, seen);
      foldRunnerLine(reading, record, seen);
      return;
    case 'EphemeralRunnerSet':
      noteVersion(reading, record, seen);
      reading.isController = true;
      foldControllerError(reading, record, seen);
      foldSetLine(reading, record, seen);
      return;
    case 'AutoscalingRunnerSet':
    case 'AutoscalingListener':
      if (record.logger === 'AutoscalingRunnerSet') foldScaleSetLine(reading, record, seen);
      countSecond(reading.linesAbove, seen.at.us, 1);
      noteVersion(reading, record, seen);
      reading.isController = true;
      foldControllerError(reading, record, seen);
      noteListenerEnd(reading, record, seen);
      noteDeletion(reading, record, seen);
      noteListenerMade(reading, record, seen);
      return;
    case 'http-client':
      foldHttpLine(reading, record, seen);
      return;
    case 'audit':
      foldAuditEvent(reading, record, seen);
      return;
    case 'actions-clients':
      narrowBoth(reading, { until: '0.13.1' });
      return;
    case 'crash':
      foldCrash(reading, record, seen);
      return;
    case 'go':
      foldManagerLine(reading, record, seen);
      return;
    case '':
    case 'setup':
    case 'klog':
      // A start is another process, whose release it tells.
      foldManagerLine(reading, record, seen);
      noteRelease(reading, record, seen);
      return;
    default:
  }
  if (LEGACY_LOGGER.test(record.logger)) reading.stranger ??= LEGACY;
  else if (/^(?:listener|ghalistener|worker)/.test(record.logger)) {
    foldListenerError(reading, record, seen);
    foldListenerLine(reading, record, seen);
  } else if (record.logger.startsWith('runner.')) foldContainerError(reading, record, seen);
}

/** What lines of runners and of the process tell; those of sets are partly the same in other releases. */
function noteRelease(reading: Reading, record: LogRecord, seen: Seen): void {
  // The beginning of one release's message may be the whole of another's.
  const range = record.fields === '' && isCutShort(record) ? undefined : SAID_BY.get(record.message);
  if (range !== undefined) narrowBoth(reading, range);
  noteVersion(reading, record, seen);
}

function noteVersion(reading: Reading, record: LogRecord, seen: Seen): void {
  const version = textField(record.fields, 'version');
  const isKnown = version === reading.lastVersion && (reading.process.versions.size > 0 || reading.versions.size === 0);
  if (version === undefined || isKnown) return;
  reading.lastVersion = copyOf(version);
  if (/^v?\d+\.\d+/.test(version)) {
    const name = reading.lastVersion.replace(/^v/, '');
    reading.versions.set(name, seen);
    reading.process.versions.set(name, seen);
  }
}
