import { t } from '@vscode/l10n';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { basename } from 'node:path';
import { groupBy } from '../base/group.ts';
import { describe } from '../debug/breakpoints.ts';
import type { Debugger } from '../debug/debugger.ts';
import { phaseAt, stackAt } from '../debug/facts.ts';
import type { Moment, SeenPass, Worker } from '../debug/moments.ts';
import type { Recording } from '../debug/recording.ts';
import type { SourceFiles, SourcePlace } from '../debug/source-files.ts';
import { LISTENER } from '../reconciler/autoscaling-listener/names.ts';
import { RequestError } from './requests.ts';

/** Ids of frames are made of their thread's and their place in it. */
const FRAMES_A_THREAD = 1000;

/**
 * Workers of controllers as a debugger's threads, numbered from 1: a controller's one after another, wherever the run stops
 * first. Numbers that were given are kept: one that has its first pass later, or in another future, gets the next.
 */
export class Threads {
  readonly #sources: SourceFiles;
  readonly #workers: Worker[] = [];
  /** Places in the list, by names. */
  readonly #ids = new Map<string, number>();

  constructor(sources: SourceFiles) {
    this.#sources = sources;
  }

  of({ recording }: Debugger): DebugProtocol.Thread[] {
    this.#number(recording);
    return this.#workers.map((worker, index) => ({ id: index + 1, name: nameOf(worker) }));
  }

  /** @throws RequestError for what is asked of a thread that is none */
  check(debugging: Debugger, threadId: number | undefined): void {
    if (threadId === undefined || this.of(debugging).some(({ id }) => id === threadId)) return;
    throw new RequestError(t('There is no thread {0}: ask for the threads.', threadId));
  }

  /** The worker whose moment it is. */
  idAt(recording: Recording, moment: Moment): number {
    this.#number(recording);
    return this.#ids.get(nameOf(recording.moments.pass(moment))) ?? 0;
  }

  /** A worker's call stack, innermost first: the reconciler's functions, then phase, pass and controller. */
  framesOf(debugging: Debugger, threadId: number): readonly DebugProtocol.StackFrame[] {
    const { recording } = debugging;
    const { moments } = recording;
    const moment = this.#momentOf(debugging, threadId);
    if (moment === undefined) return [];
    const pass = moments.pass(moment);
    const places = stackAt(recording, moment);
    const id = (index: number): number => threadId * FRAMES_A_THREAD + index;
    const frames = places.map((place, index) => ({
      id: id(index),
      name: index === 0 ? frameName(place, describe(recording, moment)) : place.function,
      line: place.line,
      column: place.column,
      source: { name: basename(place.file), path: this.#sources.pathOf(place.file) },
    }));
    const phase = phaseAt(recording, moment);
    const labels = [
      ...(places.length === 0 ? [t('{0}, at no known line', describe(recording, moment))] : []),
      ...(phase === '' ? [] : [t('phase {0}', phase)]),
      ...(pass.controller === LISTENER
        ? [t('listener in pod {0}', pass.key)]
        : [passText(pass), t('controller {0}', pass.controller)]),
    ];
    const around = labels.map((name, index) => {
      return { id: id(places.length + index), name, line: 0, column: 0, presentationHint: 'label' as const };
    });
    return [...frames, ...around];
  }

  isFrame(debugging: Debugger, frameId: number): boolean {
    const thread = Math.floor(frameId / FRAMES_A_THREAD);
    return this.framesOf(debugging, thread).some(({ id }) => id === frameId);
  }

  /** Where the worker of a frame is; where the debugger stands without one. */
  momentOfFrame(debugging: Debugger, frameId: number | undefined): Moment {
    const moment = frameId === undefined ? undefined : this.#momentOf(debugging, Math.floor(frameId / FRAMES_A_THREAD));
    return moment ?? debugging.at;
  }

  /** Where a worker is while the debugger stands: at the last moment of the pass that it has; undefined when it has none. */
  #momentOf({ recording: { moments }, at }: Debugger, threadId: number): Moment | undefined {
    const worker = this.#workers[threadId - 1];
    const moment = worker === undefined ? undefined : moments.lastOfWorker(worker, at);
    return moment === undefined || (moment !== at && moments.isEnd(moment)) ? undefined : moment;
  }

  #number({ moments }: Recording): void {
    const unknown = [...moments.workers()].filter((worker) => !this.#ids.has(nameOf(worker)));
    for (const ofController of groupBy(unknown, ({ controller }) => controller).values()) {
      for (const worker of ofController.toSorted((a, b) => a.worker - b.worker)) {
        this.#ids.set(nameOf(worker), this.#workers.push(worker));
      }
    }
  }
}

function passText({ id, key, attempt, trigger }: SeenPass): string {
  return trigger === ''
    ? t('pass {0} of {1}, attempt {2}', id, key, attempt)
    : t('pass {0} of {1}, attempt {2}, for {3}', id, key, attempt, trigger);
}

/** A line of a log is in no function. */
function frameName({ function: name }: SourcePlace, what: string): string {
  return name === '' ? what : `${name}: ${what}`;
}

function nameOf({ controller, worker }: Worker): string {
  if (controller === LISTENER) return worker === 0 ? t('listener') : t('listener, patches of runners {0}', worker);
  if (worker < 0) return t('{0}, a worker that the log does not tell', controller);
  return t('{0}, worker {1}', controller, worker + 1);
}
