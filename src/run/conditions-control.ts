import { t } from '@vscode/l10n';
import type { ActionsLatency } from '../actions/embedded-transport.ts';
import type { EmbeddedActionsService } from '../actions/embedded-service.ts';
import { ACTIONS_OPERATIONS, type ActionsOperation } from '../actions/operations.ts';
import { allResources } from '../kubernetes/resource.ts';
import { inWords } from '../base/count-words.ts';
import { likelyWord } from '../base/likely-word.ts';
import { FAULT_MESSAGE } from '../base/fault-message.ts';
import type { Conditions, Fault } from '../kubernetes/embedded/conditions.ts';

type MutableLatency = { -readonly [K in keyof ActionsLatency]: ActionsLatency[K] };

export type { Fault };

interface ServiceFault {
  readonly operation: ActionsOperation;
  readonly status: number;
  readonly times: number;
}

/** Current conditions; any subset of them is a change request. Times are microseconds. */
export interface ConditionsDocument {
  readonly apiLatencyUs: number;
  readonly jitLatencyUs: number;
  readonly otherActionsLatencyUs: number;
  /** Faults that wait at the API server; asking replaces them. */
  readonly faults: readonly Fault[];
  /** Answers that the Actions service is to give next; asking adds to them, and an empty list ends them. */
  readonly actionsFaults?: readonly ServiceFault[];
}

/** A fault that has not happened as often as it was asked for. */
export interface MissedFault {
  /** As it is asked for, without its number: `create pods 500`. */
  readonly what: string;
  readonly planned: number;
  readonly happened: number;
}

/** A change of conditions. */
export interface ConditionsChange extends Partial<ConditionsDocument> {
  /** First ends all faults and takes the latencies back to what they were at the beginning. */
  readonly clear?: boolean;
}

/** The longest latency that can be set while a run goes on, in microseconds. */
export const LONGEST_US = 3_600_000_000;
const NO_FAULTS: Faults = { faults: [], actionsFaults: [] };

/** How an embedded cluster and its Actions service feel: slow, or failing in chosen ways. Changed while they run. */
export class ConditionsControl {
  readonly #api: Conditions;
  readonly #latency: MutableLatency;
  readonly #service: EmbeddedActionsService;
  readonly #begun: Partial<ConditionsDocument>;
  /** All that were asked for, those that have happened too. */
  #planned: Faults = NO_FAULTS;

  constructor(api: Conditions, latency: MutableLatency, service: EmbeddedActionsService) {
    this.#api = api;
    this.#latency = latency;
    this.#service = service;
    const { faults: _none, actionsFaults: _neither, ...latencies } = this.document;
    this.#begun = latencies;
  }

  get document(): ConditionsDocument {
    const { latencyUs, faults } = this.#api;
    const { jitUs, otherUs } = this.#latency;
    const actionsFaults = this.#waitingAnswers();
    return { apiLatencyUs: latencyUs, jitLatencyUs: jitUs, otherActionsLatencyUs: otherUs, faults, actionsFaults };
  }

