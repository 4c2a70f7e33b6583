import { t } from '@vscode/l10n';
import { ACTIONS_OPERATIONS } from '../actions/operations.ts';
import { formatDuration } from '../base/duration.ts';
import { likelyWord } from '../base/likely-word.ts';
import { messageOf } from '../base/message.ts';
import type { SecretRegistry } from '../base/redact.ts';
import { allResources } from '../kubernetes/resource.ts';
import { brokenAt } from './broken-invariants.ts';
import { isRequest } from './edits.ts';
import { contextAt, phaseAt, requestAt, statusAt } from './facts.ts';
import { meantOf } from './meant.ts';
import type { Ending, Moment } from './moments.ts';
import type { Recording } from './recording.ts';
import type { SourceFiles } from './source-files.ts';
import type { SourceNames } from './source-names.ts';

/** Whether a run stops at a moment. */
export interface Stop {
  (recording: Recording, moment: Moment): boolean;
  /** Whether it asks for the answer to come: a run that goes on stops when that is there, and else before it. */
  readonly needsAnswer?: boolean;
}

function needing(needsAnswer: boolean, stop: Stop): Stop {
  return needsAnswer ? Object.assign(stop, { needsAnswer }) : stop;
}

/** A line at which passes can be stopped, and the one before which the next begins. */
export interface StoppableLine {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
}

/** The first line from `line` on at which a pass can be stopped, within the same function; undefined where there is none. */
export function stoppableLine(sources: SourceFiles, file: string, line: number): StoppableLine | undefined {
  const lines = sources.linesOf(file);
  const isFunctionEnd = (at: number): boolean => /^ {0,2}\}/.test(lines[at - 1] ?? '');
  let at = line;
  while (at <= lines.length && !YIELD.test(lines[at - 1] ?? '')) {
    if (isFunctionEnd(at)) return undefined;
    at++;
  }
  if (at > lines.length) return undefined;
  let endLine = at + 1;
  while (endLine <= lines.length && !YIELD.test(lines[endLine - 1] ?? '') && !isFunctionEnd(endLine)) endLine++;
  return { file, line: at, endLine };
}

const YIELD = /\byield\b/;

/** Stops where a pass comes to a line, and not again while it is in what the line calls. */
export function atLine({ file, line, endLine }: StoppableLine): Stop {
  return onEntering((recording, site) =>
    recording.sites.frames(site).some((frame) => frame.file === file && frame.line >= line && frame.line < endLine),
  );
}

/** Stops where a pass enters a function of that name. */
function inFunction(name: string): Stop {
  return onEntering((recording, site) => recording.sites.frames(site).some((frame) => frame.function === name));
}

/** Stops at the first moment of each stretch of a pass whose call stack is wanted. Each stack is looked at once. */
function onEntering(isWanted: (recording: Recording, site: number) => boolean): Stop {
  const known: boolean[] = [];
  const isIn = (recording: Recording, moment: Moment): boolean => {
    const site = recording.moments.site(moment);
    return (known[site] ??= isWanted(recording, site));
  };
  return (recording, moment) => {
    if (!isIn(recording, moment)) return false;
    const before = recording.moments.previousOfPass(moment);
    return before === undefined || !isIn(recording, before);
  };
}

/** Stops before requests: verb and resource may be `*`, a status may be left out or be one like `4xx`. */
export function atRequest(verb: string, resource: string, status: string | undefined): Stop {
  const wanted = status === undefined ? undefined : new RegExp(`^${status.replaceAll('x', '\\d')}$`);
  return needing(status !== undefined, (recording, moment) => {
    const effect = recording.moments.effect(moment);
    // Most moments are no requests: to look at all of a long run takes as long as this.
    if (effect === undefined || !isRequest(effect)) return false;
    const request = requestAt(recording, moment);
    if (request === undefined) return false;
    if (verb !== '*' && request.verb !== verb) return false;
    if (resource !== '*' && request.resource !== resource && request.name !== resource) return false;
    return wanted === undefined || wanted.test(String(statusAt(recording, moment)));
  });
}

export function atPhase(name: string): Stop {
  return ({ moments }, moment) => {
    const effect = moments.effect(moment);
    return effect?.kind === 'phase' && effect.phase === name;
  };
}

const REQUEST = /^(\*|[a-zA-Z]+)\s+(\*|[a-zA-Z][\w.-]*(?:\/[a-z]+)?)(?:\s+(\w+))?$/;
const ANY_STATUS = /^(\*)\s+(\d\w*)$/;
const STATUS = /^[1-5](?:\d\d|xx)$/;

/**
 * A breakpoint by name: a function of the reconcilers (`createPod`), a phase (`phase register`), or requests
 * (`patch ephemeralrunners/status`, `* pods 409`, `* 409`, `delete runner-1`).
 * @returns a sentence when the text is none of these, or asks for what never comes
 */
