import { t } from '@vscode/l10n';
import { jobsName } from '../analysis/chain-links.ts';
import { runnersText } from '../base/count-words.ts';
import { JOB_KIND, LISTENER_KIND, SET_KIND, type ObjectEvent } from '../trace/model.ts';
import type { TraceLog } from '../trace/trace-log.ts';

/** What is shown about something above runners beside its lane. */
interface ObjectTold {
  readonly state: string;
  readonly happened: string;
  /** Since when it has been so, in the trace's time. */
  readonly sinceUs: number | undefined;
  readonly advice: '';
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/**
 * @param kind of what has a lane
 * @param name the lane's, namespace/name
 * @returns undefined for what the trace does not know
 */
export function objectDetail(trace: TraceLog, kind: string, name: string): ObjectTold | undefined {
  if (kind === JOB_KIND) return jobsDetail(trace, name);
  const events = eventsOf(trace, kind, (object) => object === name);
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const { replicas, patchID, assigned, phase, deleted } = last;
  const before = events.findLastIndex((event) => event.phase !== phase || event.replicas !== replicas);
  const facts = [
    ...fact(t('runners wanted'), replicas),
    ...fact(t('assigned jobs'), assigned),
    ...fact(t('patch'), patchID),
  ];
  return {
    state: deleted === true ? t('deleted') : stateOf(kind, phase),
    happened: deleted === true ? t('It was deleted.') : sentence(kind, last),
    sinceUs: events[before + 1]?.at,
    ...{ advice: '', facts },
  };
}

function stateOf(kind: string, phase = ''): string {
  if (kind === LISTENER_KIND) return t('listening');
  return phase === '' ? t('just made') : phase.toLowerCase();
}

function sentence(kind: string, { replicas, assigned }: ObjectEvent): string {
  if (replicas === undefined) return t('Its controller keeps it as its spec says.');
  const runners = runnersText(replicas);
  if (kind === LISTENER_KIND && assigned !== undefined) {
    return t('It wants {0}; jobs assigned to its scale set: {1}.', runners, assigned);
  }
  return kind === SET_KIND ? t('It is to have {0}.', runners) : t('It wants {0}.', runners);
}

function jobsDetail(trace: TraceLog, name: string): ObjectTold | undefined {
  const phases = new Map<string, string>();
  const events = eventsOf(trace, JOB_KIND, (object, scaleSet) => jobsName(object, scaleSet) === name);
  for (const { object, phase = '' } of events) phases.set(object, phase);
  if (phases.size === 0) return undefined;
  const count = (wanted: string): number => [...phases.values()].filter((phase) => phase === wanted).length;
  const [waiting, running, done] = [count('queued'), count('running'), count('completed') + count('lost')];
  return {
    state: waiting > 0 ? t('waiting') : running > 0 ? t('running') : t('done'),
    happened: t('Jobs that wait for a runner: {0}; that run: {1}; that are done: {2}.', waiting, running, done),
    sinceUs: events.at(-1)?.at,
    advice: '',
    facts: [],
  };
}

function fact(label: string, value: number | undefined): { label: string; value: string }[] {
  return value === undefined ? [] : [{ label, value: String(value) }];
}

function eventsOf(
  trace: TraceLog,
  kind: string,
  isIt: (object: string, scaleSet: string | undefined) => boolean,
): ObjectEvent[] {
  const { objects, strings, words } = trace.rows;
  const wanted = words.find(kind);
  const found: ObjectEvent[] = [];
  for (let row = 0; wanted !== undefined && row < objects.object.length; row++) {
    if (objects.kind.get(row) !== wanted) continue;
    const [object, scaleSet] = [objects.object, objects.scaleSet].map((column) => strings.textOf(column.get(row)));
    if (isIt(object ?? '', scaleSet)) found.push(trace.rows.object(row));
  }
  return found;
}