  #waitingAnswers(): ServiceFault[] {
    const asked = new Map(this.#planned.actionsFaults.map((fault) => [`${fault.operation} ${fault.status}`, fault]));
    return [...asked.values()]
      .map((fault) => ({ ...fault, times: this.#left(fault) }))
      .filter(({ times }) => times > 0);
  }

  /** Which of the faults that were asked for have happened less often than that. */
  get missed(): readonly MissedFault[] {
    const { faults, actionsFaults } = this.#planned;
    const missed = new Map<string, MissedFault>();
    for (const fault of [...faults, ...actionsFaults]) {
      const what = `${whatOf(fault)} ${fault.status}`;
      const planned = (missed.get(what)?.planned ?? 0) + fault.times;
      missed.set(what, { what, planned, happened: planned - this.#left(fault) });
    }
    return [...missed.values()].filter(({ planned, happened }) => happened < planned);
  }

  #left(fault: Fault | ServiceFault): number {
    if ('operation' in fault) return this.#service.answersLeft(fault.operation, fault.status);
    const alike = this.#api.faults.filter((left) => whatOf(left) === whatOf(fault) && left.status === fault.status);
    return alike.reduce((sum, { times }) => sum + times, 0);
  }

  /**
   * @param wanted a ConditionsChange, not checked yet
   * @throws Error with a sentence that says what is wrong with it; nothing is changed then
   */
  change(wanted: unknown): void {
    const { clear = false, ...change } = checked(wanted);
    if (clear || change.actionsFaults?.length === 0) this.#service.answerAsUsual();
    const cleared = clear ? { ...this.#begun, faults: [] } : {};
    const { apiLatencyUs, jitLatencyUs, otherActionsLatencyUs, faults, actionsFaults = [] } = { ...cleared, ...change };
    if (apiLatencyUs !== undefined) this.#api.latencyUs = apiLatencyUs;
    if (jitLatencyUs !== undefined) this.#latency.jitUs = jitLatencyUs;
    if (otherActionsLatencyUs !== undefined) this.#latency.otherUs = otherActionsLatencyUs;
    if (faults !== undefined) this.#api.faults = faults;
    const { faults: ofApi, actionsFaults: ofService } = clear ? NO_FAULTS : this.#planned;
    const kept = change.actionsFaults?.length === 0 ? [] : ofService;
    this.#planned = { faults: faults ?? ofApi, actionsFaults: [...kept, ...actionsFaults] };
    for (const { operation, status, times } of actionsFaults) {
      this.#service.answerNext(operation, { status, body: { message: FAULT_MESSAGE }, times });
    }
  }
}

/** @throws Error with a sentence */
function checked(wanted: unknown): ConditionsChange {
  if (typeof wanted !== 'object' || wanted === null) throw new Error('conditions are an object');
  const document = wanted as ConditionsChange;
  for (const name of ['apiLatencyUs', 'jitLatencyUs', 'otherActionsLatencyUs'] as const) {
    const value: unknown = document[name];
    if (value === undefined || (typeof value === 'number' && value >= 0 && value <= LONGEST_US)) continue;
    throw new Error(`${name} is a number of microseconds, an hour at most`);
  }
  if (typeof (document.clear ?? false) !== 'boolean') throw new Error('clear is true or false');
  if (!areAll(document.faults, isFault)) {
    throw new Error('a fault has verb, resource, status (0 cuts the connection, or 400 to 599) and times');
  }
  for (const fault of document.faults ?? []) {
    const unknown = unknownIn(fault);
    if (unknown !== undefined) throw new Error(unknown);
  }
  if (!areAll(document.actionsFaults, isServiceFault)) {
    throw new Error(`a fault of the service has status, times and an operation of ${ACTIONS_OPERATIONS.join(', ')}`);
  }
  return document;
}

/**
 * Reads `create pods 500 3`: the next three creations of pods are refused with 500. Without a number once; `*` stands for
 * any verb or resource, the status 0 for a cut connection. Of the service: `generatejitconfig 500 3`.
 * @returns a sentence without its full stop where it cannot: what of the text is wrong
 */
function parseFault(text: string): { readonly fault: Fault } | { readonly serviceFault: ServiceFault } | string {
  const words = text.trim().split(/\s+/);
  const operation = ACTIONS_OPERATIONS.find((name) => name === words[0]);
  const [verb = '', resource = ''] = words;
  const [status, times = '1', ...rest] = words.slice(operation === undefined ? 2 : 1);
  const wrong =
    (operation === undefined ? unknownIn({ verb, resource }) : undefined) ??
    wrongNumbers(status, times, operation === undefined) ??
    (rest.length === 0 ? undefined : t('the count must come last, not {0}', JSON.stringify(rest.join(' '))));
  if (wrong !== undefined) return wrong;
  const numbers = { status: Number(status), times: Number(times) };
  return operation === undefined
    ? { fault: { verb, resource, ...numbers } }
    : { serviceFault: { operation, ...numbers } };
}

function wrongNumbers(status: string | undefined, times: string, mayBeCut: boolean): string | undefined {
  if (status === undefined) {
    return mayBeCut
      ? t('the status is missing: 400 to 599, or 0 to cut the connection, as in {0}', 'create pods 500 3')
      : t('the status is missing: 400 to 599, as in {0}', 'generatejitconfig 503 2');
  }
  if (!isStatus(Number(status)) && !(mayBeCut && status === '0')) {
    const named = JSON.stringify(status);
    return mayBeCut
      ? t('{0} is not a status: 400 to 599, or 0 to cut the connection', named)
      : t('{0} is not a status: 400 to 599', named);
  }
  return isCount(Number(times)) ? undefined : t('{0} is not a count: a whole number from 1', JSON.stringify(times));
}

/** The faults to come of the two servers. */
export type Faults = Required<Pick<ConditionsDocument, 'faults' | 'actionsFaults'>>;

/**
 * Reads several faults with commas between them; none of an empty text.
 * @returns a sentence without its full stop where one of them is wrong
 */
export function parseFaults(text: string): Faults | string {
  const faults: Fault[] = [];
  const actionsFaults: ServiceFault[] = [];
  const parts = text.trim() === '' ? [] : text.split(',');
  for (const part of parts) {
    const parsed = parseFault(part);
    if (typeof parsed === 'string') return parts.length === 1 ? parsed : `${JSON.stringify(part.trim())}: ${parsed}`;
    if ('fault' in parsed) faults.push(parsed.fault);
    else actionsFaults.push(parsed.serviceFault);
  }
  return { faults, actionsFaults };
}

/** The text that parseFaults() turns into the faults. */
export function faultsText({ faults = [], actionsFaults = [] }: Partial<Faults>): string {
  return [...faults, ...actionsFaults].map(faultText).join(', ');
}

/** The text that parseFault() turns into the fault. */
function faultText(fault: Fault | ServiceFault): string {
  return `${whatOf(fault)} ${fault.status} ${fault.times}`;
}

/** The requests that it is for: `create pods`, `generatejitconfig`. */
function whatOf(fault: Fault | ServiceFault): string {
  return 'operation' in fault ? fault.operation : `${fault.verb} ${fault.resource}`;
}

/** Of requests to an API server; `*` stands for any. */
export const VERBS: readonly string[] = [
  '*',
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
];
const RESOURCES = ['*', ...new Set(allResources.map(({ plural }) => plural))];

/** The part of a fault that no request matches: the fault would never occur. */
function unknownIn({ verb, resource }: Pick<Fault, 'verb' | 'resource'>): string | undefined {
  if (verb === '') return t('a verb is missing, as in {0}', 'create pods 500 3');
  if (!VERBS.includes(verb))
    return t('no such verb: {0}; there are {1}', verb, inWords([...VERBS, ...ACTIONS_OPERATIONS]));
  if (resource === '') return t('a resource is missing after {0}; there are {1}', verb, inWords(RESOURCES));
  const [plural = '', part] = resource.split('/');
  if (part !== undefined && RESOURCES.includes(plural)) {
    return t('no such resource: {0}; write {1}, which is for all parts of them', resource, `${verb} ${plural}`);
  }
  if (!RESOURCES.includes(resource)) {
    const meant = likelyWord(resource, RESOURCES);
    return meant === undefined
      ? t('no such resource: {0}; there are {1}', resource, inWords(RESOURCES))
      : t('no such resource: {0}; probably {1} is meant', resource, meant);
  }
  return undefined;
}

function areAll(list: unknown, is: (item: unknown) => boolean): boolean {
  return list === undefined || (Array.isArray(list) && list.every(is));
}

function isFault(fault: unknown): boolean {
  const { verb, resource, status, times } = (fault ?? {}) as Partial<Fault>;
  return (
    typeof verb === 'string' && typeof resource === 'string' && (status === 0 || isStatus(status)) && isCount(times)
  );
}

function isServiceFault(fault: unknown): boolean {
  const { operation, status, times } = (fault ?? {}) as Partial<ServiceFault>;
  return ACTIONS_OPERATIONS.some((name) => name === operation) && isStatus(status) && isCount(times);
}

function isStatus(status: unknown): boolean {
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600;
}

function isCount(times: unknown): boolean {
  return typeof times === 'number' && Number.isInteger(times) && times >= 1;
}