export function parseBreakpoint(text: string, { functions, phases }: SourceNames): Stop | string {
  const words = text.trim();
  if (functions.has(words)) return inFunction(words);
  const phase = /^phase(?:\s+(\S+))?$/i.exec(words);
  if (phase !== null) {
    const [, name = ''] = phase;
    return phases.has(name)
      ? atPhase(name)
      : t('No phase is called {0}{1}', JSON.stringify(name), meantOf(name, [...phases]));
  }
  const [, verb, resource = '*', status] = ANY_STATUS.exec(words)?.toSpliced(2, 0, '*') ?? REQUEST.exec(words) ?? [];
  if (verb !== undefined) {
    // HTTP and the lab's own texts write them large.
    const small = verb.toLowerCase();
    return noSuchRequest(small, resource, status) ?? atRequest(small, resource, status);
  }
  const hint = requestMeant(words) ?? likelyWord(words, [...functions]);
  const name = JSON.stringify(words);
  return hint === undefined
    ? t(
        'No function of the reconcilers is called {0}. A phase is written "phase register", a request "create pods" or "* 409".',
        name,
      )
    : t('No function of the reconcilers is called {0}; did you mean {1}?', name, hint);
}

/** Verbs of both APIs, as traces and audit logs name them. */
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'post', 'put'];
const PLURALS = allResources.map(({ plural }) => plural);
/** Parts of an object that requests are about. */
const SUBRESOURCES = ['status', 'scale', 'log', 'eviction', 'binding'];

/** A request whose verb was left out. */
function requestMeant(words: string): string | undefined {
  const [resource = ''] = words.split(/\s/, 1);
  return isResource(resource) ? JSON.stringify(`* ${words}`) : undefined;
}

function isResource(word: string): boolean {
  return PLURALS.includes(word) || (ACTIONS_OPERATIONS as readonly string[]).includes(word);
}

/** What people call a resource by the end of its name: `runner`, `listeners`. */
function resourceMeant(word: string): string | undefined {
  return PLURALS.find((plural) => plural.endsWith(word) || plural.endsWith(`${word}s`));
}

/** A sentence where a request is named that nobody can send or answer. */
function noSuchRequest(verb: string, resource: string, status: string | undefined): string | undefined {
  if (verb !== '*' && !VERBS.includes(verb))
    return t('No request is called {0}{1}', JSON.stringify(verb), meantOf(verb, VERBS));
  const [plural = '', subresource] = resource.split('/');
  // What has a digit or a dash and is near to no operation is the name of an object.
  const operations: readonly string[] = ACTIONS_OPERATIONS;
  const isName = subresource === undefined && /[\d-]/.test(plural) && likelyWord(plural, operations) === undefined;
  if (resource !== '*' && !isName && !PLURALS.includes(plural) && !operations.includes(resource)) {
    const meant = resourceMeant(plural);
    const known = meant === undefined ? [...PLURALS, ...operations] : [meant];
    return t('No resource is called {0}{1}', JSON.stringify(plural), meantOf(meant ?? plural, known));
  }
  if (subresource !== undefined && !SUBRESOURCES.includes(subresource))
    return t('{0} have no part {1}{2}', plural, JSON.stringify(subresource), meantOf(subresource, SUBRESOURCES));
  return status === undefined || STATUS.test(status)
    ? undefined
    : t('No answer has the status {0}: they are from 100 to 599, or 4xx for all from 400 to 499.', status);
}

export type ExceptionId =
  'conflict' | 'refused' | 'throttled' | 'locked' | 'requeue' | 'stale' | 'no-effect' | 'invariant' | 'error';

interface Exception {
  readonly id: ExceptionId;
  readonly label: string;
  readonly description: string;
  readonly isDefault: boolean;
  /** Whether a condition may be a number of milliseconds. */
  readonly takesLimit: boolean;
}

/** What is worth stopping at wherever it happens, as editors list it. */
export function exceptions(): readonly Exception[] {
  const one = (id: ExceptionId, label: string, description: string, takesLimit = false): Exception => {
    return { id, label, description, isDefault: id === 'error', takesLimit };
  };
  return [
    one('error', t('Error of a pass'), t('A pass ends with an error.')),
    one('conflict', t('Conflict (409)'), t('The answer to a request is 409.')),
    one(
      'refused',
      t('Any refused or lost request'),
      t(
        'The answer to a request is 4xx or 5xx, or never comes. A 404 that only says that something is absent is left out.',
      ),
    ),
    one(
      'throttled',
      t('Held back by the client'),
      t(
        "The client's limiter holds a request back, by default for any time. Condition: for more than this many milliseconds.",
      ),
      true,
    ),
    one(
      'locked',
      t('Waiting for the Actions client'),
      t('Another pass holds the lock of the Actions client. Condition: for more than this many milliseconds.'),
      true,
    ),
    one('requeue', t('Requeue'), t('A pass ends and wants its key back.')),
    one('stale', t('Stale read'), t('A pass reads a copy that is older than what the API server has.')),
    one('no-effect', t('Pass without a request'), t('A pass ends without having sent a request.')),
    one(
      'invariant',
      t('Invariant broken'),
      t(
        'A pass is about to do what must never be, by what it has seen: drop a finalizer before its work is done, make a runner too many, delete one that GitHub knows, let a scale set go with its listener left; or a listener asks for other runners than limits and jobs allow.',
      ),
    ),
  ];
}

