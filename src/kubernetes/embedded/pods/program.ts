import type { Pod } from '../../types.ts';
import type { SimulatedContainer, SimulatedPod } from './simulated-pod.ts';

/** What runs in a container whose end is not a matter of time alone. */
export interface ContainerProgram {
  /** It is asked to stop, and exits in its own time; after the grace of its pod it is killed. */
  terminate(): void;
  /** Its container has ended, killed or evicted: it is over and exits no more. */
  kill(): void;
}

/** Whom a program tells how it gets on; not before it has been started. */
export interface ProgramHost {
  /** Ends its container; once at most. */
  readonly exit: (code: number) => void;
  /** Its job is over, and it is about to say so: what the life of its pod does then comes first, and may end it. */
  readonly jobEnds: () => void;
}

/**
 * Starts what runs in a container.
 * @returns undefined for a container that has no program and ends as the life of its pod says
 */
export type StartProgram = (pod: Pod, container: string, host: ProgramHost) => ContainerProgram | undefined;

/** Hears what the programs of pods do by themselves. */
export interface ProgramEvents<Owner> {
  exited(owner: Owner, container: SimulatedContainer, code: number): void;
  jobEnds(owner: Owner): void;
}

/** The programs of one pod's containers. */
export class PodPrograms<Owner> {
  readonly #owner: Owner;
  readonly #start: StartProgram;
  readonly #heard: ProgramEvents<Owner>;
  /** By id of the container's run; undefined for one without a program. */
  readonly #running = new Map<string, ContainerProgram | undefined>();

  /** @param owner what `heard` gets with each event: who hears of many pods needs no functions for each */
  constructor(owner: Owner, start: StartProgram, heard: ProgramEvents<Owner>) {
    this.#owner = owner;
    this.#start = start;
    this.#heard = heard;
  }

  /** Whether a program decides when the pod's work is done. */
  get isAny(): boolean {
    return [...this.#running.values()].some((program) => program !== undefined);
  }

  /** Starts the programs of containers that run now, and ends those of containers that do not. */
  follow({ pod, containers }: SimulatedPod): void {
    const running = new Set<string>();
    for (const container of containers) {
      const { state, containerID, spec } = container;
      if (state.running === undefined) continue;
      running.add(containerID);
      if (this.#running.has(containerID)) continue;
      const exit = (code: number): void => {
        if (!this.#running.has(containerID)) return;
        this.#running.delete(containerID);
        this.#heard.exited(this.#owner, container, code);
      };
      const jobEnds = (): void => {
        if (this.#running.has(containerID)) this.#heard.jobEnds(this.#owner);
      };
      this.#running.set(containerID, this.#start(pod, spec.name, { exit, jobEnds }));
    }
    for (const id of this.#running.keys()) if (!running.has(id)) this.#kill(id);
  }

  terminate(): void {
    for (const program of [...this.#running.values()]) program?.terminate();
  }

  kill(): void {
    for (const id of [...this.#running.keys()]) this.#kill(id);
  }

  #kill(id: string): void {
    const program = this.#running.get(id);
    this.#running.delete(id);
    program?.kill();
  }
}
