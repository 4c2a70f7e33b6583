import { t } from '@vscode/l10n';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { basename, isAbsolute, resolve } from 'node:path';
import { messageOf } from '../base/message.ts';
import {
  atLine,
  exceptions,
  onException,
  onlyIf,
  parseBreakpoint,
  stoppableLine,
  type Stop,
  type StoppableLine,
} from '../debug/breakpoints.ts';
import { meantOf } from '../debug/meant.ts';
import { whyNever, type Wanted } from '../debug/never-met.ts';
import { Condition } from '../debug/expression.ts';
import { contextAt } from '../debug/facts.ts';
import type { Moment } from '../debug/moments.ts';
import { writesOf } from '../debug/navigation.ts';
import type { Recording } from '../debug/recording.ts';
import type { SourceFiles, SourcePlace } from '../debug/source-files.ts';
import { namesIn, type SourceNames } from '../debug/source-names.ts';
import { LogPoint } from './log-point.ts';

/** A condition over the answer cannot be met before that is there. */
const ANSWER = /\banswer\b/;

type Say = (text: string, place: SourcePlace | undefined) => void;

/** What an editor says of a breakpoint besides where it is. */
interface Terms {
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly logMessage?: string | undefined;
}

/** What a breakpoint is set on. */
type About = Pick<Wanted, 'logLine' | 'exception'>;

/** A breakpoint of the editor as it is looked for. */
export class SetBreakpoint {
  readonly id: number;
  readonly wanted: Wanted;
  readonly #isHit: (count: number) => boolean;
  readonly #log: LogPoint | undefined;
  readonly #condition: Condition | undefined;
  #count = 0;

  /** @throws Error with a sentence when the terms cannot be read */
  constructor(id: number, stop: Stop, { condition, hitCondition, logMessage }: Terms, about: About) {
    this.id = id;
    const asked = isBlank(condition) ? undefined : new Condition(condition);
    const needsAnswer = ANSWER.test(condition ?? '');
    this.#condition = asked;
    const met = asked === undefined ? stop : onlyIf(stop, (context) => asked.isMet(context), needsAnswer);
    const hit = isBlank(hitCondition) ? EVERY_HIT : hitTest(hitCondition);
    this.wanted = { ...about, stop: met, hasCondition: asked !== undefined, firstHit: hit.first };
    this.#isHit = hit.isHit;
    this.#log = isBlank(logMessage) ? undefined : new LogPoint(logMessage);
  }

  get isException(): boolean {
    return this.wanted.exception !== undefined;
  }

  /** Why its condition was never true or false since this was asked last, in a sentence; undefined where it was. */
  whyUnclear(): string | undefined {
    return this.#condition?.whyUnclear();
  }

  /** Whether it says something and never stops. */
  get isLogPoint(): boolean {
    return this.#log !== undefined;
  }