/** What is known when the answer has come: of a request, of a look into the cache, of a lock. */
const OF_ANSWERS: readonly ExceptionId[] = ['conflict', 'refused', 'throttled', 'locked', 'stale'];

/** @param limitMs for those that take one */
export function onException(id: ExceptionId, limitMs = 0): Stop {
  return needing(OF_ANSWERS.includes(id), (recording, moment) => {
    const { moments } = recording;
    const outcome = moments.outcome(moment);
    switch (id) {
      case 'conflict':
        return statusAt(recording, moment) === 409;
      case 'refused': {
        const status = statusAt(recording, moment);
        return status !== undefined && (status === 0 || status >= 400) && !isAbsence(recording, moment, status);
      }
      case 'throttled':
        return throttledMs(recording, moment) > limitMs;
      case 'locked':
        return lockedMs(recording, moment) > limitMs;
      case 'requeue':
        return outcome?.kind === 'requeue' || outcome?.kind === 'requeue-after';
      case 'stale':
        return moments.isStale(moment);
      case 'no-effect':
        return outcome !== undefined && !sendsRequests(recording, moment);
      case 'invariant':
        return brokenAt(recording, moment) !== undefined;
      case 'error':
        return outcome?.kind === 'error';
    }
  });
}

/** Whether an answer only says that what was asked for is absent: of a trace the server's words of every other refusal are kept. */
function isAbsence(recording: Recording, moment: Moment, status: number): boolean {
  if (status !== 404) return false;
  const answer = recording.moments.answerOf(moment);
  if (answer.kind === 'seen') return answer.message === '';
  // Refusals of the Actions service are values too: only what is asked for with GET can be absent without harm.
  return answer.kind === 'value' && requestAt(recording, moment)?.verb === 'get';
}

function throttledMs({ throttled }: Recording, moment: Moment): number {
  return (throttled.get(moment) ?? 0) / 1000;
}

function lockedMs({ moments, goesOn }: Recording, moment: Moment): number {
  const effect = moments.effect(moment);
  if (effect?.kind === 'seen-request') return effect.lockedUs / 1000;
  if (effect?.kind !== 'lock') return 0;
  const answer = moments.answerOf(moment);
  if (answer.kind === 'none') return goesOn === true ? 0 : Infinity;
  return (answer.atUs - moments.timeUs(moment)) / 1000;
}

function sendsRequests({ moments }: Recording, end: Moment): boolean {
  return moments.ofPass(moments.pass(end).id).some((moment) => {
    const effect = moments.effect(moment);
    return effect !== undefined && isRequest(effect);
  });
}

/** Stops at moments that a condition is met at. */
export function onlyIf(
  stop: Stop,
  condition: (context: Readonly<Record<string, unknown>>) => boolean,
  needsAnswer = false,
): Stop {
  return needing(
    needsAnswer || stop.needsAnswer === true,
    (recording, moment) => stop(recording, moment) && condition(contextAt(recording, moment)),
  );
}

/** What a stop is at, for people. */
export function describe(recording: Recording, moment: Moment): string {
  const { moments } = recording;
  const outcome = moments.outcome(moment);
  const { key } = moments.pass(moment);
  if (outcome !== undefined) return t('pass of {0} ends: {1}', key, endingText(outcome, recording.secrets));
  const request = requestAt(recording, moment);
  if (request !== undefined) return `${request.verb} ${request.resource} ${request.name}`.trim();
  const effect = moments.effect(moment);
  if (effect?.kind === 'log') return `log ${JSON.stringify(effect.message)}`;
  const phase = phaseAt(recording, moment);
  return `${effect?.kind ?? ''} of ${key}${phase === '' ? '' : ` in ${phase}`}`;
}

/** What a pass returned, or the error that it threw. */
function endingText(ending: Ending, secrets: SecretRegistry): string {
  if (ending.kind === 'requeue-after') return t('requeue after {0}', formatDuration(ending.afterUs));
  const error = ending.kind === 'error' ? secrets.redact(messageOf(ending.error)) : '';
  return error === '' ? ending.kind : `${ending.kind}, ${error}`;
}
