import type { SourcePlace } from './source-files.ts';

/** The call stack at a step, innermost first; empty where it is not known. */
export type StackOf = (step: StepInPass) => readonly SourcePlace[];

/** A step of a pass as a trace tells it. */
export interface StepInPass {
  /** `phase register`, `create pods`, or of a log `log` with its message. */
  readonly step: string;
  /** In which the step is; the step's own where it begins one; empty before the first. */
  readonly phase: string;
  /** The step before, with its status. */
  readonly previous: string;
  /** All steps before. */
  readonly before: string;
  /** Its pass, with what came after the step. */
  readonly path: PassPath;
}

/** What a pass did: its phases, its requests with their statuses, and how it ended. Traces have no lines, so that none is in it. */
export class PassPath {
  readonly controller: string;
  /** All of it so far. */
  whole = '';
  #phase = '';
  #previous = '';

  constructor(controller: string) {
    this.controller = controller;
  }

  beginsPhase(name: string): StepInPass {
    this.#phase = name;
    return this.#takes(`phase ${name}`, '');
  }

  /** @param status of its answer; undefined where it is not known */
  sends(verb: string, resource: string, status: number | undefined): StepInPass {
    return this.#takes(`${verb} ${resource}`, ` ${status ?? ''}`);
  }

  writes(message: string): StepInPass {
    return this.#at(`log ${message}`);
  }

  /** @param result `done`, `requeue`, `requeue-after`, `error` or `unknown` */
  ends(result: string): void {
    this.whole += `; ${result}`;
  }

  #at(step: string): StepInPass {
    return { step, phase: this.#phase, previous: this.#previous, before: this.whole, path: this };
  }

  #takes(step: string, outcome: string): StepInPass {
    const taken = this.#at(step);
    this.#previous = step + outcome;
    this.whole += `; ${this.#previous}`;
    return taken;
  }
}