  /** Whether a run stops here; one with a message says it and goes on. */
  stopping(say: Say): Stop {
    const { stop } = this.wanted;
    const stopping = (recording: Recording, moment: Moment): boolean => {
      if (!stop(recording, moment) || !this.#isHit(++this.#count)) return false;
      if (this.#log === undefined) return true;
      const [place] = recording.sites.frames(recording.moments.site(moment));
      say(this.#log.text(contextAt(recording, moment)), place);
      return false;
    };
    return Object.assign(stopping, { needsAnswer: stop.needsAnswer === true });
  }
}

/** All breakpoints that an editor has set. What it is answered says which are good, and why the others are not. */
export class BreakpointList {
  readonly #sources: SourceFiles;
  readonly #names: SourceNames;
  readonly #ofFile = new Map<string, readonly SetBreakpoint[]>();
  #ofFunctions: readonly SetBreakpoint[] = [];
  #ofData: readonly SetBreakpoint[] = [];
  #ofExceptions: readonly SetBreakpoint[] = [];
  #lastId = 0;
  #recording: Recording | undefined;

  constructor(sources: SourceFiles) {
    this.#sources = sources;
    this.#names = namesIn(sources);
  }

  get all(): readonly SetBreakpoint[] {
    return [...[...this.#ofFile.values()].flat(), ...this.#ofFunctions, ...this.#ofData, ...this.#ofExceptions];
  }

  /**
   * The run is there: from now on breakpoints are refused that can never stop in it.
   * @returns those that were set before and cannot
   */
  judge(recording: Recording): readonly DebugProtocol.Breakpoint[] {
    this.#recording = recording;
    return this.all.map((breakpoint) => this.#judged(breakpoint)).filter(({ verified }) => !verified);
  }

  #judged({ id, wanted }: SetBreakpoint): DebugProtocol.Breakpoint {
    const why = this.#recording && whyNever(this.#recording, wanted);
    return why === undefined ? { id, verified: true } : { id, verified: false, message: why };
  }

  /** @param logs paths of the logs that are replayed: passes stop on their lines too */
  setLines(
    source: DebugProtocol.Source,
    wanted: readonly DebugProtocol.SourceBreakpoint[],
    logs: readonly string[],
  ): readonly DebugProtocol.Breakpoint[] {
    const set: SetBreakpoint[] = [];
    const answered = wanted.map((terms) => {
      const line = this.#lineOf(source, terms.line, logs);
      return typeof line === 'string'
        ? refused(line)
        : { ...this.#set(set, atLine(line), terms, lineOfLog(line)), line: line.line, source };
    });
    this.#ofFile.set(source.path ?? '', set);
    return answered;
  }

  /** What stops on a line, as a breakpoint there would; a sentence where nothing does. */
  lineStop(source: DebugProtocol.Source, line: number, logs: readonly string[]): Stop | string {
    const found = this.#lineOf(source, line, logs);
    return typeof found === 'string' ? found : atLine(found);
  }

  #lineOf(
    { path = '', name = basename(path) || t('a source without a path') }: DebugProtocol.Source,
    line: number,
    logs: readonly string[],
  ): StoppableLine | string {
    const log = logs.find((each) => resolve(each) === resolve(path));
    if (log !== undefined) return { file: resolve(log), line, endLine: line + 1 };
    const file = this.#sources.fileAt(path);
    if (file === undefined) {
      return t('Passes run through the sources of ARC Reconciler Lab, and {0} is none of them.', name);
    }
    return (
      stoppableLine(this.#sources, file, line) ??
      t('A pass stops on lines with yield, and none follows line {0} in this part of the file.', line)
    );
  }

  setFunctions(wanted: readonly DebugProtocol.FunctionBreakpoint[]): readonly DebugProtocol.Breakpoint[] {
    const set: SetBreakpoint[] = [];
    const answered = wanted.map((terms) => {
      const stop = parseBreakpoint(terms.name, this.#names);
      return typeof stop === 'string' ? refused(stop) : this.#set(set, stop, terms);
    });
    this.#ofFunctions = set;
    return answered;
  }

  setExceptions(wanted: readonly DebugProtocol.ExceptionFilterOptions[]): readonly DebugProtocol.Breakpoint[] {
    const set: SetBreakpoint[] = [];
    const answered = wanted.map(({ filterId, condition = '' }) => {
      const exception = exceptions().find(({ id }) => id === filterId);
      if (exception === undefined) {
        const ids = exceptions().map(({ id }) => id);
        return refused(t('No exception is called {0}{1}', JSON.stringify(filterId), meantOf(filterId, ids)));
      }
      if (!exception.takesLimit && isNumber(condition)) {
        return refused(t('{0} takes a condition, and no number of milliseconds.', exception.label));
      }
      const limitMs = isNumber(condition) ? Number(condition) : undefined;
      const stop = onException(exception.id, limitMs);
      return this.#set(set, stop, limitMs === undefined ? { condition } : {}, { exception: exception.id });
    });
    this.#ofExceptions = set;
    return answered;
  }

  setData(wanted: readonly DebugProtocol.DataBreakpoint[]): readonly DebugProtocol.Breakpoint[] {
    const set: SetBreakpoint[] = [];
    const answered = wanted.map((terms) => {
      const field = fieldOf(terms.dataId);
      return field === undefined
        ? refused(t('A data breakpoint is set on a field of an object, in Variables: {0} is none.', terms.dataId))
        : this.#set(set, atWrites(field), terms);
    });
    this.#ofData = set;
    return answered;
  }

  #set(to: SetBreakpoint[], stop: Stop, terms: Terms, about: About = {}): DebugProtocol.Breakpoint {
    try {
      const breakpoint = new SetBreakpoint(++this.#lastId, stop, terms, about);
      to.push(breakpoint);
      return this.#judged(breakpoint);
    } catch (error) {
      return refused(messageOf(error));
    }
  }
}

/** How an editor names a field of an object; editors keep it over sessions. */
export function dataIdOf(object: string, path: readonly string[]): string {
  return JSON.stringify([object, ...path]);
}

interface Field {
  readonly object: string;
  readonly path: readonly string[];
}

/** Undefined where the text is none that dataIdOf() has made. */
function fieldOf(dataId: string): Field | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(dataId);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return undefined;
  const [object, ...path] = parts;
  return object === undefined || !/^\w+ \S+$/.test(object) ? undefined : { object, path };
}

/** Stops at each request that writes the field. */
function atWrites({ object, path }: Field): Stop {
  const found = new WeakMap<Recording, ReadonlySet<Moment>>();
  return (recording, moment) => {
    let writes = found.get(recording);
    if (writes === undefined) found.set(recording, (writes = new Set(writesOf(recording, object, path))));
    return writes.has(moment);
  };
}

/** Logs are named by their whole path, sources by that below their folder. */
function lineOfLog(line: StoppableLine): About {
  return isAbsolute(line.file) ? { logLine: line } : {};
}

function refused(message: string): DebugProtocol.Breakpoint {
  return { verified: false, message };
}

function isNumber(text: string): boolean {
  return /^\s*\d+(?:\.\d+)?\s*$/.test(text);
}

function isBlank(text: string | undefined): text is undefined {
  return text === undefined || text.trim() === '';
}

/** Which hits of a breakpoint stop. */
interface HitTest {
  /** The number of the first that does; hits are counted from 1. */
  readonly first: number;
  readonly isHit: (count: number) => boolean;
}

const EVERY_HIT: HitTest = { first: 1, isHit: () => true };

/** Reads `5`, `>= 3`, `% 10`. @throws Error with a sentence */
function hitTest(text: string): HitTest {
  const found = /^(==?|>=?|<=?|%)?\s*(\d+)$/.exec(text.trim());
  if (found === null) {
    throw new Error(t('A hit count is a number, perhaps after =, >, >=, <, <= or %, not {0}.', JSON.stringify(text)));
  }
  const [, sign = '=', digits] = found;
  const limit = Number(digits);
  const least = sign === '<' ? 2 : sign.startsWith('>') ? 0 : 1;
  if (limit < least) throw new Error(t('No hit is ever {0}: the first has the number 1.', text.trim()));
  switch (sign) {
    case '>':
      return { first: limit + 1, isHit: (count) => count > limit };
    case '>=':
      return { first: Math.max(1, limit), isHit: (count) => count >= limit };
    case '<':
      return { first: 1, isHit: (count) => count < limit };
    case '<=':
      return { first: 1, isHit: (count) => count <= limit };
    case '%':
      return { first: limit, isHit: (count) => count % limit === 0 };
    default:
      return { first: limit, isHit: (count) => count === limit };
  }
}
