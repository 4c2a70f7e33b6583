import { t } from '@vscode/l10n';
import { formatDuration } from '../base/duration.ts';
import type { Debugger } from '../debug/debugger.ts';
import { isRequest, type Edit } from '../debug/edits.ts';
import { objectsAt, queueAt, requestAt, statusAt, tokensByKind, phaseAt, type Waiting } from '../debug/facts.ts';
import { objectKey } from '../debug/recording.ts';
import { shown } from '../debug/shown.ts';
import { keyOf } from '../kubernetes/types.ts';

/** Nobody reads more keys of a queue than these. */
const MOST_KEYS = 100;

/** One of the lists of variables beside a stopped pass. */
export interface Scope {
  readonly name: string;
  readonly value: unknown;
  /** Of an object of the cluster: where its fields are written. */
  readonly object?: string;
  /** Its fields may be set. */
  readonly isEditable?: boolean;
}

/** What can be looked at where the debugger stands, as people may see it. */
export function scopesOf({ recording, at, futures, current }: Debugger): readonly Scope[] {
  const { moments, locks, secrets, settings, finished } = recording;
  const objects = objectsAt(recording, at);
  const nowUs = moments.timeUs(at);
  const scopes: Scope[] = [];
  const effect = moments.effect(at);
  // What is about to happen comes first: editors open the first scope.
  if (effect !== undefined) scopes.push({ name: t('Answer'), value: answerScope(recording, at), isEditable: true });
  if (effect !== undefined && isRequest(effect)) {
    scopes.push({ name: t('Request'), value: shown(requestAt(recording, at), secrets) });
  }
  const names = { runner: t('Runner'), pod: t('Pod'), secret: t('Secret'), set: t('Set') };
  for (const [name, { cached, truth }] of objects) {
    const seen = truth ?? cached;
    if (seen === undefined && name === 'set') continue;
    scopes.push({
      name: names[name],
      value: shown(seen ?? t('not there'), secrets),
      ...(seen === undefined ? {} : { object: objectKey(seen.kind ?? '', keyOf(seen.metadata)) }),
    });
  }
  const differences = [...objects].flatMap(([name, { cached, truth }]) =>
    differencesOf(name, shown(cached, secrets), shown(truth, secrets)),
  );
  scopes.push({
    name: t('Cache against truth'),
    value: differences.length === 0 ? t('the caches show what the API server has') : Object.fromEntries(differences),
  });
  scopes.push({ name: t('Queue'), value: queueScope(queueAt(recording, at), nowUs) });
  scopes.push({
    name: t('Client limiter'),
    value: { qps: settings.qps, burst: settings.burst, tokens: Object.fromEntries(tokensByKind(recording, at)) },
  });
  const held = [...locks.entriesAt(at)].map(([name, pass]) => [name, lockHolder(recording, pass)]);
  scopes.push({
    name: t('Actions client'),
    value: held.length === 0 ? t('nobody holds its lock') : shown(Object.fromEntries(held), secrets),
  });
  const pass = moments.pass(at);
  scopes.push({
    name: t('Trace position'),
    value: {
      ...{ moment: at, of: moments.length, time: formatDuration(nowUs - finished.originUs) },
      ...{ pass: pass.id, attempt: pass.attempt, trigger: pass.trigger, phase: phaseAt(recording, at) },
      waited: formatDuration(pass.startedUs - pass.readyUs),
      ...{ future: current, futures: futures.length },
      ...(recording.edits.length === 0 ? {} : { changes: recording.edits.map((edit) => editText(edit)) }),
    },
  });
  return scopes;
}

/** The first keys of a long queue, and how many more there are. */
function queueScope(waiting: readonly Waiting[], nowUs: number): readonly unknown[] {
  const first = waiting.slice(0, MOST_KEYS).map(({ key, trigger, state, ahead, sinceUs, untilUs }) => ({
    key,
    ...{ trigger, state, ...(ahead === undefined ? {} : { ahead }) },
    since: formatDuration(nowUs - sinceUs),
    ...(untilUs === undefined ? {} : { in: formatDuration(untilUs - nowUs) }),
  }));
  const left = waiting.length - first.length;
  return left === 0 ? first : [...first, t('{0} more', left)];
}

function answerScope(recording: Debugger['recording'], at: number): unknown {
  const { moments, secrets } = recording;
  const answer = moments.answerOf(at);
  const value = answer.kind === 'value' ? answer.value : answer.kind === 'error' ? answer.error : undefined;
  const delayUs = answer.kind === 'none' ? undefined : answer.atUs - moments.timeUs(at);
  const effect = moments.effect(at);
  const edits = recording.edits.filter((edit) => edit.moment === at && edit.kind === 'answer');
  const replacement = edits.flatMap((edit) => (edit.kind === 'answer' ? [edit.replacement.kind] : []))[0];
  if (effect === undefined || !isRequest(effect)) return { value: shown(value, secrets) };
  return {
    status: statusAt(recording, at),
    delay: delayUs === undefined ? t('it does not come') : formatDuration(delayUs),
    lost: replacement === 'lost',
    never: replacement === 'never',
    value: shown(value, secrets),
  };
}

function lockHolder({ moments }: Debugger['recording'], pass: number): unknown {
  const first = moments.ofPass(pass)[0];
  if (first === undefined) return { pass };
  const { key, worker, controller } = moments.pass(first);
  return { pass, key, controller, worker };
}

/** Fields in which a cache is behind; the newest first. */
function differencesOf(name: string, cached: unknown, truth: unknown): readonly (readonly [string, unknown])[] {
  const before = JSON.stringify(cached);
  const after = JSON.stringify(truth);
  if (before === after) return [];
  return fieldsOf(cached, truth, name).map(([path, was, is]) => [
    path,
    { cache: was ?? t('not there'), truth: is ?? t('not there') },
  ]);
}

function fieldsOf(cached: unknown, truth: unknown, path: string): readonly (readonly [string, unknown, unknown])[] {
  if (JSON.stringify(cached) === JSON.stringify(truth)) return [];
  if (!isObject(cached) || !isObject(truth)) return [[path, summary(cached), summary(truth)]];
  const names = [...new Set([...Object.keys(cached), ...Object.keys(truth)])];
  return names.flatMap((name) => fieldsOf(cached[name], truth[name], `${path}.${name}`));
}

/** Whole objects are looked at in their own scope; no credential is in a field that is shown here. */
function summary(value: unknown): unknown {
  return isObject(value) ? '{…}' : typeof value === 'string' && value.length > 80 ? `${value.slice(0, 20)}…` : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function editText(edit: Edit): string {
  if (edit.kind === 'answer') {
    const { replacement } = edit;
    return t(
      'moment {0}: answer {1}',
      edit.moment,
      replacement.kind === 'status' ? replacement.status : replacement.kind,
    );
  }
  if (edit.kind === 'user') {
    const { verb, resource, name } = edit.request;
    return t('moment {0}: {1}', edit.moment, `${verb} ${resource.plural} ${name}`);
  }
  return t('moment {0}: {1}', edit.moment, edit.kind);
}
