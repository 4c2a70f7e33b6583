import { copyOf } from './clean.ts';
import { numberField, objectField, textField } from './fields.ts';
import { runnerOf } from './fold-runner.ts';
import { isCutShort, type LogRecord } from './log-record.ts';
import { countRequests, type Reading, type SetHistory } from './reading.ts';
import { again, noteIn, type Seen } from './seen.ts';
import { narrowBoth } from './release.ts';

/** The line of one that is made comes but once. */
const SAME_US = 1e6;
const COUNTS = ['outdated', 'pending', 'running', 'finished', 'failed', 'deleting'] as const;

/** A line of the EphemeralRunnerSet controller. */
export function foldSetLine(reading: Reading, record: LogRecord, seen: Seen): void {
  const object = objectField(record.fields, 'ephemeralrunnerset');
  if (object === undefined) return;
  const set = setOf(reading, object.namespace, object.name);
  switch (record.message) {
    case 'Created new ephemeral runner': {
      const name = textField(record.fields, 'runner');
      if (name === undefined) return;
      const runner = runnerOf(reading, object.namespace, name, seen, false);
      runner.set = set.name;
      set.shortSince = undefined;
      countRequests(reading.requests, 'ephemeralrunners', seen, 1);
      const created = runner.milestones.get('created');
      if (created !== undefined && seen.at.us - created.at.us > SAME_US) reading.madeTwice.add(runner);
      if (created !== undefined) return;
      // The runner's own first line may come before this one.
      runner.milestones.set('created', runner.first.at.us < seen.at.us ? runner.first : seen);
      if (runner.wayLength === 0) runner.goOn('queue', seen);
      return;
    }
    case 'Creating new ephemeral runners (scale up)':
      reading.scaleUps.push({ ...seen, runners: numberField(record.fields, 'count') ?? 0 });
      return;
    case 'Scaling comparison':
      if ((numberField(record.fields, 'current') ?? 0) > (set.current ?? 0)) set.shortSince = undefined;
      set.current = numberField(record.fields, 'current') ?? set.current;
      set.desired = numberField(record.fields, 'desired') ?? set.desired;
      set.compared = seen;
      set.shortSince = (set.desired ?? 0) > (set.current ?? 0) ? (set.shortSince ?? seen) : undefined;
      return;
    case 'Ephemeral runner counts':
      noteCounts(reading, set, record, seen);
      return;
    case 'Deleting finished ephemeral runner':
    case 'Deleting ephemeral runner after removing from the service':
    case 'Deleting ephemeral runner': {
      const name = textField(withoutSet(record.fields), 'name');
      const runner = name === undefined ? undefined : reading.runners.get(object.namespace, name);
      if (runner !== undefined && !runner.milestones.has('deleted')) runner.milestones.set('deleted', seen);
      return;
    }
    case 'Skipping ephemeral runner since it is not registered yet': {
      const name = textField(withoutSet(record.fields), 'name');
      if (name === undefined) return;
      const key = copyOf(`${object.namespace}/${name}`);
      noteIn(reading.unregistered, key, seen, '');
      return;
    }
    default:
      if (record.message.startsWith('ephemeral runner set is outdated')) set.outdated = again(set.outdated, seen, '');
  }
}

function setOf(reading: Reading, namespace: string, name: string): SetHistory {
  const key = `${namespace}/${name}`;
  let set = reading.sets.get(key);
  if (set === undefined) {
    set = {
      name: copyOf(name),
      namespace: copyOf(namespace),
      desired: undefined,
      current: undefined,
      compared: undefined,
      shortSince: undefined,
      counts: undefined,
      outdated: undefined,
    };
    reading.sets.set(`${set.namespace}/${set.name}`, set);
  }
  return set;
}

/** The set's own name is a field called `name`, too. */
function withoutSet(fields: string): string {
  return fields.replace(/"ephemeralrunnerset":\s*\{[^}]*\}/, '');
}

function noteCounts(reading: Reading, set: SetHistory, record: LogRecord, seen: Seen): void {
  const of: Record<string, number> = {};
  for (const name of COUNTS) {
    const count = numberField(record.fields, name);
    if (count !== undefined) of[name] = count;
  }
  if ('outdated' in of) narrowBoth(reading, { since: '0.14.0' });
  else if ('deleting' in of && !isCutShort(record)) narrowBoth(reading, { until: '0.13.1' });
  set.counts = { at: seen, of };
}
